/**
 * Logs of chat messages (system, user, assistant, tool) as spans: an assistant's message is a model call, and each of
 * its tool calls a span joined with the tool's message by id. The message at index i is the span `m<i>`, so that labels
 * that count messages find it. What a model read is what was said since its last turn: the rest stands in the spans
 * before, and repeating it would be quadratic.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { NormalisedRecord, SpanError, SpanOrigin, SpanRecord } from '#shared/record.ts';
import { readUsage } from '../agents-sdk/usage.ts';
import { countOf, idOf, issue, listOf, numberOf, objectOf, remaining, textOf, timeOf } from '../fields.ts';
import { readContent } from '../messages/index.ts';
import { responseOf } from '../messages/part-shapes.ts';
import { toolContent } from './span.ts';
import { spanRecord } from '../span-record.ts';

export type ChatOptions = {
  readonly traceId: string;
  readonly origin: SpanOrigin;
  /** Name of the agent that speaks as assistant; null where the source names none. */
  readonly agent: string | null;
  /** Name of the agent behind the user's messages, where a model plays the user; null for a person. */
  readonly user: string | null;
  readonly model?: string | null;
  readonly userModel?: string | null;
  /** Every message is a span, also those that only other spans read: for logs whose labels count messages. */
  readonly keepAll: boolean;
  /** The failure that a tool's message states; null = none stated. */
  readonly failure: (message: JsonObject, text: string) => SpanError | null;
};

type Call = {
  readonly id: string | null;
  readonly name: string;
  readonly args: Json;
  readonly by: Speaker;
  readonly time: bigint | null;
};
type Speaker = { readonly agent: string | null; readonly model: string | null; readonly isUser: boolean };
type Turn = { readonly index: number; readonly message: JsonObject; readonly content: readonly ContentItem[] };

const TAKEN = new Set([
  'role',
  'content',
  'tool_calls',
  'function_call',
  'tool_call_id',
  'name',
  'model',
  'usage',
  'cost',
  'reasoning_content',
  'refusal',
  'timestamp',
]);

export function chatSpans(messages: readonly Json[], options: ChatOptions, records: NormalisedRecord[]): void {
  const { traceId, agent, user } = options;
  const assistant: Speaker = { agent, model: options.model ?? null, isUser: false };
  const person: Speaker = { agent: user, model: options.userModel ?? null, isUser: true };
  const answered = answeredCalls(messages);
  const open = new Map<string, Call[]>();
  /** What each side has not read yet. */
  const unread: { assistant: ContentItem[]; user: ContentItem[] } = { assistant: [], user: [] };
  /** The message of each side that the other has not answered. */
  const spokenBy: { assistant: string | null; user: string | null } = { assistant: null, user: null };
  const waiting: Turn[] = [];
  const put = (span: SpanRecord): void => void records.push(span);

  for (const [index, message] of messages.entries()) {
    if (!isJsonObject(message)) {
      records.push(issue('error', 'invalid_item', `Message ${index} is not an object.`, { traceId, item: message }));
      continue;
    }
    const content = readContent(message);
    const turn: Turn = { index, message, content };
    const role = textOf(message.role) ?? '';
    if (role === 'assistant' || role === 'model' || (role === 'user' && user !== null)) {
      const isUser = role === 'user';
      const speaker = isUser ? person : assistant;
      const side = isUser ? 'user' : 'assistant';
      const other = isUser ? 'assistant' : 'user';
      put(generation(turn, speaker, { read: unread[side], answers: spokenBy[other] }, options));
      unread[side] = [];
      spokenBy[other] = null;
      waiting.length = 0;
      const said = withoutCalls(content);
      for (const item of said) unread[other].push(item);
      if (user !== null && said.length > 0) spokenBy[side] = `m${index}`;
      callsOf(message).forEach((each, at) => {
        const call: Call = { ...each, by: speaker, time: timeOf(message.timestamp) };
        if (call.id !== null && answered.has(call.id))
          open.set(call.id, [...(open.get(call.id) ?? []), call].slice(-64));
        else put(toolSpan({ spanId: `m${index}.c${at}`, call, turn: null }, options));
      });
    } else if (role === 'tool' || role === 'function') {
      const id = idOf(message.tool_call_id) ?? idOf(message.id);
      const call = id === null ? null : (open.get(id)?.shift() ?? null);
      const side = call?.by.isUser || message.requestor === 'user' ? 'user' : 'assistant';
      put(toolSpan({ spanId: `m${index}`, call, turn }, options));
      for (const item of content) unread[side].push(item);
    } else {
      for (const item of content) unread.assistant.push(item);
      if (options.keepAll) put(spoken(turn, role, options));
      else waiting.push(turn);
    }
  }
  // Nobody answered these: without a span of their own they would be lost.
  for (const turn of waiting) put(spoken(turn, textOf(turn.message.role) ?? '', options));
}

