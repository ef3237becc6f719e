/**
 * What each `span_data.type` says. Shapes: Python writes every field, null when unset; JavaScript leaves unset ones out.
 * Adding a type is one function and one line in READERS.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanKind, Usage } from '#shared/record.ts';
import { readContent } from '../messages/index.ts';
import { jsonContent, speechContent, toolInput, toolOutput } from './content.ts';
import { readUsage } from './usage.ts';
import { labelOf } from './values.ts';

export type SpanFacts = {
  readonly kind: SpanKind;
  readonly subtype?: string | null;
  /** Null when the source gives none: the span's type then names it. */
  readonly name: string | null;
  readonly agent?: string | null;
  readonly model?: string | null;
  readonly tool?: string | null;
  readonly handoff?: { readonly from: string | null; readonly to: string | null };
  readonly usage?: Usage | null;
  readonly reportedUsage?: Usage | null;
  readonly input?: readonly ContentItem[];
  readonly output?: readonly ContentItem[];
  /** Fields of a model's answer that are not content: id, status, served model, tools… */
  readonly response?: JsonObject | null;
  /** Fields of `span_data` that the rest of this object holds whole. */
  readonly taken: ReadonlySet<string>;
};

type Read = (data: JsonObject) => SpanFacts;

const NAMED = new Set(['type', 'name']);
const CONTENT = new Set(['type', 'name', 'input', 'output']);
const MODEL = new Set(['type', 'model', 'input', 'output', 'x_input', 'x_response']);
const HANDOFF = new Set(['type', 'from_agent', 'to_agent']);
const MCP_TOOLS = new Set(['type', 'result']);
const NOTHING = new Set(['type']);

const READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['agent', readAgent],
  ['function', readFunction],
  ['generation', readGeneration],
  ['response', readResponse],
  ['handoff', readHandoff],
  ['guardrail', readGuardrail],
  ['custom', readCustom],
  ['mcp_tools', readMcpTools],
  ['transcription', readTranscription],
  ['speech', readSpeech],
  [
    'speech_group',
    (data) => ({
      kind: 'chain',
      subtype: 'speech_group',
      name: 'speech group',
      input: text(data.input),
      taken: CONTENT,
    }),
  ],
  // Never seen on the wire under their own type, but the processors of both SDKs know them so.
  ['task', (data) => readTask(data, NAMED)],
  ['turn', (data) => readTurn(data, NOTHING)],
]);

/** Null for a type that is not known. */
export function readSpanData(type: string, data: JsonObject): SpanFacts | null {
  return READERS.get(type)?.(data) ?? null;
}

/** A type that a later SDK brought: nothing is taken from it, so nothing is lost. */
export function readUnknown(type: string | null, data: JsonObject): SpanFacts {
  return { kind: 'custom', subtype: type, name: labelOf(data.name) ?? type, taken: NOTHING };
}

function readAgent(data: JsonObject): SpanFacts {
  const name = labelOf(data.name);
  return { kind: 'agent', name, agent: name, taken: NAMED };
}

function readFunction(data: JsonObject): SpanFacts {
  const name = labelOf(data.name);
  const isMcp = data.mcp_data !== null && data.mcp_data !== undefined;
  return {
    kind: 'tool',
    subtype: isMcp ? 'mcp' : null,
    name,
    tool: name,
    input: toolInput(data.input),
    output: toolOutput(data.output),
    taken: CONTENT,
  };
}

function readGeneration(data: JsonObject): SpanFacts {
  // In JavaScript the output of Chat Completions is a list of one whole chat.completion, which also holds the usage.
  const first = Array.isArray(data.output) ? (data.output as readonly Json[])[0] : data.output;
  const envelope = isJsonObject(first) && (Array.isArray(first.choices) || Array.isArray(first.output)) ? first : null;
  const facts = readModelCall(data, data.input ?? data.x_input, data.output ?? data.x_response, envelope);
  return { ...facts, kind: 'generation' };
}

