/**
 * Everything that happened in a trace, one entry after the other: spans that begin and end, and their events. Built as
 * columns in linear time (a radix sort), so that 200,000 entries cost the page no frame.
 */
import type { EventPage } from '#shared/event-log.ts';
import { EVENT_KINDS } from '#shared/event-log.ts';
import type { SpanColumns } from '#shared/trace.ts';
import type { Times } from '../../model/moments.ts';

/** `whole` = a span that begins and ends in one moment, or of which no end is known. */
export const LOG_TYPES = ['start', 'end', 'whole', 'event'] as const;
export type LogType = (typeof LOG_TYPES)[number];

export type LogRows = {
  readonly count: number;
  /** False: in the order of the tree, `at` are steps. */
  readonly timed: boolean;
  /** Ascending; nanoseconds after the trace's start. */
  readonly at: Float64Array;
  /** Row of the span. */
  readonly span: Int32Array;
  /** Index into LOG_TYPES. */
  readonly type: Uint8Array;
  /** Index into `events`, -1 for entries of the span itself. */
  readonly event: Int32Array;
  readonly events: readonly LogEvent[];
  /** Place of each span's first entry and of its end; the same where it has no end of its own. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** Why spans failed, by row. */
  readonly failures: ReadonlyMap<number, string>;
};

export type LogEvent = {
  readonly row: number;
  /** NaN = not said: it stands at its span's start. */
  readonly at: number;
  readonly kind: 'event' | 'exception' | 'log';
  readonly name: string;
  readonly text: string;
};

const START = LOG_TYPES.indexOf('start');
const END = LOG_TYPES.indexOf('end');
const WHOLE = LOG_TYPES.indexOf('whole');
const EVENT = LOG_TYPES.indexOf('event');
const NO_EVENTS: readonly number[] = [];

/** Entries between two pauses: a few milliseconds of work. */
const SLICE = 0x3fff;

