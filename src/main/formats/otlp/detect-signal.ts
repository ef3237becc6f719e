/**
 * Which signal a body carries, from its first bytes alone. The three export requests have one frame (see
 * protobuf-envelope.ts) and differ in their items, so the walk is shared and each signal says what its items look like.
 */
import { AppFailure } from '#shared/result.ts';
import { enter, leave, openWire, readBytes, readVarint, skip, type Wire } from './wire.ts';

export type Signal = {
  /** Names of the list of a request, in JSON. */
  readonly groups: readonly string[];
  /** Names of the lists inside, where something that many formats have comes first. */
  readonly scopes: readonly string[];
  /** Other names under which files have the groups, which prove nothing without the lists inside. */
  readonly wrappers?: readonly string[];
  /** Reads an item from within, up to `wire.limit`; throws NOT_OURS when it is none. */
  readonly item: (wire: Wire) => void;
};

export const NOT_OURS = new AppFailure({ code: 'unsupported_format', message: 'Not an OTLP request of this signal.' });

/** 0..1 */
export function detectSignal(head: Uint8Array, signal: Signal): number {
  const first = head[0];
  if (first === undefined) return 0;
  return Math.max(detectJson(head, signal), first === 0x0a ? detectProtobuf(head, signal) : 0);
}

function detectJson(head: Uint8Array, { groups, scopes, wrappers }: Signal): number {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const key = /^\s*(?:\[\s*){0,2}\{\s*"(\w{1,40})"\s*:/.exec(text)?.[1];
  if (key === undefined) return 0;
  if (groups.includes(key)) return 0.97;
  const isInside = key === 'resource' || scopes.includes(key) || wrappers?.includes(key) === true;
  if (isInside) return contains(text, scopes) ? 0.95 : 0;
  // Requests of which something else comes first ({"partial":…,"resourceLogs":[…]}).
  return contains(text, groups) ? 0.8 : 0;
}

function contains(text: string, names: readonly string[]): boolean {
  return new RegExp(`"(?:${names.join('|')})"\\s*:\\s*\\[`).test(text);
}

/** A failure nearer to the end than this is the cut of the head. */
const MAX_CUT = 16;

type Progress = { attributes: number; items: number };

function detectProtobuf(head: Uint8Array, signal: Signal): number {
  const wire = openWire(head);
  const progress: Progress = { attributes: 0, items: 0 };
  try {
    if (readVarint(wire) !== 0x0a) return 0;
    enterCut(wire);
    while (wire.pos < wire.limit && progress.items === 0) {
      const tag = readVarint(wire);
      if (tag === 0x0a) walkResource(wire, progress);
      else if (tag === 0x12) walkScope(wire, signal, progress);
      else if (tag === 0x1a) skip(wire, tag);
      else return 0;
    }
  } catch (cause) {
    if (!(cause instanceof AppFailure)) throw cause;
    if (cause.error.code !== 'bad_request' || wire.pos < head.length - MAX_CUT) return 0;
  }
  return progress.items > 0 ? 0.96 : progress.attributes > 0 && head.length >= 32 ? 0.29 : 0;
}

/** Enters a message that may run past the end of the head. */
function enterCut(wire: Wire): number {
  const outer = wire.limit;
  const length = readVarint(wire);
  wire.limit = Math.min(outer, wire.pos + length);
  return outer;
}

function walkResource(wire: Wire, progress: Progress): void {
  const outer = enterCut(wire);
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x0a) {
      const limit = enter(wire);
      if (readVarint(wire) !== 0x0a) throw NOT_OURS;
      if (!isPrintable(readBytes(wire))) throw NOT_OURS;
      progress.attributes++;
      leave(wire, limit);
    } else skip(wire, tag);
  }
  leave(wire, outer);
}

function walkScope(wire: Wire, signal: Signal, progress: Progress): void {
  const outer = enterCut(wire);
  while (wire.pos < wire.limit && progress.items === 0) {
    const tag = readVarint(wire);
    if (tag === 0x12) {
      // Enough of an item may stand before the cut; one that is cut sooner decides nothing.
      const limit = enterCut(wire);
      signal.item(wire);
      progress.items++;
      leave(wire, limit);
    } else if (tag === 0x0a || tag === 0x1a) skip(wire, tag);
    else throw NOT_OURS;
  }
  leave(wire, outer);
}

/** Skips a field of an item; false when it runs past the end of the head, where the item is to be judged by what came. */
export function skipOrCut(wire: Wire, tag: number): boolean {
  try {
    skip(wire, tag);
    return true;
  } catch (cause) {
    if (!(cause instanceof AppFailure)) throw cause;
    wire.pos = wire.limit;
    return false;
  }
}

export function isPrintable(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}
