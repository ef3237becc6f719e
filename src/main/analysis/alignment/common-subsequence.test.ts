import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { alignSymbols } from './common-subsequence.ts';

function tableLength(a: readonly number[], b: readonly number[]): number {
  let above = new Array<number>(b.length + 1).fill(0);
  for (const x of a) {
    const row = [0];
    b.forEach((y, j) => row.push(x === y ? above[j]! + 1 : Math.max(above[j + 1]!, row[j]!)));
    above = row;
  }
  return above[b.length]!;
}

test('equal to the reference vectors', () => {
  const file = new URL('../../../../test/fixtures/alignment/align_sequences.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as {
    cases: {
      a: string[];
      b: string[];
      expected: { lcs: number; removed: number; added: number; similarity: number };
    }[];
  };
  for (const { a, b, expected } of cases) {
    const names = [...new Set([...a, ...b])];
    const symbols = (list: string[]): Int32Array => Int32Array.from(list, (name) => names.indexOf(name));
    const { length } = alignSymbols(symbols(a), symbols(b)).a;
    expect(length).toBe(expected.lcs);
    expect(a.length - length).toBe(expected.removed);
    expect(b.length - length).toBe(expected.added);
    expect((2 * length) / (a.length + b.length)).toBeCloseTo(expected.similarity, 9);
  }
});

test('pairs are equal symbols in ascending order, and as many as there can be', () => {
  const list = fc.array(fc.nat(4), { maxLength: 90 });
  fc.assert(
    fc.property(list, list, (a, b) => {
      const pairs = alignSymbols(Int32Array.from(a), Int32Array.from(b));
      expect(pairs.a.length).toBe(tableLength(a, b));
      pairs.a.forEach((i, k) => {
        expect(a[i]).toBe(b[pairs.b[k]!]);
        if (k > 0) expect(i > pairs.a[k - 1]! && pairs.b[k]! > pairs.b[k - 1]!).toBe(true);
      });
    }),
  );
});

test('lists too long for all rows at once are halved, with the same result', () => {
  const random = (seed: number, n: number): Int32Array => {
    let state = seed;
    return Int32Array.from({ length: n }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state % 7;
    });
  };
  const [a, b] = [random(1, 26_000), random(2, 26_000)];
  const pairs = alignSymbols(a, b);
  const short = alignSymbols(b, a);
  expect(pairs.a.length).toBe(short.a.length);
  pairs.a.forEach((i, k) => {
    if (a[i] !== b[pairs.b[k]!]) throw new Error(`place ${i} is no pair`);
  });
});
