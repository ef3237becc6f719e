/** Resampling of two groups that share nothing, many columns at once: columns of the same lengths share the draws. */
import type { Interval } from '../statistics/bootstrap.ts';
import { DRAWS_BETWEEN_PAUSES, percentiles, RANGE, resampledMeans, sumAt, type Resampling } from './resampling.ts';

/** Values of both groups; of those that are given together all `a` are of one length, and all `b`. */
export type TwoGroups = { readonly a: Float64Array; readonly b: Float64Array };

/** The draws of the second group are others than those of the first. */
const OTHER = 0x5bd1e995;

/** Percentile intervals (95 %) of the differences B - A of the means, each group resampled by itself. */
export async function bootstrapGroups(columns: readonly TwoGroups[], how: Resampling): Promise<readonly Interval[]> {
  const before = await resampledMeans(
    columns.map(({ a }) => a),
    how,
  );
  const after = await resampledMeans(
    columns.map(({ b }) => b),
    { ...how, seed: how.seed ^ OTHER },
  );
  return after.map((means, column) => percentiles(means.map((mean, round) => mean - (before[column]?.[round] ?? NaN))));
}

/** Monte Carlo p of the differences of the means, as if each value might as well be of the other group. */
export async function permuteLabels(
  columns: readonly TwoGroups[],
  { resamples, seed, pause }: Resampling,
): Promise<readonly number[]> {
  const [first] = columns;
  const few = Math.min(first?.a.length ?? 0, first?.b.length ?? 0);
  const all = (first?.a.length ?? 0) + (first?.b.length ?? 0);
  const pools = columns.map((column) => poolOf(column, few));
  const order = Uint32Array.from({ length: all }, (_, at) => at);
  const smaller = order.subarray(0, few);
  const extreme = columns.map(() => 0);
  let state = seed | 0;
  let drawn = 0;
  for (let round = 0; round < resamples; round++) {
    state = drawFew(order, few, state);
    for (let c = 0; c < pools.length; c++) {
      const pool = pools[c];
      if (pool && apart(pool, sumAt(pool.values, smaller)) >= pool.least) extreme[c] = (extreme[c] ?? 0) + 1;
    }
    if ((drawn += few) >= DRAWS_BETWEEN_PAUSES) {
      drawn = 0;
      await pause();
    }
  }
  return extreme.map((count) => (1 + count) / (1 + resamples));
}

type Pool = {
  readonly values: Float64Array;
  readonly total: number;
  readonly few: number;
  /** The difference that was found, less what the order of additions may take from it. */
  readonly least: number;
};

function poolOf({ a, b }: TwoGroups, few: number): Pool {
  const values = new Float64Array(a.length + b.length);
  values.set(a);
  values.set(b, a.length);
  const total = values.reduce((sum, value) => sum + value, 0);
  const size = values.reduce((sum, value) => sum + Math.abs(value), 0);
  const found = (a.length <= b.length ? a : b).reduce((sum, value) => sum + value, 0);
  const pool = { values, total, few, least: 0 };
  return { ...pool, least: apart(pool, found) - (1e-12 * size) / few };
}

/** The difference of the means, by the sum of the smaller group. */
function apart({ values, total, few }: Pool, sum: number): number {
  return Math.abs((total - sum) / (values.length - few) - sum / few);
}

/** A shuffle as far as it is looked at, with mulberry32 (see ../statistics/random.ts); the state to go on from. */
function drawFew(order: Uint32Array, few: number, from: number): number {
  const all = order.length;
  let state = from;
  for (let k = 0; k < few; k++) {
    state = (state + 0x6d2b79f5) | 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    const at = k + Math.floor((((t ^ (t >>> 14)) >>> 0) / RANGE) * (all - k));
    const taken = order[at] ?? 0;
    order[at] = order[k] ?? 0;
    order[k] = taken;
  }
  return state;
}
