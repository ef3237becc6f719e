/** What the flame picture draws and walks through: either every span in order of time, or the nodes of the folded tree. */
import { SPAN_STATUSES } from '#shared/record.ts';
import type { FlameBoxes } from '../../../../charts/flame/boxes.ts';
import {
  heaviestMembers,
  mergePaths,
  ownWeights,
  weigh,
  type Merged,
  type Weighed,
  type Weight,
} from '../../../../charts/flame/left-heavy.ts';
import { timeOrder } from '../../../../charts/flame/time-order.ts';
import { timesOf } from '../../model/moments.ts';
import type { SpanTable } from '../../model/span-table.ts';
import type { RowRange } from '../../model/subtree.ts';
import { firstChild, nextSibling, parentOf } from '../../model/walk.ts';

export type FlameScene = {
  readonly table: SpanTable;
  readonly boxes: FlameBoxes;
  /** Places per nanosecond or step: steps are drawn wider, so that they can be zoomed into like times. */
  readonly scale: number;
  /** By owner: the span whose look and name it has. */
  readonly face: Int32Array;
  /** By owner: spans in it, and those of them that failed. */
  readonly counts: Int32Array;
  readonly failed: Int32Array;
  /** By owner: the true time (or step) at which it begins. */
  readonly begins: Float64Array;
  /** By box, one more than there are boxes: how many before it hold a failure. */
  readonly failedBefore: Int32Array;
  /** -1 = it is not in the picture. */
  readonly ownerOf: (row: number) => number;
  /** Members, the heaviest first. */
  readonly members: (owner: number) => readonly number[];
  readonly parent: (owner: number) => number;
  readonly child: (owner: number) => number;
  readonly sibling: (owner: number, direction: 1 | -1) => number;
  /** Null in order of time. */
  readonly folded: Folded | null;
};

export type Folded = {
  readonly weight: Weight;
  readonly merged: Merged;
  readonly weighed: Weighed;
  /** By row. */
  readonly own: Float64Array;
};

const ERROR = SPAN_STATUSES.indexOf('error');
/** A step is drawn like this many nanoseconds. */
const STEP = 1e6;

export function timeScene(table: SpanTable, subtree: RowRange | null): FlameScene {
  const { columns } = table;
  const { count } = columns;
  // On the axis of the view, which may leave out pauses; the cursor is held against true times.
  const times = timesOf(columns);
  const scale = times.timed ? 1 : STEP;
  const grow = (list: Float64Array): Float64Array => (scale === 1 ? list : list.map((place) => place * scale));
  const domain = { from: times.domain.start * scale, to: times.domain.end * scale };
  const boxes = timeOrder({ columns, start: grow(times.start), end: grow(times.end), domain }, subtree ?? undefined);
  const failed = Int32Array.from(columns.status, (status) => (status === ERROR ? 1 : 0));
  const inside = (row: number): boolean => row >= 0 && (boxes.boxOf[row] ?? -1) >= 0;
  const orNone = (row: number): number => (inside(row) ? row : -1);
  return {
    table,
    boxes,
    scale,
    face: Int32Array.from({ length: count }, (_, row) => row),
    counts: new Int32Array(count).fill(1),
    failed,
    begins: table.times().start,
    failedBefore: sums(boxes, failed),
    ownerOf: orNone,
    members: (row) => [row],
    parent: (row) => orNone(parentOf(table, row)),
    child: (row) => orNone(firstChild(table, row)),
    sibling: (row, direction) => orNone(nextSibling(table, row, direction)),
    folded: null,
  };
}

/** The merged tree is the same for all weights: give it again when only the weight changes. */
export function foldedScene(table: SpanTable, merged: Merged, weight: Weight): FlameScene {
  const { columns } = table;
  // True times: a pause that the axis leaves out is nobody's work, and lengths of spans are the same on both.
  const times = table.times();
  const own = ownWeights(columns, weight, times);
  const weighed = weigh(merged, own, columns.strings);
  const { count, nodeOf, memberStart, members, parent } = merged;
  const face = new Int32Array(count);
  const begins = new Float64Array(count);
  const counts = new Int32Array(count);
  for (let node = 0; node < count; node++) {
    let best = members[memberStart[node] ?? 0] ?? 0;
    let earliest = Infinity;
    for (let k = memberStart[node] ?? 0; k < (memberStart[node + 1] ?? 0); k++) {
      const row = members[k] ?? 0;
      if ((own[row] ?? 0) > (own[best] ?? 0)) best = row;
      earliest = Math.min(earliest, times.start[row] ?? Infinity);
    }
    face[node] = best;
    begins[node] = earliest;
    counts[node] = (memberStart[node + 1] ?? 0) - (memberStart[node] ?? 0);
  }
  const { boxes } = weighed;
  const drawn = (node: number): boolean => node >= 0 && (boxes.boxOf[node] ?? -1) >= 0;
  const orNone = (node: number): number => (drawn(node) ? node : -1);
  return {
    table,
    boxes,
    scale: 1,
    face,
    counts,
    failed: merged.errors,
    begins,
    failedBefore: sums(boxes, merged.errors),
    ownerOf: (row) => orNone(nodeOf[row] ?? -1),
    members: (node) => heaviestMembers(merged, own, node),
    parent: (node) => orNone(parent[node] ?? -1),
    child: (node) => orNone(weighed.childrenOf(node)[0] ?? -1),
    sibling(node, direction) {
      const siblings = weighed.childrenOf(parent[node] ?? -1);
      return orNone(siblings[siblings.indexOf(node) + direction] ?? -1);
    },
    folded: { weight, merged, weighed, own },
  };
}

export function foldPaths(table: SpanTable, subtree: RowRange | null): Merged {
  return mergePaths(table.columns, subtree ?? undefined);
}

/** Prefix sums over boxes of what is more than 0 for their owners. */
export function sums(boxes: FlameBoxes, of: ArrayLike<number>): Int32Array {
  const before = new Int32Array(boxes.count + 1);
  for (let box = 0; box < boxes.count; box++)
    before[box + 1] = (before[box] ?? 0) + ((of[boxes.owner[box] ?? 0] ?? 0) > 0 ? 1 : 0);
  return before;
}
