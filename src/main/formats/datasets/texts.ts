/** Texts and keys out of values that files keep them in. */
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { EXPECTED_FIELDS, fieldNamed, INPUT_FIELDS } from '#shared/dataset-item.ts';

const KEY_FIELDS = [
  'id',
  'key',
  'example_id',
  'exampleId',
  'task_id',
  'taskId',
  'question_id',
  'questionId',
  'question_ID',
  'sample_id',
  'sampleId',
  'case_id',
  'instance_id',
  'instanceId',
  'eval_id',
  'evalId',
  'uid',
  'uuid',
  '_id',
  'ID',
  'Id',
];
export const KEY_LENGTH = 300;

/** What the row calls itself; null = nothing that a key can be. */
export function keyIn(item: JsonObject, names: readonly string[] = KEY_FIELDS): string | null {
  for (const name of names) {
    const value = Object.hasOwn(item, name) ? item[name] : null;
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
    if (typeof value === 'string' && value.trim() !== '' && value.length <= KEY_LENGTH) return value.trim();
  }
  return null;
}

/** Of a chat the first text of the user or the last text at all; of an object the field that says it; else as JSON. */
export function textFrom(value: Json, which: 'first' | 'last', depth = 0): string | null {
  if (value === null || value === '') return null;
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  if (depth < 4) {
    if (Array.isArray(value)) {
      const list = value as readonly Json[];
      const said = chatText(list, which, depth) ?? partsText(list);
      if (said !== null) return said;
      if (list.length === 0) return null;
      // Answers that count alike: the first stands for them.
      if (list.every((each) => typeof each === 'string')) return list[0] ?? null;
    } else if (isJsonObject(value)) {
      const names = which === 'first' ? INPUT_FIELDS : [...EXPECTED_FIELDS, 'text', 'content'];
      const field = fieldNamed(value, [...names, 'content']);
      if (field !== null) return textFrom(value[field] ?? null, which, depth + 1);
    }
  }
  return JSON.stringify(value);
}

function chatText(list: readonly Json[], which: 'first' | 'last', depth: number): string | null {
  const messages = list.filter((each): each is JsonObject => isJsonObject(each) && typeof each.role === 'string');
  if (messages.length === 0) return null;
  const found =
    which === 'last'
      ? messages.at(-1)
      : (messages.find(({ role }) => role === 'user') ?? messages.find(({ role }) => role !== 'system') ?? messages[0]);
  return found ? textFrom(found.content ?? null, which, depth + 1) : null;
}

/** `[{type: "text", text}]`, as contents of messages are. */
function partsText(list: readonly Json[]): string | null {
  const texts = list.flatMap((each) => (isJsonObject(each) && typeof each.text === 'string' ? [each.text] : []));
  return texts.length === 0 ? null : texts.join('\n');
}
