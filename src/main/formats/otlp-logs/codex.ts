/**
 * Codex CLI's events. Prompts, answers' token counts, arguments and results of tools are in them alone. With spans on,
 * most records name the span that they stand in; what streams in (`sse_event`) never does, and belongs to the request
 * before it of the same conversation. Without spans a conversation is one trace.
 */
import type { SpanError, SpanRecord, Usage } from '#shared/record.ts';
import { countOf, textOf } from '../fields.ts';
import { readContent } from '../messages/index.ts';
import { readToolValue } from '../otlp/dialects/readers.ts';
import type { LogClient } from './client.ts';
import type { Collector } from './collect.ts';
import type { OtlpLog } from './log.ts';
import { millisecondsBefore, originOfLog, partOf, rest, timeKey } from './parts.ts';

const DIALECT = 'codex';
const PREFIX = 'codex.';

/** Where the request stands that answers stream in for. */
type Request = { readonly traceId: string; readonly spanId: string | null; readonly start: bigint | null };
type State = { readonly collector: Collector; readonly requests: Map<string, Request> };

export const codexLogs: LogClient = {
  id: DIALECT,
  is: ({ scope, event }) => event.startsWith(PREFIX) || scope.name?.startsWith('codex_otel') === true,
  open: (collector) => {
    const state: State = { collector, requests: new Map() };
    return (log) => {
      take(state, log);
    };
  },
};

function take(state: State, log: OtlpLog): void {
  const { collector } = state;
  const conversation = textOf(log.attributes['conversation.id']);
  const place = placeOf(log, conversation);
  if (place === null) {
    collector.unplaced(log);
    return;
  }
  const event = log.event.startsWith(PREFIX) ? log.event.slice(PREFIX.length) : log.event;
  if (STREAMED.has(event)) {
    const said = streamed(state, log, place);
    if (said) add(state, log, place, said);
    else collector.unused(log);
    return;
  }
  const said = read(state, log, place, event);
  if (said) add(state, log, place, said);
  else {
    if (!place.joined) describe(state, log, place, null);
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

function add(state: State, log: OtlpLog, place: Place, said: SpanRecord): void {
  const where = said.traceId === place.traceId ? place : { ...place, traceId: said.traceId, joined: true };
  describe(state, log, where, said.start);
  state.collector.add(said);
}

function describe({ collector }: State, log: OtlpLog, place: Place, start: bigint | null): void {
  const { traceId, conversation, joined } = place;
  if (conversation !== null) collector.trace({ traceId, sessionId: conversation });
  if (joined) return;
  const origin = originOfLog(log, DIALECT);
  const base = { kind: 'agent', subtype: 'turn', name: 'codex', agent: 'codex', origin } as const;
  collector.extend({ traceId, spanId: place.turn }, base, start, log.time);
  const service = textOf(log.scope.resource.attributes['service.name']);
  if (service !== null) collector.trace({ traceId, workflow: service });
}

function read(state: State, log: OtlpLog, place: Place, event: string): SpanRecord | null {
  switch (event) {
    case 'user_prompt':
      return userPrompt(state, log, place);
    case 'api_request':
    case 'websocket_request':
      return request(state, log, place);
    case 'tool_decision':
    case 'tool_result':
      return toolCall(state, log, place, event === 'tool_result');
    default:
      return null;
  }
}

const COMMON = ['event.name', 'event.timestamp', 'conversation.id', 'slug', 'user.email', 'user.account_id'];

function userPrompt({ collector }: State, log: OtlpLog, { traceId, turn }: Place): SpanRecord {
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

/**
 * Inside a span, the request is that span: the model call that it begins. Alone it says only when the call began, for
 * the answer is what makes a call; a request that failed has none.
 */
function request({ collector, requests }: State, log: OtlpLog, place: Place): SpanRecord | null {
  const { attributes, time } = log;
  const start = millisecondsBefore(time, countOf(attributes.duration_ms));
  const failure = failureOf(log);
  const { traceId, conversation, joined, turn } = place;
  if (conversation !== null && failure === null) {
    requests.set(conversation, { traceId, spanId: joined ? place.here : null, start });
  }
  if (!joined && failure === null) return null;
  const spanId = joined ? place.here : `request:${timeKey(time)}`;
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
function streamed({ collector, requests }: State, log: OtlpLog, place: Place): SpanRecord | null {
  const { attributes, time } = log;
  const usage = usageOf(log);
  const message = textOf(attributes['error.message']);
  if (usage === null && message === null) return null;
  const { conversation } = place;
  const before = conversation === null ? undefined : requests.get(conversation);
  // Each request has one answer.
  if (conversation !== null) requests.delete(conversation);
  const own = conversation === null ? place : alone(conversation);
  const traceId = before?.traceId ?? own.traceId;
  const spanId = before?.spanId ?? `response:${timeKey(time)}`;
  const joined = before?.spanId !== undefined && before.spanId !== null;
  return partOf({
    key: collector.keyOf(log, { traceId, spanId }),
    traceId,
    spanId,
    parentId: own.turn,
    kind: 'generation',
    name: joined ? 'codex.api_request' : 'codex.response',
    model: textOf(attributes.model),
    start: joined ? null : (before?.start ?? time),
    end: time,
    status: message === null ? 'unset' : 'error',
    error: message === null ? null : { type: textOf(attributes['event.kind']), message },
    usage,
    attributes: rest(attributes, ANSWER_TAKEN),
    origin: originOfLog(log, DIALECT),
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

function toolCall({ collector }: State, log: OtlpLog, place: Place, isResult: boolean): SpanRecord {
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
