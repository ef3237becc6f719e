import { expect, test } from 'vitest';
import { figuresOf } from './figures.ts';

function rows(tasks: readonly string[], passed: (at: number) => boolean) {
  return tasks.map((task, at) => ({
    task,
    results: [{ status: 'graded' as const, passed: passed(at), score: passed(at) ? 1 : 0 }],
  }));
}
const criteria = [{ name: 'solved' }];
const TRIALS = ['a', 'a', 'b', 'b', 'c', 'c'];

test('single trials have the interval of Wilson', () => {
  const [solved] = figuresOf(
    { criteria },
    rows(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'], (at) => at < 8),
  );
  // Wilson 1927 at 8 of 10.
  expect(solved).toMatchObject({ value: 0.8, n: 10, tasks: 10 });
  expect(solved?.range?.low).toBeCloseTo(0.490162, 6);
  expect(solved?.range?.high).toBeCloseTo(0.943318, 6);
});

test('trials that agree within their task say less than as many tasks', () => {
  const [solved] = figuresOf(
    { criteria },
    rows(TRIALS, (at) => at < 4),
  );
  const [alone] = figuresOf(
    { criteria },
    rows(['a', 'b', 'c', 'd', 'e', 'f'], (at) => at < 4),
  );
  const width = (range: typeof solved): number => (range?.range?.high ?? NaN) - (range?.range?.low ?? NaN);
  expect(solved).toMatchObject({ n: 6, tasks: 3 });
  expect(width(solved)).toBeGreaterThan(width(alone));
});

test('trials that all failed are not certain to fail', () => {
  const [solved] = figuresOf(
    { criteria },
    rows(TRIALS, () => false),
  );
  expect(solved?.value).toBe(0);
  expect(solved?.range?.low).toBe(0);
  expect(solved?.range?.high).toBeGreaterThan(0.3);
});
