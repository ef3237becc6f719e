/**
 * The spans of a trace folded: those that are reached by the same path of names are one node, its weights summed, the
 * heaviest child first. Every weight is a span's own, and a node's total is that of all spans in and below it, so that
 * the roots add up to the trace.
 */
import { SPAN_STATUSES } from '#shared/record.ts';
import type { SpanColumns } from '#shared/trace.ts';
import { toBoxes, type FlameBoxes } from './boxes.ts';

export const WEIGHTS = ['time', 'tokens', 'cost', 'calls'] as const;
export type Weight = (typeof WEIGHTS)[number];

export type Merged = {
  readonly count: number;
  /** Node of the parent, -1 = a root. Parents stand before their children. */
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  /** Index into the columns' strings. */
  readonly name: Uint32Array;
  /** Node of each row, -1 = not in the picture. */
  readonly nodeOf: Int32Array;
  /** Members of node `n` are `members[memberStart[n]]` up to, without, `memberStart[n + 1]`; in tree order. */
  readonly memberStart: Int32Array;
  readonly members: Int32Array;
  /** Members with an error. */
  readonly errors: Int32Array;
};

/** Linear in the spans. */
export function mergePaths(
  columns: SpanColumns,
  rows: { readonly from: number; readonly to: number } = { from: 0, to: columns.count },
): Merged {
  const known = new Map<number, number>();
  const parents: number[] = [];
  const depths: number[] = [];
  const names: number[] = [];
  const width = columns.strings.length;
  const nodeOf = new Int32Array(columns.count).fill(-1);
  for (let row = rows.from; row < rows.to; row++) {
    const owner = columns.parent[row] ?? -1;
    const up = owner >= rows.from && owner < row ? (nodeOf[owner] ?? -1) : -1;
    const name = columns.name[row] ?? 0;
    // Exact up to 2^53: 100,000 nodes times all names are far below it.
    const key = (up + 1) * width + name;
    let node = known.get(key);
    if (node === undefined) {
      node = parents.push(up) - 1;
      depths.push(up < 0 ? 0 : (depths[up] ?? 0) + 1);
      names.push(name);
      known.set(key, node);
    }
    nodeOf[row] = node;
  }
  const count = parents.length;
  const error = SPAN_STATUSES.indexOf('error');
  const memberStart = new Int32Array(count + 1);
  const errors = new Int32Array(count);
  for (let row = rows.from; row < rows.to; row++) {
    const node = nodeOf[row] ?? 0;
    memberStart[node + 1] = (memberStart[node + 1] ?? 0) + 1;
    if (columns.status[row] === error) errors[node] = (errors[node] ?? 0) + 1;
  }
  for (let node = 0; node < count; node++)
    memberStart[node + 1] = (memberStart[node + 1] ?? 0) + (memberStart[node] ?? 0);
  const next = memberStart.slice();
  const members = new Int32Array(rows.to - rows.from);
  for (let row = rows.from; row < rows.to; row++) {
    const node = nodeOf[row] ?? 0;
    const place = next[node] ?? 0;
    members[place] = row;
    next[node] = place + 1;
  }
  return {
    count,
    parent: Int32Array.from(parents),
    depth: Int32Array.from(depths),
    name: Uint32Array.from(names),
    nodeOf,
    memberStart,
    members,
    errors,
  };
}

/** What each span weighs itself, by row; unknown = 0. Time: nanoseconds in which none of its children was open. */
export function ownWeights(
  columns: SpanColumns,
  weight: Weight,
  times: { readonly start: Float64Array; readonly end: Float64Array },
): Float64Array {
  const { count, inputTokens, outputTokens, cost } = columns;
  const own = new Float64Array(count);
  if (weight === 'time') return ownTime(columns, times);
  for (let row = 0; row < count; row++) {
    own[row] =
      weight === 'calls'
        ? 1
        : weight === 'tokens'
          ? known(inputTokens[row]) + known(outputTokens[row])
          : known(cost[row]);
  }
  return own;
}

function known(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : 0;
}

function ownTime(
  { count, parent }: SpanColumns,
  { start, end }: { readonly start: Float64Array; readonly end: Float64Array },
): Float64Array {
  // Spans by start: children of one parent come in order, and what they cover grows to the right.
  const order = Int32Array.from({ length: count }, (_, row) => row);
  let ascending = true;
  for (let row = 1; row < count && ascending; row++) ascending = (start[row - 1] ?? 0) <= (start[row] ?? 0);
  if (!ascending) order.sort((a, b) => (start[a] ?? 0) - (start[b] ?? 0) || a - b);
  const covered = new Float64Array(count);
  const until = start.slice();
  for (const row of order) {
    const up = parent[row] ?? -1;
    if (up < 0 || up >= row) continue;
    const from = Math.max(start[row] ?? 0, until[up] ?? 0);
    const to = Math.min(end[row] ?? 0, end[up] ?? 0);
    if (to <= from) continue;
    covered[up] = (covered[up] ?? 0) + to - from;
    until[up] = to;
  }
  const own = new Float64Array(count);
  for (let row = 0; row < count; row++)
    own[row] = Math.max(0, (end[row] ?? 0) - (start[row] ?? 0) - (covered[row] ?? 0));
  return own;
}

export type Weighed = {
  /** By node. */
  readonly self: Float64Array;
  readonly total: Float64Array;
  /** Of all roots. */
  readonly sum: number;
  /** Children of each node, the heaviest first, as lists: those of -1 are the roots. */
  readonly childrenOf: (node: number) => Int32Array;
  readonly boxes: FlameBoxes;
};

/** Places are shares of the whole in billionths, so that any weight can be zoomed alike. */
export const WHOLE = 1e9;

