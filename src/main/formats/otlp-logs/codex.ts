/**
 * Codex CLI's events. Prompts, answers' token counts, arguments and results of tools are in them alone. With spans on,
 * most records name the span that they stand in; what streams in (`sse_event`) never does, and belongs to the request
 * before it of the same conversation, which a body before it told. Without spans a conversation is one trace.
 */
import type { SpanError, SpanRecord, Usage } from '#shared/record.ts';
import { countOf, textOf } from '../fields.ts';
import { readContent } from '../messages/index.ts';
import { readToolValue } from '../otlp/dialects/readers.ts';
import type { LogClient } from './client.ts';
import { type Base, type Collector, extentOf } from './collect.ts';
import type { OtlpLog } from './log.ts';
import { millisecondsBefore, originOfLog, partOf, rest, timeKey } from './parts.ts';

const DIALECT = 'codex';
const PREFIX = 'codex.';

export const codexLogs: LogClient = {
  id: DIALECT,
  is: ({ scope, event }) => event.startsWith(PREFIX) || scope.name?.startsWith('codex_otel') === true,
  open: (collector) => (log) => {
    take(collector, log);
  },
};

function take(collector: Collector, log: OtlpLog): void {
  const conversation = textOf(log.attributes['conversation.id']);
  const place = placeOf(log, conversation);
  if (place === null) {
    collector.unplaced(log);
    return;
  }
  const event = log.event.startsWith(PREFIX) ? log.event.slice(PREFIX.length) : log.event;
  if (STREAMED.has(event)) {
    const said = streamed(collector, log, place);
    if (said) collector.add(said);
    else collector.unused(log);
    return;
  }
  const said = read(collector, log, place, event);
  describe(collector, log, place, said?.start ?? null);
  if (said) collector.add(said);
  else {
    collector.event(log, { traceId: place.traceId, spanId: place.joined ? place.here : place.turn }, DIALECT);
  }
}

const STREAMED = new Set(['sse_event', 'websocket_event']);

type Place = {
  readonly traceId: string;
  readonly conversation: string | null;
  readonly joined: boolean;
  readonly here: string;
  readonly turn: string;
};

function placeOf({ traceId, spanId }: OtlpLog, conversation: string | null): Place | null {
  const turn = turnAlias(conversation);
  if (traceId !== null && spanId !== null) return { traceId, conversation, joined: true, here: spanId, turn };
  return conversation === null ? null : alone(conversation);
}

function alone(conversation: string): Place {
  const turn = turnAlias(conversation);
  return { traceId: `codex:${conversation}`, conversation, joined: false, here: turn, turn };
}

/** The name under which the turn's span is known; one trace holds one turn of a conversation. */
function turnAlias(conversation: string | null): string {
  return conversation === null ? 'turn' : `turn:${conversation}`;
}

function describe(collector: Collector, log: OtlpLog, place: Place, start: bigint | null): void {
  const { traceId, conversation, joined } = place;
  if (conversation !== null) collector.trace({ traceId, sessionId: conversation });
  if (joined) return;
  collector.extend({ traceId, spanId: place.turn }, turnOf(log), start, log.time);
  const service = textOf(log.scope.resource.attributes['service.name']);
  if (service !== null) collector.trace({ traceId, workflow: service });
}

function turnOf(log: OtlpLog): Base {
  return { kind: 'agent', subtype: 'turn', name: 'codex', agent: 'codex', origin: originOfLog(log, DIALECT) };
}

function read(collector: Collector, log: OtlpLog, place: Place, event: string): SpanRecord | null {
  switch (event) {
    case 'user_prompt':
      return userPrompt(collector, log, place);
    case 'api_request':
    case 'websocket_request':
      return request(collector, log, place);
    case 'tool_decision':
    case 'tool_result':
      return toolCall(collector, log, place, event === 'tool_result');
    default:
      return null;
  }
}

const COMMON = ['event.name', 'event.timestamp', 'conversation.id', 'slug', 'user.email', 'user.account_id'];

function userPrompt(collector: Collector, log: OtlpLog, { traceId, turn }: Place): SpanRecord {
  const prompt = textOf(log.attributes.prompt);
  return partOf({
    key: collector.keyOf(log, { traceId, spanId: turn }),
    traceId,
    spanId: turn,
    kind: 'agent',
    subtype: 'turn',
    name: 'codex',
    agent: 'codex',
    model: textOf(log.attributes.model),
    input: prompt === null || prompt === '[REDACTED]' ? [] : readContent(prompt, { role: 'user' }),
    start: log.time,
    attributes: rest(log.attributes, new Set([...COMMON, 'prompt', 'model'])),
    origin: originOfLog(log, DIALECT),
  });
}

const REQUEST_TAKEN = new Set([...COMMON, 'model', 'error.message']);

/** Paths that a model answers at; others (lists of models, compaction) are no calls of it. */
const CALLS = /\/(?:responses|chat\/completions)$/;

/** Inside a span, the request is that span: the model call that it begins. What streams in follows it. */
function request(collector: Collector, log: OtlpLog, place: Place): SpanRecord | null {
  const { attributes, time } = log;
  const endpoint = textOf(attributes.endpoint);
  if (endpoint !== null && !CALLS.test(endpoint)) return null;
  const start = millisecondsBefore(time, countOf(attributes.duration_ms));
  const failure = failureOf(log);
  const { traceId, conversation, joined, turn } = place;
  const spanId = joined ? place.here : `request:${timeKey(time)}`;
  const leads =
    conversation !== null && failure === null && time !== null ? { key: alone(conversation).traceId, at: time } : null;
  return partOf({
    key: collector.keyOf(log, { traceId, spanId }),
    traceId,
    spanId,
    parentId: turn,
    kind: 'generation',
    name: 'codex.api_request',
    model: textOf(attributes.model),
    start,
    end: time,
    status: failure === null ? 'unset' : 'error',
    error: failure,
    attributes: rest(attributes, REQUEST_TAKEN),
    origin: originOfLog(log, DIALECT),
    ...(leads === null ? {} : { leads }),
  });
}

