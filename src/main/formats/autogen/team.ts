import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import type { NormalisedRecord, SpanRecord } from '#shared/record.ts';
import { readUsage } from '../agents-sdk/usage.ts';
import { idOf, issue, listOf, numberOf, objectOf, remaining, textOf, timeOf } from '../fields.ts';
import { makeOrigin, saying, toolContent } from '../logs/span.ts';
import { spanRecord } from '../span-record.ts';
import { argumentsOf } from '../messages/part-shapes.ts';

const ORIGIN = makeOrigin('autogen');
const TAKEN = new Set(['source', 'type', 'content', 'models_usage', 'created_at', 'target', 'name', 'role']);
/** What one agent heard since its last turn, at most: with many agents all of it would be quadratic. */
const HEARD = 50;
const PEOPLE = new Set(['user', 'user_proxy', 'human', 'userproxy']);

type Message = { readonly index: number; readonly value: JsonObject; readonly type: string; readonly source: string };
type Call = { readonly name: string; readonly args: Json; readonly time: bigint | null };

/** A message at index i is the span `m<i>`; executions of several calls in one event are `m<i>.<k>`. */
export function readTeam(traceId: string, messages: readonly Json[], records: NormalisedRecord[]): void {
  const calls = new Map<string, Call>();
  const heard: ContentItem[][] = [];
  const lastTurn = new Map<string, number>();
  const unknown = new Map<string, number>();
  for (const [index, value] of messages.entries()) {
    if (!isJsonObject(value)) {
      records.push(issue('error', 'invalid_item', `Message ${index} is not an object.`, { traceId, item: value }));
      continue;
    }
    const source = textOf(value.source) ?? textOf(value.name) ?? textOf(value.role) ?? 'unknown';
    const message: Message = { index, value, type: textOf(value.type) ?? 'TextMessage', source };
    for (const span of read(message)) records.push(span);
  }
  for (const [type, count] of unknown) {
    const text = `${count} of type "${type.slice(0, 100)}" are not known and were kept as they are.`;
    records.push(issue('warning', 'unmapped_field', text, { traceId }));
  }

  function read(message: Message): SpanRecord[] {
    const { value, type, source, index } = message;
    if (type === 'ToolCallRequestEvent' || (value.source === undefined && Array.isArray(value.tool_calls))) {
      const requests = listOf(value.tool_calls ?? value.content)
        .filter(isJsonObject)
        .map(request);
      for (const { id, name, args } of requests) {
        if (id !== null) calls.set(id, { name, args, time: timeOf(value.created_at) });
      }
      const parts = requests.map(({ id, name, args }): MessagePart => ({
        type: 'tool_call',
        id,
        name,
        arguments: argumentsOf(args),
      }));
      return [generation(message, [{ kind: 'message', role: 'assistant', parts }])];
    }
    if (type === 'ToolCallExecutionEvent') {
      const results = listOf(value.content).filter(isJsonObject);
      return results.map((result, at) =>
        execution(message, results.length === 1 ? `m${index}` : `m${index}.${at}`, result),
      );
    }
    if (type === 'HandoffMessage') {
      const to = textOf(value.target);
      const output = saying('assistant', value.content);
      hear(index, output);
      return [
        spanRecord({
          ...base(message),
          kind: 'handoff',
          name: `${source} → ${to ?? '?'}`,
          handoff: { from: source, to },
          output,
        }),
      ];
    }
    if (type === 'CodeExecutionEvent') {
      const result = objectOf(value.result);
      const code = numberOf(result.exit_code);
      const text = textOf(result.output) ?? '';
      const status = code === null ? 'unset' : code === 0 ? 'ok' : 'error';
      const error = status === 'error' ? { type: `exit code ${code}`, message: text || `exit code ${code}` } : null;
      return [
        spanRecord({
          ...base(message),
          kind: 'tool',
          name: 'code',
          tool: 'code',
          status,
          error,
          output: toolContent(text),
        }),
      ];
    }
    if (type === 'MemoryQueryEvent') {
      return [spanRecord({ ...base(message), kind: 'retrieval', name: 'memory', output: toolContent(value.content) })];
    }
    if (type === 'ThoughtEvent') {
      const content = textOf(value.content) ?? '';
      const output: ContentItem[] = [{ kind: 'message', role: 'assistant', parts: [{ type: 'reasoning', content }] }];
      return [spanRecord({ ...base(message), kind: 'custom', subtype: 'thought', name: 'thought', output })];
    }
    if (type.endsWith('Message') && type !== 'ToolCallSummaryMessage') {
      if (isPerson(message)) {
        const output = saying('user', value.content);
        hear(index, output);
        return [spanRecord({ ...base(message), agent: null, kind: 'custom', subtype: 'user', name: source, output })];
      }
      return [generation(message, saying('assistant', value.content))];
    }
    if (!KNOWN.has(type)) unknown.set(type, (unknown.get(type) ?? 0) + 1);
    const output = saying('assistant', value.content);
    if (type === 'ToolCallSummaryMessage') hear(index, output);
    return [spanRecord({ ...base(message), kind: 'custom', subtype: type, name: type, output })];
  }

  function isPerson({ value, source }: Message): boolean {
    return PEOPLE.has(source.toLowerCase()) && (value.models_usage ?? null) === null;
  }

  function generation(message: Message, output: readonly ContentItem[]): SpanRecord {
    const { index, value, source } = message;
    const from = Math.max(lastTurn.get(source) ?? 0, index - HEARD);
    lastTurn.set(source, index + 1);
    const input: ContentItem[] = [];
    for (let at = from; at < index; at++) for (const item of heard[at] ?? []) input.push(item);
    hear(index, output);
    return spanRecord({
      ...base(message),
      kind: 'generation',
      name: source,
      usage: readUsage(value.models_usage),
      input,
      output,
    });
  }

  function hear(index: number, items: readonly ContentItem[]): void {
    const list = (heard[index] ??= []);
    for (const item of items) list.push(item);
  }

  function execution(message: Message, spanId: string, result: JsonObject): SpanRecord {
    const id = idOf(result.call_id);
    const call = id === null ? undefined : calls.get(id);
    const name = textOf(result.name) ?? call?.name ?? 'tool';
    const failed = result.is_error === true;
    const response = result.content ?? null;
    hear(message.index, [
      { kind: 'message', role: 'tool', parts: [{ type: 'tool_call_response', id, name, response }] },
    ]);
    return spanRecord({
      ...base(message),
      spanId,
      kind: 'tool',
      name,
      tool: name,
      toolCallId: id,
      ...(call ? { start: call.time ?? timeOf(message.value.created_at) } : {}),
      status: failed ? 'error' : result.is_error === false ? 'ok' : 'unset',
      error: failed ? { type: null, message: textOf(response) ?? 'error' } : null,
      input: toolContent(call?.args),
      output: toolContent(response),
      attributes: {},
    });
  }

  function base({ index, value, source }: Message) {
    const time = timeOf(value.created_at);
    const attributes = remaining(value, TAKEN);
    return { traceId, spanId: `m${index}`, agent: source, start: time, end: time, attributes, origin: ORIGIN } as const;
  }
}

const KNOWN = new Set([
  'ToolCallSummaryMessage',
  'SelectSpeakerEvent',
  'SelectorEvent',
  'UserInputRequestedEvent',
  'CodeGenerationEvent',
  'ModelClientStreamingChunkEvent',
]);

function request(call: JsonObject): { readonly id: string | null; readonly name: string; readonly args: Json } {
  const body = isJsonObject(call.function) ? call.function : call;
  return { id: idOf(call.id), name: textOf(body.name) ?? 'tool', args: body.arguments ?? null };
}
