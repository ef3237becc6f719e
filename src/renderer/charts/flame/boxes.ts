/**
 * A flame chart as boxes: by level, and in each level from left to right without overlap, so that what is visible is
 * found by binary search. `owner` is a span's row or a merged node; the picture asks nothing else of a layout.
 */

export type FlameBoxes = {
  readonly count: number;
  /** Boxes of level `l` are `levelStart[l]` up to, without, `levelStart[l + 1]`. */
  readonly levelStart: Int32Array;
  readonly levels: number;
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly owner: Int32Array;
  /** By owner; -1 = it has no box. */
  readonly boxOf: Int32Array;
  readonly domain: { readonly from: number; readonly to: number };
};

type Placed = {
  /** By owner; -1 = not to be drawn. */
  readonly level: Int32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
};

/** Sorts boxes into levels. Where two still overlap by a clock's rounding, the earlier is cut. */
export function toBoxes({ level, from, to }: Placed, domain: FlameBoxes['domain']): FlameBoxes {
  const owners = level.length;
  let levels = 0;
  let count = 0;
  for (let owner = 0; owner < owners; owner++) {
    const at = level[owner] ?? -1;
    if (at < 0) continue;
    count++;
    if (at >= levels) levels = at + 1;
  }
  const levelStart = new Int32Array(levels + 1);
  for (let owner = 0; owner < owners; owner++) {
    const at = level[owner] ?? -1;
    if (at >= 0) levelStart[at + 1] = (levelStart[at + 1] ?? 0) + 1;
  }
  for (let at = 0; at < levels; at++) levelStart[at + 1] = (levelStart[at + 1] ?? 0) + (levelStart[at] ?? 0);
  const next = levelStart.slice();
  const order = new Int32Array(count);
  for (let owner = 0; owner < owners; owner++) {
    const at = level[owner] ?? -1;
    if (at < 0) continue;
    const place = next[at] ?? 0;
    order[place] = owner;
    next[at] = place + 1;
  }
  const boxes = {
    from: new Float64Array(count),
    to: new Float64Array(count),
    boxOf: new Int32Array(owners).fill(-1),
  };
  for (let at = 0; at < levels; at++) {
    const slice = order.subarray(levelStart[at] ?? 0, levelStart[at + 1] ?? 0);
    if (!isAscending(slice, from)) slice.sort((a, b) => (from[a] ?? 0) - (from[b] ?? 0) || a - b);
  }
  for (let at = 0; at < levels; at++) {
    const end = levelStart[at + 1] ?? 0;
    for (let box = levelStart[at] ?? 0; box < end; box++) {
      const owner = order[box] ?? 0;
      const left = from[owner] ?? 0;
      const following = box + 1 < end ? (from[order[box + 1] ?? 0] ?? Infinity) : Infinity;
      boxes.from[box] = left;
      boxes.to[box] = Math.max(left, Math.min(to[owner] ?? left, following));
      boxes.boxOf[owner] = box;
    }
  }
  return { count, levelStart, levels, owner: order, ...boxes, domain };
}

function isAscending(owners: Int32Array, from: Float64Array): boolean {
  for (let k = 1; k < owners.length; k++)
    if ((from[owners[k - 1] ?? 0] ?? 0) > (from[owners[k] ?? 0] ?? 0)) return false;
  return true;
}

/** First box of `low…high` that ends after a place, or `high`. */
export function firstEndingAfter({ to }: FlameBoxes, low: number, high: number, place: number): number {
  let a = low;
  let b = high;
  while (a < b) {
    const middle = (a + b) >>> 1;
    if ((to[middle] ?? 0) < place) a = middle + 1;
    else b = middle;
  }
  return a;
}

/** First box of `low…high` that begins at a place or after it, or `high`. */
export function firstBeginningAt({ from }: FlameBoxes, low: number, high: number, place: number): number {
  let a = low;
  let b = high;
  while (a < b) {
    const middle = (a + b) >>> 1;
    if ((from[middle] ?? 0) < place) a = middle + 1;
    else b = middle;
  }
  return a;
}

export function levelOf({ levelStart, levels }: FlameBoxes, box: number): number {
  let a = 0;
  let b = levels - 1;
  while (a < b) {
    const middle = (a + b + 1) >>> 1;
    if ((levelStart[middle] ?? Infinity) <= box) a = middle;
    else b = middle - 1;
  }
  return a;
}

/** The box of a level at a place, or the nearest one within `reach`; -1 = none. */
export function boxAt(boxes: FlameBoxes, level: number, place: number, reach: number): number {
  const start = boxes.levelStart[level];
  const end = boxes.levelStart[level + 1];
  if (start === undefined || end === undefined) return -1;
  let best = -1;
  let distance = Infinity;
  // Ends ascend like beginnings: what is within reach lies together.
  for (let box = firstEndingAfter(boxes, start, end, place - reach); box < end; box++) {
    const from = boxes.from[box] ?? 0;
    const to = boxes.to[box] ?? 0;
    const off = place < from ? from - place : place > to ? place - to : 0;
    if (off > reach || off > distance) break;
    // Of those at the same place, the last one drawn is seen.
    best = box;
    distance = off;
  }
  return best;
}
