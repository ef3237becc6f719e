import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import type { NormalisedRecord, SpanEvent, SpanRecord, Usage } from '#shared/record.ts';
import { countOf, idOf, listOf, numberOf, objectOf, remaining, textOf, timeOf } from '../fields.ts';
import { makeOrigin, titleOf, toolContent } from '../logs/span.ts';
import { spanRecord } from '../span-record.ts';
import { responseOf } from '../messages/part-shapes.ts';

export type Entry = { readonly number: number; readonly type: string; readonly value: JsonObject };

const ORIGIN = makeOrigin('pi_session', { name: 'pi', version: null });
const ROOT = 'session';
const MESSAGE_TAKEN = new Set([
  'role',
  'content',
  'model',
  'usage',
  'timestamp',
  'errorMessage',
  'toolCallId',
  'toolName',
  'isError',
  'command',
  'output',
]);
const ENTRY_TAKEN = new Set(['type', 'id', 'timestamp', 'message']);

export function readSession(
  id: string,
  header: JsonObject,
  entries: readonly Entry[],
  records: NormalisedRecord[],
): void {
  const traceId = `pi:${id}`;
  const spans: SpanRecord[] = [];
  const events: SpanEvent[] = [];
  const tools = new Map<string, number>();
  const used = new Set<string>();
  let unread: ContentItem[] = [];
  let before: bigint | null = null;
  let last: string | null = null;
  let title = null as string | null;
  let asked = null as string | null;
  let first: bigint | null = null;
  let latest: bigint | null = null;

  for (const entry of entries) {
    const { type, value } = entry;
    const message = objectOf(value.message);
    const time = timeOf(value.timestamp) ?? timeOf(message.timestamp);
    if (time !== null && (first === null || time < first)) first = time;
    if (time !== null && (latest === null || time > latest)) latest = time;
    // A branch goes on from an earlier entry: what was left unanswered on the other is not its input.
    const parent = textOf(value.parentId);
    if (last !== null && parent !== null && parent !== last && message.role === 'user') leave(entry, before);
    last = textOf(value.id) ?? last;
    if (type === 'message') readMessage(entry, message, time);
    else if (type === 'custom_message') hear('user', value.content, time);
    else if (type === 'session_info') title = textOf(value.name) ?? title;
    else if (type === 'compaction' || type === 'branch_summary') {
      unread.push(...text('user', textOf(value.summary)));
      note(type, value, time);
    } else if (type !== 'session') note(type, value, time);
  }
  const end = entries.at(-1);
  if (end) leave({ ...end, number: end.number + 1 }, before);
  const name = title ?? asked;
  records.push({
    type: 'trace',
    traceId,
    ...(name === null ? {} : { name: titleOf(name) }),
    workflow: 'pi',
    sessionId: id,
    metadata: { ...(asked === null ? {} : { task: asked }), ...remaining(header, new Set(['type', 'id'])) },
  });
  const root = { traceId, spanId: ROOT, kind: 'agent', subtype: 'session', name: 'pi', agent: 'pi' } as const;
  records.push(spanRecord({ ...root, start: first, end: latest, events, origin: ORIGIN }));
  for (const span of spans) records.push(span);

  function readMessage(entry: Entry, message: JsonObject, time: bigint | null): void {
    const role = textOf(message.role) ?? '';
    if (role === 'assistant') generate(entry, message, time);
    else if (role === 'toolResult') answer(entry, message, time);
    else if (role === 'bashExecution') {
      const code = numberOf(message.exitCode);
      const failed = code !== null && code !== 0;
      spans.push(
        spanRecord({
          ...placed(entry, time),
          kind: 'tool',
          subtype: 'bashExecution',
          name: 'bash',
          tool: 'bash',
          status: failed ? 'error' : code === null ? 'unset' : 'ok',
          error: failed ? { type: `exit code ${code}`, message: textOf(message.output) ?? `exit code ${code}` } : null,
          input: toolContent(message.command),
          output: toolContent(message.output),
          attributes: remaining(message, MESSAGE_TAKEN),
        }),
      );
      if (message.excludeFromContext !== true) hear('user', message.output, time);
    } else {
      if (role === 'user') asked ??= textOf(responseOf(message.content));
      hear(role === 'user' ? 'user' : role || 'user', message.content ?? message.summary, time);
    }
  }

  function generate(entry: Entry, message: JsonObject, time: bigint | null): void {
    const blocks =
      typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : listOf(message.content);
    const parts = blocks.map(partOf);
    const model = textOf(message.model);
    const stop = textOf(message.stopReason);
    const failed = stop === 'error' || textOf(message.errorMessage) !== null;
    const usage = objectOf(message.usage);
    const start = before !== null && time !== null && before <= time ? before : time;
    const finish = stop === null ? {} : { finishReason: stop };
    spans.push(
      spanRecord({
        ...placed(entry, time),
        kind: 'generation',
        name: model ?? 'generation',
        model,
        start,
        status: failed ? 'error' : 'unset',
        error: failed ? { type: stop, message: textOf(message.errorMessage) ?? 'error' } : null,
        usage: readTokens(usage),
        cost: countOf(objectOf(usage.cost).total),
        input: unread,
        output: parts.length === 0 ? [] : [{ kind: 'message', role: 'assistant', parts, ...finish }],
        attributes: { ...remaining(entry.value, ENTRY_TAKEN), ...remaining(message, MESSAGE_TAKEN) },
      }),
    );
    unread = [];
    for (const [at, part] of parts.entries()) {
      if (part.type !== 'tool_call') continue;
      if (part.id !== null) tools.set(part.id, spans.length);
      const spanId = `${spans.at(-1)?.kind === 'generation' ? (spans.at(-1)?.spanId ?? '') : `${textOf(entry.value.id) ?? `line-${entry.number}`}`}.${at}`;
      const base = { traceId, spanId, parentId: ROOT, start: time, origin: ORIGIN } as const;
      spans.push(
        spanRecord({
          ...base,
          kind: 'tool',
          name: part.name,
          tool: part.name,
          toolCallId: part.id,
          input: toolContent(part.arguments),
        }),
      );
    }
  }

  function answer(entry: Entry, message: JsonObject, time: bigint | null): void {
    const callId = idOf(message.toolCallId);
    const at = callId === null ? undefined : tools.get(callId);
    const tool = at === undefined ? undefined : spans[at];
    const response = responseOf(message.content);
    const failed = message.isError === true;
    const name = textOf(message.toolName) ?? tool?.name ?? 'tool';
    const said = typeof response === 'string' ? response : JSON.stringify(response);
    const facts = {
      end: time,
      status: failed ? 'error' : 'ok',
      error: failed ? { type: null, message: said } : null,
      output: toolContent(response),
      attributes: remaining(message, MESSAGE_TAKEN),
    } as const;
    if (tool && at !== undefined) spans[at] = { ...tool, ...facts };
    else
      spans.push(spanRecord({ ...placed(entry, time), kind: 'tool', name, tool: name, toolCallId: callId, ...facts }));
    before = time ?? before;
    unread.push({ kind: 'message', role: 'tool', parts: [{ type: 'tool_call_response', id: callId, name, response }] });
  }

  function hear(role: string, content: Json | undefined, time: bigint | null): void {
    before = time ?? before;
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : listOf(content);
    if (blocks.length > 0) unread.push({ kind: 'message', role, parts: blocks.map(partOf) });
  }

  function leave(entry: Entry, time: bigint | null): void {
    if (!unread.some((item) => item.kind === 'message' && item.role === 'user')) return;
    const base = { ...placed({ ...entry, value: {} }, time), kind: 'custom', subtype: 'user' } as const;
    spans.push(spanRecord({ ...base, name: 'user', output: unread }));
    unread = [];
  }

  function note(name: string, value: JsonObject, time: bigint | null): void {
    events.push({ time: time?.toString() ?? null, name, attributes: remaining(value, new Set(['type', 'timestamp'])) });
  }

  function placed({ value, number }: Entry, time: bigint | null) {
    const id = textOf(value.id);
    const spanId = id === null || used.has(id) ? `${id ?? 'line'}-${number}` : id;
    used.add(spanId);
    return { traceId, spanId, parentId: ROOT, start: time, end: time, origin: ORIGIN } as const;
  }
}

