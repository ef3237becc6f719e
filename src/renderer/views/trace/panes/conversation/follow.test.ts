import { expect, test } from 'vitest';
import { lastBegun } from './follow.ts';

test('the last entry that has begun', () => {
  const entries = ['a', 'b', 'c', 'd'].map((spanId) => ({ spanId }));
  const at = (begun: string): number => lastBegun(entries, (id) => !begun.includes(id));
  expect([at(''), at('a'), at('ab'), at('abcd')]).toEqual([-1, 0, 1, 3]);
  expect(lastBegun([], () => true)).toBe(-1);
});
