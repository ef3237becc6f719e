/**
 * The critical path of a trace: the chain of spans that its duration consists of. It is found backwards from the last end:
 * inside a span, its child that ended last was what it had to wait for; before that child's start, the sibling that had
 * ended last by then; where there was none, the span itself worked. As Jaeger's critical path, but for the whole trace
 * (the roots are children of the trace) and with children that outlive their parent.
 * The segments follow each other without gap or overlap from the trace's start to its end: their lengths add up to its
 * duration exactly.
 */
import type { Intervals } from './intervals.ts';
import type { SpanTree } from './tree.ts';
import { f64, i32 } from './at.ts';
import { wasOver } from './intervals.ts';

export type Segment = {
  readonly from: number;
  readonly to: number;
  /** Span index; -1 where nothing was open. */
  readonly span: number;
};

type Frame = { readonly span: number; readonly from: number; until: number; first: boolean; next: number };

/** In order of time; empty when nothing has a time or the trace took none. */
export function criticalPath(tree: SpanTree, intervals: Intervals): Segment[] {
  const { timed, from, to, start, end } = intervals;
  if (!timed || !(to > from)) return [];
  const count = tree.order.length;
  const { reachFrom, reachTo } = subtreeExtents(tree, intervals);
  const { children, offset } = childrenByEnd(tree, reachFrom, reachTo);
  const path: Segment[] = [];

  // Written backwards; a span's own work is that between what it waited for.
  function own(span: number, a: number, b: number): void {
    if (!(b > a)) return;
    if (span < 0 || Number.isNaN(f64(start, span))) {
      push(-1, a, b);
      return;
    }
    const opened = Math.min(b, Math.max(a, f64(start, span)));
    const closed = Math.max(opened, Math.min(b, f64(end, span)));
    push(-1, closed, b);
    push(span, opened, closed);
    push(-1, a, opened);
  }
  function push(span: number, a: number, b: number): void {
    if (!(b > a)) return;
    const before = path.at(-1);
    if (before?.span === span && before.from === b) path[path.length - 1] = { span, from: a, to: before.to };
    else path.push({ span, from: a, to: b });
  }

  const stack: Frame[] = [{ span: -1, from, until: to, first: true, next: i32(offset, count) }];
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const slot = frame.span < 0 ? count : frame.span;
    let child = -1;
    for (; frame.next < i32(offset, slot + 1); frame.next++) {
      const candidate = i32(children, frame.next);
      const begins = Math.max(frame.from, f64(reachFrom, candidate));
      const closes = f64(reachTo, candidate);
      // At its own end, whatever was still open; later, only what was over when the next began.
      const fits = begins < frame.until && closes > begins && (frame.first || wasOver(closes, frame.until));
      if (!fits) continue;
      child = candidate;
      frame.next++;
      break;
    }
    if (child < 0) {
      own(frame.span, frame.from, frame.until);
      stack.pop();
      continue;
    }
    const closes = Math.min(frame.until, f64(reachTo, child));
    const begins = Math.max(frame.from, f64(reachFrom, child));
    own(frame.span, closes, frame.until);
    frame.until = begins;
    frame.first = false;
    stack.push({ span: child, from: begins, until: closes, first: true, next: i32(offset, child) });
  }
  return path.reverse();
}

/** When anything of each span's subtree was open; NaN = never known. */
function subtreeExtents(tree: SpanTree, { start, end }: Intervals) {
  const reachFrom = start.slice();
  const reachTo = end.slice();
  for (let row = tree.order.length - 1; row >= 0; row--) {
    const i = i32(tree.order, row);
    const up = i32(tree.parent, i);
    if (up < 0 || Number.isNaN(f64(reachFrom, i))) continue;
    const known = !Number.isNaN(f64(reachFrom, up));
    reachFrom[up] = known ? Math.min(f64(reachFrom, up), f64(reachFrom, i)) : f64(reachFrom, i);
    reachTo[up] = known ? Math.max(f64(reachTo, up), f64(reachTo, i)) : f64(reachTo, i);
  }
  return { reachFrom, reachTo };
}

/** Timed children of span i, the last-ending first (of those the longest), in children[offset[i] .. offset[i + 1]]; roots at `count`. */
function childrenByEnd(tree: SpanTree, reachFrom: Float64Array, reachTo: Float64Array) {
  const count = tree.order.length;
  const offset = new Int32Array(count + 2);
  const slotOf = (i: number): number => (i32(tree.parent, i) < 0 ? count : i32(tree.parent, i));
  const timed = tree.order.filter((i) => !Number.isNaN(f64(reachFrom, i)));
  for (const i of timed) offset[slotOf(i) + 1] = i32(offset, slotOf(i) + 1) + 1;
  for (let slot = 1; slot < offset.length; slot++) offset[slot] = i32(offset, slot) + i32(offset, slot - 1);
  timed.sort(
    (a, b) =>
      f64(reachTo, b) - f64(reachTo, a) || f64(reachFrom, a) - f64(reachFrom, b) || i32(tree.row, a) - i32(tree.row, b),
  );
  const next = offset.slice();
  const children = new Int32Array(timed.length);
  for (const i of timed) {
    const slot = slotOf(i);
    children[i32(next, slot)] = i;
    next[slot] = i32(next, slot) + 1;
  }
  return { children, offset };
}
