import { expect, test } from 'vitest';
import { asJson, beginning, looksLikeMarkdown } from './readable.ts';

test('objects and arrays in text are found, and nothing else', () => {
  expect(asJson(' {"a":1}')).toEqual({ a: 1 });
  expect(asJson('[1]\n')).toEqual([1]);
  expect(asJson('{"a":1} and more')).toBeNull();
  expect(asJson('"text"')).toBeNull();
  expect(asJson('12')).toBeNull();
  expect(asJson('[not json]')).toBeNull();
  expect(asJson('')).toBeNull();
  expect(asJson('['.repeat(100_000))).toBeNull();
});

test('a parsed __proto__ key is data and touches no prototype', () => {
  const value = asJson('{"__proto__":{"polluted":true}}');
  expect(Object.keys(value as object)).toEqual(['__proto__']);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('Markdown is told from plain text', () => {
  for (const text of [
    '# Title',
    'one\n- two',
    'a **b** c',
    'use `x`',
    '1. first',
    '| a | b |',
    'see [this](http://x)',
  ]) {
    expect(looksLikeMarkdown(text), text).toBe(true);
  }
  for (const text of ['Where is my order 4711?', 'a * b * c', 'snake_case_name and other_name', '3.5 of 4', '']) {
    expect(looksLikeMarkdown(text), text).toBe(false);
  }
});

test('looking for Markdown in hostile text is quick', () => {
  const started = performance.now();
  for (const unit of ['*', '[', '|', '`', '_ ', '**', ' ', '\n ']) looksLikeMarkdown(unit.repeat(200_000));
  expect(performance.now() - started).toBeLessThan(1500);
});

test('the beginning ends at a line, or between characters', () => {
  expect(beginning('a\nb\nc\nd', 2, 100)).toBe('a\nb');
  expect(beginning('a\nb', 5, 100)).toBe('a\nb');
  expect(beginning('x'.repeat(50), 5, 10)).toBe('x'.repeat(10));
  expect(beginning('😀😀', 5, 3)).toBe('😀');
});
