import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePattern } from './schema-pattern.ts';

const piece = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    '.',
    '\\d',
    '\\w',
    '\\s',
    '[ab]',
    '[^a]',
    '[a-c1-3]',
    '[\\d-]',
    '\\.',
    '^',
    '$',
    '\\b',
    '\\B',
  ),
);
const atom = fc.oneof(
  { weight: 4, arbitrary: piece },
  { weight: 1, arbitrary: fc.tuple(piece, piece).map(([one, other]) => `(${one}|${other})`) },
  { weight: 1, arbitrary: fc.tuple(piece, piece).map(([one, other]) => `(?:${one}${other})`) },
);
const quantified = fc
  .tuple(atom, fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,2}', '{0,}', '+?'))
  .map(([one, times]) => (/^(\^|\$|\\b|\\B)$/i.test(one) ? one : one + times));
const pattern = fc
  .tuple(fc.array(quantified, { maxLength: 4 }), fc.array(quantified, { maxLength: 2 }))
  .map(([one, other]) => one.join('') + (other.length > 0 ? `|${other.join('')}` : ''));
const text = fc.array(fc.constantFrom('a', 'b', 'c', '1', ' ', '.', '-', '\n', '😀'), { maxLength: 8 });

test('it says what RegExp says', () => {
  fc.assert(
    fc.property(pattern, text, (source, characters) => {
      const matches = compilePattern(source);
      expect(matches, source).not.toBeNull();
      expect(matches?.(characters.join('')), source).toBe(new RegExp(source, 'u').test(characters.join('')));
    }),
    { numRuns: 3_000 },
  );
});

test('what schemas of tools use', () => {
  expect(compilePattern('^\\d{4}-\\d{2}-\\d{2}$')?.('2026-01-31')).toBe(true);
  expect(compilePattern('^\\d{4}-\\d{2}-\\d{2}$')?.('31.1.2026')).toBe(false);
  expect(compilePattern('^[A-Za-z_][A-Za-z0-9_]*$')?.('snake_case')).toBe(true);
  expect(compilePattern('^#(?:[0-9a-fA-F]{3}){1,2}$')?.('#a0b1c2')).toBe(true);
  expect(compilePattern('^\\u0041$')?.('A')).toBe(true);
});

test('what is not understood is said, not guessed', () => {
  for (const source of [
    '(?=a)',
    '(?<name>a)',
    '(a)\\1',
    '\\p{L}',
    '[b-a]',
    '(',
    'a**',
    'a'.repeat(3_000),
    '(a{999}){99}',
  ])
    expect(compilePattern(source), source).toBeNull();
});

test('patterns that RegExp would never finish end at once', () => {
  const from = performance.now();
  expect(compilePattern('^(a+)+$')?.(`${'a'.repeat(5_000)}!`)).toBe(false);
  expect(compilePattern('^(a|a)*b$')?.('a'.repeat(5_000))).toBe(false);
  expect(compilePattern('^(a?){500}a{500}$')?.('a'.repeat(500))).toBe(true);
  expect(performance.now() - from).toBeLessThan(3_000);
});
