/** When more labels would change little. Pure. */

/** What the items that are done say, in the order in which they were done. */
export type Labelled = {
  /** Null = no verdict on this item. */
  readonly passed: boolean | null;
  readonly categories: readonly string[];
};

/** A pass rate known to within this, up or down, hardly moves with one more label. */
const HALF_WIDTH = 0.05;
const FEWEST = 20;

/** One sentence with its numbers; null = go on. */
export function stopHint(done: readonly Labelled[]): string | null {
  const verdicts = done.flatMap(({ passed }) => (passed === null ? [] : [passed]));
  const passes = verdicts.filter(Boolean).length;
  if (verdicts.length >= FEWEST) {
    const { low, high } = wilson(passes, verdicts.length);
    if ((high - low) / 2 <= HALF_WIDTH) {
      return `${verdicts.length} verdicts put the pass rate at ${percent(passes / verdicts.length)} (95 % interval ${percent(low)} to ${percent(high)}): more would move it by little.`;
    }
  }
  const seen = new Set<string>();
  let last = -1;
  done.forEach(({ categories }, at) => {
    for (const category of categories) {
      if (seen.has(category)) continue;
      seen.add(category);
      last = at;
    }
  });
  const since = done.length - 1 - last;
  if (seen.size > 0 && since >= FEWEST) {
    const kinds = seen.size === 1 ? '1 category was' : `${seen.size} categories were`;
    return `${kinds} found in ${done.length} items, and no new one in the last ${since}: more would rarely show another.`;
  }
  return null;
}

/** The interval of a share, after Wilson (1927), at 95 %. */
export function wilson(successes: number, count: number, z = 1.959963984540054): { low: number; high: number } {
  if (count === 0) return { low: 0, high: 1 };
  const share = successes / count;
  const scale = 1 + z ** 2 / count;
  const centre = (share + z ** 2 / (2 * count)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, '')} %`;
}
