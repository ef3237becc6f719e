/** Gemini contents: { role: 'user' | 'model', parts: [{ text | functionCall | functionResponse | … }] }, without part types. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem, Message, MessagePart } from '#shared/message.ts';
import { media, toolCall, toolResponse, without } from './part-shapes.ts';
import { message, type Dialect } from './types.ts';

const PART_FIELDS = [
  'text',
  'functionCall',
  'function_call',
  'functionResponse',
  'function_response',
  'inlineData',
  'inline_data',
  'fileData',
  'file_data',
  'executableCode',
  'executable_code',
  'codeExecutionResult',
  'code_execution_result',
] as const;
const SIGNATURES = new Set(['thoughtSignature', 'thought_signature']);

export const gemini: Dialect = {
  id: 'gemini',
  read: (value, reader) => readCandidates(value) ?? readContentObject(value, reader.role),
};

/** One `Content` object; null when it is none. */
export function readContentObject(
  value: Json | undefined,
  role: string | null,
  finishReason?: Json,
): ContentItem[] | null {
  if (!isJsonObject(value) || !Array.isArray(value.parts) || value.parts.length === 0) return null;
  const list: readonly Json[] = value.parts;
  if (!list.every((part) => typeof part === 'string' || isPart(part))) return null;
  const given = typeof value.role === 'string' ? value.role : (role ?? 'user');
  const said: Message = message(given === 'model' ? 'assistant' : given, list.map(readPart), { finishReason });
  return [said];
}

function readCandidates(value: JsonObject): ContentItem[] | null {
  if (!Array.isArray(value.candidates) || value.candidates.length === 0) return null;
  const items: ContentItem[] = [];
  for (const candidate of value.candidates as readonly Json[]) {
    if (!isJsonObject(candidate)) return null;
    const said = readContentObject(candidate.content, 'assistant', candidate.finishReason ?? candidate.finish_reason);
    if (!said) return null;
    items.push(...said);
  }
  return items;
}

function isPart(value: Json): boolean {
  return (
    isJsonObject(value) && !Object.hasOwn(value, 'type') && PART_FIELDS.some((field) => Object.hasOwn(value, field))
  );
}

function readPart(part: Json): MessagePart {
  if (typeof part === 'string') return { type: 'text', content: part };
  if (!isJsonObject(part)) return { type: 'other', value: part };
  const call = part.functionCall ?? part.function_call;
  if (isJsonObject(call)) return toolCall(call.id, call.name, call.args);
  const response = part.functionResponse ?? part.function_response;
  if (isJsonObject(response)) return toolResponse(response.id, response.name, response.response);
  const inline = part.inlineData ?? part.inline_data;
  if (isJsonObject(inline))
    return media(inline.data, inline.mimeType ?? inline.mime_type, null) ?? { type: 'other', value: part };
  const remote = part.fileData ?? part.file_data;
  if (isJsonObject(remote))
    return media(remote.fileUri ?? remote.file_uri, null, null) ?? { type: 'other', value: part };
  if (typeof part.text === 'string') return { type: part.thought === true ? 'reasoning' : 'text', content: part.text };
  return { type: 'other', value: without(part, SIGNATURES) };
}
