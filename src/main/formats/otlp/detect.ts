/** Is this OTLP? From the first bytes alone, by structure: a file name proves nothing. */
import { AppFailure } from '#shared/result.ts';
import { enter, leave, openWire, readBytes, readVarint, skip, type Wire } from './wire.ts';

const FIRST_KEY =
  /^\s*(?:\[\s*){0,2}\{\s*"(resourceSpans|resource_spans|resource|scopeSpans|scope_spans|batches|trace)"\s*:/;
const SPANS_INSIDE = /"(?:scopeSpans|scope_spans|instrumentationLibrarySpans)"\s*:\s*\[/;

export function detectOtlp(head: Uint8Array): number {
  const first = head[0];
  if (first === undefined) return 0;
  return Math.max(detectJson(head), first === 0x0a ? detectProtobuf(head) : 0);
}

function detectJson(head: Uint8Array): number {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const key = FIRST_KEY.exec(text)?.[1];
  if (key === 'resourceSpans' || key === 'resource_spans') return 0.97;
  if (key !== undefined) return SPANS_INSIDE.test(text) ? 0.95 : 0;
  // Requests of which something else comes first ({"partial":…,"resourceSpans":[…]}).
  return /^\s*[[{]/.test(text) && /"resource_?[sS]pans"\s*:\s*\[/.test(text) ? 0.8 : 0;
}

/**
 * Walks the first ResourceSpans: a request that reaches a span with ids of 16 and 8 bytes is ours; one that is cut
 * before is likely. Logs and metrics have the same frame and differ there.
 */
function detectProtobuf(head: Uint8Array): number {
  const wire = openWire(head);
  const progress = { attributes: 0, spans: 0 };
  try {
    if (readVarint(wire) !== 0x0a) return 0;
    enterCut(wire);
    while (wire.pos < wire.limit && progress.spans === 0) {
      const tag = readVarint(wire);
      if (tag === 0x0a) walkResource(wire, progress);
      else if (tag === 0x12) walkScopeSpans(wire, progress);
      else if (tag === 0x1a) skip(wire, tag);
      else return 0;
    }
  } catch (cause) {
    if (!(cause instanceof AppFailure)) throw cause;
    if (cause.error.code !== 'bad_request' || wire.pos < head.length - MAX_CUT) return 0;
  }
  return progress.spans > 0 ? 0.95 : progress.attributes > 0 && head.length >= 32 ? 0.3 : 0;
}

/** A failure nearer to the end than this is the cut of the head. */
const MAX_CUT = 16;

/** Enters a message that may run past the end of the head. */
function enterCut(wire: Wire): number {
  const outer = wire.limit;
  const length = readVarint(wire);
  wire.limit = Math.min(outer, wire.pos + length);
  return outer;
}

function walkResource(wire: Wire, progress: { attributes: number }): void {
  const outer = enterCut(wire);
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x0a) {
      const limit = enter(wire);
      if (readVarint(wire) !== 0x0a) throw NOT_OURS;
      const key = readBytes(wire);
      if (!key.every((byte) => byte >= 0x20 && byte < 0x7f)) throw NOT_OURS;
      progress.attributes++;
      leave(wire, limit);
    } else skip(wire, tag);
  }
  leave(wire, outer);
}

function walkScopeSpans(wire: Wire, progress: { spans: number }): void {
  const outer = enterCut(wire);
  while (wire.pos < wire.limit && progress.spans === 0) {
    const tag = readVarint(wire);
    if (tag === 0x12) {
      const limit = enterCut(wire);
      if (readVarint(wire) !== 0x0a || readBytes(wire).length !== 16) throw NOT_OURS;
      if (readVarint(wire) !== 0x12 || readBytes(wire).length !== 8) throw NOT_OURS;
      progress.spans++;
      leave(wire, limit);
    } else if (tag === 0x0a || tag === 0x1a) skip(wire, tag);
    else throw NOT_OURS;
  }
  leave(wire, outer);
}

const NOT_OURS = new AppFailure({ code: 'unsupported_format', message: 'Not an OTLP trace request.' });
