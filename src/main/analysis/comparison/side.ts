/** What one run says under one criterion: rate or mean with its interval, and what trials of one task say together. */
import type { Range, SideFigures } from '#shared/comparison.ts';
import { passAtK, passHatK } from '#shared/pass-k.ts';
import { clusteredMean } from '../statistics/clusters.ts';
import { wilson } from '#shared/wilson.ts';
import { ERRORED, GRADED, NOT_APPLICABLE, type Measure, type RunScores } from './run-scores.ts';

/** Beyond so many trials of a task, the curves say nothing new. */
export const MOST_K = 32;

/** Sums of scores are exact to this. */
const TINY = 1e-12;

export const NO_FIGURES: SideFigures = {
  n: 0,
  tasks: 0,
  value: null,
  shared: null,
  range: null,
  passed: 0,
  failed: 0,
  errored: 0,
  notApplicable: 0,
  passAtK: [],
  passHatK: [],
  flaky: 0,
};

/** @param values of the run's items under the criterion; NaN = none */
export function sideFigures(run: RunScores, criterion: number, values: Float64Array, measure: Measure): SideFigures {
  const width = run.criteria.length;
  const trials = new Map<string, { n: number; passed: number }>();
  const given: number[] = [];
  const tasks: string[] = [];
  let [passed, failed, errored, notApplicable] = [0, 0, 0, 0];
  for (let item = 0; item < values.length; item++) {
    const at = item * width + criterion;
    const state = run.states[at];
    const task = run.tasks[item] ?? '';
    if (state === ERRORED) errored++;
    else if (state === NOT_APPLICABLE) notApplicable++;
    const verdict = state === GRADED ? (run.passed[at] ?? -1) : -1;
    if (verdict >= 0) {
      let tried = trials.get(task);
      if (!tried) trials.set(task, (tried = { n: 0, passed: 0 }));
      tried.n++;
      if (verdict === 1) {
        tried.passed++;
        passed++;
      } else failed++;
    }
    const value = values[item] ?? NaN;
    if (Number.isNaN(value)) continue;
    given.push(value);
    tasks.push(task);
  }
  const distinct = new Set(tasks).size;
  const curves = trialCurves([...trials.values()]);
  return {
    n: given.length,
    tasks: distinct,
    shared: null,
    ...levelOf(given, tasks, measure),
    passed,
    failed,
    errored,
    notApplicable,
    ...curves,
  };
}

/** The rate or mean and its 95 % interval: Wilson's for single trials, else clustered by task. */
export function levelOf(
  values: readonly number[],
  tasks: readonly string[],
  measure: Measure,
): { readonly value: number | null; readonly range: Range | null } {
  const n = values.length;
  if (n === 0) return { value: null, range: null };
  const distinct = new Set(tasks).size;
  const clustered = clusteredMean(values, tasks);
  const value = clustered?.mean ?? NaN;
  if (measure === 'pass rate' && distinct === n) return { value, range: wilsonRange(value, n) };
  const { low, high } = clustered?.interval ?? { low: NaN, high: NaN };
  // No spread between tasks says that there are few of them, not that the figure is certain.
  const hasSpread = high - low > TINY;
  if (measure === 'mean score') return { value, range: hasSpread ? { low, high } : null };
  if (!hasSpread) return { value, range: wilsonRange(value, distinct) };
  return { value, range: { low: Math.max(0, low), high: Math.min(1, high) } };
}

function wilsonRange(rate: number, of: number): Range {
  const { low, high } = wilson(rate * of, of);
  return { low, high };
}

/** pass@k and pass^k over the tasks with that many trials, for every k that some task has; nothing without trials. */
export function trialCurves(
  tasks: readonly { readonly n: number; readonly passed: number }[],
): Pick<SideFigures, 'passAtK' | 'passHatK' | 'flaky'> {
  const most = tasks.reduce((longest, { n }) => Math.max(longest, n), 0);
  const flaky = tasks.filter(({ n, passed }) => passed > 0 && passed < n).length;
  if (most < 2) return { passAtK: [], passHatK: [], flaky };
  const curve = (of: typeof passAtK): (number | null)[] =>
    Array.from({ length: Math.min(most, MOST_K) }, (_, at) => {
      const known = tasks.map(({ n, passed }) => of(n, passed, at + 1)).filter((each) => each !== null);
      return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0) / known.length;
    });
  return { passAtK: curve(passAtK), passHatK: curve(passHatK), flaky };
}
