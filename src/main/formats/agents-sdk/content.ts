/** What spans of the SDK read and wrote, as content items. */
import { isJsonObject, type Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { readJsonContainer } from '../messages/json-text.ts';
import { pythonLiteral } from '../messages/python-literal.ts';

/** Arguments of a tool call: JSON text, which the model may have got wrong. */
export function toolInput(value: Json | undefined): ContentItem[] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value !== 'string') return [{ kind: 'json', value }];
  const parsed = readJsonContainer(value);
  return [parsed === undefined ? { kind: 'text', text: value } : { kind: 'json', value: parsed }];
}

/** The result of a tool: JSON text (JavaScript), `str(value)` (Python), or plain text. */
export function toolOutput(value: Json | undefined): ContentItem[] {
  const [item] = toolInput(value);
  if (item?.kind !== 'text' || !/^\s{0,16}[[{(]/.test(item.text)) return item ? [item] : [];
  const literal = pythonLiteral(item.text);
  return [typeof literal === 'object' && literal !== null ? { kind: 'json', value: literal } : item];
}

/** Sound as voice spans carry it, { data: base64, format }, or the text beside it. */
export function speechContent(value: Json | undefined, role: 'user' | 'assistant'): ContentItem[] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value === 'string') return [{ kind: 'message', role, parts: [{ type: 'text', content: value }] }];
  if (!isJsonObject(value) || typeof value.data !== 'string') return [{ kind: 'json', value }];
  // Redacted sound is an empty text.
  if (value.data === '') return [];
  const mimeType = typeof value.format === 'string' ? `audio/${value.format}` : null;
  return [{ kind: 'message', role, parts: [{ type: 'blob', modality: 'audio', mimeType, content: value.data }] }];
}

export function jsonContent(value: Json | undefined): ContentItem[] {
  return value === null || value === undefined ? [] : [{ kind: 'json', value }];
}
