import { expect, test } from 'vitest';
import { HOW } from '../../../../test/support/run-scores.ts';
import { bootstrapMean, signFlips } from '../statistics/paired.ts';
import { mulberry32 } from '../statistics/random.ts';
import { bootstrapMeans, flipSigns } from './resampling.ts';

function column(length: number, seed: number): Float64Array {
  const random = mulberry32(seed);
  return Float64Array.from({ length }, () => random() - 0.4);
}

test('many columns at once say what each says alone, with the same draws', async () => {
  const columns = [column(37, 1), column(37, 2), column(37, 3)];
  for (const seed of [0, 7, 42, 2 ** 31 + 5, 2 ** 32 - 1]) {
    const ranges = await bootstrapMeans(columns, { ...HOW, seed });
    const p = await flipSigns(columns, { ...HOW, seed });
    columns.forEach((values, index) => {
      const alone = bootstrapMean(Array.from(values), { resamples: HOW.resamples, seed });
      expect(ranges[index]?.low).toBeCloseTo(alone?.percentile.low ?? NaN, 12);
      expect(ranges[index]?.high).toBeCloseTo(alone?.percentile.high ?? NaN, 12);
      expect(p[index]).toBe(signFlips(Array.from(values), { rounds: HOW.resamples, seed, exactUpTo: 0 }).p);
    });
  }
});

test('it stops when nobody waits', async () => {
  let pauses = 0;
  const pause = async (): Promise<void> => {
    if (++pauses === 2) throw new Error('nobody waits');
  };
  await expect(flipSigns([column(10_000, 1)], { resamples: 10_000, seed: 1, pause })).rejects.toThrow('nobody waits');
  expect(pauses).toBe(2);
});
