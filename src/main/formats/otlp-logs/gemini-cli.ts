/**
 * Gemini CLI's events. Most stand inside a span and join it; a streamed answer does not, and belongs to the request that
 * began when it did. Without spans each prompt becomes a trace. Its counts leave the thoughts out of the output.
 */
import type { ContentItem } from '#shared/message.ts';
import type { SpanError, SpanRecord, Usage } from '#shared/record.ts';
import { WHOLE_SPAN_RANK } from '#shared/record.ts';
import { countOf, textOf } from '../fields.ts';
import { readContent } from '../messages/index.ts';
import { readToolValue } from '../otlp/dialects/readers.ts';
import type { LogClient } from './client.ts';
import type { Collector } from './collect.ts';
import type { OtlpLog } from './log.ts';
import { millisecondsBefore, originOfLog, partOf, rest, timeKey } from './parts.ts';

const DIALECT = 'gemini_cli';
const PREFIX = 'gemini_cli.';

export const geminiCliLogs: LogClient = {
  id: DIALECT,
  is: ({ scope, event }) => event.startsWith(PREFIX) || scope.name === 'gemini-cli',
  open: (collector) => (log) => {
    const place = placeOf(log);
    if (place === null) {
      collector.unplaced(log);
      return;
    }
    const { traceId, session } = place;
    const said = read(log, place, collector);
    if (session !== null) collector.trace({ traceId, sessionId: session });
    if (!place.joined) describeTurn(log, traceId, collector, said?.start ?? null);
    if (said) collector.add(said);
    else collector.event(log, { traceId, spanId: place.here }, DIALECT);
  },
};

type Place = {
  readonly traceId: string;
  readonly session: string | null;
  readonly joined: boolean;
  readonly here: string;
};

const TURN = 'turn';

function placeOf({ traceId, spanId, attributes, scope }: OtlpLog): Place | null {
  const session =
    textOf(attributes['session.id']) ??
    textOf(attributes['gen_ai.conversation.id']) ??
    textOf(scope.resource.attributes['session.id']);
  if (traceId !== null && spanId !== null) return { traceId, session, joined: true, here: spanId };
  const prompt = textOf(attributes.prompt_id);
  // What happens outside a prompt (configuration, start) belongs to no turn.
  if (prompt === null) return null;
  return { traceId: promptKey(session, prompt), session, joined: false, here: TURN };
}

function promptKey(session: string | null, prompt: string): string {
  return ['gemini-cli', ...(session === null ? [] : [session]), prompt].join(':');
}

function describeTurn(log: OtlpLog, traceId: string, collector: Collector, start: bigint | null): void {
  const base = { kind: 'agent', name: 'user_prompt', agent: 'gemini-cli', origin: originOfLog(log, DIALECT) } as const;
  collector.extend({ traceId, spanId: TURN }, base, start, log.time);
  const service = textOf(log.scope.resource.attributes['service.name']);
  if (service !== null) collector.trace({ traceId, workflow: service });
}

function read(log: OtlpLog, place: Place, collector: Collector): SpanRecord | null {
  switch (log.event.startsWith(PREFIX) ? log.event.slice(PREFIX.length) : log.event) {
    case 'user_prompt':
      return place.joined ? null : userPrompt(log, place, collector);
    case 'api_request':
      // Alone, it cannot be told which answer belongs to it.
      return place.joined ? request(log, place, collector) : null;
    case 'api_response':
    case 'api_error':
      return response(log, place, collector);
    case 'tool_call':
      return toolCall(log, place, collector);
    case 'agent.start':
    case 'agent.finish':
      return place.joined ? null : agent(log, place, collector);
    default:
      return null;
  }
}

const COMMON = ['event.name', 'event.timestamp', 'session.id', 'user.email'];

function userPrompt(log: OtlpLog, { traceId }: Place, collector: Collector): SpanRecord {
  const prompt = textOf(log.attributes.prompt);
  return partOf({
    key: collector.keyOf(log, { traceId, spanId: TURN }),
    traceId,
    spanId: TURN,
    kind: 'agent',
    name: 'user_prompt',
    agent: 'gemini-cli',
    start: log.time,
    input: prompt === null ? [] : readContent(prompt, { role: 'user' }),
    attributes: rest(log.attributes, new Set([...COMMON, 'prompt'])),
    origin: originOfLog(log, DIALECT),
  });
}

function request(log: OtlpLog, { traceId, session, here }: Place, collector: Collector): SpanRecord {
  const prompt = textOf(log.attributes.prompt_id);
  const leads = prompt === null || log.time === null ? null : { key: promptKey(session, prompt), at: log.time };
  return partOf({
    key: collector.keyOf(log, { traceId, spanId: here }),
    traceId,
    spanId: here,
    kind: 'generation',
    name: 'llm_call',
    model: textOf(log.attributes.model),
    input: contents(textOf(log.attributes.request_text), 'user'),
    attributes: rest(log.attributes, new Set([...COMMON, 'model', 'request_text'])),
    origin: originOfLog(log, DIALECT),
    ...(leads === null ? {} : { leads }),
  });
}

