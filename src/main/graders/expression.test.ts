import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseFormula } from './expression.ts';

const vectors = JSON.parse(readFileSync('test/fixtures/vectors/multi_expression.json', 'utf8')) as {
  readonly variables: Record<string, number>;
  readonly ok: readonly { readonly expr: string; readonly expected: number }[];
  readonly errors: readonly { readonly expr: string; readonly error: string }[];
};

function run(source: string): number | string {
  const formula = parseFormula(source);
  if (!formula.ok) return formula.error.flag;
  const value = formula.value.evaluate(new Map(Object.entries(vectors.variables)));
  return value.ok ? value.value : value.error.flag;
}

test.each(vectors.ok)('$expr', ({ expr, expected }) => {
  expect(run(expr)).toBeCloseTo(expected, 12);
});

test.each(vectors.errors)('$expr: $error', ({ expr, error }) => {
  expect(run(expr)).toBe(error);
});

test('says where it broke', () => {
  const formula = parseFormula('0.5 * a ! b');
  expect(formula).toMatchObject({
    ok: false,
    error: { at: 8, message: expect.stringContaining('character 9') as string },
  });
});

test('hostile ones end: depth, length, chains', () => {
  for (const source of [
    '('.repeat(9_000),
    '-'.repeat(9_000),
    '2^'.repeat(4_000) + '1',
    'a'.repeat(20_000),
    '1.2.3',
    '1e',
    '٣',
  ])
    expect(run(source), source.slice(0, 20)).toBe('formula_parse_error');
  expect(run(`0${'+1'.repeat(4_000)}`)).toBe(4_000);
  expect(parseFormula('b + a * b')).toMatchObject({ value: { names: ['b', 'a'] } });
});
