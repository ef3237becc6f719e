/** LangChain messages: serialised ({ lc: 1, id: […, 'HumanMessage'], kwargs }), dumped ({ type: 'human', data }) or plain. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import { responseOf, toolCall, toolResponse } from './part-shapes.ts';
import { message, type Dialect, type Reader } from './types.ts';

const ROLES: ReadonlyMap<string, string> = new Map([
  ['human', 'user'],
  ['ai', 'assistant'],
  ['system', 'system'],
  ['tool', 'tool'],
  ['function', 'tool'],
  ['HumanMessage', 'user'],
  ['AIMessage', 'assistant'],
  ['SystemMessage', 'system'],
  ['ToolMessage', 'tool'],
  ['FunctionMessage', 'tool'],
  ['ChatMessage', 'user'],
]);

export const langChain: Dialect = {
  id: 'langchain',
  read: (value, reader) =>
    readSerialised(value, reader) ??
    readPlain(value, reader) ??
    readGenerations(value, reader) ??
    readCommand(value, reader),
};

function readSerialised(value: JsonObject, reader: Reader): ContentItem[] | null {
  if (value.lc !== 1 || !Array.isArray(value.id) || !isJsonObject(value.kwargs)) return null;
  const name: unknown = value.id.at(-1);
  const role = typeof name === 'string' ? roleOf(name) : null;
  return role === null ? null : [readFields(role, value.kwargs, reader)];
}

function readPlain(value: JsonObject, reader: Reader): ContentItem[] | null {
  if (typeof value.type !== 'string') return null;
  const role = roleOf(value.type);
  if (role === null) return null;
  if (isJsonObject(value.data) && Object.hasOwn(value.data, 'content')) return [readFields(role, value.data, reader)];
  return Object.hasOwn(value, 'content') ? [readFields(role, value, reader)] : null;
}

/** LLMResult: { generations: [[{ text, message }]] }. */
function readGenerations(value: JsonObject, reader: Reader): ContentItem[] | null {
  if (!Array.isArray(value.generations) || value.generations.length === 0) return null;
  const items: ContentItem[] = [];
  for (const each of (value.generations as readonly Json[]).flat() as readonly Json[]) {
    if (!isJsonObject(each)) return null;
    const said = each.message === undefined ? null : reader.messages([each.message]);
    if (said) for (const item of said) items.push(item);
    else if (typeof each.text === 'string') items.push(message('assistant', [{ type: 'text', content: each.text }]));
    else return null;
  }
  return items.length > 0 ? items : null;
}

/** What a LangGraph node returns to write messages and choose the next node: { lg_name: 'Command', update, goto }. */
function readCommand(value: JsonObject, reader: Reader): ContentItem[] | null {
  if (value.lg_name !== 'Command' || !isJsonObject(value.update)) return null;
  const { messages, ...update } = value.update;
  const said = reader.messages(messages);
  return said && [...said, { kind: 'json', value: { ...value, update } }];
}

function readFields(role: string, fields: JsonObject, reader: Reader): ContentItem {
  if (role === 'tool') {
    const response = responseOf(fields.content);
    const failed = fields.status === 'error';
    return message('tool', [
      toolResponse(fields.tool_call_id, fields.name, failed ? { is_error: true, content: response } : response),
    ]);
  }
  const given = role === 'user' && typeof fields.role === 'string' ? fields.role : role;
  const parts = reader.parts(fields.content);
  const calls = readCalls(fields, reader);
  // Providers that answer in blocks repeat each call: once as a block, once in `tool_calls`.
  const named = new Set(calls.flatMap((call) => (call.type === 'tool_call' && call.id !== null ? [call.id] : [])));
  const own = parts.filter((part) => part.type !== 'tool_call' || part.id === null || !named.has(part.id));
  const metadata = isJsonObject(fields.response_metadata) ? fields.response_metadata : {};
  return message(given, [...own, ...calls], {
    name: fields.name,
    finishReason: metadata.finish_reason ?? metadata.stop_reason,
  });
}

function readCalls(fields: JsonObject, reader: Reader): MessagePart[] {
  const extra = isJsonObject(fields.additional_kwargs) ? fields.additional_kwargs : {};
  const calls = [fields.tool_calls, fields.invalid_tool_calls].filter(Array.isArray).flat() as Json[];
  const list = calls.length > 0 ? calls : Array.isArray(extra.tool_calls) ? (extra.tool_calls as readonly Json[]) : [];
  return list.map((call): MessagePart => {
    if (!isJsonObject(call)) return { type: 'other', value: call };
    if (typeof call.name === 'string') return toolCall(call.id, call.name, call.args);
    return reader.part(call) ?? { type: 'other', value: call };
  });
}

function roleOf(name: string): string | null {
  return ROLES.get(name.endsWith('MessageChunk') ? name.slice(0, -'Chunk'.length) : name) ?? null;
}
