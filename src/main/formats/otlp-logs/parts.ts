/** Parts of spans out of log records: what a log says about a span ranks behind what the span says of itself. */
import type { JsonObject } from '#shared/json.ts';
import type { SpanOrigin, SpanRecord } from '#shared/record.ts';
import { spanRecord } from '../span-record.ts';
import type { OtlpLog } from './log.ts';

export const LOG_RANK = 10;
/** What is only known from when something was logged: the least that can be said of a span. */
export const SEEN_RANK = 5;

const DIGITS = 20;

/** Sorts like the time it is of: decimal nanoseconds of one width. */
export function timeKey(time: bigint | null): string {
  return (time ?? 0n).toString().padStart(DIGITS, '0');
}

/** Sorts the other way round, so that of several the earliest is the last word. */
export function reverseTimeKey(time: bigint): string {
  return (10n ** BigInt(DIGITS) - 1n - time).toString().padStart(DIGITS, '0');
}

/** Where a log record stands among those of its span; see `Collector.keyOf`. */
export type PartGiven = Pick<SpanRecord, 'traceId' | 'spanId' | 'kind' | 'name' | 'origin'> &
  Partial<SpanRecord> & { readonly key: string; readonly rank?: number };

export function partOf({ key, rank = LOG_RANK, ...given }: PartGiven): SpanRecord {
  return spanRecord({ ...given, part: { id: key, rank } });
}

export function originOfLog(log: OtlpLog, dialect: string): SpanOrigin {
  const { name, version, resource } = log.scope;
  return { dialect, scopeName: name, scopeVersion: version, resource: resource.attributes };
}

/** The attributes that a part keeps: all but those whose content it took and those that only describe the record. */
export function rest(attributes: JsonObject, taken: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => !taken.has(key)));
}

export function millisecondsBefore(time: bigint | null, milliseconds: number | null): bigint | null {
  if (time === null || milliseconds === null || milliseconds > 1e12) return time;
  const start = time - BigInt(Math.round(milliseconds * 1e6));
  return start > 0n ? start : time;
}
