/** Two runs over the same items, scored with numbers: tests and intervals of the differences B - A. */
import { type Interval, quantile } from './bootstrap.ts';
import { fairCoin, normalCdf, normalQuantile, tQuantile, tTwoSided } from './distributions.ts';
import { mulberry32 } from './random.ts';

export type PairedMean = {
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
  readonly se: number;
  readonly t: number;
  readonly p: number;
  readonly interval: Interval;
};

/** Student's paired t test; p is 1 and the interval unbounded where it cannot be told. */
export function pairedT(differences: readonly number[]): PairedMean {
  const n = differences.length;
  const mean = meanOf(differences);
  const sd = Math.sqrt(differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1));
  const se = sd / Math.sqrt(n);
  const t = se > 0 ? mean / se : mean === 0 ? 0 : Infinity * Math.sign(mean);
  const half = n > 1 ? tQuantile(0.975, n - 1) * se : Infinity;
  return { n, mean, sd, se, t, p: n > 1 ? tTwoSided(t, n - 1) : 1, interval: { low: mean - half, high: mean + half } };
}

export type Signs = { readonly wins: number; readonly losses: number; readonly ties: number; readonly p: number };

export function signTest(differences: readonly number[]): Signs {
  const wins = differences.filter((d) => d > 0).length;
  const losses = differences.filter((d) => d < 0).length;
  return { wins, losses, ties: differences.length - wins - losses, p: fairCoin(Math.min(wins, losses), wins + losses) };
}

/** Wilcoxon's signed ranks: zeros dropped, ties share a rank, normal approximation without continuity correction. */
export function wilcoxon(differences: readonly number[]): { readonly w: number; readonly p: number } {
  const moved = differences.filter((d) => d !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  const n = moved.length;
  if (n === 0) return { w: 0, p: 1 };
  let plus = 0;
  let tied = 0;
  for (let from = 0; from < n;) {
    let to = from + 1;
    while (to < n && isSame(Math.abs(moved[to] ?? 0), Math.abs(moved[from] ?? 0))) to++;
    const rank = (from + 1 + to) / 2;
    for (let k = from; k < to; k++) if ((moved[k] ?? 0) > 0) plus += rank;
    tied += (to - from) ** 3 - (to - from);
    from = to;
  }
  const w = Math.min(plus, (n * (n + 1)) / 2 - plus);
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tied / 48;
  return { w, p: Math.min(1, 2 * normalCdf((w - (n * (n + 1)) / 4) / Math.sqrt(variance))) };
}

export type Permutation = {
  readonly p: number;
  readonly exact: boolean;
  readonly extreme: number;
  readonly of: number;
};

const EXACT_UP_TO = 20;

/** If A and B were the same, each difference might as well have the other sign: all 2^n ways, or a sample of them. */
export function signFlips(
  differences: readonly number[],
  { rounds = 10_000, seed = 7, exactUpTo = EXACT_UP_TO } = {},
): Permutation {
  const n = differences.length;
  const total = differences.reduce((sum, d) => sum + d, 0);
  // Sums of the same numbers in another order differ in their last bits.
  const least = Math.abs(total) - 1e-12 * differences.reduce((sum, d) => sum + Math.abs(d), 0);
  if (n <= exactUpTo) {
    const extreme = countFlips(differences, 0, 0, least);
    return { p: extreme / 2 ** n, exact: true, extreme, of: 2 ** n };
  }
  const random = mulberry32(seed);
  let extreme = 0;
  for (let round = 0; round < rounds; round++) {
    let sum = 0;
    for (const d of differences) sum += random() < 0.5 ? d : -d;
    if (Math.abs(sum) >= least) extreme++;
  }
  return { p: (1 + extreme) / (1 + rounds), exact: false, extreme, of: rounds };
}

function countFlips(differences: readonly number[], at: number, sum: number, least: number): number {
  const d = differences[at];
  if (d === undefined) return Math.abs(sum) >= least ? 1 : 0;
  return countFlips(differences, at + 1, sum + d, least) + countFlips(differences, at + 1, sum - d, least);
}

export type BootstrapMean = {
  readonly percentile: Interval;
  /** Corrected for bias and skew (Efron 1987). */
  readonly bca: Interval;
  readonly se: number;
  readonly z0: number;
  readonly acceleration: number;
};

/** Of the mean, by resampling items; a resample of clusters is one of their sums: see `clusterBootstrap`. */
export function bootstrapMean(values: readonly number[], { resamples = 2_000, seed = 42 } = {}): BootstrapMean | null {
  const n = values.length;
  if (n === 0) return null;
  const random = mulberry32(seed);
  const means = new Float64Array(resamples);
  for (let round = 0; round < resamples; round++) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += values[Math.floor(random() * n)] ?? 0;
    means[round] = sum / n;
  }
  means.sort();
  const mean = carefulMean(values);
  const sorted = Array.from(means);
  const average = meanOf(sorted);
  const se = Math.sqrt(sorted.reduce((sum, each) => sum + (each - average) ** 2, 0) / (resamples - 1));
  const z0 = normalQuantile(below(sorted, mean) / resamples);
  const acceleration = skewOfMean(values, mean);
  const place = (q: number): number => {
    const z = z0 + normalQuantile(q);
    return quantile(sorted, normalCdf(z0 + z / (1 - acceleration * z)));
  };
  const percentile = { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
  const bca = Number.isFinite(z0) ? { low: place(0.025), high: place(0.975) } : percentile;
  return { percentile, bca, se, z0, acceleration };
}

/** How many of the sorted values are smaller; equal ones count half. */
function below(sorted: readonly number[], value: number): number {
  let smaller = 0;
  for (const each of sorted) {
    if (each > value) break;
    smaller += each === value ? 0.5 : 1;
  }
  return smaller;
}

/** The acceleration of the mean, by leaving out one value at a time. */
function skewOfMean(values: readonly number[], mean: number): number {
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    // Without this value the mean moves against it.
    const pull = (value - mean) / (values.length - 1);
    squares += pull ** 2;
    cubes += pull ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Without the error that grows with each addition (Neumaier 1974), so that the order of the items changes nothing. */
function carefulMean(values: readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return (sum + lost) / values.length;
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a), Math.abs(b));
}
