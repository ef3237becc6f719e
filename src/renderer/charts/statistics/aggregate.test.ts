import { expect, test } from 'vitest';
import { bundleSlopes, frontier, histogram } from './aggregate.ts';

test('a histogram counts every number once, the ends too', () => {
  const { counts, n, edges } = histogram([0, 0.05, 0.1, 0.99, 1, Number.NaN], 0, 1, 10);
  expect(counts).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
  expect(n).toBe(5);
  expect(edges).toHaveLength(11);
  expect(histogram(Float32Array.of(0.3, 0.6), 0, 1, 10).counts[3]).toBe(1);
});

test('slopes that are alike are one, with how many they are; missing sides are left out', () => {
  const slopes = bundleSlopes([1, 1, 0, 0.5, Number.NaN], [0, 0, 1, 0.5, 1], 0, 1, 21);
  expect(slopes).toEqual([
    { a: 1, b: 0, count: 2 },
    { a: 0, b: 1, count: 1 },
    { a: 0.5, b: 0.5, count: 1 },
  ]);
});

test('ten thousand slopes are at most levels squared', () => {
  const a = Float32Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 1000);
  const b = Float32Array.from({ length: 10_000 }, (_, i) => (i * 104_729) % 1000);
  const slopes = bundleSlopes(a, b, 0, 999, 11);
  expect(slopes.length).toBeLessThanOrEqual(121);
  expect(slopes.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
});

test('on the frontier stands what nothing beats in both cost and quality', () => {
  const points = [
    { cost: 2, quality: 0.7 },
    { cost: 1, quality: 0.5 },
    { cost: 3, quality: 0.6 },
    { cost: 1, quality: 0.4 },
    { cost: 4, quality: 0.9 },
    { cost: 2, quality: 0.7 },
  ];
  expect(frontier(points)).toEqual([1, 0, 4]);
  expect(frontier([])).toEqual([]);
});
