import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { SpanRecord } from '#shared/record.ts';
import { idOf, objectOf, textOf } from '../fields.ts';
import { spanRecord } from '../span-record.ts';
import type { Header } from './header.ts';
import { readMessages } from './messages.ts';

type Around = { readonly traceId: string; readonly root: string; readonly header: Header };

/**
 * The messages of a sample whose events were not kept: a generation for each answer, reading what was said since the
 * one before, and a tool span for each result, joined with its call by id. No times.
 */
export function readConversation(messages: readonly Json[], { traceId, root, header }: Around): SpanRecord[] {
  const spans: SpanRecord[] = [];
  const calls = new Map<string, JsonObject>();
  let heard: Json[] = [];
  messages.forEach((message, at) => {
    const role = isJsonObject(message) ? message.role : undefined;
    if (!isJsonObject(message) || (role !== 'assistant' && role !== 'tool')) {
      heard.push(message);
      return;
    }
    const base = { traceId, spanId: `m${at}`, parentId: root, origin: header.origin };
    if (role === 'assistant') {
      for (const call of Array.isArray(message.tool_calls) ? (message.tool_calls as readonly Json[]) : []) {
        const id = isJsonObject(call) ? idOf(call.id) : null;
        if (isJsonObject(call) && id !== null) calls.set(id, call);
      }
      const model = textOf(message.model) ?? header.model;
      spans.push(
        spanRecord({
          ...base,
          kind: 'generation',
          name: model ?? 'generate',
          model,
          input: readMessages(heard),
          output: readMessages([message]),
        }),
      );
      heard = [];
      return;
    }
    const id = idOf(message.tool_call_id);
    const call = id === null ? undefined : calls.get(id);
    const tool = textOf(message.function) ?? textOf(call?.function);
    const error = objectOf(message.error);
    const failure = textOf(error.message);
    spans.push(
      spanRecord({
        ...base,
        kind: 'tool',
        name: tool ?? 'tool',
        tool,
        toolCallId: id,
        status: failure === null ? 'unset' : 'error',
        error: failure === null ? null : { type: textOf(error.type), message: failure },
        input: call?.arguments === undefined ? [] : [{ kind: 'json', value: call.arguments }],
        output: readMessages([message]),
      }),
    );
    heard.push(message);
  });
  return spans;
}
