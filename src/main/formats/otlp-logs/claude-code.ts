/**
 * Claude Code's events. With spans on, every record stands inside one and joins it by the request's or the call's id;
 * without them (the default) the events are all there is, and each prompt becomes a trace of its own.
 */
import type { Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanRecord, Usage } from '#shared/record.ts';
import { countOf, idOf, numberOf, textOf } from '../fields.ts';
import { endNames, isTaskNotification, readPrompt } from '../otlp/dialects/claude-code.ts';
import { readToolValue } from '../otlp/dialects/readers.ts';
import { readContent } from '../messages/index.ts';
import type { LogClient } from './client.ts';
import type { Collector } from './collect.ts';
import type { OtlpLog } from './log.ts';
import { millisecondsBefore, originOfLog, partOf, rest, timeKey } from './parts.ts';

const DIALECT = 'claude_code';
const PREFIX = 'claude_code.';

export const claudeCodeLogs: LogClient = {
  id: DIALECT,
  is: ({ scope, event, body }) =>
    scope.name?.startsWith('com.anthropic.claude_code') === true ||
    event.startsWith(PREFIX) ||
    (typeof body === 'string' && body.startsWith(PREFIX) && body.length < 100),
  open: (collector) => (log) => {
    const place = placeOf(log);
    if (place === null) {
      collector.unplaced(log);
      return;
    }
    const { traceId, session } = place;
    const said = read(log, place, collector);
    if (session !== null) collector.trace({ traceId, sessionId: session });
    if (!place.joined) describeTurn(log, place, collector, said?.start ?? null);
    if (said) collector.add(said);
    else collector.event(log, { traceId, spanId: place.here }, DIALECT);
  },
};

type Place = {
  readonly traceId: string;
  readonly session: string | null;
  /** Inside a span that is sent too. */
  readonly joined: boolean;
  /** The span that the record stands in. */
  readonly here: string;
  readonly turn: string;
};

const TURN = 'turn';

function placeOf({ traceId, spanId, event, attributes }: OtlpLog): Place | null {
  const session = textOf(attributes['session.id']);
  if (traceId !== null && spanId !== null) return { traceId, session, joined: true, here: spanId, turn: spanId };
  const prompt = textOf(attributes['prompt.id']);
  // What happens before the first prompt (settings, plugins) belongs to no turn.
  if (session === null || (prompt === null && !TURN_EVENTS.has(plainName(event)))) return null;
  const agent = textOf(attributes.agent_id);
  return {
    traceId: ['claude-code', session, ...(prompt === null ? [] : [prompt])].join(':'),
    session,
    joined: false,
    here: agent === null ? TURN : `agent:${agent}`,
    turn: TURN,
  };
}

/** Versions that send no `prompt.id`: their session is one trace. */
const TURN_EVENTS = new Set([
  'user_prompt',
  'api_request',
  'api_error',
  'assistant_response',
  'tool_decision',
  'tool_result',
]);

function describeTurn(log: OtlpLog, place: Place, collector: Collector, start: bigint | null): void {
  const { traceId } = place;
  const { attributes, time, scope } = log;
  const origin = originOfLog(log, DIALECT);
  const turn = { kind: 'agent', name: 'claude_code.interaction', agent: 'main', origin } as const;
  collector.extend({ traceId, spanId: TURN }, turn, start, time);
  const service = textOf(scope.resource.attributes['service.name']);
  const user = textOf(attributes['user.id']);
  collector.trace({
    traceId,
    ...(service === null ? {} : { workflow: service }),
    ...(user === null ? {} : { userId: user }),
  });
  if (place.here === TURN) return;
  const agent = subAgentOf(log);
  const base = { kind: 'agent', name: agent ?? '', agent, parentId: TURN, origin } as const;
  collector.extend({ traceId, spanId: place.here }, base, start, time);
}

