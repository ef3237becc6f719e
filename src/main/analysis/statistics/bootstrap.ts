/** Intervals by resampling: for figures whose distribution nobody has written down. */
import { mulberry32 } from './random.ts';

export type Interval = { readonly low: number; readonly high: number };

/**
 * The percentile interval of a figure of `count` items. `figure` gets the indices of one resample, drawn with
 * replacement, and gives null where it is undefined for that resample; such resamples leave the distribution.
 *
 * Null when fewer than half of the resamples give a figure: then the interval would be about luck.
 */
export function bootstrapInterval(
  count: number,
  figure: (indices: Uint32Array) => number | null,
  { resamples = 2_000, seed = 42, level = 0.95 } = {},
): Interval | null {
  if (count === 0) return null;
  const random = mulberry32(seed);
  const indices = new Uint32Array(count);
  const figures: number[] = [];
  for (let round = 0; round < resamples; round++) {
    for (let k = 0; k < count; k++) indices[k] = Math.floor(random() * count);
    const value = figure(indices);
    if (value !== null && Number.isFinite(value)) figures.push(value);
  }
  if (figures.length < resamples / 2) return null;
  figures.sort((a, b) => a - b);
  return { low: quantile(figures, (1 - level) / 2), high: quantile(figures, (1 + level) / 2) };
}

/** Of sorted values, with linear interpolation (type 7 of Hyndman and Fan, as R and numpy do by default). */
export function quantile(sorted: readonly number[], q: number): number {
  const place = (sorted.length - 1) * q;
  const below = Math.floor(place);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
  return low + (high - low) * (place - below);
}
