/** Two runs over the same items, passed or failed: McNemar's test (1947), which looks only at items that changed. */
import type { Interval } from './bootstrap.ts';
import { chiSquaredTail, coinChance, coinTail, fairCoin } from './distributions.ts';

/** Items by what became of them in A and in B. */
export type PairedTable = {
  readonly bothPass: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly bothFail: number;
};

export type McNemar = {
  readonly pExact: number;
  /** Less cautious: half of the chance of the table itself is left out. */
  readonly pMid: number;
  /** With continuity correction; null where nothing changed. */
  readonly chiSquared: number | null;
  readonly pChiSquared: number | null;
  /** Pass rate of B minus that of A, its standard error and Wald interval (95 %). */
  readonly delta: number;
  readonly se: number;
  readonly interval: Interval;
};

const Z = 1.959963984540054;

export function mcnemar({ bothPass, onlyA, onlyB, bothFail }: PairedTable): McNemar {
  const n = bothPass + onlyA + onlyB + bothFail;
  const changed = onlyA + onlyB;
  const fewer = Math.min(onlyA, onlyB);
  const delta = n === 0 ? 0 : (onlyB - onlyA) / n;
  const se = n === 0 ? 0 : Math.sqrt(Math.max(0, changed - (onlyB - onlyA) ** 2 / n)) / n;
  const chiSquared = changed === 0 ? null : (Math.abs(onlyA - onlyB) - 1) ** 2 / changed;
  return {
    pExact: fairCoin(fewer, changed),
    pMid: Math.min(1, 2 * coinTail(fewer, changed) - coinChance(fewer, changed)),
    chiSquared,
    pChiSquared: chiSquared === null ? null : chiSquaredTail(chiSquared, 1),
    delta,
    se,
    interval: { low: delta - Z * se, high: delta + Z * se },
  };
}