function contents(text: string | null, role: string): ContentItem[] {
  return text === null ? [] : readContent(text, { role });
}

/** A request is logged up to 2 ms after the moment from which its duration counts. */
const SLACK_NS = 20_000_000n;
/** Above what a span says as a whole. */
const COUNT_RANK = WHOLE_SPAN_RANK + 10;

const RESPONSE_TAKEN = new Set([
  ...COMMON,
  'model',
  'response_text',
  'input_token_count',
  'output_token_count',
  'cached_content_token_count',
  'thoughts_token_count',
]);

function response(log: OtlpLog, { traceId, here, joined }: Place, collector: Collector): SpanRecord {
  const { attributes, event, time } = log;
  const spanId = joined ? here : `response:${timeKey(time)}`;
  const failure = event.endsWith('api_error') ? failureOf(log, 'The request failed.') : null;
  const start = millisecondsBefore(time, countOf(attributes.duration_ms));
  const follows = joined || start === null ? {} : { follows: { key: traceId, at: start + SLACK_NS, beside: [] } };
  const usage = failure === null ? usageOf(log) : null;
  const given = { traceId, spanId, kind: 'generation', origin: originOfLog(log, DIALECT), ...follows } as const;
  const key = collector.keyOf(log, { traceId, spanId });
  // A span that counts leaves the thoughts out and does not say so.
  if (usage?.reasoning) collector.add(partOf({ ...given, key: `usage:${key}`, rank: COUNT_RANK, name: '', usage }));
  return partOf({
    ...given,
    key,
    parentId: joined ? null : TURN,
    name: 'llm_call',
    model: textOf(attributes.model) ?? textOf(attributes.model_name),
    start,
    end: time,
    status: failure === null ? 'unset' : 'error',
    error: failure,
    usage,
    output: contents(textOf(attributes.response_text), 'assistant'),
    attributes: rest(attributes, RESPONSE_TAKEN),
  });
}

function usageOf({ attributes }: OtlpLog): Usage | null {
  const input = countOf(attributes.input_token_count);
  const visible = countOf(attributes.output_token_count);
  const reasoning = countOf(attributes.thoughts_token_count);
  if (input === null && visible === null) return null;
  return {
    input,
    output: visible === null ? null : visible + (reasoning ?? 0),
    cacheRead: countOf(attributes.cached_content_token_count),
    cacheWrite: null,
    reasoning,
  };
}

const TOOL_TAKEN = new Set([...COMMON, 'function_name', 'function_args', 'call_id', 'error', 'error.message']);

function toolCall(log: OtlpLog, { traceId, here, joined }: Place, collector: Collector): SpanRecord {
  const { attributes, time } = log;
  const callId =
    textOf(attributes.call_id) ?? textOf(attributes.tool_call_id) ?? textOf(attributes['gen_ai.tool.call_id']);
  const spanId = callId !== null ? `call:${callId}` : joined ? here : `tool:${timeKey(time)}`;
  const isFailed = attributes.success === false || attributes.success === 'false';
  return partOf({
    // Calls of one millisecond that are told apart by nothing else are told apart by what they say.
    key: collector.keyOf(log, { traceId, spanId }),
    traceId,
    spanId: spanId === `tool:${timeKey(time)}` ? `${spanId}:${textOf(attributes.function_name) ?? ''}` : spanId,
    parentId: joined ? (callId === null ? null : here) : TURN,
    kind: 'tool',
    name: 'tool_call',
    tool: textOf(attributes.function_name),
    toolCallId: callId,
    start: millisecondsBefore(time, countOf(attributes.duration_ms)),
    end: time,
    status: isFailed ? 'error' : attributes.success === true || attributes.success === 'true' ? 'ok' : 'unset',
    error: isFailed ? failureOf(log, 'The tool failed and does not say why.') : null,
    input: readToolValue(attributes.function_args ?? null),
    attributes: rest(attributes, TOOL_TAKEN),
    origin: originOfLog(log, DIALECT),
  });
}

function failureOf({ attributes }: OtlpLog, otherwise: string): SpanError {
  const message = textOf(attributes['error.message']) ?? textOf(attributes.error) ?? otherwise;
  const status = attributes.status_code;
  const code = typeof status === 'number' || typeof status === 'string' ? String(status) : null;
  return { type: textOf(attributes.error_type) ?? textOf(attributes['error.type']) ?? code, message };
}

function agent(log: OtlpLog, { traceId }: Place, collector: Collector): SpanRecord {
  const { attributes, event, time } = log;
  const name = textOf(attributes.agent_name) ?? 'agent';
  const spanId = `agent:${textOf(attributes.agent_id) ?? name}`;
  const isEnd = event.endsWith('finish');
  return partOf({
    key: collector.keyOf(log, { traceId, spanId }),
    traceId,
    spanId,
    parentId: TURN,
    kind: 'agent',
    name,
    agent: name,
    start: isEnd ? millisecondsBefore(time, countOf(attributes.duration_ms)) : time,
    end: isEnd ? time : null,
    attributes: rest(attributes, new Set([...COMMON, 'agent_name'])),
    origin: originOfLog(log, DIALECT),
  });
}
