/**
 * Our contents as other tools expect to find them: OpenAI chat messages where a message is one, the message of the GenAI
 * conventions where a chat message could not hold it, and values as they are.
 */
import type { Json } from '#shared/json.ts';
import type { ContentItem, Message, MessagePart } from '#shared/message.ts';
import { genAiMessages } from './otlp/genai-messages.ts';

/** Null for nothing; one value alone, several as a list. */
export function contentsToJson(items: readonly ContentItem[]): Json {
  const [first] = items;
  if (!first) return null;
  if (items.length === 1 && first.kind !== 'message') return first.kind === 'text' ? first.text : first.value;
  return items.map((item) =>
    item.kind === 'message' ? chatMessage(item) : item.kind === 'text' ? item.text : item.value,
  );
}

export function chatMessage(message: Message): Json {
  return asChat(message) ?? genAiMessages([message])?.[0] ?? null;
}

type TextPart = Extract<MessagePart, { type: 'text' }>;
type CallPart = Extract<MessagePart, { type: 'tool_call' }>;

/** Null when a part has no place in a chat message, or the order of the parts would be lost. */
function asChat({ role, name, parts, finishReason }: Message): Json {
  if (finishReason !== undefined) return null;
  const [first] = parts;
  if (role === 'tool' && parts.length === 1 && first?.type === 'tool_call_response') {
    const content = typeof first.response === 'string' ? first.response : JSON.stringify(first.response);
    return { role, ...(first.name === undefined ? {} : { name: first.name }), tool_call_id: first.id, content };
  }
  const texts = parts.filter((part): part is TextPart => part.type === 'text');
  const calls = parts.slice(texts.length).filter((part): part is CallPart => part.type === 'tool_call');
  const inOrder = parts.slice(0, texts.length).every((part) => part.type === 'text');
  if (!inOrder || texts.length + calls.length !== parts.length) return null;
  const [only] = texts;
  return {
    role,
    ...(name === undefined ? {} : { name }),
    content: texts.length > 1 ? texts.map(({ content }) => ({ type: 'text', text: content })) : (only?.content ?? null),
    ...(calls.length > 0 ? { tool_calls: calls.map(toolCall) } : {}),
  };
}

function toolCall({ id, name, arguments: given }: CallPart): Json {
  const args = typeof given === 'string' ? given : JSON.stringify(given);
  return { id, type: 'function', function: { name, arguments: args } };
}
