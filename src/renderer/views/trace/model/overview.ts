/**
 * The whole trace on a strip of pixels: one lane per agent, how busy it was in each pixel column, and where errors are.
 * O(spans + lanes × width) by difference sums, whatever the spans' lengths; done once per width.
 */
import { SPAN_STATUSES } from '#shared/record.ts';
import { hasChildren, type SpanTable } from './span-table.ts';

export type Overview = {
  readonly width: number;
  readonly lanes: readonly Lane[];
  /** 1 where a span with an error ends (or starts, when it has no end). */
  readonly errors: Uint8Array;
};

export type Lane = {
  /** Empty when the lane holds spans of no agent. */
  readonly agent: string;
  /** Spans without children that are open in each column: work. */
  readonly work: Uint32Array;
  /** Spans with children that are open in each column: the frame around work. */
  readonly frame: Uint32Array;
};

const ERROR = SPAN_STATUSES.indexOf('error');

/** Agents beyond `most` share the last lane. */
export function overview(table: SpanTable, width: number, most: number): Overview {
  const { columns, domain } = table;
  const lanes = new Map<number, { agent: string; work: Int32Array; frame: Int32Array }>();
  const errors = new Uint8Array(width);
  const scale = width / (domain.to - domain.from);
  let last: { agent: string; work: Int32Array; frame: Int32Array } | null = null;
  for (let row = 0; row < columns.count; row++) {
    const start = columns.start[row] ?? NaN;
    if (!Number.isFinite(start)) continue;
    const stop = columns.end[row] ?? NaN;
    const from = column(start, domain.from, scale, width);
    const to = Number.isFinite(stop) ? Math.max(from, column(stop, domain.from, scale, width)) : width - 1;
    const agent = columns.agent[row] ?? 0;
    let lane = lanes.get(agent);
    if (!lane) {
      lane =
        lanes.size < most || !last
          ? { agent: columns.strings[agent] ?? '', work: new Int32Array(width + 1), frame: new Int32Array(width + 1) }
          : last;
      lanes.set(agent, lane);
      last = lane;
    }
    const sums = hasChildren(table, row) ? lane.frame : lane.work;
    sums[from] = (sums[from] ?? 0) + 1;
    sums[to + 1] = (sums[to + 1] ?? 0) - 1;
    if (columns.status[row] === ERROR) errors[to] = 1;
  }
  return {
    width,
    errors,
    lanes: [...new Set(lanes.values())].map(({ agent, work, frame }) => ({
      agent,
      work: totals(work, width),
      frame: totals(frame, width),
    })),
  };
}

function column(time: number, from: number, scale: number, width: number): number {
  return Math.min(width - 1, Math.max(0, Math.floor((time - from) * scale)));
}

function totals(differences: Int32Array, width: number): Uint32Array {
  const sums = new Uint32Array(width);
  let open = 0;
  for (let x = 0; x < width; x++) {
    open += differences[x] ?? 0;
    sums[x] = open;
  }
  return sums;
}
