/** When each span was open, made fit for sums: known, in order, and inside the trace. */
import type { SpanTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import { at, i32 } from './at.ts';
import { knownTime, wholeMs } from './tree.ts';

/** Whole numbers throughout, so that sums of differences are exact. NaN = in no lane. */
export type Intervals = {
  /** False: no span has a start; then places are rows of the tree, each one step long. */
  readonly timed: boolean;
  /** The trace's own extent: what `summarise` calls start and end; up to the last known time while it runs. */
  readonly from: number;
  readonly to: number;
  readonly running: boolean;
  /** By span index. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly untimed: number;
  readonly skewed: number;
};

/** SDKs that cut starts to milliseconds make a child seem to begin before its parent; less than this is no skew. */
const SKEW_TOLERANCE = 2_000_000;

export function spanIntervals(spans: readonly SpanFact[], tree: SpanTree): Intervals {
  const count = spans.length;
  const start = new Float64Array(count).fill(NaN);
  const end = new Float64Array(count).fill(NaN);
  let first = Infinity;
  let last = -Infinity;
  let latestStart = -Infinity;
  let running = false;
  for (const span of spans) {
    const begins = knownTime(span.start);
    const ends = knownTime(span.end);
    if (begins !== null) {
      first = Math.min(first, begins);
      latestStart = Math.max(latestStart, begins);
    }
    if (ends !== null) last = Math.max(last, ends);
    running ||= span.status === 'running';
  }
  if (first === Infinity) return bySteps(spans, tree, running);
  // What still runs has been open at least until the last time that anything is known of.
  const to = Math.max(first, running ? Math.max(last, latestStart) : last === -Infinity ? first : last);

  let untimed = 0;
  let skewed = 0;
  for (let i = 0; i < count; i++) {
    const span = at(spans, i);
    const begins = knownTime(span.start);
    if (begins === null) {
      untimed++;
      continue;
    }
    const ends = knownTime(span.end) ?? (span.status === 'running' ? to : begins);
    const up = i32(tree.parent, i);
    const around = up < 0 ? null : knownTime(at(spans, up).start);
    if (ends < begins || (around !== null && begins < around - SKEW_TOLERANCE)) skewed++;
    start[i] = Math.min(begins, to);
    end[i] = Math.min(to, Math.max(begins, ends));
  }
  return { timed: true, from: first, to, running, start, end, untimed, skewed };
}

function bySteps(spans: readonly SpanFact[], tree: SpanTree, running: boolean): Intervals {
  const start = Float64Array.from(tree.row);
  const end = Float64Array.from(tree.subtreeEnd);
  return { timed: false, from: 0, to: spans.length, running, start, end, untimed: spans.length, skewed: 0 };
}

/** Whether what ended at `end` was over when something began at `start`, with starts that may be cut to milliseconds. */
export function wasOver(end: number, start: number): boolean {
  return end <= start || (start % 1e6 === 0 && (wholeMs(end) ?? end) <= start);
}

/** Span indices of the children of each span, in tree order. */
export function eachChild(tree: SpanTree, index: number, visit: (child: number) => void): void {
  const last = i32(tree.subtreeEnd, index);
  for (let row = i32(tree.row, index) + 1; row < last;) {
    const child = i32(tree.order, row);
    visit(child);
    row = i32(tree.subtreeEnd, child);
  }
}

/** Length of the union of intervals, given in order of start. */
export function unionLength(intervals: Iterable<readonly [number, number]>): number {
  let length = 0;
  let until = -Infinity;
  for (const [from, to] of intervals) {
    length += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return length;
}
