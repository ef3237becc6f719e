/**
 * What the picture shows at a time cursor. The times of all that proves a node or an edge are sorted once; a moment is
 * then two binary searches for each, so that scrubbing costs nothing and moves nothing.
 */
import type { ViewEdge, ViewGraph } from './view-graph.ts';

/** When each row of the trace is open; the times of `moments.ts`, of which the picture needs no more. */
export type RowTimes = {
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** 1 = still running. */
  readonly running: Uint8Array;
  readonly domain: { readonly start: number; readonly end: number };
};

/** Both sorted; as many starts as ends. */
export type Course = { readonly starts: Float64Array; readonly ends: Float64Array };
export type Courses = { readonly nodes: ReadonlyMap<string, Course>; readonly edges: ReadonlyMap<string, Course> };

export type Phase = 'before' | 'open' | 'done';

/** What crosses in no time is lit for this part of the trace, or nobody would see it. */
const GLOW = 0.012;

/** @param rowOf row of a span, -1 when it is not there */
export function coursesOf(view: ViewGraph, times: RowTimes, rowOf: (spanId: string) => number): Courses {
  const glow = (times.domain.end - times.domain.start) * GLOW;
  const nodes = new Map(
    view.nodes.map((node) => {
      const rows = node.members.flatMap(({ spanIds }) => spanIds.map(rowOf));
      // Who asks was there before anything.
      return [node.id, node.kind === 'user' ? EVER : course(times, rows, 'start', 0)] as const;
    }),
  );
  const edges = new Map(
    view.edges.map((edge) => [edge.key, course(times, edge.evidence.map(rowOf), momentOf(edge), glow)] as const),
  );
  return { nodes, edges };
}

const EVER: Course = { starts: Float64Array.of(-Infinity), ends: Float64Array.of(-Infinity) };

/** A result crosses when what gave it is over. */
function momentOf({ kind, to }: ViewEdge): 'start' | 'end' {
  return kind === 'return' || to === 'user' ? 'end' : 'start';
}

function course(times: RowTimes, rows: readonly number[], moment: 'start' | 'end', least: number): Course {
  const known = rows.filter((row) => row >= 0);
  const starts = new Float64Array(known.length);
  const ends = new Float64Array(known.length);
  known.forEach((row, at) => {
    const running = times.running[row] === 1;
    const end = running ? Infinity : (times.end[row] ?? 0);
    const start = moment === 'end' ? end : (times.start[row] ?? 0);
    starts[at] = start;
    ends[at] = Math.max(end, start + least);
  });
  return { starts: starts.sort(), ends: ends.sort() };
}

/** How many had begun at that time, and whether one of them is going on. */
export function courseAt({ starts, ends }: Course, time: number): { readonly begun: number; readonly phase: Phase } {
  const begun = countUpTo(starts, time);
  if (begun === 0) return { begun, phase: 'before' };
  // One that begins at this very moment is open, also when it takes no time.
  const isOpen = begun > countUpTo(ends, time) || starts[begun - 1] === time;
  return { begun, phase: isOpen ? 'open' : 'done' };
}

/** How many of the sorted values are at most `value`. */
function countUpTo(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