/** The name of the sub-agent that the record is of; records of tools name it by its id alone. */
function subAgentOf({ attributes }: OtlpLog): string | null {
  const named = textOf(attributes['agent.name']) ?? textOf(attributes.agent_type);
  if (named !== null) return named;
  return /^agent[:.][^:.]{1,100}[:.](.{1,500})$/s.exec(textOf(attributes.query_source) ?? '')?.[1] ?? null;
}

function plainName(event: string): string {
  return event.startsWith(PREFIX) ? event.slice(PREFIX.length) : event;
}

/** Null for an event that is shown as one. */
function read(log: OtlpLog, place: Place, collector: Collector): SpanRecord | null {
  switch (plainName(log.event)) {
    case 'user_prompt':
      return userPrompt(log, place, collector);
    case 'api_request':
    case 'api_error':
    case 'assistant_response':
      return request(log, place, collector);
    case 'tool_decision':
    case 'tool_result':
      return toolCall(log, place, collector);
    case 'subagent_completed':
      return subAgentCompleted(log, place, collector);
    default:
      return null;
  }
}

const COMMON = ['event.name', 'event.timestamp', 'event.sequence', 'session.id', 'user.id'];

function userPrompt(log: OtlpLog, { traceId, turn }: Place, collector: Collector): SpanRecord {
  const prompt = textOf(log.attributes.prompt) ?? textOf(log.attributes.prompt_text);
  const input = prompt === null || prompt === '<REDACTED>' ? [] : readPrompt(prompt);
  return partOf({
    key: collector.keyOf(log, { traceId, spanId: turn }),
    traceId,
    spanId: turn,
    kind: 'agent',
    subtype: prompt !== null && isTaskNotification(prompt) ? 'task_notification' : null,
    name: 'claude_code.interaction',
    agent: 'main',
    start: log.time,
    input,
    attributes: rest(log.attributes, new Set([...COMMON, 'prompt', 'prompt_text'])),
    origin: originOfLog(log, DIALECT),
  });
}

const REQUEST_TAKEN = new Set([
  ...COMMON,
  'model',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_creation_tokens',
  'cost_usd',
  'response',
]);

function request(log: OtlpLog, { traceId, here, joined }: Place, collector: Collector): SpanRecord {
  const { attributes, event, time } = log;
  const spanId = requestName(log, here, joined);
  const failure = textOf(attributes.error);
  const failed = event.endsWith('api_error');
  const isCall = failed || event.endsWith('api_request');
  const code = attributes.status_code;
  const response = textOf(attributes.response);
  return partOf({
    key: collector.keyOf(log, { traceId, spanId }),
    traceId,
    spanId,
    parentId: here,
    kind: 'generation',
    name: 'claude_code.llm_request',
    agent: subAgentOf(log),
    model: textOf(attributes.model),
    // A part of a time of its own, but only the request's own event knows how long it took.
    start: isCall ? millisecondsBefore(time, countOf(attributes.duration_ms)) : null,
    end: isCall ? time : null,
    status: failed ? 'error' : 'unset',
    error: failed
      ? {
          type: typeof code === 'number' || typeof code === 'string' ? String(code) : null,
          message: failure ?? 'The request failed.',
        }
      : null,
    usage: event.endsWith('api_request') ? usageOf(log) : null,
    cost: costOf(log),
    output: response === null || response === '<REDACTED>' ? [] : answer(response),
    attributes: rest(attributes, REQUEST_TAKEN),
    origin: originOfLog(log, DIALECT),
    // Without a span, the event of the request is what its answer belongs to.
    ...(isCall && !joined && time !== null ? { aliases: endNames('answer', here, time) } : {}),
  });
}

/** Not every provider names its requests; then the events of one are those of the same moment. */
function requestName(log: OtlpLog, here: string, joined: boolean): string {
  const { attributes, event, time } = log;
  // Spans know the provider's id alone.
  const id = textOf(attributes.request_id) ?? (joined ? null : textOf(attributes.client_request_id));
  if (id !== null) return `request:${id}`;
  const isAnswer = event.endsWith('assistant_response');
  if (time === null || (!joined && !isAnswer)) return `request:${anonymous(log)}`;
  return endNames(isAnswer ? 'answer' : 'request', here, time)[0];
}

