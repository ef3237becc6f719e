import { expect, test } from 'vitest';
import { comparison, criterion, itemColumns, runRow, side } from '../testing/sample-comparison.ts';
import { chartRuns, columnsOf, costPoints, criteriaNames, intervalGroups } from './charts.ts';

const range = { low: 0.46, high: 0.7 };
const three = {
  ...comparison([criterion('right', { a: side(0.58, { range }) })]),
  others: [
    ...comparison([criterion('right', { a: side(0.58, { range }) })]).others,
    ...comparison([criterion('right', { b: side(0.4) }), criterion('steps', { measure: 'mean score' })], {
      run: runRow('c', { name: 'third', cost: null }),
    }).others,
  ],
};

test('runs are lettered in the order in which they are compared', () => {
  expect(chartRuns(three).map(({ letter, name }) => `${letter} ${name}`)).toEqual(['A before', 'B after', 'C third']);
  expect(criteriaNames(three)).toEqual(['right', 'steps']);
});

test('each criterion has a bar for each run, an empty one where the run does not have it', () => {
  const [right, steps] = intervalGroups(three);
  expect(right).toMatchObject({ rate: true, bars: [{ value: 0.58, range, n: 50 }, { value: 0.7 }, { value: 0.4 }] });
  expect(steps).toMatchObject({
    rate: false,
    bars: [{ value: 0.58 }, { value: null, range: null, n: 0 }, { value: 0.7 }],
  });
});

test('columns are of one criterion, by its name', () => {
  const items = itemColumns(
    ['right', 'steps'],
    [
      { key: 't1', change: 'same', a: [1, 4], b: [0, 9] },
      { key: 't2', change: 'same', a: [0, 5], b: [1, 2] },
    ],
  );
  expect([...(columnsOf(items, 'steps')?.a ?? [])]).toEqual([4, 5]);
  expect([...(columnsOf(items, 'steps')?.b ?? [])]).toEqual([9, 2]);
  expect(columnsOf(items, 'other')).toBeNull();
});

test('a run costs what one of its traces costs; its interval is that of the paired difference', () => {
  const points = costPoints(three, 'right', 'cost');
  // The third has no cost.
  expect(points.map(({ run }) => run.letter)).toEqual(['A', 'B']);
  expect(points[0]).toMatchObject({ cost: 1.5 / 50, costRange: null, quality: 0.58, qualityRange: range });
  // 1.7 - 0.2 + 0.1 … 1.7 - 0.2 + 0.3, in measures of the mean of 0.03.
  expect(points[1]?.costRange?.low).toBeCloseTo((0.03 * 1.6) / 1.7, 12);
  expect(points[1]?.costRange?.high).toBeCloseTo((0.03 * 1.8) / 1.7, 12);
  expect(costPoints(three, 'right', 'time')).toHaveLength(3);
  expect(costPoints(three, 'no such criterion', 'cost')).toEqual([]);
});
