import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';

/**
 * Both objects in one, the same whichever comes first and however they are split: keys in order, objects joined key by
 * key; of two other values an object wins over the rest, anything over null, else the greater JSON text.
 */
export function joinMetadata(a: JsonObject, b: JsonObject): JsonObject {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(
    keys.map((key) => {
      const [first, second] = [Object.hasOwn(a, key) ? a[key] : b[key], Object.hasOwn(b, key) ? b[key] : a[key]];
      return [key, join(first, second)];
    }),
  );
}

function join(a: Json = null, b: Json = null): Json {
  if (isJsonObject(a) && isJsonObject(b)) return joinMetadata(a, b);
  if (isJsonObject(a) !== isJsonObject(b)) return isJsonObject(a) ? a : b;
  if (a === null || b === null) return a ?? b;
  return JSON.stringify(a) >= JSON.stringify(b) ? a : b;
}
