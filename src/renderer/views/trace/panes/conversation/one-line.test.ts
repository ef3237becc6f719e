import { expect, test } from 'vitest';
import { compact, oneLine } from './one-line.ts';

test('a small value is written whole, without its outer braces', () => {
  expect(compact({ city: 'Oslo', days: 3, tags: ['a', null], deep: { x: true } })).toBe(
    'city: "Oslo", days: 3, tags: ["a", null], deep: { x: true }',
  );
  expect(compact([])).toBe('[]');
  expect(compact({})).toBe('');
});

test('a big, deep or many-lined value is not written at all', () => {
  expect(compact({ text: 'x'.repeat(200) })).toBeNull();
  expect(compact({ a: { b: { c: { d: 1 } } } })).toBeNull();
  expect(compact({ text: 'two\nlines' })).toBeNull();
  expect(compact(Array.from({ length: 1_000_000 }, () => 1))).toBeNull();
});

test('a line is the beginning of whatever it is of', () => {
  expect(oneLine('a\n  b\u0000')).toBe('a b␀');
  expect(oneLine({ q: 'x'.repeat(500) }).length).toBeLessThan(150);
  expect(oneLine({ a: { b: { c: { d: 1 } } } })).toBe('a: b: c: …');
  expect(oneLine({ ['__proto__']: 1 })).toBe('__proto__: 1');
});
