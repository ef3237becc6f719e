/**
 * Objects around a list of messages: request bodies ({ model, messages | input | contents, … }), graph states
 * ({ messages, … }), the AI SDK's { system, prompt }. What is not a message follows as one JSON item.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { readContentObject } from './gemini.ts';
import { without } from './part-shapes.ts';
import { message, type Dialect, type Reader } from './types.ts';

export const requests: Dialect = {
  id: 'requests',
  read: (value, reader) =>
    around(value, 'messages', 'system', reader) ??
    around(value, 'contents', 'systemInstruction', reader) ??
    (typeof value.model === 'string' ? around(value, 'input', 'instructions', reader) : null) ??
    readPrompt(value),
};

function around(value: JsonObject, field: string, systemField: string, reader: Reader): ContentItem[] | null {
  const list = value[field];
  const isInput = field === 'input' && typeof list === 'string' && list !== '';
  const said = isInput
    ? [message('user', [{ type: 'text', content: list }])]
    : Array.isArray(list) && list.length > 0
      ? reader.messages(list)
      : null;
  if (!said) return null;
  const system = readSystem(value[systemField], reader);
  const rest = without(value, new Set(system ? [field, systemField] : [field]));
  return [
    ...(system ?? []),
    ...said,
    ...(Object.keys(rest).length > 0 ? [{ kind: 'json', value: rest } as const] : []),
  ];
}

function readSystem(value: Json | undefined, reader: Reader): ContentItem[] | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value === '' ? null : [message('system', [{ type: 'text', content: value }])];
  const contents = readContentObject(value, 'system');
  if (contents) return contents;
  return Array.isArray(value) || isJsonObject(value) ? [message('system', reader.parts(value))] : null;
}

/** `ai.prompt` of the AI SDK: { system?, prompt }. */
function readPrompt(value: JsonObject): ContentItem[] | null {
  if (typeof value.prompt !== 'string') return null;
  if (!Object.keys(value).every((key) => key === 'prompt' || key === 'system')) return null;
  const system = typeof value.system === 'string' ? [message('system', [{ type: 'text', content: value.system }])] : [];
  return [...system, message('user', [{ type: 'text', content: value.prompt }])];
}
