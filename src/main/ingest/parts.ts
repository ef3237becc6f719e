/**
 * Joins spans that are told in several records (see `SpanPart`). Traces in which every span arrives whole, nearly all of
 * them, pay one look-up per trace; only spans that have parts are merged, once per received body.
 */
import type { SpanRecord } from '#shared/record.ts';
import { WHOLE_SPAN_RANK } from '#shared/record.ts';
import type { ContentWriter } from '../store/content-writer.ts';
import type { Writer } from '../store/database.ts';
import {
  claimAlias,
  countParts,
  deletePart,
  hasAnyPart,
  hasParts,
  keepGreatest,
  namesOf,
  ownerOf,
  partsOf,
  putPart,
  removeSpanRow,
} from '../store/part-store.ts';
import { ID_LENGTH } from './guard.ts';
import { compareParts, mergeParts } from './merge-parts.ts';
import type { RuledSpanWriter } from './rules.ts';

/** Of one span; what is beyond stays in the received bytes. Each part that arrives costs reading all of them. */
const MAX_PARTS = 5_000;
const MAX_ALIASES = 16;
const CACHED_TRACES = 10_000;

export type PartJoiner = {
  /** Takes one record; `left_out` when the span has so many parts that this one is not joined. */
  readonly put: (writer: Writer, span: SpanRecord, traceKey: number, rawKey: number) => 'stored' | 'again' | 'left_out';
  /** Takes back a part that was put under this name of this trace. */
  readonly remove: (
    writer: Writer,
    part: SpanRecord,
    from: { readonly traceKey: number; readonly traceId: string },
  ) => void;
  /** Merges what `put` has collected; must be called before the transaction ends. */
  readonly finish: (writer: Writer) => void;
  readonly forget: () => void;
};

export function createPartJoiner(spans: RuledSpanWriter, contents: ContentWriter): PartJoiner {
  /** Traces known to have parts, or to have none. */
  const parted = new Map<number, boolean>();
  /** Spans to be merged, by trace key. */
  const waiting = new Map<number, { readonly traceId: string; readonly spanIds: Set<string> }>();

  /** Parts by trace and name, at least as many as there are: one received twice is counted twice. */
  const counts = new Map<string, number>();

  function isParted(writer: Writer, traceKey: number): boolean {
    let known = parted.get(traceKey);
    if (known === undefined) {
      if (parted.size >= CACHED_TRACES) parted.clear();
      known = hasAnyPart(writer, traceKey);
      parted.set(traceKey, known);
    }
    return known;
  }

  function mergeLater(traceKey: number, traceId: string, spanId: string): void {
    const entry = waiting.get(traceKey) ?? { traceId, spanIds: new Set() };
    entry.spanIds.add(spanId);
    waiting.set(traceKey, entry);
  }

  function claim(writer: Writer, span: SpanRecord, traceKey: number): void {
    for (const alias of (span.aliases ?? []).slice(0, MAX_ALIASES)) {
      if (alias === span.spanId || alias.length > ID_LENGTH) continue;
      const { claimed, loser } = claimAlias(writer, traceKey, alias, span.spanId);
      if (!claimed || !hasParts(writer, traceKey, alias)) continue;
      // What was told under this name until now is a part of this span, and no span of its own.
      saveWhole(writer, traceKey, span.spanId);
      removeSpanRow(writer, traceKey, alias);
      mergeLater(traceKey, span.traceId, span.spanId);
      if (loser !== null) mergeLater(traceKey, span.traceId, loser);
    }
  }

  /** A span that was stored whole, before any part of it came, becomes a part like the others. */
  function saveWhole(writer: Writer, traceKey: number, spanId: string): void {
    if (hasParts(writer, traceKey, spanId)) return;
    const stored = spans.stored(writer, traceKey, spanId);
    if (stored) putWhole(writer, stored.span, traceKey, stored.rawKey);
  }

  function putWhole(writer: Writer, span: SpanRecord, traceKey: number, rawKey: number): void {
    const partId = spans.order(writer, span, traceKey);
    const originKey = spans.originKey(writer, span.origin);
    putPart(writer, contents, span, { traceKey, originKey, rawKey, rank: WHOLE_SPAN_RANK, partId });
    keepGreatest(writer, traceKey, span.spanId, WHOLE_SPAN_RANK);
    parted.set(traceKey, true);
  }

  function isTold(writer: Writer, traceKey: number, spanId: string): boolean {
    return namesOf(writer, traceKey, spanId).some((name) => hasParts(writer, traceKey, name));
  }

  function isFull(writer: Writer, traceKey: number, name: string): boolean {
    const key = `${traceKey} ${name}`;
    const counted = counts.get(key);
    if (counts.size >= CACHED_TRACES) counts.clear();
    const count = counted === undefined || counted >= MAX_PARTS ? countParts(writer, traceKey, name) : counted;
    counts.set(key, count + 1);
    return count >= MAX_PARTS;
  }

  return {
    put(writer, span, traceKey, rawKey) {
      if (span.aliases !== undefined) claim(writer, span, traceKey);
      if (span.part === undefined) {
        if (isParted(writer, traceKey) && isTold(writer, traceKey, span.spanId)) {
          putWhole(writer, span, traceKey, rawKey);
          mergeLater(traceKey, span.traceId, span.spanId);
          return 'stored';
        }
        return spans.put(writer, span, traceKey, rawKey) === 'again' ? 'again' : 'stored';
      }
      if (isFull(writer, traceKey, span.spanId)) return 'left_out';
      const owner = ownerOf(writer, traceKey, span.spanId);
      if (!isTold(writer, traceKey, owner)) saveWhole(writer, traceKey, owner);
      const originKey = spans.originKey(writer, span.origin);
      const { rank, id: partId } = span.part;
      putPart(writer, contents, span, { traceKey, originKey, rawKey, rank, partId });
      parted.set(traceKey, true);
      mergeLater(traceKey, span.traceId, owner);
      return 'stored';
    },
    remove(writer, part, { traceKey, traceId }) {
      if (!part.part) return;
      deletePart(writer, traceKey, part.spanId, part.part);
      const owner = ownerOf(writer, traceKey, part.spanId);
      if (isTold(writer, traceKey, owner)) mergeLater(traceKey, traceId, owner);
      else removeSpanRow(writer, traceKey, owner);
    },
    finish(writer) {
      for (const [traceKey, { traceId, spanIds }] of waiting) {
        // A name that has been claimed since is not a span of its own.
        for (const spanId of new Set([...spanIds].map((id) => ownerOf(writer, traceKey, id)))) {
          const parts = partsOf(writer, traceKey, traceId, namesOf(writer, traceKey, spanId));
          const last = parts.reduce<(typeof parts)[number] | null>(
            (best, part) => (best === null || compareParts(part.record, best.record) > 0 ? part : best),
            null,
          );
          if (!last) continue;
          const merged = mergeParts(
            spanId,
            parts.map((part) => part.record),
          );
          spans.replace(writer, merged, traceKey, last.rawKey);
        }
      }
      waiting.clear();
    },
    forget() {
      parted.clear();
      counts.clear();
      waiting.clear();
    },
  };
}
