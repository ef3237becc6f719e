import { expect, test } from 'vitest';
import { makeTable } from './testing/make-table.ts';
import { errorsBelow } from './span-table.ts';
import { firstChild, nextError, nextSibling, parentOf } from './walk.ts';

const table = makeTable(`
a
  b 0 1 error
    c
    d 0 1 error
  e
    f 0 1 error
  g
h
`);
const at = (name: string): number => table.rowOf(name);
const name = (row: number): string | undefined => table.columns.ids[row];

test('next and previous error go round in tree order', () => {
  expect(name(nextError(table, -1, 1))).toBe('b');
  expect(name(nextError(table, at('b'), 1))).toBe('d');
  expect(name(nextError(table, at('e'), 1))).toBe('f');
  expect(name(nextError(table, at('f'), 1))).toBe('b');
  expect(name(nextError(table, at('h'), 1))).toBe('b');
  expect(name(nextError(table, -1, -1))).toBe('f');
  expect(name(nextError(table, at('b'), -1))).toBe('f');
  expect(name(nextError(table, at('e'), -1))).toBe('d');
  expect(nextError(makeTable('a\n  b'), 0, 1)).toBe(-1);
});

test('errors below a row are counted without the row itself', () => {
  expect(errorsBelow(table, at('a'))).toBe(3);
  expect(errorsBelow(table, at('b'))).toBe(1);
  expect(errorsBelow(table, at('d'))).toBe(0);
  expect(errorsBelow(table, at('h'))).toBe(0);
});

test('siblings, also of roots and across subtrees', () => {
  expect(name(nextSibling(table, at('b'), 1))).toBe('e');
  expect(name(nextSibling(table, at('e'), 1))).toBe('g');
  expect(nextSibling(table, at('g'), 1)).toBe(-1);
  expect(name(nextSibling(table, at('g'), -1))).toBe('e');
  expect(name(nextSibling(table, at('e'), -1))).toBe('b');
  expect(nextSibling(table, at('b'), -1)).toBe(-1);
  expect(name(nextSibling(table, at('a'), 1))).toBe('h');
  expect(name(nextSibling(table, at('h'), -1))).toBe('a');
  expect(nextSibling(table, at('a'), -1)).toBe(-1);
});

test('parent and first child', () => {
  expect(name(parentOf(table, at('f')))).toBe('e');
  expect(parentOf(table, at('a'))).toBe(-1);
  expect(name(firstChild(table, at('b')))).toBe('c');
  expect(firstChild(table, at('c'))).toBe(-1);
});
