/**
 * The spans of a trace in order of time: each stands below its parent, and what runs at the same time below each other,
 * every subtree as one block, so that nothing stands under a span that is not inside it. Roots that follow each other
 * stand side by side. A child outside of its parent's time keeps its own.
 */
import type { SpanColumns } from '#shared/trace.ts';
import { toBoxes, type FlameBoxes } from './boxes.ts';
import { createHeap } from './heap.ts';

type Input = {
  readonly columns: Pick<SpanColumns, 'count' | 'parent'>;
  /** By row, never NaN; `end >= start`. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly domain: { readonly from: number; readonly to: number };
};

/** @param rows limits the picture to one subtree; parents stand before their children */
export function timeOrder(
  { columns, start, end, domain }: Input,
  rows: { readonly from: number; readonly to: number } = { from: 0, to: columns.count },
): FlameBoxes {
  const { parent } = columns;
  const count = columns.count;
  // Children as lists, in order: walked backwards, each is put in front.
  const firstChild = new Int32Array(count + 1).fill(-1);
  const sibling = new Int32Array(count).fill(-1);
  const blockFrom = start.slice();
  const blockTo = end.slice();
  const height = new Int32Array(count).fill(1);
  const offset = new Int32Array(count);
  const up = (row: number): number => {
    const owner = parent[row] ?? -1;
    return owner >= rows.from && owner < row ? owner : count;
  };
  for (let row = rows.to - 1; row >= rows.from; row--) {
    // All that is below this row was seen: its block is known.
    height[row] = 1 + arrange(listOf(firstChild[row] ?? -1, sibling), blockFrom, blockTo, height, offset);
    const owner = up(row);
    sibling[row] = firstChild[owner] ?? -1;
    firstChild[owner] = row;
    if (owner === count) continue;
    blockFrom[owner] = Math.min(blockFrom[owner] ?? 0, blockFrom[row] ?? 0);
    blockTo[owner] = Math.max(blockTo[owner] ?? 0, blockTo[row] ?? 0);
  }
  arrange(listOf(firstChild[count] ?? -1, sibling), blockFrom, blockTo, height, offset);
  const level = new Int32Array(count).fill(-1);
  for (let row = rows.from; row < rows.to; row++) {
    const owner = up(row);
    level[row] = (owner === count ? 0 : (level[owner] ?? 0) + 1) + (offset[row] ?? 0);
  }
  return toBoxes({ level, from: start, to: end }, domain);
}

const NO_ROWS: number[] = [];

function listOf(first: number, sibling: Int32Array): number[] {
  // Most spans have no children.
  if (first < 0) return NO_ROWS;
  const rows: number[] = [];
  for (let row = first; row >= 0; row = sibling[row] ?? -1) rows.push(row);
  return rows;
}

/** Overlaps up to this are a clock that was cut to milliseconds, and up to this share of the shorter block. */
const ROUNDING_NS = 1e6;
const ROUNDING_SHARE = 0.2;

/**
 * Puts siblings on tracks: each on the first one that is free by then. Sets their offsets and returns the height of all
 * tracks. O(n log n).
 */
function arrange(rows: number[], from: Float64Array, to: Float64Array, height: Int32Array, offset: Int32Array): number {
  if (rows.length === 0) return 0;
  if (rows.length === 1) {
    offset[rows[0] ?? 0] = 0;
    return height[rows[0] ?? 0] ?? 1;
  }
  rows.sort((a, b) => (from[a] ?? 0) - (from[b] ?? 0) || a - b);
  const heights: number[] = [];
  const trackOf = new Int32Array(rows.length);
  const freeAt: number[] = [];
  const busy = createHeap((a, b) => (freeAt[a] ?? 0) - (freeAt[b] ?? 0) || a - b);
  const free = createHeap((a, b) => a - b);
  rows.forEach((row, k) => {
    const begins = from[row] ?? 0;
    const ends = to[row] ?? begins;
    const slack = Math.min(ROUNDING_NS, (ends - begins) * ROUNDING_SHARE);
    for (let first = busy.peek(); first >= 0 && (freeAt[first] ?? 0) <= begins + slack; first = busy.peek()) {
      free.push(busy.pop());
    }
    let track = free.pop();
    if (track < 0) track = heights.push(0) - 1;
    freeAt[track] = ends;
    heights[track] = Math.max(heights[track] ?? 0, height[row] ?? 1);
    trackOf[k] = track;
    busy.push(track);
  });
  const tops: number[] = [];
  let sum = 0;
  for (const tall of heights) {
    tops.push(sum);
    sum += tall;
  }
  rows.forEach((row, k) => (offset[row] = tops[trackOf[k] ?? 0] ?? 0));
  return sum;
}