/** Its input leaves out what came from the cache. */
function usageOf({ attributes }: OtlpLog): Usage | null {
  const input = countOf(attributes.input_tokens);
  const output = countOf(attributes.output_tokens);
  const cacheRead = countOf(attributes.cache_read_tokens);
  const cacheWrite = countOf(attributes.cache_creation_tokens);
  if (input === null && output === null) return null;
  return {
    input: input === null ? null : input + (cacheRead ?? 0) + (cacheWrite ?? 0),
    output,
    cacheRead,
    cacheWrite,
    reasoning: null,
  };
}

function costOf({ attributes }: OtlpLog): number | null {
  const micros = countOf(attributes.cost_usd_micros);
  return countOf(attributes.cost_usd) ?? (micros === null ? null : micros / 1e6);
}

function answer(text: string): ContentItem[] {
  return readContent(text, { role: 'assistant' });
}

function anonymous({ time, attributes }: OtlpLog): string {
  return idOf(attributes['event.sequence']) ?? timeKey(time);
}

const TOOL_TAKEN = new Set([
  ...COMMON,
  'tool_name',
  'tool_use_id',
  'tool_input',
  'tool_output',
  'tool_response',
  'error',
]);

function toolCall(log: OtlpLog, { traceId, here, joined }: Place, collector: Collector): SpanRecord {
  const { attributes, event, time } = log;
  const isResult = event.endsWith('tool_result');
  const callId = textOf(attributes.tool_use_id);
  const spanId = `call:${callId ?? anonymous(log)}`;
  const failed = isResult && (attributes.success === false || attributes.success === 'false');
  const succeeded = isResult && (attributes.success === true || attributes.success === 'true');
  return partOf({
    key: collector.keyOf(log, { traceId, spanId }),
    traceId,
    spanId,
    // A decision is made in a span of its own, below the call.
    parentId: isResult || !joined ? here : null,
    kind: 'tool',
    name: 'claude_code.tool',
    tool: textOf(attributes.tool_name),
    toolCallId: callId,
    // The result, which comes later, knows better than the decision.
    start: isResult ? millisecondsBefore(time, countOf(attributes.duration_ms)) : time,
    end: isResult ? time : null,
    status: failed ? 'error' : succeeded ? 'ok' : 'unset',
    error: failed
      ? {
          type: textOf(attributes.error_type),
          message: textOf(attributes.error) ?? 'The tool failed and does not say why.',
        }
      : null,
    input: isResult ? inputOf(attributes.tool_input ?? attributes.tool_parameters) : [],
    output: isResult ? inputOf(attributes.tool_output ?? attributes.tool_response ?? attributes.tool_result) : [],
    attributes: rest(attributes, TOOL_TAKEN),
    origin: originOfLog(log, DIALECT),
  });
}

function inputOf(value: Json | undefined): ContentItem[] {
  return readToolValue(value ?? null);
}

function subAgentCompleted(log: OtlpLog, { traceId, here, joined }: Place, collector: Collector): SpanRecord {
  const { attributes, time } = log;
  const agent = subAgentOf(log);
  const given = {
    key: collector.keyOf(log, { traceId, spanId: here }),
    traceId,
    spanId: here,
    origin: originOfLog(log, DIALECT),
  };
  const taken = rest(attributes, new Set(COMMON));
  // Among spans, this stands in the execution of the tool that called the sub-agent.
  if (joined) return partOf({ ...given, kind: 'custom', name: '', attributes: taken });
  const input = numberOf(attributes.input_tokens);
  const output = numberOf(attributes.output_tokens);
  return partOf({
    ...given,
    kind: 'agent',
    name: agent ?? '',
    agent,
    parentId: TURN,
    model: textOf(attributes.model),
    start: millisecondsBefore(time, countOf(attributes.duration_ms)),
    end: time,
    reportedUsage:
      input === null && output === null ? null : { input, output, cacheRead: null, cacheWrite: null, reasoning: null },
    attributes: taken,
  });
}
