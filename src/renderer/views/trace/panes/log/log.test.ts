import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventPage } from '#shared/event-log.ts';
import { EVENT_KINDS } from '#shared/event-log.ts';
import { makeTable } from '../../model/testing/make-table.ts';
import type { SpanTable } from '../../model/span-table.ts';
import { filterLog, NO_FILTER } from './log-filter.ts';
import { buildLog, LOG_TYPES, type LogRows, placeAt, sortedOrder } from './log-rows.ts';
import { entryLine, logTime, readEntry } from './log-words.ts';

type Given = readonly [spanId: string, at: number, kind: (typeof EVENT_KINDS)[number], name: string, text: string];

function page(entries: readonly Given[]): EventPage {
  return {
    count: entries.length,
    span: Uint32Array.from(entries, (_, k) => k),
    spanIds: entries.map(([id]) => id),
    at: Float64Array.from(entries, ([, at]) => at),
    kind: Uint8Array.from(entries, ([, , kind]) => EVENT_KINDS.indexOf(kind)),
    name: Uint32Array.from(entries, (_, k) => 2 * k),
    text: Uint32Array.from(entries, (_, k) => 2 * k + 1),
    strings: entries.flatMap(([, , , name, text]) => [name, text]),
    nextCursor: null,
    total: entries.length,
    complete: true,
  };
}

function logOf(table: SpanTable, entries: readonly Given[] = []): LogRows {
  return buildLog(table.columns, table.times(), [page(entries)], table.rowOf);
}

function said({ columns }: SpanTable, log: LogRows): string[] {
  return Array.from({ length: log.count }, (_, place) => {
    const event = log.events[log.event[place] ?? -1];
    return `${log.at[place]} ${columns.ids[log.span[place]!]} ${event ? event.name : LOG_TYPES[log.type[place]!]}`;
  });
}

const RUN = `
root 0 100 agent @Planner
  think 5 20 generation @Planner
  search 20 40 tool @Planner error
  pass 40 40 handoff @Planner
  writer 41 - agent @Writer running
    write 45 60 generation @Writer`;

describe('the log', () => {
  test('tells beginnings and ends in order of time, and a moment once', () => {
    const table = makeTable(RUN);
    expect(said(table, logOf(table))).toEqual([
      '0 root start',
      '5 think start',
      '20 think end',
      '20 search start',
      '40 search end',
      '40 pass whole',
      '41 writer start',
      '45 write start',
      '60 write end',
      '100 root end',
    ]);
  });

  test('has events where they happened, those without a time at the start of their span', () => {
    const table = makeTable(RUN);
    const log = logOf(table, [
      ['search', 30, 'event', 'retry', ''],
      ['root', NaN, 'log', 'note', ''],
      ['search', NaN, 'failure', '', 'Refused'],
      ['unknown', 3, 'event', 'lost', ''],
    ]);
    expect(said(table, log).slice(0, 6)).toEqual([
      '0 root start',
      '0 root note',
      '5 think start',
      '20 think end',
      '20 search start',
      '30 search retry',
    ]);
    const end = readEntry(log, table, log.last[2]!, undefined);
    expect(end).toMatchObject({ words: 'search failed', detail: 'Refused', failed: true, duration: 20 });
  });

  test('without any time is in the order of the tree, each span once', () => {
    const table = makeTable('a - -\n  b - -\nc - -');
    const log = logOf(table);
    expect(log.timed).toBe(false);
    expect(said(table, log)).toEqual(['0 a whole', '1 b whole', '2 c whole']);
  });

  test('is in order for any times, and holds each span', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -9, max: 30 })), { minLength: 1 }),
        (spans) => {
          const table = makeTable(
            spans.map(([start, long], k) => `${'  '.repeat(k % 3)}s${k} ${start} ${start + long}`).join('\n'),
          );
          const log = logOf(table);
          for (let place = 1; place < log.count; place++)
            expect(log.at[place]!).toBeGreaterThanOrEqual(log.at[place - 1]!);
          spans.forEach((_, row) => {
            expect(log.span[log.first[row]!]).toBe(row);
            expect(log.last[row]).toBeGreaterThanOrEqual(log.first[row]!);
          });
        },
      ),
    );
  });

  test('finds what has happened up to a moment', () => {
    const log = logOf(makeTable(RUN));
    expect([-1, 0, 20, 39, 500].map((moment) => placeAt(log, moment))).toEqual([-1, 0, 3, 3, 9]);
  });

  test('sorts any numbers as they are, equal ones in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true })), (values) => {
        const order = sortedOrder(Float64Array.from(values)) ?? values.map((_, k) => k);
        const expected = values
          .map((_, k) => k)
          .sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : a - b));
        expect([...order]).toEqual(expected);
      }),
    );
  });
});

