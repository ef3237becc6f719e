/** The differences B - A of one criterion over the units that both runs have a value for. */
import type { Unit } from './pairing.ts';

export type Differences = {
  readonly values: Float64Array;
  /** Means over the units, of each side. */
  readonly meanA: number;
  readonly meanB: number;
  /** Some unit is more than one item on a side: the values are means over its trials. */
  readonly overTrials: boolean;
  /** All values of single items are 0 or 1. */
  readonly binary: boolean;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly both: number;
};

export function differencesOf(units: readonly Unit[], valuesA: Float64Array, valuesB: Float64Array): Differences {
  const values = new Float64Array(units.length);
  let n = 0;
  let [sumA, sumB, onlyA, onlyB, both] = [0, 0, 0, 0, 0];
  let overTrials = false;
  let binary = true;
  units.forEach((unit) => {
    const a = meanAt(valuesA, unit.a);
    const b = meanAt(valuesB, unit.b);
    if (a.n === 0 || b.n === 0) return;
    if (a.n > 1 || b.n > 1) overTrials = true;
    if (!isBit(a.mean) || !isBit(b.mean)) binary = false;
    if (a.mean === 1 && b.mean === 1) both++;
    else if (a.mean === 1) onlyA++;
    else if (b.mean === 1) onlyB++;
    values[n] = difference(a.mean, b.mean);
    sumA += a.mean;
    sumB += b.mean;
    n++;
  });
  return {
    values: values.subarray(0, n),
    meanA: n === 0 ? NaN : sumA / n,
    meanB: n === 0 ? NaN : sumB / n,
    overTrials,
    binary: binary && !overTrials,
    onlyA,
    onlyB,
    both,
  };
}

export function meanAt(values: Float64Array, items: readonly number[]): { readonly mean: number; readonly n: number } {
  let sum = 0;
  let n = 0;
  for (const item of items) {
    const value = values[item] ?? NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    n++;
  }
  return { mean: n === 0 ? NaN : sum / n, n };
}

/** Zero where only the last bits differ: means of the same numbers in another order are a tie. */
export function difference(a: number, b: number): number {
  const d = b - a;
  return Math.abs(d) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b)) ? 0 : d;
}

/** Standard deviation; 0 of fewer than two. */
export function spreadOf(values: Float64Array): number {
  const n = values.length;
  if (n < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
}

function isBit(value: number): boolean {
  return value === 0 || value === 1;
}
