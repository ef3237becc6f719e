import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '#shared/json.ts';
import { pythonLiteral } from './python-literal.ts';

test.each<[string, Json]>([
  ["{'k': [1, None, True]}", { k: [1, null, true] }],
  ['[]', []],
  ['()', []],
  ['(1,)', [1]],
  ['(1)', 1],
  ['{}', {}],
  ['{1, 2}', [1, 2]],
  ["{1: 'a', None: 2}", { '1': 'a', null: 2 }],
  [`['it\\'s', "it's", 'a' 'b']`, ["it's", "it's", 'ab']],
  ["'\\n\\x41\\u00e9\\U0001f600\\q'", '\nAé😀\\q'],
  ["b'raw\\x00'", 'raw\0'],
  ['[1e3, -0.5, nan, 12345678901234567890]', [1000, -0.5, 'nan', '12345678901234567890']],
  [" {'a': 1,\n 'b': False,} ", { a: 1, b: false }],
])('%s', (text, value) => {
  expect(pythonLiteral(text)).toEqual(value);
});

test.each([
  '',
  'hello',
  "{'a'}}",
  "{'a': }",
  "{'a' 1}",
  "['a'",
  '[1,,2]',
  '[,]',
  "{'a': 1, 2}",
  "'open",
  "'\\U99999999'",
  'datetime.datetime(2026, 1, 1)',
  '<object at 0x7f>',
  '__import__("os")',
  '1 + 1',
])('%s is not a literal', (text) => {
  expect(pythonLiteral(text)).toBeUndefined();
});

test('depth and names of prototypes do no harm', () => {
  expect(pythonLiteral('['.repeat(500_000))).toBeUndefined();
  expect(pythonLiteral('['.repeat(300) + ']'.repeat(300))).toBeUndefined();
  const value = pythonLiteral("{'__proto__': {'polluted': 1}}");
  expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":1}}');
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

/** An independent writer of `repr`, for plain data. */
function repr(value: Json): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return Object.is(value, -0) ? '-0.0' : String(value);
  if (typeof value === 'string') {
    const escaped = [...value].map((char) =>
      char === "'" || char === '\\' ? `\\${char}` : char === '\n' ? '\\n' : char,
    );
    return `'${escaped.join('')}'`;
  }
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, each]) => `${repr(key)}: ${repr(each)}`)
    .join(', ')}}`;
}

test('reads back any plain data', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      expect(pythonLiteral(repr(value as Json))).toEqual(value);
    }),
  );
});
