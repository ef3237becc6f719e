import { expect, test } from 'vitest';
import { formatBytes, formatCompact, formatCost, formatRelative, nsTextToMs } from './format.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1k'],
  [12_400, '12.4k'],
  [88_000, '88k'],
  [999_499, '999k'],
  [999_999, '1M'],
  [1_250_000, '1.3M'],
])('%d is %s', (value, text) => {
  expect(formatCompact(value)).toBe(text);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_500, '1.5 kB'],
  [212_000_000, '212 MB'],
  [999_999_999, '1 GB'],
])('%d bytes are %s', (value, text) => {
  expect(formatBytes(value)).toBe(text);
});

test.each([
  [null, '–'],
  [0, '$0'],
  [0.00001, '<$0.0001'],
  [0.0012, '$0.0012'],
  [0.08, '$0.080'],
  [0.25, '$0.25'],
  [12.4, '$12.40'],
])('%d USD is %s', (value, text) => {
  expect(formatCost(value)).toBe(text);
});

test('relative times', () => {
  const now = new Date(2026, 10, 20, 15, 30).getTime();
  const at = (...parts: [number, number, number, number, number]) => formatRelative(new Date(...parts).getTime(), now);
  expect(formatRelative(now - 2_000, now)).toBe('just now');
  expect(formatRelative(now + 30_000, now)).toBe('just now');
  expect(formatRelative(now - 4 * 60_000, now)).toBe('4 min ago');
  expect(at(2026, 10, 20, 12, 0)).toBe('3 h ago');
  expect(at(2026, 10, 20, 1, 5)).toBe('today 01:05');
  expect(at(2026, 10, 19, 14, 2)).toBe('yesterday 14:02');
  expect(at(2026, 2, 12, 14, 2)).toBe('12 Mar 14:02');
  expect(at(2024, 2, 12, 14, 2)).toBe('12 Mar 2024');
});

test('times beyond all dates are unknown, not a crash', () => {
  expect(nsTextToMs('1760000000123456789')).toBe(1_760_000_000_123);
  expect(nsTextToMs('9'.repeat(40))).toBeNull();
  expect(nsTextToMs('soon')).toBeNull();
  expect(nsTextToMs(null)).toBeNull();
});
