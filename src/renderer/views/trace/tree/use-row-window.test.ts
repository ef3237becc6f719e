import { expect, test } from 'vitest';
import { ROW_HEIGHT, rowWindow, scrollToReveal } from './use-row-window.ts';

test('the window covers the viewport and stays small, wherever it is', () => {
  const height = 700;
  for (const count of [1, 5, 40, 1000, 100_000]) {
    const most = Math.max(0, count * ROW_HEIGHT - height);
    for (const at of [0, 1, 0.37, 0.5, 0.999].map((share) => Math.floor(most * share)).concat(most)) {
      const { first, last, slots } = rowWindow(at, height, count);
      expect(first).toBeLessThanOrEqual(Math.floor(at / ROW_HEIGHT));
      expect(last).toBeGreaterThanOrEqual(Math.min(count, Math.ceil((at + height) / ROW_HEIGHT)));
      expect(last).toBeLessThanOrEqual(count);
      expect(last - first).toBeLessThanOrEqual(slots);
      expect(slots).toBeLessThan(60);
    }
  }
});

test('scrolling within a step asks for the same rows', () => {
  expect(rowWindow(800 * ROW_HEIGHT, 600, 5000)).toEqual(rowWindow(803 * ROW_HEIGHT, 600, 5000));
});

test('no rows, and a scroll position beyond the end', () => {
  expect(rowWindow(0, 700, 0)).toMatchObject({ first: 0, last: 0 });
  const { first, last } = rowWindow(1_000_000, 700, 10);
  expect(first).toBeGreaterThanOrEqual(0);
  expect(last).toBe(10);
});

test('revealing goes the short way to a near row and centres a far one', () => {
  expect(scrollToReveal(5, 0, 520)).toBeNull();
  expect(scrollToReveal(20, 0, 520)).toBe(ROW_HEIGHT);
  expect(scrollToReveal(9, 260, 520)).toBe(234);
  expect(scrollToReveal(1000, 0, 520)).toBe(1000 * ROW_HEIGHT - (520 - ROW_HEIGHT) / 2);
  expect(scrollToReveal(0, 5200, 520)).toBe(0);
});
