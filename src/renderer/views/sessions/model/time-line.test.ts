import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layTimeLine, marksOf, placeOf } from './time-line.ts';

const S = 1e9;

test('a long pause is folded to a strip, a short one is not; unfolded, time is true to scale', () => {
  const traces = [
    { start: 0, end: 4 * S },
    { start: 4.2 * S, end: 5 * S },
    { start: 3_000 * S, end: 3_005 * S },
  ];
  const folded = layTimeLine(traces, 1_000, true);
  expect(folded.stretches.map(({ from, to, folded: is }) => [from / S, to / S, is])).toEqual([
    [0, 5, false],
    [5, 3_000, true],
    [3_000, 3_005, false],
  ]);
  expect(folded.stretches.map(({ left, right }) => right - left)).toEqual([477, 46, 477]);
  expect(placeOf(folded, 3_000 * S)).toBeCloseTo(523);
  expect(placeOf(folded, 3_005 * S)).toBeCloseTo(1_000);
  const plain = layTimeLine(traces, 1_000, false);
  expect(plain.stretches).toHaveLength(1);
  expect(placeOf(plain, 3_000 * S)).toBeCloseTo(998.3, 0);
});

test('times of no duration and no traces at all have a place', () => {
  expect(layTimeLine([], 500, true)).toEqual({ stretches: [], width: 500 });
  expect(placeOf(layTimeLine([], 500, true), 7)).toBe(0);
  const instants = layTimeLine(
    [
      { start: 0, end: 0 },
      { start: 900 * S, end: 900 * S },
    ],
    400,
    true,
  );
  expect(placeOf(instants, 900 * S)).toBeGreaterThan(200);
});

test('any traces lie inside, in their order, folded or not', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(1e6), fc.nat(1e4)), { minLength: 1, maxLength: 40 }),
      fc.boolean(),
      fc.integer({ min: 50, max: 3_000 }),
      (pairs, fold, width) => {
        const traces = pairs
          .map(([start, length]) => ({ start: start * 1e6, end: (start + length) * 1e6 }))
          .sort((a, b) => a.start - b.start);
        const line = layTimeLine(traces, width, fold);
        let before = -1;
        for (const { start, end } of traces) {
          const left = placeOf(line, start);
          expect(left).toBeGreaterThanOrEqual(before);
          expect(placeOf(line, end)).toBeGreaterThanOrEqual(left);
          expect(placeOf(line, end)).toBeLessThanOrEqual(width + 1e-6);
          before = left;
        }
        const marks = marksOf(line, 1_760_000_000_000);
        for (let index = 1; index < marks.length; index++)
          expect(marks[index]!.left - marks[index - 1]!.left).toBeGreaterThanOrEqual(84);
      },
    ),
  );
});

test('marks are round clock times, as exact as the step, and name the beginning after a fold', () => {
  const start = new Date(2026, 2, 12, 14, 0, 0).getTime();
  const line = layTimeLine([{ start: 0, end: 60 * S }], 900, true);
  expect(marksOf(line, start).map(({ label }) => label)).toEqual([
    '14:00:00',
    '14:00:10',
    '14:00:20',
    '14:00:30',
    '14:00:40',
    '14:00:50',
  ]);
  const folded = layTimeLine(
    [
      { start: 0, end: 2 * S },
      { start: 3_600 * S, end: 3_601 * S },
    ],
    420,
    true,
  );
  const labels = marksOf(folded, start).map(({ label }) => label);
  expect(labels[0]).toMatch(/^14:00:00/);
  expect(labels.at(-1)).toMatch(/^15:00:00/);
});
