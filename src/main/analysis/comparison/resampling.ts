/**
 * Resampling of many columns of differences at once: columns of the same length share the draws, which cost more than the
 * sums. The same draws, and so the same figures, as `bootstrapMean` and `signFlips` of ../statistics: 10,000 rounds over
 * 10,000 units are a hundred million draws, hence arrays and a generator in place.
 */
import { quantile, type Interval } from '../statistics/bootstrap.ts';

/** Called now and then: lets others run, and throws when nobody waits for the answer any more. */
export type Pause = () => Promise<void> | undefined;

export type Resampling = { readonly resamples: number; readonly seed: number; readonly pause: Pause };

export const DRAWS_BETWEEN_PAUSES = 500_000;
export const RANGE = 4_294_967_296;

/**
 * Percentile intervals (95 %) of the mean of each column, by resampling units.
 * @param columns of the same length, without NaN
 */
export async function bootstrapMeans(columns: readonly Float64Array[], how: Resampling): Promise<readonly Interval[]> {
  return (await resampledMeans(columns, how)).map(percentiles);
}

/** The means of each column in each round. */
export async function resampledMeans(
  columns: readonly Float64Array[],
  { resamples, seed, pause }: Resampling,
): Promise<readonly Float64Array[]> {
  const n = columns[0]?.length ?? 0;
  const indices = new Uint32Array(n);
  const means = columns.map(() => new Float64Array(resamples));
  let state = seed | 0;
  let drawn = 0;
  for (let round = 0; round < resamples; round++) {
    state = drawIndices(indices, state);
    for (let c = 0; c < columns.length; c++) {
      const column = columns[c];
      const into = means[c];
      if (column && into) into[round] = sumAt(column, indices) / n;
    }
    if ((drawn += n) >= DRAWS_BETWEEN_PAUSES) {
      drawn = 0;
      await pause();
    }
  }
  return means;
}

/** Of 95 %; sorts the values. */
export function percentiles(values: Float64Array): Interval {
  const sorted = Array.from(values.sort());
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** Monte Carlo p of each column, as if each difference might as well have the other sign: (1 + as extreme) / (1 + rounds). */
export async function flipSigns(
  columns: readonly Float64Array[],
  { resamples: rounds, seed, pause }: Resampling,
): Promise<readonly number[]> {
  const n = columns[0]?.length ?? 0;
  const signs = new Float64Array(n);
  const extreme = columns.map(() => 0);
  const least = columns.map((column) => {
    let total = 0;
    let size = 0;
    for (const d of column) {
      total += d;
      size += Math.abs(d);
    }
    // Sums of the same numbers in another order differ in their last bits.
    return Math.abs(total) - 1e-12 * size;
  });
  let state = seed | 0;
  let drawn = 0;
  for (let round = 0; round < rounds; round++) {
    state = drawSigns(signs, state);
    for (let c = 0; c < columns.length; c++) {
      const column = columns[c];
      if (column && Math.abs(dot(column, signs)) >= (least[c] ?? 0)) extreme[c] = (extreme[c] ?? 0) + 1;
    }
    if ((drawn += n) >= DRAWS_BETWEEN_PAUSES) {
      drawn = 0;
      await pause();
    }
  }
  return extreme.map((count) => (1 + count) / (1 + rounds));
}

/** mulberry32 (see ../statistics/random.ts), one draw for each place; the state to go on from. */
function drawIndices(indices: Uint32Array, from: number): number {
  const n = indices.length;
  let state = from;
  for (let k = 0; k < n; k++) {
    state = (state + 0x6d2b79f5) | 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    indices[k] = (((t ^ (t >>> 14)) >>> 0) / RANGE) * n;
  }
  return state;
}

/** As above: 1 where the draw is below one half, else -1. */
function drawSigns(signs: Float64Array, from: number): number {
  const n = signs.length;
  let state = from;
  for (let k = 0; k < n; k++) {
    state = (state + 0x6d2b79f5) | 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    signs[k] = 1 | ((t ^ (t >>> 14)) >> 31);
  }
  return state;
}

/** Four sums beside each other: additions that do not wait for the one before. */
export function sumAt(column: Float64Array, indices: Uint32Array): number {
  const n = indices.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = 0;
  for (; k + 3 < n; k += 4) {
    a += column[indices[k] ?? 0] ?? 0;
    b += column[indices[k + 1] ?? 0] ?? 0;
    c += column[indices[k + 2] ?? 0] ?? 0;
    d += column[indices[k + 3] ?? 0] ?? 0;
  }
  for (; k < n; k++) a += column[indices[k] ?? 0] ?? 0;
  return a + b + c + d;
}

function dot(column: Float64Array, signs: Float64Array): number {
  const n = column.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = 0;
  for (; k + 3 < n; k += 4) {
    a += (column[k] ?? 0) * (signs[k] ?? 0);
    b += (column[k + 1] ?? 0) * (signs[k + 1] ?? 0);
    c += (column[k + 2] ?? 0) * (signs[k + 2] ?? 0);
    d += (column[k + 3] ?? 0) * (signs[k + 3] ?? 0);
  }
  for (; k < n; k++) a += (column[k] ?? 0) * (signs[k] ?? 0);
  return a + b + c + d;
}