function text(role: string, content: string | null): ContentItem[] {
  return content === null ? [] : [{ kind: 'message', role, parts: [{ type: 'text', content }] }];
}

function partOf(block: Json): MessagePart {
  if (!isJsonObject(block)) return { type: 'other', value: block };
  const { type } = block;
  if (type === 'text' && typeof block.text === 'string') return { type: 'text', content: block.text };
  if (type === 'thinking' && typeof block.thinking === 'string') return { type: 'reasoning', content: block.thinking };
  if (type === 'toolCall')
    return {
      type: 'tool_call',
      id: idOf(block.id),
      name: textOf(block.name) ?? 'tool',
      arguments: block.arguments ?? null,
    };
  if (type === 'image' && typeof block.data === 'string') {
    return { type: 'blob', modality: 'image', mimeType: textOf(block.mimeType), content: block.data };
  }
  return { type: 'other', value: block };
}

/** Cached input is counted apart from `input`. */
function readTokens(usage: JsonObject): Usage | null {
  const fresh = countOf(usage.input);
  const output = countOf(usage.output);
  if (fresh === null && output === null) return null;
  const cacheRead = countOf(usage.cacheRead);
  const cacheWrite = countOf(usage.cacheWrite);
  const input = fresh === null ? null : fresh + (cacheRead ?? 0) + (cacheWrite ?? 0);
  return { input, output, cacheRead, cacheWrite, reasoning: countOf(usage.reasoning) };
}
