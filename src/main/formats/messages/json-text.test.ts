import { expect, test } from 'vitest';
import { isDeeperThan, readJsonContainer, readJsonText } from './json-text.ts';

test('JSON values are read, other text is not', () => {
  expect(readJsonText(' {"a":[1,null]} ')).toEqual({ a: [1, null] });
  expect(readJsonText('"x"')).toBe('x');
  expect(readJsonText(' -1.5e3\n')).toBe(-1500);
  expect(readJsonText('null')).toBeNull();
  for (const text of [
    '',
    ' ',
    'hello',
    '{',
    '{"a":1',
    "{'a': 1}",
    '[1,]',
    '{}}',
    'nul',
    '1 2',
    '"',
    '[object Object]',
  ]) {
    expect(readJsonText(text)).toBeUndefined();
  }
});

test('only objects and lists are containers', () => {
  expect(readJsonContainer('[3]')).toEqual([3]);
  for (const text of ['3', '"x"', 'null', 'true']) expect(readJsonContainer(text)).toBeUndefined();
});

test('whole numbers beyond a double keep their digits', () => {
  expect(readJsonText('{"id":12345678901234567890,"n":1,"f":0.30000000000000004,"g":1234567890123456.5}')).toEqual({
    id: '12345678901234567890',
    n: 1,
    f: 0.30000000000000004,
    g: 1234567890123456.5,
  });
});

test('depth is bounded', () => {
  const nest = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  expect(readJsonText(nest(200))).toBeDefined();
  expect(readJsonText(nest(201))).toBeUndefined();
  expect(readJsonText(nest(1_000_000))).toBeUndefined();
  expect(isDeeperThan({ a: [{}] }, 2)).toBe(true);
  expect(isDeeperThan({ a: [{}] }, 3)).toBe(false);
});