export function weigh(merged: Merged, own: Float64Array, names: readonly string[]): Weighed {
  const { count, parent, depth, members, memberStart } = merged;
  const self = new Float64Array(count);
  for (let node = 0; node < count; node++) {
    let sum = 0;
    for (let k = memberStart[node] ?? 0; k < (memberStart[node + 1] ?? 0); k++) sum += own[members[k] ?? 0] ?? 0;
    self[node] = sum;
  }
  const total = self.slice();
  for (let node = count - 1; node >= 0; node--) {
    const up = parent[node] ?? -1;
    if (up >= 0) total[up] = (total[up] ?? 0) + (total[node] ?? 0);
  }
  const children = new Int32Array(count);
  const childStart = new Int32Array(count + 2);
  for (let node = 0; node < count; node++) {
    const slot = (parent[node] ?? -1) + 2;
    childStart[slot] = (childStart[slot] ?? 0) + 1;
  }
  for (let slot = 1; slot < childStart.length; slot++)
    childStart[slot] = (childStart[slot] ?? 0) + (childStart[slot - 1] ?? 0);
  const next = childStart.slice();
  for (let node = 0; node < count; node++) {
    const slot = (parent[node] ?? -1) + 1;
    const place = next[slot] ?? 0;
    children[place] = node;
    next[slot] = place + 1;
  }
  const name = (node: number): string => names[merged.name[node] ?? 0] ?? '';
  const childrenOf = (node: number): Int32Array =>
    children.subarray(childStart[node + 1] ?? 0, childStart[node + 2] ?? 0);
  for (let node = -1; node < count; node++) {
    const list = childrenOf(node);
    if (list.length > 1)
      list.sort(
        (a, b) => (total[b] ?? 0) - (total[a] ?? 0) || (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : a - b),
      );
  }

  let sum = 0;
  for (const root of childrenOf(-1)) sum += total[root] ?? 0;
  const scale = sum > 0 ? WHOLE / sum : 0;
  const from = new Float64Array(count);
  const to = new Float64Array(count);
  const level = new Int32Array(count).fill(-1);
  // Parents stand before their children: their place is known when it is divided.
  for (let node = -1; node < count; node++) {
    let at = node < 0 ? 0 : (from[node] ?? 0);
    for (const child of childrenOf(node)) {
      const wide = (total[child] ?? 0) * scale;
      from[child] = at;
      at += wide;
      to[child] = at;
      // What weighs nothing has no place.
      if (wide > 0) level[child] = depth[child] ?? 0;
    }
  }
  return { self, total, sum, childrenOf, boxes: toBoxes({ level, from, to }, { from: 0, to: WHOLE }) };
}

/** Rows of a node, the heaviest first; at most `most`. */
export function heaviestMembers(merged: Merged, own: Float64Array, node: number, most = 1_000): readonly number[] {
  const rows = merged.members.slice(merged.memberStart[node] ?? 0, merged.memberStart[node + 1] ?? 0);
  rows.sort((a, b) => (own[b] ?? 0) - (own[a] ?? 0) || a - b);
  return [...rows.subarray(0, most)];
}

export type NameWeight = {
  /** Index into the columns' strings. */
  readonly name: number;
  readonly count: number;
  readonly errors: number;
  readonly self: number;
  /** With what is below, a span inside one of the same name counted once. */
  readonly total: number;
  /** One of its nodes, the heaviest. */
  readonly node: number;
};

/** All nodes of a name together, in order of their total. */
export function byName(merged: Merged, { self, total }: Weighed): readonly NameWeight[] {
  const sums = new Map<number, { -readonly [K in keyof NameWeight]: NameWeight[K] }>();
  const inside = new Map<number, number>();
  const open: number[] = [];
  const { count, parent, name } = merged;
  // A node's own path, kept while its nodes come in the order of a walk.
  const walk = depthFirst(parent, count);
  for (const node of walk) {
    while (open.length > 0 && open.at(-1) !== parent[node]) {
      const left = name[open.pop() ?? 0] ?? 0;
      inside.set(left, (inside.get(left) ?? 1) - 1);
    }
    const own = name[node] ?? 0;
    let sum = sums.get(own);
    if (!sum) {
      sum = { name: own, count: 0, errors: 0, self: 0, total: 0, node };
      sums.set(own, sum);
    }
    sum.count += (merged.memberStart[node + 1] ?? 0) - (merged.memberStart[node] ?? 0);
    sum.errors += merged.errors[node] ?? 0;
    sum.self += self[node] ?? 0;
    if ((inside.get(own) ?? 0) === 0) sum.total += total[node] ?? 0;
    if ((total[node] ?? 0) > (total[sum.node] ?? 0)) sum.node = node;
    inside.set(own, (inside.get(own) ?? 0) + 1);
    open.push(node);
  }
  return [...sums.values()].sort((a, b) => b.total - a.total || b.self - a.self || a.name - b.name);
}

function depthFirst(parent: Int32Array, count: number): Int32Array {
  const first = new Int32Array(count + 1).fill(-1);
  const sibling = new Int32Array(count).fill(-1);
  for (let node = count - 1; node >= 0; node--) {
    const slot = (parent[node] ?? -1) + 1;
    sibling[node] = first[slot] ?? -1;
    first[slot] = node;
  }
  const order = new Int32Array(count);
  const stack: number[] = [];
  let length = 0;
  for (let root = first[0] ?? -1; root >= 0; root = sibling[root] ?? -1) {
    stack.push(root);
    while (stack.length > 0) {
      const node = stack.pop() ?? 0;
      order[length++] = node;
      const children: number[] = [];
      for (let child = first[node + 1] ?? -1; child >= 0; child = sibling[child] ?? -1) children.push(child);
      for (let k = children.length - 1; k >= 0; k--) stack.push(children[k] ?? 0);
    }
  }
  return order;
}
