/** When each span of a trace began and ended, for putting both in one order: by time, and by the tree where times agree. */
import type { Scene } from './graph-stays.ts';
import { at, f64, i32 } from './at.ts';
import { knownTime } from './tree.ts';

/** All indexed like the spans. */
export type Moments = {
  /** Nanoseconds after the trace's start; Infinity = no start is known, and so behind all that have one. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Among equal times: a span begins before and ends after what is in it, and ends before its next sibling begins. */
  readonly startPlace: Int32Array;
  readonly endPlace: Int32Array;
};

export function findMoments({ spans, tree }: Scene): Moments {
  const count = spans.length;
  const wholeMs = dialectsInWholeMs(spans);
  const start = new Float64Array(count);
  const end = new Float64Array(count);
  const latest = new Float64Array(count);
  for (let row = count - 1; row >= 0; row--) {
    const i = i32(tree.order, row);
    const span = at(spans, i);
    const begun = knownTime(span.start) ?? Infinity;
    const ended = knownTime(span.end);
    // An end that nobody told is no earlier than anything inside.
    const over = ended ?? Math.max(Number.isFinite(begun) ? begun : 0, f64(latest, i));
    start[i] = begun;
    end[i] = Math.max(begun, wholeMs.has(span.dialect) ? Math.floor(over / 1e6) * 1e6 : over);
    const up = i32(tree.parent, i);
    if (up >= 0) latest[up] = Math.max(f64(latest, up), over);
  }
  return { start, end, ...findPlaces(tree) };
}

function findPlaces({ order, subtreeEnd }: Scene['tree']): Pick<Moments, 'startPlace' | 'endPlace'> {
  const startPlace = new Int32Array(order.length);
  const endPlace = new Int32Array(order.length);
  const open: number[] = [];
  let place = 0;
  for (let row = 0; row <= order.length; row++) {
    for (let top = open.at(-1); top !== undefined && i32(subtreeEnd, top) <= row; top = open.at(-1)) {
      endPlace[top] = place++;
      open.pop();
    }
    if (row === order.length) break;
    const i = i32(order, row);
    startPlace[i] = place++;
    open.push(i);
  }
  return { startPlace, endPlace };
}

/**
 * JavaScript SDKs cut starts to milliseconds and not ends: there, what follows seems to begin before what it followed
 * had ended, so that ends are cut too.
 */
function dialectsInWholeMs(spans: Scene['spans']): Set<string> {
  const cut = new Set(spans.map((span) => span.dialect));
  for (const { dialect, start } of spans) {
    const time = knownTime(start);
    if (time !== null && time % 1e6 !== 0) cut.delete(dialect);
  }
  return cut;
}
