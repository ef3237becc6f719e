/**
 * A session that is read as one trace has pauses in which nobody did anything: on a true axis, hours of lunch leave the
 * work no pixel. Its spans are moved together here, before the view sees them; `real` tells the true time of a place.
 */
import type { SpanColumns } from '#shared/trace.ts';

export type Pause = {
  /** Where it is on the folded axis, as long as it is drawn. */
  readonly from: number;
  readonly to: number;
  /** Nanoseconds that it lasted. */
  readonly lasted: number;
};

export type Folded = {
  readonly columns: SpanColumns;
  readonly pauses: readonly Pause[];
  /** Nanoseconds after the start, from those on the folded axis. */
  readonly real: (at: number) => number;
  /** And back: where a true time is on the folded axis. */
  readonly place: (real: number) => number;
};

/** Shorter pauses, as a share of the time in which something happened, stay as they are. */
const LONG = 0.15;
const SHORTEST = 1e9;
/** What all folds may take of that time together, and one at most. */
const ALL_FOLDS = 0.3;
const ONE_FOLD = 0.05;

type Busy = { from: number; to: number; shift: number };

/** Null when there is nothing to fold. Linear in the spans, but for sorting the roots. */
export function foldPauses(columns: SpanColumns): Folded | null {
  const roots = rootExtents(columns);
  const busy = merge(roots.filter((root) => root.from <= root.to).sort((a, b) => a.from - b.from));
  const working = busy.reduce((sum, { from, to }) => sum + to - from, 0);
  const long = Math.max(SHORTEST, working * LONG);
  const count = busy.filter((stretch, k) => k > 0 && stretch.from - (busy[k - 1]?.to ?? 0) > long).length;
  if (count === 0) return null;
  const fold = Math.min(working * ONE_FOLD, (working * ALL_FOLDS) / count) || SHORTEST;

  const pauses: Pause[] = [];
  let shift = 0;
  busy.forEach((stretch, k) => {
    const before = busy[k - 1]?.to ?? stretch.from;
    const lasted = stretch.from - before;
    if (lasted > long) {
      pauses.push({ from: before - shift, to: before - shift + fold, lasted });
      shift += lasted - fold;
    }
    stretch.shift = shift;
  });

  const start = columns.start.slice();
  const end = columns.end.slice();
  for (const root of roots) {
    const by = shiftAt(busy, root.from);
    for (let row = root.row; row < root.rowEnd; row++) {
      start[row] = (start[row] ?? NaN) - by;
      end[row] = (end[row] ?? NaN) - by;
    }
  }
  return {
    columns: { ...columns, start, end },
    pauses,
    real: (at) => realTime(pauses, at),
    place: (at) => foldedTime(pauses, at),
  };
}

type Root = { row: number; rowEnd: number; from: number; to: number };

function rootExtents({ count, subtreeEnd, start, end }: SpanColumns): Root[] {
  const roots: Root[] = [];
  for (let row = 0; row < count;) {
    const rowEnd = Math.max(row + 1, subtreeEnd[row] ?? row + 1);
    let from = Infinity;
    let to = -Infinity;
    for (let inner = row; inner < rowEnd; inner++) {
      const begins = start[inner] ?? NaN;
      const ends = end[inner] ?? NaN;
      if (begins < from) from = begins;
      if (begins > to) to = begins;
      if (ends < from) from = ends;
      if (ends > to) to = ends;
    }
    roots.push({ row, rowEnd, from, to });
    row = rowEnd;
  }
  return roots;
}

function merge(sorted: readonly { from: number; to: number }[]): Busy[] {
  const merged: Busy[] = [];
  for (const { from, to } of sorted) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to, shift: 0 });
  }
  return merged;
}

function shiftAt(busy: readonly Busy[], at: number): number {
  let low = 0;
  let high = busy.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((busy[middle]?.from ?? Infinity) <= at) low = middle;
    else high = middle - 1;
  }
  return Number.isFinite(at) ? (busy[low]?.shift ?? 0) : 0;
}

function realTime(pauses: readonly Pause[], at: number): number {
  let time = at;
  for (const { from, to, lasted } of pauses) {
    if (at <= from) break;
    // Inside a fold, time runs faster.
    time += (lasted - (to - from)) * Math.min(1, (at - from) / (to - from));
  }
  return time;
}

function foldedTime(pauses: readonly Pause[], real: number): number {
  let left = 0;
  for (const { from, to, lasted } of pauses) {
    // What has been left out so far says when this pause began.
    const begins = from + left;
    if (real <= begins) break;
    left += (lasted - (to - from)) * Math.min(1, (real - begins) / lasted);
  }
  return real - left;
}
