/**
 * Messages as the OpenTelemetry GenAI conventions write them in `gen_ai.input.messages` and `gen_ai.output.messages`,
 * from our own and back. Ours have the same part types, so that only spellings differ; a part that the conventions do not
 * know is written as it is.
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-input-messages.json
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem, Message, MessagePart } from '#shared/message.ts';
import { contentFromJson } from '../span-json.ts';

/** Null when an item is no message. */
export function genAiMessages(items: readonly ContentItem[]): Json[] | null {
  const messages: Json[] = [];
  for (const item of items) {
    if (item.kind !== 'message') return null;
    messages.push({
      role: item.role,
      ...(item.name === undefined ? {} : { name: item.name }),
      parts: item.parts.map(partToGenAi),
      ...(item.finishReason === undefined ? {} : { finish_reason: item.finishReason }),
    });
  }
  return messages;
}

/** What `genAiMessages` wrote; null for anything else. */
export function itemsFromGenAi(value: Json | undefined): readonly ContentItem[] | null {
  if (!Array.isArray(value)) return null;
  return (value as readonly Json[]).map((each) => {
    if (!isJsonObject(each) || !Array.isArray(each.parts)) return contentFromJson(each);
    const { role, name, parts, finish_reason: finishReason } = each;
    return contentFromJson({
      kind: 'message',
      role: role ?? null,
      ...(name === undefined ? {} : { name }),
      parts: (parts as readonly Json[]).map(partFromGenAi),
      ...(finishReason === undefined ? {} : { finishReason }),
    });
  });
}

/** Whether reading gives the same message, the order of its fields included: contents are compared as JSON text. */
export function isReversible(messages: readonly Json[], items: readonly ContentItem[]): boolean {
  return JSON.stringify(itemsFromGenAi(messages)) === JSON.stringify(items);
}

function partToGenAi(part: Message['parts'][number]): Json {
  switch (part.type) {
    case 'blob':
      return { type: 'blob', modality: part.modality, mime_type: part.mimeType, content: part.content };
    case 'uri':
      return { type: 'uri', modality: part.modality, uri: part.uri };
    case 'file':
      return { type: 'file', file_id: part.fileId };
    case 'other':
      return isJsonObject(part.value) && typeof part.value.type === 'string' && !KNOWN.has(part.value.type)
        ? part.value
        : { type: 'other', value: part.value };
    case 'text':
    case 'reasoning':
    case 'tool_call':
    case 'tool_call_response':
      return part;
  }
}

const KNOWN: ReadonlySet<string> = new Set<MessagePart['type']>([
  'text',
  'reasoning',
  'tool_call',
  'tool_call_response',
  'blob',
  'uri',
  'file',
  'other',
]);

function partFromGenAi(part: Json): Json {
  if (!isJsonObject(part)) return { type: 'other', value: part };
  const { type } = part;
  if (typeof type !== 'string' || !KNOWN.has(type)) return { type: 'other', value: part };
  if (type === 'blob') {
    const { modality, mime_type: mimeType, content } = part;
    return { type, modality: modality ?? null, mimeType: mimeType ?? null, content: content ?? null };
  }
  if (type === 'file') return { type, fileId: part.file_id ?? null };
  return part satisfies JsonObject;
}
