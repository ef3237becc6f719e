/** Runs that share no item: two groups of different tasks. Less is known than from pairs, and the sentences say so. */
import type { Range } from '#shared/comparison.ts';
import { fisherExact } from '../statistics/fisher.ts';
import { wilson } from '#shared/wilson.ts';
import { spreadOf } from './differences.ts';
import { bootstrapGroups, permuteLabels } from './group-resampling.ts';
import { counted } from './figures-text.ts';
import { byLength, NOTHING, type PairedResult } from './paired-tests.ts';
import type { Resampling } from './resampling.ts';

export type Groups = {
  /** One value for each task. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly overTrials: boolean;
  /** Passed or failed, one trial each. */
  readonly binary: boolean;
};

export async function testGroups(all: readonly Groups[], how: Resampling): Promise<readonly PairedResult[]> {
  const results = new Map<Groups, PairedResult>();
  for (const each of all) {
    const result = testAtOnce(each);
    if (result) results.set(each, result);
  }
  const drawn = all.filter((each) => !results.has(each));
  for (const group of byLength(drawn, ({ a, b }) => `${a.length} ${b.length}`)) {
    const [{ a, b } = NONE] = group;
    const chances = await permuteLabels(group, how);
    const ranges = a.length < 2 || b.length < 2 ? [] : await bootstrapGroups(group, how);
    group.forEach((each, index) => {
      const of = each.overTrials ? ' of task means' : '';
      const range = ranges[index] ?? null;
      results.set(each, {
        test: 'label-permutation',
        testName: `label permutation${of} (${counted(how.resamples)} rounds)`,
        p: chances[index] ?? null,
        range,
        rangeBy: range && `bootstrap of both groups${of}, ${counted(how.resamples)} resamples, percentiles`,
      });
    });
  }
  return all.map((each) => results.get(each) ?? NOTHING);
}

const NONE: Groups = { a: new Float64Array(), b: new Float64Array(), overTrials: false, binary: false };

function testAtOnce({ a, b, binary }: Groups): PairedResult | null {
  if (a.length === 0 || b.length === 0) return NOTHING;
  if (!binary) return null;
  const [passedA, passedB] = [sumOf(a), sumOf(b)];
  return {
    test: 'fisher-exact',
    testName: 'Fisher exact',
    p: fisherExact(passedA, a.length, passedB, b.length),
    range: newcombe(passedA, a.length, passedB, b.length),
    rangeBy: "Newcombe's interval of two rates",
  };
}

/** Of the difference of two rates, from their Wilson intervals (Newcombe 1998, method 10). */
export function newcombe(passedA: number, ofA: number, passedB: number, ofB: number): Range {
  const [a, b] = [wilson(passedA, ofA), wilson(passedB, ofB)];
  const [rateA, rateB] = [passedA / ofA, passedB / ofB];
  const delta = rateB - rateA;
  return {
    low: delta - Math.hypot(rateB - b.low, a.high - rateA),
    high: delta + Math.hypot(b.high - rateB, rateA - a.low),
  };
}

/** Standard error of the difference of the means. */
export function groupError({ a, b }: Groups): number {
  return Math.hypot(spreadOf(a) / Math.sqrt(a.length), spreadOf(b) / Math.sqrt(b.length));
}

export function meanOf(values: Float64Array): number {
  return values.length === 0 ? NaN : sumOf(values) / values.length;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