describe('the filter', () => {
  const table = makeTable(RUN);
  const log = logOf(table, [['search', 30, 'exception', 'exception', 'Refused by host']]);
  function shown(
    filter: Partial<typeof NO_FILTER>,
    subtree: { from: number; to: number } | null = null,
  ): string[] | null {
    const places = filterLog(log, table.columns, { ...NO_FILTER, ...filter }, (id) => id === 'think', subtree);
    return places && [...places].map((place) => said(table, log)[place]!);
  }

  test('keeps a kind, an agent, a text, errors, findings, a subtree', () => {
    expect(shown({})).toBeNull();
    expect(shown({ kind: 'generation', agent: 'Writer' })).toEqual(['45 write start', '60 write end']);
    expect(shown({ kind: 'event' })).toEqual(['30 search exception']);
    expect(shown({ text: 'REFUSED' })).toEqual(['30 search exception']);
    expect(shown({ text: 'sear' })).toEqual(['20 search start', '40 search end']);
    expect(shown({ kind: 'error' })).toEqual(['20 search start', '30 search exception', '40 search end']);
    expect(shown({ kind: 'finding' })).toEqual(['5 think start', '20 think end']);
    expect(shown({}, { from: 4, to: 6 })).toEqual(['41 writer start', '45 write start', '60 write end']);
    expect(shown({ agent: 'nobody' })).toEqual([]);
  });
});

describe('the words', () => {
  test('say who did what, with what was passed', () => {
    const table = makeTable(RUN);
    const log = logOf(table);
    const words = (
      place: number,
      input: string | null = null,
      output: string | null = null,
      to: string | null = null,
    ): string => {
      const entry = readEntry(log, table, place, {
        spanId: '',
        input,
        output,
        handoff: to ? { from: null, to } : null,
      })!;
      return entry.detail ? `${entry.words}: ${entry.detail}` : entry.words;
    };
    expect(words(0)).toBe('Planner began');
    expect(words(1)).toBe('Planner asked a model');
    expect(words(2, null, 'Go to Rome')).toBe('The model answered Planner: Go to Rome');
    expect(words(3, '{"q":1}')).toBe('Planner called search: {"q":1}');
    expect(words(5, null, null, 'Writer')).toBe('Planner handed off to Writer');
    expect(words(5)).toBe('Planner handed off');
  });

  test('make hidden characters visible and stay on one line', () => {
    const table = makeTable('x\u202ey 0 5 tool');
    const log = logOf(table);
    const entry = readEntry(log, table, 0, { spanId: '', input: 'a\u0007b', output: null, handoff: null })!;
    expect(entry.words).toBe('Called x⟨U+202E⟩y');
    expect(entry.detail).toBe('a␇b');
    expect(entryLine(entry, '0.000 s')).toBe('0.000 s\t\tCalled x⟨U+202E⟩y: a␇b');
  });

  test('write times in one notation', () => {
    expect(logTime(1.5e6, 500e6)).toBe('1.5 ms');
    expect(logTime(1_204e6, 42e9)).toBe('1.204 s');
    expect(logTime(59_999.6e6, 120e9)).toBe('1:00.000');
    expect(logTime(3_723.4e9, 4_000e9)).toBe('1:02:03.400');
    expect(logTime(-5e9, 42e9)).toBe('−5.000 s');
  });
});