function readResponse(data: JsonObject): SpanFacts {
  const response = isJsonObject(data.x_response) ? data.x_response : null;
  const facts = readModelCall(data, data.x_input ?? data.input, data.x_response ?? data.output, response);
  // The SDK keeps the agent's instructions apart from the input; the response repeats them.
  const instructions = readContent(response?.instructions, { role: 'system' });
  const input = [...instructions, ...(facts.input ?? [])];
  return { ...facts, kind: 'generation', subtype: 'response', name: facts.name ?? 'response', input };
}

function readModelCall(
  data: JsonObject,
  input: Json | undefined,
  output: Json | undefined,
  envelope: JsonObject | null,
): Omit<SpanFacts, 'kind'> {
  const model = labelOf(data.model) ?? labelOf(envelope?.model);
  return {
    name: model,
    model,
    usage: readUsage(data.usage) ?? readUsage(envelope?.usage),
    input: readContent(input, { role: 'user' }),
    output: readContent(output, { role: 'assistant' }),
    response: envelope,
    taken: MODEL,
  };
}

function readHandoff(data: JsonObject): SpanFacts {
  const from = labelOf(data.from_agent);
  const to = labelOf(data.to_agent);
  const name = from === null && to === null ? null : `${from ?? '?'} → ${to ?? '?'}`;
  return { kind: 'handoff', name, handoff: { from, to }, taken: HANDOFF };
}

function readGuardrail(data: JsonObject): SpanFacts {
  const subtype = data.triggered === true ? 'triggered' : null;
  return { kind: 'guardrail', subtype, name: labelOf(data.name), taken: NAMED };
}

/** Tasks and turns travel as custom spans; the field inside tells, as anybody may name a span "task". */
function readCustom(data: JsonObject): SpanFacts {
  const inner = isJsonObject(data.data) ? data.data : null;
  if (inner?.sdk_span_type === 'task') return readTask(inner, NAMED);
  if (inner?.sdk_span_type === 'turn') return readTurn(inner, NAMED);
  return { kind: 'custom', name: labelOf(data.name), taken: NAMED };
}

function readTask(inner: JsonObject, taken: ReadonlySet<string>): SpanFacts {
  return {
    kind: 'chain',
    subtype: 'task',
    name: labelOf(inner.name) ?? 'task',
    reportedUsage: readUsage(inner.usage),
    taken,
  };
}

function readTurn(inner: JsonObject, taken: ReadonlySet<string>): SpanFacts {
  const number = labelOf(inner.turn);
  return {
    kind: 'chain',
    subtype: 'turn',
    name: number === null ? 'turn' : `turn ${number}`,
    agent: labelOf(inner.agent_name),
    reportedUsage: readUsage(inner.usage),
    taken,
  };
}

function readMcpTools(data: JsonObject): SpanFacts {
  const server = labelOf(data.server);
  const name = server === null ? 'list tools' : `list tools (${server})`;
  return { kind: 'custom', subtype: 'mcp_tools', name, output: jsonContent(data.result), taken: MCP_TOOLS };
}

function readTranscription(data: JsonObject): SpanFacts {
  const input = speechContent(data.input, 'user');
  const output = speechContent(data.output, 'assistant');
  const model = labelOf(data.model);
  return { kind: 'generation', subtype: 'transcription', name: 'transcription', model, input, output, taken: MODEL };
}

function readSpeech(data: JsonObject): SpanFacts {
  const input = speechContent(data.input, 'user');
  const output = speechContent(data.output, 'assistant');
  return {
    kind: 'generation',
    subtype: 'speech',
    name: 'speech',
    model: labelOf(data.model),
    input,
    output,
    taken: MODEL,
  };
}

function text(value: Json | undefined): ContentItem[] {
  return typeof value === 'string' ? (value === '' ? [] : [{ kind: 'text', text: value }]) : jsonContent(value);
}
