import { expect, test } from 'vitest';
import { makeTable } from './testing/make-table.ts';
import { overview } from './overview.ts';

test('a lane per agent, work apart from the spans around it', () => {
  const table = makeTable(`
root 0 100
  one 0 50 @A
    gen 10 20 @A generation
    gen2 30 40 @A generation error
  two 50 100 @B
    tool 60 70 @B tool
`);
  const { lanes, errors } = overview(table, 10, 8);
  expect(lanes.map((lane) => lane.agent)).toEqual(['', 'A', 'B']);
  expect([...lanes[1]!.work]).toEqual([0, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
  expect([...lanes[1]!.frame]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
  expect([...lanes[2]!.work]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 0, 0]);
  expect([...errors]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
});

test('more agents than lanes share the last; unknown times and open spans', () => {
  const table = makeTable(`
a 0 - @A running
b 5 10 @B
c 5 10 @C
d - - @D
`);
  const { lanes } = overview(table, 4, 2);
  expect(lanes.length).toBe(2);
  expect([...lanes[0]!.work]).toEqual([1, 1, 1, 1]);
  expect([...lanes[1]!.work]).toEqual([0, 0, 2, 2]);
});

test('a trace without times has no lanes', () => {
  expect(overview(makeTable('a - -\nb - -'), 10, 8).lanes).toEqual([]);
});
