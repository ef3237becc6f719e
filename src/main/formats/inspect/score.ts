import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ScoreRecord } from '#shared/record.ts';
import { numberOf, textOf } from '../fields.ts';

/** As Inspect's `value_to_float` counts its letters: correct, partial, incorrect, no answer. */
const LETTERS: ReadonlyMap<string, number> = new Map([
  ['C', 1],
  ['P', 0.5],
  ['I', 0],
  ['N', 0],
]);

/** A score of one value, or one per name where the value is a map or a list. */
export function readScores(name: string, score: Json, traceId: string, spanId: string | null): ScoreRecord[] {
  const given: JsonObject = isJsonObject(score) && Object.hasOwn(score, 'value') ? score : { value: score };
  const value = given.value ?? null;
  const explanation = textOf(given.explanation);
  const base = { type: 'score', traceId, spanId, explanation, source: 'inspect' } as const;
  if (typeof value !== 'object' || value === null) return [{ ...base, name, ...reading(value) }];
  return Object.entries(value as JsonObject).map(([key, each]) => ({
    ...base,
    name: `${name}/${key}`,
    ...reading(each),
  }));
}

function reading(value: Json): Pick<ScoreRecord, 'value' | 'label' | 'passed'> {
  if (typeof value === 'boolean') return { value: Number(value), label: null, passed: value };
  if (typeof value === 'number') return { value, label: null, passed: null };
  if (typeof value !== 'string')
    return { value: null, label: value === null ? null : JSON.stringify(value), passed: null };
  const passed = value === 'C' ? true : value === 'I' ? false : null;
  return { value: LETTERS.get(value) ?? numberOf(value), label: value, passed };
}