function answeredCalls(messages: readonly Json[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const message of messages) {
    if (!isJsonObject(message) || (message.role !== 'tool' && message.role !== 'function')) continue;
    const id = idOf(message.tool_call_id) ?? idOf(message.id);
    if (id !== null) ids.add(id);
  }
  return ids;
}

function callsOf(message: JsonObject): Omit<Call, 'by' | 'time'>[] {
  const calls = listOf(message.tool_calls).flatMap((each) => (isJsonObject(each) ? [readCall(each)] : []));
  if (isJsonObject(message.function_call)) calls.push(readCall(message.function_call));
  return calls;
}

function readCall(call: JsonObject): Omit<Call, 'by' | 'time'> {
  const body = isJsonObject(call.function) ? call.function : call;
  const args = body.arguments ?? body.args ?? body.input ?? null;
  return { id: idOf(call.id), name: textOf(body.name) ?? 'tool', args };
}

/** What another agent hears: the words, not the calls and the thoughts. */
function withoutCalls(items: readonly ContentItem[]): ContentItem[] {
  return items.flatMap((item): readonly ContentItem[] => {
    if (item.kind !== 'message') return [item];
    const parts = item.parts.filter((part) => part.type !== 'tool_call' && part.type !== 'reasoning');
    return parts.length === 0 ? [] : parts.length === item.parts.length ? [item] : [{ ...item, parts }];
  });
}

function generation(
  { index, message, content }: Turn,
  speaker: Speaker,
  heard: { readonly read: readonly ContentItem[]; readonly answers: string | null },
  { traceId, origin }: ChatOptions,
): SpanRecord {
  const time = timeOf(message.timestamp);
  const agent = (speaker.isUser ? null : textOf(message.name)) ?? speaker.agent;
  return spanRecord({
    traceId,
    spanId: `m${index}`,
    kind: 'generation',
    name: agent ?? 'assistant',
    agent,
    model: textOf(message.model) ?? speaker.model,
    start: time,
    end: time,
    usage: readUsage(message.usage ?? objectOf(message.response_metadata).token_usage),
    cost: countOf(message.cost),
    input: heard.read,
    output: content,
    attributes: remaining(message, TAKEN),
    // Two sides talk to each other: a turn answers the other's last words.
    links: heard.answers === null ? [] : [{ traceId, spanId: heard.answers, attributes: {} }],
    origin,
  });
}

function spoken({ index, message, content }: Turn, role: string, { traceId, origin }: ChatOptions): SpanRecord {
  const time = timeOf(message.timestamp);
  return spanRecord({
    traceId,
    spanId: `m${index}`,
    kind: 'custom',
    subtype: role === '' ? null : role,
    name: role === '' ? 'message' : role,
    start: time,
    end: time,
    output: content,
    attributes: remaining(message, TAKEN),
    origin,
  });
}

/** One tool execution: a call, its result, or both. */
function toolSpan(
  { spanId, call, turn }: { readonly spanId: string; readonly call: Call | null; readonly turn: Turn | null },
  { traceId, origin, agent, user, failure }: ChatOptions,
): SpanRecord {
  const message = turn?.message ?? null;
  const result = message === null ? undefined : responseOf(message.content);
  const text = typeof result === 'string' ? result : '';
  const error = message === null ? null : failure(message, text);
  const name = call?.name ?? textOf(message?.name) ?? 'tool';
  const by = call?.by.agent ?? (message?.requestor === 'user' ? user : agent);
  const end = message === null ? null : timeOf(message.timestamp);
  return spanRecord({
    traceId,
    spanId,
    kind: 'tool',
    name,
    agent: by,
    tool: name,
    toolCallId: call?.id ?? idOf(message?.tool_call_id) ?? null,
    start: call?.time ?? end,
    end,
    status: error ? 'error' : 'unset',
    error,
    input: toolContent(call?.args),
    output: toolContent(result),
    attributes: message === null ? {} : remaining(message, TAKEN),
    origin,
  });
}

/** Index of a message by the number that somebody counted, from `first`; null when it is none. */
export function indexOfStep(value: Json | undefined, first: 0 | 1): number | null {
  const number = numberOf(value);
  return number !== null && Number.isSafeInteger(number) && number >= first ? number - first : null;
}
