/** Small makers of parts that several dialects share. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { MessagePart } from '#shared/message.ts';
import { readJsonText } from './json-text.ts';

export function text(value: Json | undefined): MessagePart | null {
  return typeof value === 'string' ? { type: 'text', content: value } : null;
}

export function reasoning(value: Json | undefined): MessagePart | null {
  return typeof value === 'string' ? { type: 'reasoning', content: value } : null;
}

export function toolCall(id: Json | undefined, name: Json | undefined, args: Json | undefined): MessagePart {
  return { type: 'tool_call', id: idOf(id), name: typeof name === 'string' ? name : '', arguments: argumentsOf(args) };
}

export function toolResponse(id: Json | undefined, name: Json | undefined, response: Json | undefined): MessagePart {
  return {
    type: 'tool_call_response',
    id: idOf(id),
    ...(typeof name === 'string' && name !== '' ? { name } : {}),
    response: response ?? null,
  };
}

/** Media given as a data URL, as another URL, or as bare base64 with its type beside it. */
export function media(
  value: Json | undefined,
  mimeType: Json | undefined,
  modality: string | null,
): MessagePart | null {
  if (typeof value !== 'string' || value === '') return null;
  const mime = typeof mimeType === 'string' && mimeType !== '' ? mimeType : null;
  const data = /^data:([^;,]{0,200})(?:;[^;,]{0,200}){0,5};base64,/.exec(value);
  if (data) {
    const type = data[1] || mime;
    return { type: 'blob', modality: modalityOf(type, modality), mimeType: type, content: value.slice(data[0].length) };
  }
  if (/^[a-z][a-z0-9+.-]{1,20}:/i.test(value))
    return { type: 'uri', modality: modality ?? modalityOf(mime, null), uri: value };
  return { type: 'blob', modality: modalityOf(mime, modality), mimeType: mime, content: value };
}

export function file(id: Json | undefined): MessagePart | null {
  return typeof id === 'string' && id !== '' ? { type: 'file', fileId: id } : null;
}

/** Arguments are JSON text in some dialects and values in others; text that is not JSON stays text. */
export function argumentsOf(value: Json | undefined): Json {
  if (typeof value !== 'string') return value ?? null;
  return readJsonText(value) ?? value;
}

/**
 * The response of a tool: plain text where the source wraps text in parts, otherwise as the source gave it.
 * Text is not parsed, so that what the model read stays what it read.
 */
export function responseOf(value: Json | undefined): Json {
  if (Array.isArray(value) && value.length > 0) {
    const texts = value.map(textOfPart);
    return texts.every((each) => each !== null) ? texts.join('\n') : value;
  }
  return textOfPart(value) ?? value ?? null;
}

const TEXT_TYPES = new Set(['text', 'input_text', 'output_text']);

function textOfPart(value: Json | undefined): string | null {
  if (typeof value === 'string') return value;
  if (!isJsonObject(value) || typeof value.type !== 'string' || !TEXT_TYPES.has(value.type)) return null;
  const content = value.text ?? value.content ?? value.value;
  return typeof content === 'string' ? content : null;
}

/** The fields of `value` without those named: `__proto__` stays an ordinary field, as JSON means it. */
export function without(value: JsonObject, fields: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !fields.has(key)));
}

function idOf(value: Json | undefined): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' ? String(value) : null;
}

function modalityOf(mimeType: string | null, given: string | null): string {
  if (given) return given;
  const kind = mimeType?.split('/', 1)[0];
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document';
}
