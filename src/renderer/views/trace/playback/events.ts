/**
 * What happens in a trace, one event after the other, as playback steps through it: each span's beginning, and each
 * failure at the end of its span. Columns again: 100,000 spans are 100,000 events.
 */
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';
import type { SpanColumns } from '#shared/trace.ts';
import { isFirstOfStay } from '../model/stays.ts';
import type { Times } from '../model/moments.ts';

export const EVENT_KINDS = ['any', 'generation', 'tool', 'handoff', 'agent', 'error', 'finding'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export type PlaybackEvents = {
  readonly count: number;
  /** Time cursors, ascending. */
  readonly at: Float64Array;
  readonly row: Int32Array;
  /** Bit set of EVENT_KINDS; the bit of `any` is always set. */
  readonly kinds: Uint8Array;
  /** 1 = the end of a span that failed, not its beginning. */
  readonly ends: Uint8Array;
};

export function bitOf(kind: EventKind): number {
  return 1 << EVENT_KINDS.indexOf(kind);
}

const ERROR = SPAN_STATUSES.indexOf('error');
const BITS = SPAN_KINDS.map((kind) =>
  kind === 'generation' || kind === 'tool' || kind === 'handoff' ? bitOf(kind) : 0,
);

/**
 * In order of time, at the same time in tree order. Linear but for the sorting.
 * @param findings rows at whose head a finding stands
 */
export function playbackEvents(columns: SpanColumns, times: Times, findings: ReadonlySet<number>): PlaybackEvents {
  const { count, kind, status } = columns;
  const firsts = isFirstOfStay(columns);
  const at: number[] = new Array<number>(count);
  const row: number[] = new Array<number>(count);
  const kinds: number[] = new Array<number>(count);
  for (let each = 0; each < count; each++) {
    const failed = status[each] === ERROR;
    const starts = times.start[each] ?? 0;
    const ends = times.timed ? (times.end[each] ?? starts) : starts;
    at[each] = starts;
    row[each] = each;
    kinds[each] =
      bitOf('any') |
      (BITS[kind[each] ?? -1] ?? 0) |
      (firsts[each] === 1 ? bitOf('agent') : 0) |
      (findings.has(each) ? bitOf('finding') : 0) |
      (failed && ends === starts ? bitOf('error') : 0);
    if (!failed || ends === starts) continue;
    at.push(ends);
    row.push(each);
    kinds.push(bitOf('any') | bitOf('error'));
  }
  const order = sorted(at, row);
  return {
    count: order.length,
    at: Float64Array.from(order, (index) => at[index] ?? 0),
    row: Int32Array.from(order, (index) => row[index] ?? 0),
    kinds: Uint8Array.from(order, (index) => kinds[index] ?? 0),
    ends: Uint8Array.from(order, (index) => (index >= count ? 1 : 0)),
  };
}

/** The last event at or before a cursor, -1 = none has happened yet. */
export function eventAt({ at, count }: PlaybackEvents, cursor: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((at[middle] ?? 0) <= cursor) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The event of a kind after (or before) another; -1 = there is none. `from` may be -1 or `count`. */
export function nextEvent({ count, kinds }: PlaybackEvents, from: number, direction: 1 | -1, kind: EventKind): number {
  const bit = bitOf(kind);
  for (let index = from + direction; index >= 0 && index < count; index += direction) {
    if (((kinds[index] ?? 0) & bit) !== 0) return index;
  }
  return -1;
}

/** Indices by time, then row: merged from the ascending runs that a tree consists of, without a call per comparison. */
function sorted(at: readonly number[], row: readonly number[]): Int32Array {
  const count = at.length;
  let from = Int32Array.from({ length: count }, (_, index) => index);
  let to = new Int32Array(count);
  for (let width = 1; width < count; width *= 2) {
    for (let low = 0; low < count; low += 2 * width) {
      const middle = Math.min(count, low + width);
      const high = Math.min(count, low + 2 * width);
      let left = low;
      let right = middle;
      for (let place = low; place < high; place++) {
        const a = from[left] ?? 0;
        const b = from[right] ?? 0;
        const timeA = at[a] ?? 0;
        const timeB = at[b] ?? 0;
        const isBefore = timeA < timeB || (timeA === timeB && (row[a] ?? 0) <= (row[b] ?? 0));
        const first = right >= high || (left < middle && isBefore);
        to[place] = first ? a : b;
        if (first) left++;
        else right++;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
