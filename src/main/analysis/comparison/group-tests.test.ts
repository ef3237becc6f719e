import { expect, test } from 'vitest';
import { HOW } from '../../../../test/support/run-scores.ts';
import { bootstrapGroups, permuteLabels, type TwoGroups } from './group-resampling.ts';
import { newcombe } from './group-tests.ts';

/** Newcombe 1998, table II, method 10: intervals of p1 - p2. */
test.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [0, 10, 0, 20, -0.1611, 0.2775],
  [0, 10, 0, 10, -0.2775, 0.2775],
  [10, 10, 0, 20, 0.6791, 1],
  [10, 10, 0, 10, 0.6075, 1],
])('%i of %i against %i of %i', (one, ofOne, other, ofOther, low, high) => {
  const found = newcombe(other, ofOther, one, ofOne);
  expect(found.low).toBeCloseTo(low, 4);
  expect(found.high).toBeCloseTo(high, 4);
});

function groups(a: readonly number[], b: readonly number[]): TwoGroups {
  return { a: Float64Array.from(a), b: Float64Array.from(b) };
}

test('labels: close to all the ways to share them out, counted', async () => {
  const values = [1, 2, 4, 4, 7, 9, 10, 12];
  const found = 9.5 - 2.75;
  let [extreme, ways] = [0, 0];
  for (let mask = 0; mask < 256; mask++) {
    const b = values.filter((_, at) => (mask >> at) & 1);
    if (b.length !== 4) continue;
    ways++;
    const sum = b.reduce((total, value) => total + value, 0);
    if (Math.abs(sum / 4 - (49 - sum) / 4) >= found - 1e-9) extreme++;
  }
  const how = { ...HOW, resamples: 40_000 };
  const [p] = await permuteLabels([groups([1, 2, 4, 4], [7, 9, 10, 12])], how);
  expect(Math.abs((p ?? NaN) - extreme / ways)).toBeLessThan(0.004);
  const [uneven] = await permuteLabels([groups([1, 2, 4, 4, 7, 9, 10], [12])], how);
  expect(Math.abs((uneven ?? NaN) - 1 / 8)).toBeLessThan(0.01);
});

test('columns that share the draws say what each says alone; the groups are drawn apart', async () => {
  const [one, other] = [groups([1, 5, 2, 8, 3], [4, 9, 1]), groups([0.5, 0.1, 0.9, 0.2, 0.2], [0.8, 0.7, 0.1])];
  expect(await permuteLabels([one, other], HOW)).toEqual([
    ...(await permuteLabels([one], HOW)),
    ...(await permuteLabels([other], HOW)),
  ]);
  const ranges = await bootstrapGroups([one, other], HOW);
  expect(ranges).toEqual([...(await bootstrapGroups([one], HOW)), ...(await bootstrapGroups([other], HOW))]);
  // With the same draws for both, equal groups would always have the same mean.
  const [same] = await bootstrapGroups([groups([1, 5, 2, 8, 3], [1, 5, 2, 8, 3])], HOW);
  expect(same?.low).toBeLessThan(0);
  expect(same?.high).toBeGreaterThan(0);
});