function failureOf({ attributes }: OtlpLog): SpanError | null {
  const message = textOf(attributes['error.message']);
  const status = countOf(attributes['http.response.status_code']);
  if (
    message === null &&
    attributes.success !== false &&
    attributes.success !== 'false' &&
    (status === null || status < 400)
  )
    return null;
  return { type: status === null ? null : String(status), message: message ?? 'The request failed.' };
}

const ANSWER_TAKEN = new Set([
  ...COMMON,
  'model',
  'event.kind',
  'input_token_count',
  'output_token_count',
  'cached_token_count',
  'cache_write_token_count',
  'reasoning_token_count',
  'error.message',
]);

/** The end of an answer, or what broke it; null for the steps between, which tell nothing. */
function streamed(collector: Collector, log: OtlpLog, place: Place): SpanRecord | null {
  const { attributes, time } = log;
  const usage = usageOf(log);
  const message = textOf(attributes['error.message']);
  if (usage === null && message === null) return null;
  const { conversation } = place;
  const { traceId, turn } = conversation === null ? place : alone(conversation);
  const spanId = `response:${timeKey(time)}`;
  const session = conversation === null ? [] : [{ type: 'trace', traceId, sessionId: conversation } as const];
  const beside = [...session, ...extentOf({ traceId, spanId: turn }, turnOf(log), time)];
  if (time === null) for (const record of beside) collector.add(record);
  return partOf({
    key: collector.keyOf(log, { traceId, spanId }),
    traceId,
    spanId,
    parentId: turn,
    kind: 'generation',
    name: 'codex.response',
    model: textOf(attributes.model),
    end: time,
    status: message === null ? 'unset' : 'error',
    error: message === null ? null : { type: textOf(attributes['event.kind']), message },
    usage,
    attributes: rest(attributes, ANSWER_TAKEN),
    origin: originOfLog(log, DIALECT),
    ...(conversation === null || time === null ? {} : { follows: { key: traceId, at: time, beside } }),
  });
}

/** Its counts include the cache and the reasoning. */
function usageOf({ attributes }: OtlpLog): Usage | null {
  const input = countOf(attributes.input_token_count);
  const output = countOf(attributes.output_token_count);
  if (input === null && output === null) return null;
  return {
    input,
    output,
    cacheRead: countOf(attributes.cached_token_count),
    cacheWrite: countOf(attributes.cache_write_token_count),
    reasoning: countOf(attributes.reasoning_token_count),
  };
}

const TOOL_TAKEN = new Set([...COMMON, 'model', 'tool_name', 'call_id', 'arguments', 'output', 'agent_name']);

function toolCall(collector: Collector, log: OtlpLog, place: Place, isResult: boolean): SpanRecord {
  const { attributes, time } = log;
  const callId = textOf(attributes.call_id);
  const spanId = `call:${callId ?? timeKey(time)}`;
  const { traceId, turn } = place;
  const output = textOf(attributes.output);
  const failure = isResult ? toolFailure(attributes.success, output) : null;
  const succeeded = attributes.success === true || attributes.success === 'true';
  return partOf({
    key: collector.keyOf(log, { traceId, spanId }),
    traceId,
    spanId,
    parentId: turn,
    kind: 'tool',
    name: textOf(attributes.tool_name) ?? 'codex.tool',
    agent: agentOf(textOf(attributes.agent_name)),
    tool: textOf(attributes.tool_name),
    toolCallId: callId,
    // The result, which comes later, knows better than the decision.
    start: isResult ? millisecondsBefore(time, countOf(attributes.duration_ms)) : time,
    end: isResult ? time : null,
    status: failure !== null ? 'error' : isResult && succeeded ? 'ok' : 'unset',
    error: failure,
    input: readToolValue(attributes.arguments ?? null),
    output: output === null ? [] : readToolValue(output),
    attributes: rest(attributes, TOOL_TAKEN),
    origin: originOfLog(log, DIALECT),
  });
}

/** `/root` is the agent that the user talks to; others hang below it by name. */
function agentOf(path: string | null): string | null {
  const name = path?.split('/').at(-1) ?? '';
  return name === '' || path === '/root' ? null : name;
}

/** A command that ended badly is a success for Codex: the tool ran. What it printed says how it ended, above the output. */
const EXIT_CODE = /^(?:Process exited with code|Exit code:?) (-?\d{1,10})$/m;
const MAX_PREAMBLE = 2_000;

function toolFailure(success: unknown, output: string | null): SpanError | null {
  const text = output ?? '';
  const head = text.slice(0, MAX_PREAMBLE).split('\nOutput:', 1)[0] ?? '';
  const code = EXIT_CODE.exec(head)?.[1] ?? /^\s{0,8}\{.{0,500}"exit_code":\s{0,4}(-?\d{1,10})/s.exec(head)?.[1];
  const exited = code !== undefined && code !== '0' ? `The process exited with code ${code}.` : null;
  if (success === false || success === 'false') {
    return {
      type: exited === null ? null : 'exit_code',
      message: text.slice(0, 1_000) || 'The tool failed and does not say why.',
    };
  }
  return exited === null ? null : { type: 'exit_code', message: exited };
}
