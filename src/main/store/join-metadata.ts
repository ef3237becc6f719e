import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';

/**
 * Both objects in one, the same whichever comes first and however they are split: keys in order, objects joined key by
 * key; of two other values an object wins over the rest, anything over null, else the greater JSON text.
 */
export function joinMetadata(a: JsonObject, b: JsonObject): JsonObject {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(
    keys.map((key) => [
      key,
      !Object.hasOwn(a, key) ? (b[key] ?? null) : !Object.hasOwn(b, key) ? (a[key] ?? null) : join(a[key], b[key]),
    ]),
  );
}

function join(a: Json = null, b: Json = null): Json {
  if (isJsonObject(a) && isJsonObject(b)) return joinMetadata(a, b);
  if (isJsonObject(a) !== isJsonObject(b)) return isJsonObject(a) ? a : b;
  if (a === null || b === null) return a ?? b;
  return JSON.stringify(a) >= JSON.stringify(b) ? a : b;
}
