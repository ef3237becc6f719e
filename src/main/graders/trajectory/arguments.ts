/** How the arguments of two calls are compared: always what was called with what was expected, in this order. */
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { canonical } from '#shared/schema/schema-values.ts';
import { parsed } from './calls.ts';

export const ARGUMENT_MODES = ['exact', 'ignore', 'subset', 'superset'] as const;
/**
 * `exact`: the same; `ignore`: any; `subset`: every argument of the call is expected; `superset`: every expected argument
 * was given, others may be too.
 */
export type ArgumentMode = (typeof ARGUMENT_MODES)[number];

/** A mode, or the keys (dotted for those inside) that alone are compared. */
export type ArgumentRule = ArgumentMode | readonly string[];

/** The value under a key, or under a dotted path. */
export function valueAt(value: Json, key: string): Json | undefined {
  // A key may hold a dot itself.
  if (isJsonObject(value) && Object.hasOwn(value, key)) return value[key];
  let place: Json | undefined = value;
  for (const part of key.split('.')) {
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, part)) return undefined;
    place = (place as Record<string, Json>)[part];
  }
  return place;
}

export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  return canonical(one) === canonical(other);
}

/** Share of the expected arguments that were given with the same text; others do not count (ragas). */
export function expectedShare(called: Json, expected: Json): number {
  const [have, want] = [asObject(called), asObject(expected)];
  const keys = Object.keys(want);
  if (keys.length === 0) return 1;
  return keys.filter((key) => Object.hasOwn(have, key) && asText(have[key]) === asText(want[key])).length / keys.length;
}

/** Share of equal values among all keys of both, objects in objects alike (DeepEval). */
export function commonShare(called: Json, expected: Json, depth = 0): number {
  const [have, want] = [asObject(called), asObject(expected)];
  const keys = new Set([...Object.keys(have), ...Object.keys(want)]);
  if (keys.size === 0) return 1;
  let sum = 0;
  for (const key of keys) {
    if (!Object.hasOwn(have, key) || !Object.hasOwn(want, key)) continue;
    const [a, b] = [have[key] ?? null, want[key] ?? null];
    if (isJsonObject(a) && isJsonObject(b) && depth < 100) sum += commonShare(a, b, depth + 1);
    else if (isSame(a, b)) sum += 1;
  }
  return sum / keys.size;
}

function asObject(value: Json): { readonly [key: string]: Json } {
  const read = typeof value === 'string' ? parsed(value) : value;
  return isJsonObject(read) ? read : {};
}

function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : canonical(value ?? null);
}
