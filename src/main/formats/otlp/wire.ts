/**
 * A lean reader of the protobuf wire format: just what OTLP needs, straight into plain values.
 * Whatever is wrong with the bytes (truncated, overlong, a group, a bad wire type) throws one AppFailure, which the
 * callers turn into a Result. Wire format: https://protobuf.dev/programming-guides/encoding/
 */
import { AppFailure } from '#shared/result.ts';

export type Wire = {
  readonly bytes: Buffer;
  readonly view: DataView;
  pos: number;
  /** End of the message being read; no read goes past it. */
  limit: number;
};

export function openWire(source: Uint8Array): Wire {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  return { bytes, view, pos: 0, limit: bytes.length };
}

export function malformed(wire: Wire, what: string): never {
  throw new AppFailure({ code: 'bad_request', message: `Not a protobuf message: ${what} at byte ${wire.pos}.` });
}

/** Enters a length-delimited message; returns the outer limit, which `leave` takes back. */
export function enter(wire: Wire): number {
  const outer = wire.limit;
  const length = readVarint(wire);
  const end = wire.pos + length;
  if (end > outer) malformed(wire, 'a length runs past the end');
  wire.limit = end;
  return outer;
}

export function leave(wire: Wire, outer: number): void {
  wire.pos = wire.limit;
  wire.limit = outer;
}

/** An unsigned varint as a double: exact to 2^53, which is enough for tags, lengths, enums and counts. */
export function readVarint(wire: Wire): number {
  const { bytes, limit } = wire;
  let at = wire.pos;
  if (at >= limit) malformed(wire, 'the data is cut off');
  let byte = bytes[at++] ?? 0;
  let value = byte & 0x7f;
  let scale = 128;
  for (let length = 1; byte > 0x7f; length++) {
    if (at >= limit) malformed(wire, 'the data is cut off');
    if (length === 10) malformed(wire, 'a number has more than ten bytes');
    byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * scale;
    scale *= 128;
  }
  wire.pos = at;
  return value;
}

/** An int64 as a number, or as its decimal digits when a double would change it. */
export function readInt64(wire: Wire): number | string {
  const { bytes, pos } = wire;
  // Counts, ports, flags: almost all are short.
  const first = bytes[pos] ?? 0;
  if (first < 0x80 && pos < wire.limit) {
    wire.pos = pos + 1;
    return first;
  }
  const value = readVarint(wire);
  if (wire.pos - pos < 8) return value;
  let exact = 0n;
  for (let at = wire.pos - 1; at >= pos; at--) exact = (exact << 7n) | BigInt((bytes[at] ?? 0) & 0x7f);
  exact = BigInt.asIntN(64, exact);
  const rounded = Number(exact);
  return Number.isSafeInteger(rounded) ? rounded : exact.toString();
}

export function readFixed64(wire: Wire): bigint {
  return wire.view.getBigUint64(step(wire, 8), true);
}

export function readFixed32(wire: Wire): number {
  return wire.view.getUint32(step(wire, 4), true);
}

export function readDouble(wire: Wire): number {
  return wire.view.getFloat64(step(wire, 8), true);
}

export function readText(wire: Wire): string {
  const { bytes } = wire;
  const length = readVarint(wire);
  const start = step(wire, length);
  return length <= MAX_SHORT ? shortText(bytes, start, length) : bytes.toString('utf8', start, start + length);
}

export function readBytes(wire: Wire): Buffer {
  const length = readVarint(wire);
  const start = step(wire, length);
  return wire.bytes.subarray(start, start + length);
}

export function skip(wire: Wire, tag: number): void {
  if (tag < 8) malformed(wire, 'a field has the number 0');
  switch (tag & 7) {
    case 0:
      readVarint(wire);
      return;
    case 1:
      step(wire, 8);
      return;
    case 2:
      step(wire, readVarint(wire));
      return;
    case 5:
      step(wire, 4);
      return;
    default:
      malformed(wire, `wire type ${tag & 7}`);
  }
}

/** Moves on by `length` bytes and returns where they start. */
function step(wire: Wire, length: number): number {
  const start = wire.pos;
  const end = start + length;
  if (end > wire.limit) malformed(wire, 'the data is cut off');
  wire.pos = end;
  return start;
}

/**
 * Attribute keys and short values repeat thousands of times in a request. One table of the strings made last saves
 * most of the allocations, and a key that is the same string again makes property and map lookups cheap.
 */
const MAX_SHORT = 48;
const SLOTS = 4096;
const recent: string[] = new Array<string>(SLOTS).fill('');

function shortText(bytes: Buffer, start: number, length: number): string {
  const end = start + length;
  let hash = length;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte > 0x7f) return bytes.toString('utf8', start, end);
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const known = recent[slot] ?? '';
  if (known.length === length && isSame(known, bytes, start)) return known;
  const text = bytes.toString('latin1', start, end);
  recent[slot] = text;
  return text;
}

function isSame(text: string, bytes: Buffer, start: number): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}
