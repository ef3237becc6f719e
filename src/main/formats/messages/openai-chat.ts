/**
 * OpenAI chat messages and chat.completion objects. Every message with a `role` and `content` is read here,
 * because Anthropic, the AI SDK and the Responses API share that frame and differ in the parts only.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem, Message, MessagePart } from '#shared/message.ts';
import { file, media, reasoning, responseOf, text, toolCall, toolResponse } from './part-shapes.ts';
import { message, type Dialect, type Reader } from './types.ts';

const ROLES: ReadonlyMap<string, string> = new Map([
  ...['system', 'developer', 'user', 'assistant', 'tool'].map((role) => [role, role] as const),
  ['function', 'tool'],
  ['model', 'assistant'],
  ['human', 'user'],
  ['ai', 'assistant'],
]);
const FRAME = new Set(['role', 'content', 'name']);
const BODY = ['content', 'tool_calls', 'function_call', 'refusal', 'reasoning_content', 'reasoning', 'audio'] as const;

export const openAiChat: Dialect = {
  id: 'openai-chat',
  read: (value, reader) => readCompletion(value, reader) ?? one(readRoleMessage(value, reader)),
  parts: {
    text: (part) => text(part.text),
    refusal: (part) => ({ type: 'other', value: { type: 'refusal', refusal: part.refusal ?? null } }),
    image_url: (part) => media(isJsonObject(part.image_url) ? part.image_url.url : part.image_url, null, 'image'),
    input_audio: (part) => (isJsonObject(part.input_audio) ? audio(part.input_audio) : null),
    file: (part) => {
      const inner = part.file;
      return isJsonObject(inner) ? (file(inner.file_id) ?? media(inner.file_data, null, null)) : null;
    },
    function: (part) =>
      isJsonObject(part.function) ? toolCall(part.id, part.function.name, part.function.arguments) : null,
    custom: (part) => (isJsonObject(part.custom) ? toolCall(part.id, part.custom.name, part.custom.input) : null),
  },
};

/** A message with a role; roles that no provider uses count only when nothing but a message can be meant. */
export function readRoleMessage(value: JsonObject, reader: Reader): Message | null {
  if (typeof value.role !== 'string' || !BODY.some((field) => Object.hasOwn(value, field))) return null;
  const role = ROLES.get(value.role) ?? (Object.keys(value).every((key) => FRAME.has(key)) ? value.role : null);
  if (role === null) return null;
  const extra = { name: value.name, finishReason: value.finish_reason ?? value.stop_reason ?? value.finishReason };
  if (role === 'tool' && !hasResponsePart(value.content)) {
    const id = value.tool_call_id ?? value.toolCallId;
    return message('tool', [toolResponse(id, value.name, responseOf(value.content))]);
  }
  return message(role, [...thoughts(value), ...reader.parts(value.content), ...calls(value, reader)], extra);
}

function readCompletion(value: JsonObject, reader: Reader): ContentItem[] | null {
  const choices = value.choices;
  if (!Array.isArray(choices) || choices.length === 0) return null;
  const items: ContentItem[] = [];
  for (const choice of choices as readonly Json[]) {
    if (!isJsonObject(choice)) return null;
    const body = choice.message ?? choice.delta;
    const said = isJsonObject(body)
      ? readRoleMessage(
          { role: 'assistant', content: null, ...body, finish_reason: choice.finish_reason ?? null },
          reader,
        )
      : typeof choice.text === 'string'
        ? message('assistant', [{ type: 'text', content: choice.text }], { finishReason: choice.finish_reason })
        : null;
    if (!said) return null;
    items.push(said);
  }
  return items;
}

function thoughts(value: JsonObject): MessagePart[] {
  const said = reasoning(value.reasoning_content) ?? reasoning(value.reasoning);
  if (said) return [said];
  if (!Array.isArray(value.reasoning_details)) return [];
  const details: readonly Json[] = value.reasoning_details;
  return details.flatMap((each) => (isJsonObject(each) ? (reasoning(each.text ?? each.summary) ?? []) : []));
}

function calls(value: JsonObject, reader: Reader): MessagePart[] {
  const parts: MessagePart[] = [];
  if (typeof value.refusal === 'string')
    parts.push({ type: 'other', value: { type: 'refusal', refusal: value.refusal } });
  if (isJsonObject(value.audio)) parts.push(audio(value.audio) ?? { type: 'other', value: value.audio });
  if (Array.isArray(value.tool_calls)) {
    for (const call of value.tool_calls as readonly Json[]) parts.push(readCall(call, reader));
  }
  if (isJsonObject(value.function_call)) {
    parts.push(toolCall(null, value.function_call.name, value.function_call.arguments));
  }
  return parts;
}

/** An element of `tool_calls`, which several clients write without its `type`. */
function readCall(call: Json, reader: Reader): MessagePart {
  if (!isJsonObject(call)) return { type: 'other', value: call };
  if (isJsonObject(call.function)) return toolCall(call.id, call.function.name, call.function.arguments);
  const known = reader.part(call);
  if (known) return known;
  if (typeof call.name === 'string') return toolCall(call.id, call.name, call.args ?? call.arguments ?? call.input);
  return { type: 'other', value: call };
}

function audio(value: JsonObject): MessagePart | null {
  const mimeType = typeof value.format === 'string' ? `audio/${value.format}` : null;
  return media(value.data, mimeType, 'audio') ?? file(value.id);
}

const RESPONSE_PARTS = new Set(['tool-result', 'tool_result', 'tool_call_response', 'tool-error']);

function hasResponsePart(content: Json | undefined): boolean {
  if (!Array.isArray(content)) return false;
  return (content as readonly Json[]).some(
    (part) => isJsonObject(part) && typeof part.type === 'string' && RESPONSE_PARTS.has(part.type),
  );
}

function one(item: Message | null): ContentItem[] | null {
  return item && [item];
}
