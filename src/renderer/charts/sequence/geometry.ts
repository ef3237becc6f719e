/** Where rows and life lines of a sequence stand, in pixels. */
import type { Sequence } from '#shared/sequence.ts';
import type { SequenceRows } from '#shared/sequence-rows.ts';

export type Axis = 'step' | 'time';

export const ROW = 30;
export const GUTTER = 64;
const COLUMN_LEAST = 112;
const COLUMN_MOST = 220;
/** Longer waits are cut to this on the time axis, and say how long they are. */
const GAP_MOST = 110;

/** Row → top of its slot, and the bottom of the last one. A message stands at the bottom of its slot. */
export function rowTops({ time }: Sequence, { message }: SequenceRows, axis: Axis): Float64Array {
  const tops = new Float64Array(message.length + 1);
  const waits = axis === 'time' ? waitsBefore(time, message) : null;
  const total = waits?.reduce((sum, wait) => sum + wait, 0) ?? 0;
  const scale = total > 0 ? (message.length * ROW) / total : 0;
  for (let row = 0; row < message.length; row++) {
    tops[row + 1] = (tops[row] ?? 0) + ROW + Math.min(GAP_MOST, (waits?.[row] ?? 0) * scale);
  }
  return tops;
}

/** Nanoseconds between a row and the one before; 0 where a time is not known. */
function waitsBefore(time: Float64Array, message: Int32Array): Float64Array {
  const waits = new Float64Array(message.length);
  for (let row = 1; row < message.length; row++) {
    const wait = (time[message[row] ?? 0] ?? NaN) - (time[message[row - 1] ?? 0] ?? NaN);
    waits[row] = wait > 0 ? wait : 0;
  }
  return waits;
}

/** The row whose slot holds a height; the first or last one beyond them. */
export function rowAt(tops: Float64Array, height: number): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function columnWidth(participants: number, width: number): number {
  const room = (width - GUTTER - 16) / Math.max(1, participants);
  return Math.floor(Math.max(COLUMN_LEAST, Math.min(COLUMN_MOST, room)));
}

export function lifeLine(participant: number, column: number): number {
  return GUTTER + participant * column + column / 2;
}

/** The life lines that one turn of a repeat touches. */
export function reachOf({ from, to, folds, first }: Sequence, fold: number): { low: number; high: number } {
  const start = (folds.start[fold] ?? 0) - first;
  // A block of more says nothing new.
  const end = Math.min(start + (folds.period[fold] ?? 1), start + 2_000, from.length);
  let low = Infinity;
  let high = 0;
  for (let k = Math.max(0, start); k < end; k++) {
    low = Math.min(low, from[k] ?? 0, to[k] ?? 0);
    high = Math.max(high, from[k] ?? 0, to[k] ?? 0);
  }
  return { low: Number.isFinite(low) ? low : 0, high };
}
