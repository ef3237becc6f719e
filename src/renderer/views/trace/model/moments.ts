/**
 * What a span is doing at the time cursor, for every pane that follows it. `useSelection.timeCursor` is nanoseconds after
 * the trace's start; where no span has a time it is a step, the row of the tree.
 */
import { SPAN_STATUSES } from '#shared/record.ts';
import type { SpanColumns } from '#shared/trace.ts';

export type Times = {
  /** False: no span has a start. `start` is the row then, and `end` the row after its last descendant. */
  readonly timed: boolean;
  /** By row, never NaN; `end >= start`. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** 1 = still running: it is open however far the cursor goes. */
  readonly running: Uint8Array;
  /** Every start and end lies in here; `end > start`. */
  readonly domain: { readonly start: number; readonly end: number };
};

/** `before` = it has not begun, `open` = it is going on (or begins at this very moment), `done` = it is over. */
export type Moment = 'before' | 'open' | 'done';

const RUNNING = SPAN_STATUSES.indexOf('running');
const known = new WeakMap<SpanColumns, Times>();

/** The same answer for the same columns, so that panes share it. Linear in the spans. */
export function timesOf(columns: SpanColumns): Times {
  const before = known.get(columns);
  if (before) return before;
  const times = columns.start.some(Number.isFinite) ? measured(columns) : steps(columns);
  known.set(columns, times);
  return times;
}

/** @param cursor null = no cursor: the whole trace is shown, and nothing is before anything. */
export function stateAt(times: Times, row: number, cursor: number | null): Moment {
  if (cursor === null) return times.running[row] === 1 ? 'open' : 'done';
  const start = times.start[row] ?? Infinity;
  if (cursor < start) return 'before';
  return cursor === start || cursor < (times.end[row] ?? start) || times.running[row] === 1 ? 'open' : 'done';
}

function steps({ count, status, subtreeEnd }: SpanColumns): Times {
  const start = new Float64Array(count);
  const end = new Float64Array(count);
  const running = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    start[row] = row;
    end[row] = Math.min(count, Math.max(row + 1, subtreeEnd[row] ?? 0));
    running[row] = status[row] === RUNNING ? 1 : 0;
  }
  return { timed: false, start, end, running, domain: { start: 0, end: Math.max(1, count) } };
}

function measured(columns: SpanColumns): Times {
  const { count, parent, status } = columns;
  const running = new Uint8Array(count);
  // What is known to have happened inside each span, for those that do not say when they were.
  const first = new Float64Array(count).fill(Infinity);
  const last = new Float64Array(count).fill(-Infinity);
  let from = Infinity;
  let to = -Infinity;
  for (let row = count - 1; row >= 0; row--) {
    for (const time of [columns.start[row] ?? NaN, columns.end[row] ?? NaN]) {
      if (!Number.isFinite(time)) continue;
      first[row] = Math.min(first[row] ?? time, time);
      last[row] = Math.max(last[row] ?? time, time);
    }
    from = Math.min(from, first[row] ?? from);
    to = Math.max(to, last[row] ?? to);
    const up = parent[row] ?? -1;
    // Parents stand before their children; anything else is corrupt and told nothing.
    if (up < 0 || up >= row) continue;
    first[up] = Math.min(first[up] ?? Infinity, first[row] ?? Infinity);
    last[up] = Math.max(last[up] ?? -Infinity, last[row] ?? -Infinity);
  }
  const domain = { start: from, end: to > from ? to : from + 1 };

  const start = new Float64Array(count);
  const end = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    running[row] = status[row] === RUNNING && !Number.isFinite(columns.end[row]) ? 1 : 0;
    const up = parent[row] ?? -1;
    const stated = columns.start[row] ?? NaN;
    const ended = columns.end[row] ?? NaN;
    let begins = stated;
    if (!Number.isFinite(stated)) {
      const inherited = up >= 0 && up < row ? (start[up] ?? from) : (first[row] ?? from);
      begins = Math.min(Number.isFinite(inherited) ? inherited : from, Number.isFinite(ended) ? ended : Infinity);
    }
    const ends = Number.isFinite(ended) ? ended : running[row] === 1 ? domain.end : (last[row] ?? begins);
    start[row] = begins;
    end[row] = Math.max(begins, Number.isFinite(ends) ? ends : begins);
  }
  return { timed: true, start, end, running, domain };
}
