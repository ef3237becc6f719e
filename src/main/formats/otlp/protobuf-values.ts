/** KeyValue and AnyValue of the protobuf encoding → plain JSON. */
import type { Json, JsonObject } from '#shared/json.ts';
import { MAX_DEPTH, setOwn, TOO_DEEP } from './span.ts';
import { enter, leave, readBytes, readDouble, readInt64, readText, readVarint, skip, type Wire } from './wire.ts';

export type ValueDecoding = {
  readonly wire: Wire;
  /** Values cut for their depth so far. */
  tooDeep: number;
};

/** A message whose one interesting field is a list of KeyValue (Resource, KeyValueList). */
export function readAttributes(decoding: ValueDecoding, field: number, depth = 0): JsonObject {
  const { wire } = decoding;
  const outer = enter(wire);
  const attributes: Record<string, Json> = {};
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === field) readKeyValue(decoding, attributes, depth);
    else skip(wire, tag);
  }
  leave(wire, outer);
  return attributes;
}

export function readKeyValue(decoding: ValueDecoding, into: Record<string, Json>, depth: number): void {
  const { wire } = decoding;
  const outer = enter(wire);
  let key = '';
  let value: Json = null;
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x0a) key = readText(wire);
    else if (tag === 0x12) value = readAnyValue(decoding, depth);
    else skip(wire, tag);
  }
  leave(wire, outer);
  setOwn(into, key, value);
}

export function readAnyValue(decoding: ValueDecoding, depth: number): Json {
  const { wire } = decoding;
  const outer = enter(wire);
  if (depth > MAX_DEPTH) {
    decoding.tooDeep++;
    leave(wire, outer);
    return TOO_DEEP;
  }
  let value: Json = null;
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    switch (tag) {
      case 0x0a:
        value = readText(wire);
        break;
      case 0x10:
        value = readVarint(wire) !== 0;
        break;
      case 0x18:
        value = readInt64(wire);
        break;
      case 0x21: {
        const number = readDouble(wire);
        // JSON has no such numbers; the protobuf JSON mapping writes their names.
        value = Number.isFinite(number) ? number : String(number);
        break;
      }
      case 0x2a:
        value = readArray(decoding, depth + 1);
        break;
      case 0x32:
        value = readAttributes(decoding, 0x0a, depth + 1);
        break;
      case 0x3a:
        value = { bytesValue: readBytes(wire).toString('base64') };
        break;
      default:
        skip(wire, tag);
    }
  }
  leave(wire, outer);
  return value;
}

function readArray(decoding: ValueDecoding, depth: number): Json[] {
  const { wire } = decoding;
  const outer = enter(wire);
  const values: Json[] = [];
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x0a) values.push(readAnyValue(decoding, depth));
    else skip(wire, tag);
  }
  leave(wire, outer);
  return values;
}
