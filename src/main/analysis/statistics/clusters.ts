/** Means of items that come in groups: trials of one task say less than as many tasks. */
import type { Interval } from './bootstrap.ts';
import { tQuantile } from './distributions.ts';

export type ClusteredMean = {
  readonly mean: number;
  /** As if all items were independent. */
  readonly seNaive: number;
  readonly seClustered: number;
  /** With the correction for few clusters; the interval uses it and Student's t when there are fewer than 40. */
  readonly seCorrected: number;
  readonly clusters: number;
  /** How many times the variance grew by the grouping. */
  readonly designEffect: number;
  readonly interval: Interval;
};

const MANY = 40;
const Z = 1.959963984540054;

/**
 * @param cluster of each score, any value
 * @returns null of nothing
 */
export function clusteredMean(scores: readonly number[], cluster: readonly unknown[]): ClusteredMean | null {
  const n = scores.length;
  if (n === 0) return null;
  const mean = scores.reduce((sum, score) => sum + score, 0) / n;
  const sums = new Map<unknown, number>();
  let squares = 0;
  scores.forEach((score, i) => {
    squares += (score - mean) ** 2;
    sums.set(cluster[i], (sums.get(cluster[i]) ?? 0) + score - mean);
  });
  const seNaive = n > 1 ? Math.sqrt(squares / (n - 1) / n) : NaN;
  const seClustered = Math.sqrt([...sums.values()].reduce((sum, part) => sum + part ** 2, 0)) / n;
  const clusters = sums.size;
  const seCorrected = clusters > 1 ? seClustered * Math.sqrt(clusters / (clusters - 1)) : NaN;
  const few = clusters < MANY;
  const half = few ? tQuantile(0.975, clusters - 1) * seCorrected : Z * seClustered;
  return {
    mean,
    seNaive,
    seClustered,
    seCorrected,
    clusters,
    designEffect: seNaive > 0 ? (seClustered / seNaive) ** 2 : NaN,
    interval: { low: mean - half, high: mean + half },
  };
}
