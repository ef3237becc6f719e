/** The exact interval of a share (Clopper and Pearson 1934): never too narrow, mostly too wide. */
import type { Interval } from './bootstrap.ts';
import { betaQuantile } from './distributions.ts';

/** 95 % unless said otherwise; of nothing it is all of 0…1. */
export function clopperPearson(count: number, of: number, level = 0.95): Interval {
  const rest = (1 - level) / 2;
  return {
    low: count === 0 ? 0 : betaQuantile(rest, count, of - count + 1),
    high: count === of ? 1 : betaQuantile(1 - rest, count + 1, of - count),
  };
}
