import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuMs } from '../../../test/support/span-facts.ts';
import { findFolds } from './sequence-folds.ts';

const fold = (text: string): string[] =>
  findFolds([...text].map((letter) => letter.charCodeAt(0))).map(
    ({ start, period, count }) => `${start}:${text.slice(start, start + period)}x${count}`,
  );

test('finds the longest run of the shortest block', () => {
  expect(fold('abcabcabcab')).toEqual(['0:abcx3']);
  expect(fold('xababababy')).toEqual(['1:abx4']);
  expect(fold('aaaa')).toEqual(['0:ax4']);
  expect(fold('abab')).toEqual([]);
  expect(fold('abcdef')).toEqual([]);
  expect(fold('')).toEqual([]);
});

test('repeats inside repeats', () => {
  expect(fold('uabababvuabababvuabababv')).toEqual(['0:uabababvx3', '1:abx3', '9:abx3', '17:abx3']);
  // The block is far longer than any that a pass looks for.
  const inner = 'ab'.repeat(80);
  expect(fold(`${inner}c`.repeat(3))[0]).toBe(`0:${inner}cx3`);
});

test('what is inside a fold is said as often as it says; folds nest or are apart', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2), { maxLength: 120 }), (says) => {
      const folds = findFolds(says);
      let open: number[] = [];
      let before = 0;
      for (const { start, period, count } of folds) {
        expect(count).toBeGreaterThanOrEqual(3);
        expect(start).toBeGreaterThanOrEqual(before);
        before = start;
        const end = start + period * count;
        expect(end).toBeLessThanOrEqual(says.length);
        for (let k = start + period; k < end; k++) expect(says[k]).toBe(says[k - period]);
        open = open.filter((until) => until > start);
        for (const until of open) expect(end).toBeLessThanOrEqual(until);
        open.push(end);
      }
    }),
  );
});

test('200,000 messages fold in time that does not depend on what they say', () => {
  const random = Array.from({ length: 200_000 }, (_, k) => (Math.imul(k, 2654435761) >>> 13) % 3);
  expect(cpuMs(() => findFolds(random))).toBeLessThan(1500);
  expect(cpuMs(() => findFolds(new Array<number>(200_000).fill(1)))).toBeLessThan(1500);
});
