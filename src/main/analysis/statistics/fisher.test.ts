import { expect, test } from 'vitest';
import { fisherExact } from './fisher.ts';

test.each([
  // Fisher's lady tasting tea, and the tables of R's documentation and scipy's.
  [3, 4, 1, 4, 17 / 35],
  [1, 10, 11, 14, 0.002_759_456_185_220_083],
  [2, 12, 15, 18, 0.000_536_724_119_591_435_8],
  [8, 10, 1, 6, 0.034_965_034_965_034_96],
  [0, 5, 5, 5, 1 / 126],
  [5, 5, 5, 5, 1],
  [0, 0, 3, 5, 1],
  [0, 7, 0, 4, 1],
])('%i of %i against %i of %i', (a, ofA, b, ofB, p) => {
  expect(fisherExact(a, ofA, b, ofB)).toBeCloseTo(p, 10);
  expect(fisherExact(b, ofB, a, ofA)).toBeCloseTo(p, 10);
});

test('equals the sum of whole numbers, table by table', () => {
  const choose = (n: number, k: number): bigint => {
    let value = 1n;
    for (let i = 0; i < k; i++) value = (value * BigInt(n - i)) / BigInt(i + 1);
    return value;
  };
  for (const [ofA, ofB] of [
    [3, 9],
    [13, 13],
    [36, 4],
    [250, 250],
  ] as const)
    for (let have = 0; have <= ofA + ofB; have += ofA > 100 ? 97 : 1)
      for (let a = Math.max(0, have - ofB); a <= Math.min(have, ofA); a += ofA > 100 ? 31 : 1) {
        const ways = (x: number): bigint => choose(ofA, x) * choose(ofB, have - x);
        let sum = 0n;
        for (let x = Math.max(0, have - ofB); x <= Math.min(have, ofA); x++) if (ways(x) <= ways(a)) sum += ways(x);
        const exact = Number((sum * 10n ** 18n) / choose(ofA + ofB, have)) / 1e18;
        expect(fisherExact(a, ofA, have - a, ofB)).toBeCloseTo(exact, 10);
      }
});
