import { expect, test } from 'vitest';
import { itemColumns } from '../testing/sample-comparison.ts';
import { changeOf, filterItems, namesIn, NO_FILTER } from './items.ts';

const none = Number.NaN;
const items = itemColumns(
  ['right', 'steps'],
  [
    { key: 't1', change: 'regressed', a: [1, 4], b: [0, 9], agents: ['Desk'], tools: ['search'] },
    { key: 't2', change: 'fixed', a: [0, 4], b: [1, 2], agents: ['Desk', 'Writer'], tools: ['search', 'book'] },
    { key: 't3', title: 'A refund', change: 'same', a: [1, 3], b: [1, 3], agents: ['Desk'] },
    { key: 't4', change: 'same', a: [1, 3], b: [1, 8], agents: ['Writer'], tools: ['book'] },
    { key: 't5', change: 'errored', a: [none, 3], b: [1, 3] },
    { key: 't6', change: 'only in A', a: [1, 3], b: [none, none] },
  ],
);
const less = [false, true];

function keys(filter: Partial<typeof NO_FILTER>): readonly string[] {
  return [...filterItems(items, { ...NO_FILTER, ...filter }, less).rows].map((row) => items.keys[row] ?? '');
}

test('without a filter all rows are there in the order of the engine, and counted', () => {
  const { rows, counts, all } = filterItems(items, NO_FILTER, less);
  expect([...rows]).toEqual([0, 1, 2, 3, 4, 5]);
  expect(all).toBe(6);
  expect(counts).toEqual({ fixed: 1, regressed: 1, same: 2, 'only in A': 1, 'only in B': 0, errored: 1 });
});

test('counts are of all that the other filters leave, not of the chosen change', () => {
  const { rows, counts, all } = filterItems(items, { ...NO_FILTER, change: 'fixed', agent: 'Desk' }, less);
  expect([...rows]).toEqual([1]);
  expect(all).toBe(3);
  expect(counts).toMatchObject({ fixed: 1, regressed: 1, same: 1 });
});

test('only what differs leaves rows out in which every value is the same', () => {
  expect(keys({ differing: true })).toEqual(['t1', 't2', 't4', 't5', 't6']);
  expect(keys({ differing: true, criterion: 0 })).toEqual(['t1', 't2', 't5', 't6']);
});

test('under one criterion a row has its own change, and the most regressed comes first, also where less is better', () => {
  // -5 steps, -5 steps, the same, the same, +2 steps, and no pair.
  expect(keys({ criterion: 1 })).toEqual(['t1', 't4', 't3', 't5', 't2', 't6']);
  expect(keys({ criterion: 1, change: 'regressed' })).toEqual(['t1', 't4']);
  expect(keys({ criterion: 0, change: 'errored' })).toEqual(['t5']);
  expect(changeOf(items, 4, 1, less)).toBe('same');
  expect(changeOf(items, 5, 1, less)).toBe('only in A');
});

test('agent, tool and text narrow it down together', () => {
  expect(keys({ tool: 'book' })).toEqual(['t2', 't4']);
  expect(keys({ tool: 'book', agent: 'Desk' })).toEqual(['t2']);
  expect(keys({ text: ' REFUND ' })).toEqual(['t3']);
  expect(keys({ text: 't4' })).toEqual(['t4']);
  expect(keys({ text: 'nothing like it' })).toEqual([]);
});

test('names are counted once per row, the most frequent first', () => {
  expect(namesIn([['a', 'b'], ['b', 'b'], [], ['c']])).toEqual([
    { name: 'b', count: 2 },
    { name: 'a', count: 1 },
    { name: 'c', count: 1 },
  ]);
});

test('ten thousand rows are filtered in one pass that keeps their order', () => {
  const many = itemColumns(
    ['right'],
    Array.from({ length: 10_000 }, (_, row) => ({
      key: `t${row}`,
      change: row % 2 === 0 ? ('regressed' as const) : ('same' as const),
      a: [1],
      b: [row % 2],
    })),
  );
  const { rows } = filterItems(many, { ...NO_FILTER, criterion: 0, change: 'regressed' });
  expect(rows.length).toBe(5_000);
  expect(rows[1]).toBe(2);
});
