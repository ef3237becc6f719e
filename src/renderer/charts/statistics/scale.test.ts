import { expect, test } from 'vitest';
import { linearScale } from './scale.ts';

test('ends of the domain stand at the ends of the range, and ticks are round numbers', () => {
  const scale = linearScale([0, 1], [10, 110]);
  expect(scale(0)).toBe(10);
  expect(scale(0.25)).toBe(35);
  expect(scale(1)).toBe(110);
  expect(scale.ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
});

test.each([
  [
    [0, 0],
    [0, 1],
  ],
  [
    [3, 3],
    [1.5, 4.5],
  ],
  [
    [Number.NaN, 4],
    [0, 1],
  ],
  [
    [5, 1],
    [1, 5],
  ],
] as const)('a domain of %j is drawn as %j', (domain, drawn) => {
  expect(linearScale(domain, [0, 100]).domain).toEqual(drawn);
});

test('rounding ends at whole ticks, on both sides of zero', () => {
  const scale = linearScale([-0.13, 0.27], [0, 100], { round: true });
  expect(scale.domain).toEqual([-0.2, 0.30000000000000004]);
  expect(scale.ticks).toEqual([-0.2, -0.1, 0, 0.1, 0.2, 0.3]);
});

test('huge and tiny spans have as few ticks', () => {
  expect(linearScale([0, 8e12], [0, 1]).ticks).toEqual([0, 2e12, 4e12, 6e12, 8e12]);
  expect(linearScale([0, 3e-7], [0, 1]).ticks.length).toBeLessThan(8);
});
