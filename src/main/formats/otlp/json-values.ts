/** KeyValue lists and AnyValues of the JSON encoding → plain JSON. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import { MAX_DEPTH, NO_ATTRIBUTES, setOwn, TOO_DEEP } from './span.ts';

export type JsonValues = {
  /** Values cut for their depth so far. */
  tooDeep: number;
  /** Entries of lists so far that are not what the list holds. */
  unreadable: number;
};

/** `[{ key, value: AnyValue }]`; a plain map from a hand-made sender is taken as it is. */
export function readAttributeList(decoding: JsonValues, list: Json | undefined, depth = 0): JsonObject {
  if (Array.isArray(list)) {
    const attributes: Record<string, Json> = {};
    for (const each of list as readonly Json[]) {
      const key = isJsonObject(each) ? each.key : undefined;
      if (isJsonObject(each) && (typeof key === 'string' || typeof key === 'number')) {
        setOwn(attributes, String(key), readAnyValue(decoding, each.value, depth));
      } else decoding.unreadable++;
    }
    return attributes;
  }
  if (!isJsonObject(list)) return NO_ATTRIBUTES;
  return bounded(decoding, list, depth) as JsonObject;
}

export function readAnyValue(decoding: JsonValues, value: Json | undefined, depth: number): Json {
  if (value === undefined || value === null) return null;
  if (!isJsonObject(value)) return bounded(decoding, value, depth);
  if (depth > MAX_DEPTH) return tooDeep(decoding);
  for (const name in value) {
    const given = value[name];
    switch (name) {
      case 'stringValue':
      case 'string_value':
        return typeof given === 'string' ? given : bounded(decoding, given ?? null, depth);
      case 'intValue':
      case 'int_value':
        return integer(given);
      case 'boolValue':
      case 'bool_value':
        return given === 'true' || given === true;
      case 'doubleValue':
      case 'double_value':
        return typeof given === 'number' || typeof given === 'string' ? double(given) : null;
      case 'arrayValue':
      case 'array_value': {
        const values = isJsonObject(given) ? given.values : given;
        if (!Array.isArray(values)) return [];
        return (values as readonly Json[]).map((each) => readAnyValue(decoding, each, depth + 1));
      }
      case 'kvlistValue':
      case 'kvlist_value':
        return readAttributeList(decoding, isJsonObject(given) ? given.values : given, depth + 1);
      case 'bytesValue':
      case 'bytes_value':
        return { bytesValue: bounded(decoding, given ?? null, depth) };
    }
  }
  // `{}` is null; any other object comes from a sender that does not wrap its values.
  return Object.keys(value).length === 0 ? null : bounded(decoding, value, depth);
}

function integer(value: Json | undefined): Json {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Text is `"NaN"`, `"Infinity"`, or a number that an encoder quoted. */
function double(value: number | string): Json {
  if (typeof value === 'number' || value === '') return value === '' ? null : value;
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

/** A value as it stands, cut where it nests too deep; mostly there is nothing to cut and nothing to copy. */
function bounded(decoding: JsonValues, value: Json, depth: number): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return tooDeep(decoding);
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => bounded(decoding, each, depth + 1));
  const copy: Record<string, Json> = {};
  for (const [key, each] of Object.entries(value)) setOwn(copy, key, bounded(decoding, each, depth + 1));
  return copy;
}

function tooDeep(decoding: JsonValues): string {
  decoding.tooDeep++;
  return TOO_DEEP;
}
