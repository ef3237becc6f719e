import type { Json, JsonObject } from '#shared/json.ts';

/** A field under its camel-case name or, as older versions and Python's own dumps write it, in snake case. */
export function either(value: JsonObject, camel: string): Json | undefined {
  const own = Object.hasOwn(value, camel) ? value[camel] : undefined;
  if (own !== undefined && own !== null) return own;
  const snake = camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.hasOwn(value, snake) ? (value[snake] ?? undefined) : undefined;
}
