import { expect, test } from 'vitest';
import { durationScale } from './duration-scale.ts';
import { fittingChips } from './fitting-chips.ts';
import { traceRow } from './testing/trace-row.ts';

test('as many chips as fit, and always one', () => {
  expect(fittingChips([], 200)).toBe(0);
  expect(fittingChips(['A name that is much too long for any column'], 40)).toBe(1);
  expect(fittingChips(['Planner', 'Writer', 'Editor'], 1_000)).toBe(3);
  expect(fittingChips(['Planner', 'Writer', 'Editor'], 150)).toBe(1);
  expect(fittingChips(['Planner', 'Writer'], 132)).toBe(2);
});

test('one trace of an hour does not shrink all other bars', () => {
  const rows = Array.from({ length: 100 }, (_, index) =>
    traceRow(String(index), { durationNs: index === 0 ? 3_600e9 : 10e9 }),
  );
  expect(durationScale(rows)).toBe(10e9);
  expect(durationScale([traceRow('a', { durationNs: null })])).toBe(0);
});
