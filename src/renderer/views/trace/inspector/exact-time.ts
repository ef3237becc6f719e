/** Differences of times that cross the border as decimal text of nanoseconds. */
import { formatDuration } from '#shared/time.ts';

/** Nanoseconds from one to the other, null when one is unknown or not a number. */
export function difference(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null;
  try {
    return Number(BigInt(to) - BigInt(from));
  } catch {
    return null;
  }
}

/** "3.2 s", null when unknown. */
export function duration(start: string | null, end: string | null): string | null {
  const ns = difference(start, end);
  return ns === null ? null : formatDuration(ns);
}

/** "+3.2 s" after the start of the trace. */
export function afterStart(time: string | null, traceStart: string | null): string | null {
  const ns = difference(traceStart, time);
  return ns === null ? null : `${ns < 0 ? '' : '+'}${formatDuration(ns)}`;
}
