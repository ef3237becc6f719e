/** The pieces of the lanes as the picture asks about them: by lane, by span, and those of the critical path. */
import type { TraceLanes } from '#shared/lanes.ts';
import { LANE_STATES } from '#shared/lanes.ts';
import type { LaneAxis } from './lane-axis.ts';

/** Pixels: of one line of a lane, and around each lane. */
export const LINE = 16;
export const LANE_PAD = 5;

export type ShownLane = {
  /** Index into the engine's lanes. */
  readonly lane: number;
  readonly agent: string;
  readonly rows: number;
  readonly top: number;
  readonly height: number;
  /** Its pieces are `first` up to, without, `last`. */
  readonly first: number;
  readonly last: number;
};

export type LaneModel = {
  readonly data: TraceLanes;
  readonly axis: LaneAxis;
  readonly shown: readonly ShownLane[];
  readonly height: number;
  /** Places on the axis. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** 1 where a piece is on the critical path, wholly or in part. */
  readonly critical: Uint8Array;
  /** In order of time: the piece that each segment of the critical path is in, with its places. */
  readonly path: readonly { readonly piece: number; readonly from: number; readonly to: number }[];
  readonly piecesOf: (spanId: string) => readonly number[];
};

const OTHER = LANE_STATES.indexOf('other');
const WAITING = LANE_STATES.indexOf('waiting');

export function laneModel(data: TraceLanes, axis: LaneAxis): LaneModel {
  const { pieces, lanes, critical } = data;
  const { count } = pieces;
  const from = pieces.from.map((ns) => axis.place(ns));
  const to = pieces.to.map((ns) => axis.place(ns));
  const firstOf = new Int32Array(lanes.length + 1);
  for (let k = 0; k < count; k++) firstOf[(pieces.lane[k] ?? 0) + 1] = k + 1;
  for (let lane = 1; lane <= lanes.length; lane++) firstOf[lane] = Math.max(firstOf[lane] ?? 0, firstOf[lane - 1] ?? 0);

  const shown: ShownLane[] = [];
  let top = 0;
  lanes.forEach(({ agent, rows }, lane) => {
    const first = firstOf[lane] ?? 0;
    const last = firstOf[lane + 1] ?? 0;
    // The frames around agents are no work of anybody.
    if (agent === '' && !pieces.state.subarray(first, last).some((state) => state !== OTHER)) return;
    const height = rows * LINE + 2 * LANE_PAD;
    shown.push({ lane, agent, rows, top, height, first, last });
    top += height;
  });

  // Pieces of each span (waiting is told by the span that is waited for: not its own), in order of time.
  const bySpan = new Map<number, number[]>();
  for (let k = 0; k < count; k++) {
    if (pieces.state[k] === WAITING && (pieces.peer[k] ?? -1) >= 0) continue;
    const span = pieces.span[k] ?? 0;
    const known = bySpan.get(span);
    if (known) known.push(k);
    else bySpan.set(span, [k]);
  }
  const onPath = new Uint8Array(count);
  const path: { piece: number; from: number; to: number }[] = [];
  const reached = new Map<number, number>();
  for (let k = 0; critical !== null && k < critical.count; k++) {
    const span = critical.span[k] ?? -1;
    const begins = critical.from[k] ?? 0;
    const ends = critical.to[k] ?? 0;
    const own = bySpan.get(span) ?? [];
    // Segments come in order of time, and so do the pieces of a span: each is passed once.
    for (let n = reached.get(span) ?? 0; n < own.length; n++) {
      const piece = own[n] ?? 0;
      const a = Math.max(begins, pieces.from[piece] ?? 0);
      const b = Math.min(ends, pieces.to[piece] ?? 0);
      if ((pieces.from[piece] ?? 0) >= ends) break;
      reached.set(span, n);
      if (b <= a) continue;
      onPath[piece] = 1;
      path.push({ piece, from: axis.place(a), to: axis.place(b) });
    }
  }
  let rowOf: Map<string, number> | null = null;
  return {
    data,
    axis,
    shown,
    height: top,
    from,
    to,
    critical: onPath,
    path,
    piecesOf(spanId) {
      rowOf ??= new Map(data.ids.map((id, row) => [id, row]));
      return bySpan.get(rowOf.get(spanId) ?? -1) ?? [];
    },
  };
}

/** The lane at a height, and the line in it; null below all of them. */
export function laneAtY({ shown }: LaneModel, y: number): { readonly lane: ShownLane; readonly row: number } | null {
  const index = indexAtY(shown, y);
  const lane = shown[index];
  if (!lane || y >= lane.top + lane.height) return null;
  return { lane, row: Math.min(lane.rows - 1, Math.max(0, Math.floor((y - lane.top - LANE_PAD) / LINE))) };
}

/** Index of the last lane that begins at `y` or above. */
export function indexAtY(shown: readonly ShownLane[], y: number): number {
  let low = 0;
  let high = shown.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((shown[middle]?.top ?? Infinity) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The piece of a lane's line under a place, within `reach` of it; -1 = none. The last one that began wins. */
export function pieceAt(model: LaneModel, lane: ShownLane, row: number, place: number, reach: number): number {
  const { pieces } = model.data;
  let best = -1;
  let distance = reach;
  for (let k = lane.first; k < lane.last; k++) {
    const from = model.from[k] ?? 0;
    if (from > place + reach) break;
    if (pieces.row[k] !== row) continue;
    const to = model.to[k] ?? 0;
    const off = place < from ? from - place : place > to ? place - to : 0;
    if (off <= distance) {
      best = k;
      distance = off;
    }
  }
  return best;
}
