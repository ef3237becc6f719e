/**
 * The tree of one trace's spans, from parent ids alone. Parents may be missing, late, or (hostile) their own
 * descendants; the tree is the same whatever order the spans arrived in.
 */
import type { SpanFact } from './types.ts';
import { at, compareText, f64, i32, u8 } from './at.ts';

/** All arrays but `order` are indexed like the spans given; a *row* is a place in depth-first order. */
export type SpanTree = {
  /** Row → span index, depth first. */
  readonly order: Int32Array;
  /** Span index → row. */
  readonly row: Int32Array;
  /** Span index of the parent, -1 for a root. */
  readonly parent: Int32Array;
  /** 0 for a root; stops counting at 65,535. */
  readonly depth: Uint16Array;
  /** Row just after the last descendant. */
  readonly subtreeEnd: Int32Array;
  /** 1 where the span names a parent that is not among the spans. */
  readonly missingParent: Uint8Array;
  /** 1 where the parent was cut off, because the span was its own ancestor. */
  readonly cyclic: Uint8Array;
};

const MAX_DEPTH = 0xffff;

/**
 * Siblings stand in order of start, then end (open ends last), then as cause before effect, then id.
 * Spans without a start come last, in order of arrival: nothing else is known of them.
 */
export function buildTree(spans: readonly SpanFact[]): SpanTree {
  const count = spans.length;
  const { parent, missingParent, cyclic } = findParents(spans);

  // Children of span i lie in children[first[i] .. first[i + 1]]; those of the virtual root at index `count`.
  const first = new Int32Array(count + 2);
  for (let i = 0; i < count; i++) {
    const slot = slotOf(parent, i, count) + 1;
    first[slot] = i32(first, slot) + 1;
  }
  for (let slot = 1; slot < first.length; slot++) first[slot] = i32(first, slot) + i32(first, slot - 1);
  const next = first.slice();
  const children = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const slot = slotOf(parent, i, count);
    const place = i32(next, slot);
    children[place] = i;
    next[slot] = place + 1;
  }
  const compare = siblingOrder(spans);
  for (let slot = 0; slot <= count; slot++) sortRange(children, i32(first, slot), i32(first, slot + 1), compare);

  const order = new Int32Array(count);
  const row = new Int32Array(count);
  const depth = new Uint16Array(count);
  const size = new Int32Array(count).fill(1);
  // Never holds more than all spans: each is pushed once.
  const stack = new Int32Array(count);
  let top = pushChildren(stack, 0, children, first, count);
  for (let place = 0; place < count; place++) {
    top--;
    const i = i32(stack, top);
    order[place] = i;
    row[i] = place;
    const up = i32(parent, i);
    depth[i] = up < 0 ? 0 : Math.min(MAX_DEPTH, (depth[up] ?? 0) + 1);
    top = pushChildren(stack, top, children, first, i);
  }
  const subtreeEnd = new Int32Array(count);
  for (let place = count - 1; place >= 0; place--) {
    const i = i32(order, place);
    subtreeEnd[i] = place + i32(size, i);
    const up = i32(parent, i);
    if (up >= 0) size[up] = i32(size, up) + i32(size, i);
  }
  return { order, row, parent, depth, subtreeEnd, missingParent, cyclic };
}

/**
 * The start of the millisecond in which a span ended. JavaScript SDKs cut starts to milliseconds and not ends, so that
 * what follows seems to begin up to one before what it followed had ended.
 */
export function wholeMs(end: number | null): number | null {
  return end === null ? null : Math.floor(end / 1e6) * 1e6;
}

/** Null for a time that is no time: hostile input may hold NaN or infinity. */
export function knownTime(time: number | null): number | null {
  return time !== null && Number.isFinite(time) ? time : null;
}

function slotOf(parent: Int32Array, index: number, root: number): number {
  const up = i32(parent, index);
  return up < 0 ? root : up;
}

function pushChildren(stack: Int32Array, top: number, children: Int32Array, first: Int32Array, slot: number): number {
  for (let place = i32(first, slot + 1) - 1; place >= i32(first, slot); place--) stack[top++] = i32(children, place);
  return top;
}

function findParents(spans: readonly SpanFact[]): Pick<SpanTree, 'parent' | 'missingParent' | 'cyclic'> {
  const count = spans.length;
  const byId = new Map<string, number>();
  for (let i = 0; i < count; i++) byId.set(at(spans, i).spanId, i);
  const parent = new Int32Array(count).fill(-1);
  const missingParent = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const { parentId } = at(spans, i);
    if (parentId === null) continue;
    const up = byId.get(parentId);
    if (up === undefined) missingParent[i] = 1;
    else parent[i] = up;
  }
  return { parent, missingParent, cyclic: cutCycles(spans, parent) };
}

/** Makes the smallest span id of each cycle a root. Walks every parent link once. */
function cutCycles(spans: readonly SpanFact[], parent: Int32Array): Uint8Array {
  const count = spans.length;
  const cyclic = new Uint8Array(count);
  // 0 = not seen; else 1 + the span that the walk began at.
  const walk = new Int32Array(count);
  for (let begin = 0; begin < count; begin++) {
    let i = begin;
    while (i >= 0 && i32(walk, i) === 0) {
      walk[i] = begin + 1;
      i = i32(parent, i);
    }
    if (i < 0 || i32(walk, i) !== begin + 1) continue;
    let smallest = i;
    for (let j = i32(parent, i); j !== i; j = i32(parent, j)) {
      if (at(spans, j).spanId < at(spans, smallest).spanId) smallest = j;
    }
    parent[smallest] = -1;
    cyclic[smallest] = 1;
  }
  return cyclic;
}

type Compare = (a: number, b: number) => number;

function siblingOrder(spans: readonly SpanFact[]): Compare {
  const count = spans.length;
  const start = new Float64Array(count);
  const end = new Float64Array(count);
  const rank = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const span = at(spans, i);
    start[i] = knownTime(span.start) ?? Infinity;
    end[i] = knownTime(span.end) ?? Infinity;
    rank[i] = causeRank(span);
  }
  return (a, b) => {
    const startA = f64(start, a);
    const startB = f64(start, b);
    if (startA !== startB) return startA < startB ? -1 : 1;
    if (startA === Infinity) {
      const bySeq = at(spans, a).seq - at(spans, b).seq;
      if (bySeq !== 0) return bySeq;
    } else {
      const endA = f64(end, a);
      const endB = f64(end, b);
      if (endA !== endB) return endA < endB ? -1 : 1;
      if (rank[a] !== rank[b]) return u8(rank, a) - u8(rank, b);
    }
    return compareText(at(spans, a).spanId, at(spans, b).spanId);
  };
}

/** Millisecond clocks give many spans the same two times; a model call still comes before the tools that it asked for. */
function causeRank(span: SpanFact): number {
  return span.kind === 'generation' ? 0 : span.kind === 'tool' ? 2 : span.kind === 'handoff' ? 3 : 1;
}

function sortRange(list: Int32Array, from: number, to: number, compare: Compare): void {
  // Most sibling lists are in order already; telling so is far cheaper than sorting.
  for (let i = from + 1; i < to; i++) {
    if (compare(i32(list, i - 1), i32(list, i)) > 0) {
      list.subarray(from, to).sort(compare);
      return;
    }
  }
}
