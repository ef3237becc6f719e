import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeTokens } from './code-tokens.ts';

test('joined, tokens are the line', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'{}"\'\\:#/*`1.e-ab \t🦊') }),
      fc.constantFrom('json', 'javascript', 'python'),
      (line, language) => {
        const tokens = codeTokens(line, language);
        expect(tokens.map(({ text }) => text).join('')).toBe(line);
      },
    ),
  );
});

test('keys, texts and template paths of JSON are told apart', () => {
  const colon = codeTokens('"a": "x: 1"', 'json').map(({ kind }) => kind);
  expect(colon).toEqual(['key', 'plain', 'string']);
  expect(codeTokens('  "input": "Is {{ item.x }} so?", 1.5', 'json').map(({ kind, text }) => [kind, text])).toEqual([
    ['plain', '  '],
    ['key', '"input"'],
    ['plain', ': '],
    ['string', '"Is '],
    ['path', '{{ item.x }}'],
    ['string', ' so?"'],
    ['plain', ', '],
    ['number', '1.5'],
  ]);
});

test.each([
  ['javascript', 'return a; // why', ['word', 'plain', 'comment']],
  ['python', "def f(): # 'no'", ['word', 'plain', 'comment']],
] as const)('%s has words and comments', (language, line, kinds) => {
  expect(codeTokens(line, language).map(({ kind }) => kind)).toEqual(kinds);
});

test('a hostile line is read to its end, and nothing of it is lost', () => {
  for (const line of ['"'.repeat(5_000), '\\'.repeat(5_000), '/*'.repeat(2_500), '{{'.repeat(2_500)])
    for (const language of ['json', 'javascript', 'python'] as const)
      expect(
        codeTokens(line, language)
          .map(({ text }) => text)
          .join(''),
      ).toBe(line);
});
