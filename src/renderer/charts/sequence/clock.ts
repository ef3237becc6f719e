/** When the messages of a sequence happen, as the time cursor counts. */
import type { Sequence } from '#shared/sequence.ts';
import { SEQUENCE_KINDS } from '#shared/sequence.ts';
import type { SequenceRows } from '#shared/sequence-rows.ts';

/** Rows of spans in the tree, for a trace in which nothing has a time. */
export type Steps = { readonly start: (spanId: string) => number; readonly end: (spanId: string) => number };

const BACK = ['tool_result', 'return'].map((kind) => SEQUENCE_KINDS.findIndex((one) => one === kind));

/**
 * By position, ascending. What has no time among others that have one happens with what stands before it.
 * @param steps null = times count
 */
export function messageClock({ count, time, kind, span, spanIds }: Sequence, steps: Steps | null): Float64Array {
  const clock = new Float64Array(count);
  let latest = -Infinity;
  for (let k = 0; k < count; k++) {
    const id = spanIds[span[k] ?? -1] ?? '';
    // An answer comes after the last step inside its span.
    const at = steps === null ? (time[k] ?? NaN) : BACK.includes(kind[k] ?? -1) ? steps.end(id) - 0.5 : steps.start(id);
    if (at > latest) latest = at;
    clock[k] = latest;
  }
  return clock;
}

/** The last row that has happened at a cursor, -1 = none yet. */
export function rowAtCursor(clock: Float64Array, { message }: SequenceRows, cursor: number): number {
  let low = 0;
  let high = message.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((clock[message[middle] ?? 0] ?? Infinity) <= cursor) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
