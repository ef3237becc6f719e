import type { TraceRow } from '#shared/trace.ts';

/**
 * Nanoseconds that fill a duration bar: the 95th percentile of the loaded rows, so that one trace of an hour does not
 * make all others invisible. Longer ones fill the bar and are marked.
 */
export function durationScale(rows: readonly TraceRow[]): number {
  const durations = rows.flatMap((row) => (row.durationNs === null ? [] : [row.durationNs])).sort((a, b) => a - b);
  if (durations.length === 0) return 0;
  const at = Math.ceil(durations.length * 0.95) - 1;
  return durations[Math.max(0, at)] ?? 0;
}
