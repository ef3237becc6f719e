/** Thousands of items as few marks: bins, bundles of slopes, and the runs that no other run beats. */

export type Bins = {
  /** n + 1 edges of n bins; a value on an edge is in the bin that begins there, the last value in the last. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly n: number;
};

/** Values that are not numbers are left out. */
export function histogram(values: ArrayLike<number>, low: number, high: number, bins: number): Bins {
  const counts = Array.from({ length: bins }, () => 0);
  const width = (high - low) / bins;
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    // A mean of trials may be a hair below the edge that it stands on.
    const at = Math.max(0, Math.min(bins - 1, Math.floor((value - low) / width + 1e-6)));
    counts[at] = (counts[at] ?? 0) + 1;
    n++;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, index) => low + index * width), counts, n };
}

export type Slope = { readonly a: number; readonly b: number; readonly count: number };

/**
 * Pairs with both values, those that are (nearly) alike as one: `levels` on each side, so that there are at most
 * levels² of them. The largest bundles first, so that small ones are drawn over them.
 */
export function bundleSlopes(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  low: number,
  high: number,
  levels: number,
): readonly Slope[] {
  const bundles = new Map<number, { a: number; b: number; count: number }>();
  const level = (value: number): number =>
    high === low ? 0 : Math.max(0, Math.min(levels - 1, Math.round(((value - low) / (high - low)) * (levels - 1))));
  for (let i = 0; i < a.length; i++) {
    const from = a[i] ?? Number.NaN;
    const to = b[i] ?? Number.NaN;
    if (Number.isNaN(from) || Number.isNaN(to)) continue;
    const key = level(from) * levels + level(to);
    const bundle = bundles.get(key);
    if (!bundle) bundles.set(key, { a: from, b: to, count: 1 });
    else {
      // The middle of the bundle.
      bundle.count++;
      bundle.a += (from - bundle.a) / bundle.count;
      bundle.b += (to - bundle.b) / bundle.count;
    }
  }
  return [...bundles.values()].sort((one, other) => other.count - one.count);
}

/** Indices of the points that none beats: nothing is both cheaper and better. By rising cost. */
export function frontier(points: readonly { readonly cost: number; readonly quality: number }[]): readonly number[] {
  const order = points
    .map((_, index) => index)
    .sort((one, other) => {
      const [a, b] = [points[one], points[other]];
      if (!a || !b) return 0;
      return a.cost - b.cost || b.quality - a.quality || one - other;
    });
  const best: number[] = [];
  let top = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    const quality = points[index]?.quality ?? Number.NaN;
    if (!(quality > top)) continue;
    top = quality;
    best.push(index);
  }
  return best;
}
