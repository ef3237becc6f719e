/** For protocols that tell a span several times: created and, mostly in another request, updated. */
import { createHash } from 'node:crypto';
import type { NormalisedRecord, SpanPart, SpanRecord, TraceRecord } from '#shared/record.ts';

export type Stage = 'create' | 'update';

type Told = {
  readonly stage: Stage;
  /** When it was told, in nanoseconds since the Unix epoch; null = not said. */
  readonly time: bigint | null;
  /** The update says that the span has ended. */
  readonly ended: boolean;
  /** Told apart by this from everything else that is told about the span. */
  readonly key: string;
};

/**
 * Ranks are integers below 2^53: creations from 60, updates from here, each in the order of their times. What was told in
 * one millisecond is ordered by what it says, because the order in a request means nothing: the end last, then by a hash.
 */
const UPDATES = 4_500_000_000_000_000;
const CREATIONS = 60;
const BUCKETS = 500;
const MAX_MS = 8_000_000_000_000n;

/** The place of one telling among all of a span: two different ones have different ranks, so that none is appended to another. */
export function partOf({ stage, time, ended, key }: Told): SpanPart {
  const ms = time === null || time < 0n ? 0n : time / 1_000_000n;
  const half = BUCKETS / 2;
  const bucket = (ended ? half : 0) + (hashOf(key) % half);
  const base = stage === 'create' ? CREATIONS : UPDATES;
  const rank = base + Number(ms > MAX_MS ? MAX_MS : ms) * BUCKETS + bucket;
  return { rank, id: `${stage} ${time ?? 0n} ${key}`.slice(0, 200) };
}

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}

/** An update that does not know what kind of span it is about says nothing of it. */
export function withoutGuess(span: SpanRecord): SpanRecord {
  const isGuess = span.part !== undefined && span.part.rank >= UPDATES && span.kind === 'custom';
  return isGuess && span.subtype !== null ? { ...span, subtype: null } : span;
}

/** Of the facts about traces only those that may stand on any span: name and metadata are the root's. */
export function withoutRootFacts(records: readonly NormalisedRecord[]): NormalisedRecord[] {
  return records.map((record) => (record.type === 'trace' ? anySpanFacts(record) : record));
}

function anySpanFacts({ type, traceId, workflow, sessionId, userId, tags }: TraceRecord): TraceRecord {
  return {
    type,
    traceId,
    ...(workflow === undefined ? {} : { workflow }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
    ...(tags === undefined ? {} : { tags }),
  };
}
