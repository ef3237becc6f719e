/** The test and the interval that fit the kind of differences, for all criteria of a pair of runs at once. */
import type { ComparisonTest, Range } from '#shared/comparison.ts';
import { mcnemar, type PairedTable } from '../statistics/mcnemar.ts';
import { signFlips } from '../statistics/paired.ts';
import { smallestDetectable, itemsNeeded } from '../statistics/power.ts';
import { normalQuantile } from '../statistics/distributions.ts';
import type { Differences } from './differences.ts';
import { counted } from './figures-text.ts';
import { bootstrapMeans, flipSigns, type Resampling } from './resampling.ts';

export type PairedResult = {
  readonly test: ComparisonTest;
  readonly testName: string;
  readonly p: number | null;
  readonly range: Range | null;
  readonly rangeBy: string | null;
};

/** So many differences have few enough ways to turn their signs to try them all. */
const EXACT_UP_TO = 20;

/**
 * @param sums further differences over the same runs, of which only intervals are wanted: they share the draws
 * @returns results of `all`, and the intervals of the means of `sums`; null = too few
 */
export async function testAll(
  all: readonly Differences[],
  sums: readonly Differences[],
  how: Resampling,
): Promise<{ readonly results: readonly PairedResult[]; readonly ranges: readonly (Range | null)[] }> {
  const atOnce = new Map(all.map((each) => [each, testAtOnce(each)]));
  const ranges = new Map<Differences, Range>();
  const chances = new Map<Differences, number>();
  const drawn = [...all.filter((each) => atOnce.get(each) === null), ...sums];
  for (const group of byLength(drawn, ({ values }) => values.length)) {
    const n = group[0]?.values.length ?? 0;
    if (n >= 2) {
      const found = await bootstrapMeans(
        group.map(({ values }) => values),
        how,
      );
      group.forEach((each, index) => {
        const range = found[index];
        // Of nothing but ties no resample can tell more.
        if (range && each.values.some((value) => value !== 0)) ranges.set(each, range);
      });
    }
    const tested = group.filter((each) => atOnce.has(each));
    if (n > EXACT_UP_TO && tested.length > 0) {
      const found = await flipSigns(
        tested.map(({ values }) => values),
        how,
      );
      tested.forEach((each, index) => chances.set(each, found[index] ?? 1));
    } else
      for (const each of tested) chances.set(each, signFlips(Array.from(each.values), { exactUpTo: EXACT_UP_TO }).p);
  }
  const drawnResult = (each: Differences): PairedResult => {
    const range = ranges.get(each) ?? null;
    const by = `paired bootstrap${each.overTrials ? ' of tasks' : ''}, ${counted(how.resamples)} resamples, percentiles`;
    return {
      ...flipName(each, each.values.length > EXACT_UP_TO ? how.resamples : null),
      p: chances.get(each) ?? null,
      range,
      rangeBy: range === null ? null : by,
    };
  };
  return {
    results: all.map((each) => atOnce.get(each) ?? drawnResult(each)),
    ranges: sums.map((each) => ranges.get(each) ?? null),
  };
}

export const NOTHING: PairedResult = { test: 'none', testName: 'no test', p: null, range: null, rangeBy: null };

/** Passed or failed, one trial each: exact, without drawing. */
function testAtOnce(each: Differences): PairedResult | null {
  const n = each.values.length;
  if (n === 0) return NOTHING;
  if (!each.binary) return null;
  const table = {
    bothPass: each.both,
    onlyA: each.onlyA,
    onlyB: each.onlyB,
    bothFail: n - each.both - each.onlyA - each.onlyB,
  };
  const { pExact, se, interval } = mcnemar(table);
  const plain = se > 1e-12;
  return {
    test: 'mcnemar-exact',
    testName: 'McNemar exact',
    p: pExact,
    range: plain ? interval : smoothed(table),
    rangeBy: plain
      ? 'Wald interval of the paired difference'
      : 'Wald interval with half a pair added to each cell (Agresti and Min 2005)',
  };
}

/** Where no pair changed, or all did in one way, the plain interval has no width, which says more than is known. */
function smoothed({ bothPass, onlyA, onlyB, bothFail }: PairedTable): Range {
  const { low, high } = mcnemar({
    bothPass: bothPass + 0.5,
    onlyA: onlyA + 0.5,
    onlyB: onlyB + 0.5,
    bothFail: bothFail + 0.5,
  }).interval;
  return { low: Math.max(-1, low), high: Math.min(1, high) };
}

function flipName(each: Differences, rounds: number | null): Pick<PairedResult, 'test' | 'testName'> {
  const how = rounds === null ? 'exact' : `${counted(rounds)} rounds`;
  if (each.overTrials)
    return {
      test: 'clustered',
      testName: `sign-flip permutation of task means (clustered by task over trials, ${how})`,
    };
  return rounds === null
    ? { test: 'sign-flip-exact', testName: 'sign-flip permutation (exact)' }
    : { test: 'sign-flip', testName: `sign-flip permutation (${how})` };
}

/** Draws are of places: criteria with the same number of pairs share them, and each says what it would say alone. */
export function byLength<T>(all: readonly T[], lengthOf: (each: T) => string | number): readonly (readonly T[])[] {
  const groups = new Map<string | number, T[]>();
  for (const each of all) {
    const group = groups.get(lengthOf(each));
    if (group) group.push(each);
    else groups.set(lengthOf(each), [each]);
  }
  return [...groups.values()];
}

/**
 * More items that would show the observed difference with 80 % power; 0 = it is shown, null = no number would help.
 * Where the plain formula promises it for what is there already, the p that was found says how far it is from that.
 */
export function moreNeeded(found: {
  readonly shown: boolean;
  readonly n: number;
  readonly delta: number;
  readonly sd: number;
  readonly p: number;
  /** p values that are corrected together. */
  readonly tests: number;
}): number | null {
  const { shown, n, delta, sd, p, tests } = found;
  if (shown) return 0;
  if (delta === 0) return null;
  const plain = sd > 0 ? itemsNeeded(Math.abs(delta), sd) : 0;
  if (plain > n) return plain - n;
  const wanted = normalQuantile(1 - 0.05 / 2 / Math.max(1, tests)) + normalQuantile(0.8);
  const reached = normalQuantile(1 - Math.min(1, Math.max(p, Number.MIN_VALUE)) / 2);
  return reached > 0.05 ? Math.max(1, Math.ceil(n * (wanted / reached) ** 2) - n) : Math.max(1, n);
}

/** The smallest difference that so many items show in 80 of 100 cases; null where the spread is not known. */
export function detectable(n: number, sd: number): number | null {
  return n < 2 || sd <= 0 ? null : smallestDetectable(n, sd);
}
