/** One order of all spans of a trace by time, for what is read along a time axis. */
import type { SpanTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import { at, f64, i32 } from './at.ts';
import { knownTime } from './tree.ts';

/** Span indices by start, unknown starts last; equal starts as in the tree, so that a parent precedes its children. */
export function byTime(spans: readonly SpanFact[], tree: SpanTree): Int32Array {
  const start = new Float64Array(spans.length);
  for (let row = 0; row < spans.length; row++)
    start[row] = knownTime(at(spans, i32(tree.order, row)).start) ?? Infinity;
  const rows = Int32Array.from(start.keys());
  // Infinity - Infinity is NaN, which is falsy too.
  rows.sort((a, b) => f64(start, a) - f64(start, b) || a - b);
  return rows.map((row) => i32(tree.order, row));
}
