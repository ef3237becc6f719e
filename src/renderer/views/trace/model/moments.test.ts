import { describe, expect, test } from 'vitest';
import { stateAt, timesOf } from './moments.ts';
import { makeColumns } from './testing/make-table.ts';

describe('what a span is doing at the cursor', () => {
  test('is before, open and done, the start inside and the end not', () => {
    const times = timesOf(
      makeColumns(`
root 0 100
  a 10 20`),
    );
    expect(times.timed).toBe(true);
    expect([9, 10, 19, 20].map((at) => stateAt(times, 1, at))).toEqual(['before', 'open', 'open', 'done']);
    expect(stateAt(times, 1, null)).toBe('done');
  });

  test('of zero length is open at its moment only', () => {
    const times = timesOf(
      makeColumns(`
root 0 100
  a 10 10`),
    );
    expect([9, 10, 10.5].map((at) => stateAt(times, 1, at))).toEqual(['before', 'open', 'done']);
  });

  test('still running stays open, and ends with the trace as far as it is known', () => {
    const times = timesOf(
      makeColumns(`
root 0 - running
  a 10 70`),
    );
    expect(times.end[0]).toBe(70);
    expect([0, 70, 1e9].map((at) => stateAt(times, 0, at))).toEqual(['open', 'open', 'open']);
    expect(stateAt(times, 0, null)).toBe('open');
  });

  test('without an end and not running ends with what is inside it', () => {
    const times = timesOf(
      makeColumns(`
root 0 100
  a 10 -
    b 20 30
  c 50 -`),
    );
    expect([...times.end]).toEqual([100, 30, 30, 50]);
  });

  test('without a start begins with its parent, a root with the first thing inside it', () => {
    const times = timesOf(
      makeColumns(`
root 5 100
  a - 40
    b - -
other - -
  c 60 70
last - 3`),
    );
    expect([...times.start]).toEqual([5, 5, 5, 60, 60, 3]);
    expect([...times.end]).toEqual([100, 40, 5, 70, 70, 3]);
    expect(times.domain).toEqual({ start: 3, end: 100 });
  });

  test('with a clock that went backwards is a moment, and counts in the domain', () => {
    const times = timesOf(
      makeColumns(`
root 0 100
  a -30 -40
  b 90 150`),
    );
    expect(times.domain).toEqual({ start: -40, end: 150 });
    expect(times.end[1]).toBe(-30);
    expect([-31, -30, -29].map((at) => stateAt(times, 1, at))).toEqual(['before', 'open', 'done']);
  });

  test('of a trace without any time is told by steps of the tree', () => {
    const times = timesOf(
      makeColumns(`
root - -
  a - -
    b - -
  c - - running`),
    );
    expect(times).toMatchObject({ timed: false, domain: { start: 0, end: 4 } });
    const at = (cursor: number): string[] => [0, 1, 2, 3].map((row) => stateAt(times, row, cursor));
    expect(at(0)).toEqual(['open', 'before', 'before', 'before']);
    expect(at(2)).toEqual(['open', 'open', 'open', 'before']);
    expect(at(3)).toEqual(['open', 'done', 'done', 'open']);
  });

  test('of no span at all, and of a single moment, has a domain with a length', () => {
    expect(timesOf(makeColumns('')).domain).toEqual({ start: 0, end: 1 });
    expect(timesOf(makeColumns('a 7 7')).domain).toEqual({ start: 7, end: 8 });
  });

  test('is the same answer for the same columns', () => {
    const columns = makeColumns('a 0 1');
    expect(timesOf(columns)).toBe(timesOf(columns));
  });

  test('survives parents that stand after their children', () => {
    const columns = { ...makeColumns('a - -\nb 1 2'), parent: Int32Array.of(1, 0) };
    expect([...timesOf(columns).start]).toEqual([1, 1]);
  });
});
