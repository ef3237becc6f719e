/** Plain JSON → the KeyValue lists and AnyValues of OTLP/JSON, so that reading them gives the same JSON again. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';

export type KeyValue = { readonly key: string; readonly value: Json };

export function toKeyValues(attributes: JsonObject): KeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: toAnyValue(value) }));
}

export function toAnyValue(value: Json): Json {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  // 64-bit integers are text in OTLP/JSON; beyond 2^53 a double says what this one is.
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (!isJsonObject(value)) return { arrayValue: { values: value.map(toAnyValue) } };
  return { kvlistValue: { values: toKeyValues(value) } };
}
