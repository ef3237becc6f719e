/** Inspect's chat messages in the shape of OpenAI's, which the shared readers know. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { listOf } from '../fields.ts';
import { readContent } from '../messages/index.ts';

export function readMessages(list: readonly Json[]): ContentItem[] {
  return list.length === 0 ? [] : readContent(list.map((each) => (isJsonObject(each) ? toChat(each) : each)));
}

/** The messages of an answer: `{ choices: [{ message, stop_reason }], completion }`. */
export function readAnswer(output: JsonObject): ContentItem[] {
  const messages = listOf(output.choices).flatMap((choice) => {
    const message = isJsonObject(choice) ? choice.message : undefined;
    if (!isJsonObject(message)) return [];
    const finish = isJsonObject(choice) ? (choice.stop_reason ?? null) : null;
    return [{ ...message, role: message.role ?? 'assistant', finish_reason: finish }];
  });
  return messages.length > 0 ? readMessages(messages) : readContent(output.completion, { role: 'assistant' });
}

function toChat(message: JsonObject): Json {
  const {
    role,
    content,
    tool_calls: calls,
    tool_call_id: callId,
    function: name,
    error,
    finish_reason: finish,
  } = message;
  if (typeof role !== 'string') return message;
  const parts = Array.isArray(content) ? (content as readonly Json[]).map(toPart) : (content ?? null);
  if (role === 'tool') {
    const failure = isJsonObject(error) ? (error.message ?? error) : error;
    const said = failure === undefined || failure === null ? parts : { is_error: true, error: failure, content: parts };
    return { role, tool_call_id: callId ?? null, name: name ?? null, content: said };
  }
  const toolCalls = listOf(calls).map(toCall);
  return {
    role,
    content: parts,
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
    ...(finish === undefined ? {} : { finish_reason: finish }),
  };
}

function toCall(call: Json): Json {
  if (!isJsonObject(call) || typeof call.function !== 'string') return call;
  return {
    id: call.id ?? null,
    type: 'function',
    function: { name: call.function, arguments: call.arguments ?? null },
  };
}

function toPart(part: Json): Json {
  if (!isJsonObject(part)) return part;
  if (part.type === 'reasoning') return { type: 'reasoning', content: part.reasoning ?? '' };
  if (part.type === 'image' && typeof part.image === 'string')
    return { type: 'image_url', image_url: { url: part.image } };
  return part;
}
