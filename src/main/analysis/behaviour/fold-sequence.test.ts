import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldSequences, type FoldedSequence } from './fold-sequence.ts';

const run = (text: string): Int32Array => Int32Array.from(text, (letter) => letter.charCodeAt(0));
const fold = (texts: readonly string[], least = 2, most = 200): FoldedSequence =>
  foldSequences(texts.map(run), { isCommon: (members) => members.length >= least, most });
const drawn = ({ steps, othersAfter }: FoldedSequence): string =>
  `${steps.map(({ symbol, members, othersBefore }) => `${othersBefore > 0 ? `(${othersBefore})` : ''}${String.fromCharCode(symbol)}${members.length}`).join(' ')}${othersAfter > 0 ? ` (${othersAfter})` : ''}`;

test('what all have stands once, what some have between it, what one has is counted', () => {
  expect(drawn(fold(['abc', 'abc', 'abxc', 'abxc', 'abyc']))).toBe('a5 b5 (1)x2 c5');
});

test('insertions of several steps are folded among themselves', () => {
  expect(drawn(fold(['az', 'az', 'az', 'apqrz', 'apqrz', 'apqz']))).toBe('a6 p3 q3 r2 z6');
});

test('an order that half of the runs turn round is told from both sides', () => {
  expect(drawn(fold(['abcd', 'abcd', 'acbd', 'acbd']))).toMatch(/^a4 .*d4$/);
});

test('a repetition stays a repetition', () => {
  expect(drawn(fold(['ababab', 'ababab', 'abab']))).toBe('a3 b3 a3 b3 a2 b2');
});

test('of too many steps the commonest are shown and the others counted', () => {
  expect(drawn(fold(['abcde', 'abcde', 'ace'], 1, 3))).toBe('a3 (2)c3 (2)e3');
});

test('no runs, empty runs, one run', () => {
  expect(drawn(fold([]))).toBe('');
  expect(drawn(fold(['', '']))).toBe('');
  expect(drawn(fold(['abc'], 1))).toBe('a1 b1 c1');
});

test('no step of a run is lost, told twice or out of order', () => {
  const runs = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 30 }), { maxLength: 12 });
  fc.assert(
    fc.property(runs, fc.integer({ min: 1, max: 4 }), (texts, least) => {
      const { steps, othersAfter } = fold(texts, least, 20);
      const last = texts.map(() => -1);
      let told = othersAfter;
      for (const { symbol, members, othersBefore } of steps) {
        told += othersBefore + members.length;
        expect(new Set(members.map(({ run: of }) => of)).size).toBe(members.length);
        for (const { run: of, at } of members) {
          expect(texts[of]?.charCodeAt(at)).toBe(symbol);
          expect(at).toBeGreaterThan(last[of] ?? Infinity);
          last[of] = at;
        }
      }
      expect(told).toBe(texts.join('').length);
      expect(steps.length).toBeLessThanOrEqual(20);
    }),
  );
});