/** All at once, for small traces. */
export function buildLog(...given: Parameters<typeof logInSteps>): LogRows {
  const steps = logInSteps(...given);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same with pauses, so that whoever runs it can leave the page its frames. */
export function* logInSteps(
  columns: SpanColumns,
  times: Times,
  pages: readonly EventPage[],
  rowOf: (spanId: string) => number,
): Generator<void, LogRows, void> {
  const { events, failures, byRow } = readPages(pages, rowOf);
  const { count, subtreeEnd } = columns;
  const most = count * 2 + events.length;
  const at = new Float64Array(most);
  const span = new Int32Array(most);
  const type = new Uint8Array(most);
  const event = new Int32Array(most).fill(-1);
  let length = 0;
  function add(row: number, kind: number, time: number, index: number): void {
    at[length] = time;
    span[length] = row;
    type[length] = kind;
    event[length] = index;
    length++;
  }

  // First as the tree is walked: what happens at the same moment stays in this order, cause before effect.
  const open = new Int32Array(count);
  let depth = 0;
  function close(row: number): void {
    add(row, END, times.end[row] ?? 0, -1);
  }
  for (let row = 0; row < count; row++) {
    if ((row & SLICE) === SLICE) yield;
    while (depth > 0 && (subtreeEnd[open[depth - 1] ?? 0] ?? 0) <= row) close(open[--depth] ?? 0);
    const begins = times.start[row] ?? 0;
    const ends = times.timed && Number.isFinite(columns.end[row] ?? NaN) && (times.end[row] ?? begins) > begins;
    add(row, ends ? START : times.running[row] === 1 ? START : WHOLE, begins, -1);
    for (const index of byRow.get(row) ?? NO_EVENTS) {
      const said = events[index]?.at ?? NaN;
      add(row, EVENT, times.timed && Number.isFinite(said) ? said : begins, index);
    }
    if (ends) open[depth++] = row;
  }
  while (depth > 0) close(open[--depth] ?? 0);

  yield;
  const order = times.timed ? yield* orderInSteps(at.subarray(0, length)) : null;
  const rows = {
    at: at.slice(0, length),
    span: span.slice(0, length),
    type: type.slice(0, length),
    event: event.slice(0, length),
  };
  for (let place = 0; order !== null && place < length; place++) {
    if ((place & SLICE) === SLICE) yield;
    const from = order[place] ?? 0;
    rows.at[place] = at[from] ?? 0;
    rows.span[place] = span[from] ?? 0;
    rows.type[place] = type[from] ?? 0;
    rows.event[place] = event[from] ?? -1;
  }
  const first = new Int32Array(count).fill(-1);
  const last = new Int32Array(count).fill(-1);
  for (let place = 0; place < length; place++) {
    if ((place & SLICE) === SLICE) yield;
    if (rows.type[place] === EVENT) continue;
    const row = rows.span[place] ?? 0;
    if (rows.type[place] !== END) first[row] = place;
    last[row] = place;
  }
  return { count: length, timed: times.timed, ...rows, events, first, last, failures };
}

function readPages(pages: readonly EventPage[], rowOf: (spanId: string) => number) {
  const events: LogEvent[] = [];
  const failures = new Map<number, string>();
  const byRow = new Map<number, number[]>();
  for (const page of pages) {
    const rows = page.spanIds.map(rowOf);
    for (let k = 0; k < page.count; k++) {
      const row = rows[page.span[k] ?? 0] ?? -1;
      // Of a span that came after the trace was opened.
      if (row < 0) continue;
      const kind = EVENT_KINDS[page.kind[k] ?? 0] ?? 'event';
      const text = page.strings[page.text[k] ?? 0] ?? '';
      if (kind === 'failure') {
        failures.set(row, text);
        continue;
      }
      const index =
        events.push({ row, at: page.at[k] ?? NaN, kind, name: page.strings[page.name[k] ?? 0] ?? '', text }) - 1;
      const known = byRow.get(row);
      if (known) known.push(index);
      else byRow.set(row, [index]);
    }
  }
  return { events, failures, byRow };
}

/** Indices in ascending order of their values, equal ones as they were; null when they are in order already. */
export function sortedOrder(values: Float64Array): Uint32Array | null {
  const steps = orderInSteps(values);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

function* orderInSteps(values: Float64Array): Generator<void, Uint32Array | null, void> {
  const { length } = values;
  let sorted = true;
  for (let k = 1; k < length && sorted; k++) sorted = (values[k - 1] ?? 0) <= (values[k] ?? 0);
  if (sorted) return null;
  // Bits of a double are in its order once the sign is turned; −0 is made 0, with which it is equal.
  const copy = values.slice();
  for (let k = 0; k < length; k++) if (copy[k] === 0) copy[k] = 0;
  const words = new Uint32Array(copy.buffer);
  for (let k = 0; k < length; k++) {
    const high = words[2 * k + 1] ?? 0;
    if (high >>> 31 === 1) {
      words[2 * k] = ~(words[2 * k] ?? 0);
      words[2 * k + 1] = ~high;
    } else words[2 * k + 1] = high | 0x80000000;
  }
  let from = new Uint32Array(length);
  for (let k = 0; k < length; k++) from[k] = k;
  let to = new Uint32Array(length);
  const counts = new Uint32Array(0x10000);
  for (let digit = 0; digit < 4; digit++) {
    yield;
    const word = digit >> 1;
    const shift = (digit & 1) * 16;
    counts.fill(0);
    for (let k = 0; k < length; k++) {
      const bits = ((words[2 * k + word] ?? 0) >>> shift) & 0xffff;
      counts[bits] = (counts[bits] ?? 0) + 1;
    }
    let sum = 0;
    for (let bits = 0; bits < 0x10000; bits++) {
      const here = counts[bits] ?? 0;
      counts[bits] = sum;
      sum += here;
    }
    yield;
    for (let k = 0; k < length; k++) {
      const index = from[k] ?? 0;
      const bits = ((words[2 * index + word] ?? 0) >>> shift) & 0xffff;
      const place = counts[bits] ?? 0;
      to[place] = index;
      counts[bits] = place + 1;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Place of the last entry that is not after a moment; -1 = all are. */
export function placeAt({ at, count }: LogRows, moment: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((at[middle] ?? 0) <= moment) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
