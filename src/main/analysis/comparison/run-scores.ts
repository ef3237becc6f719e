/** What one eval run said of its items, as columns: the narrow waist between stored runs and their comparison. */
import type { Direction } from '#shared/grader.ts';

/** Of a result: not graded yet, a score or verdict, an error, or not about this item. */
export const DUE = 0;
export const GRADED = 1;
export const ERRORED = 2;
export const NOT_APPLICABLE = 3;

export type ScoredCriterion = {
  /** Unique within the run. */
  readonly name: string;
  /** Of the definition. */
  readonly hash: string;
  readonly direction: Direction;
  readonly weight: number;
};

export type RunScores = {
  readonly criteria: readonly ScoredCriterion[];
  /** RunItemRow.id of each item; the other columns are in the same order. */
  readonly ids: Float64Array;
  readonly tasks: readonly string[];
  readonly traceIds: readonly (string | null)[];
  readonly titles: readonly string[];
  /** USD and milliseconds; NaN = unknown. */
  readonly cost: Float64Array;
  readonly durationMs: Float64Array;
  /** Row-major [item × criterion]: DUE, GRADED, ERRORED or NOT_APPLICABLE; the score (NaN = none); 1, 0 or -1 = neither pass nor fail. */
  readonly states: Uint8Array;
  readonly scores: Float64Array;
  readonly passed: Int8Array;
};

export type Measure = 'pass rate' | 'mean score';

/**
 * What a criterion is compared by. Scores between pass and fail say more than on which side of a threshold they lie; where
 * there are none, verdicts are all that there is.
 */
export function measureOf(sides: readonly { readonly run: RunScores; readonly criterion: number }[]): Measure {
  let verdicts = false;
  let numbers = false;
  for (const { run, criterion } of sides) {
    const width = run.criteria.length;
    for (let at = criterion; at < run.states.length; at += width) {
      if (run.states[at] !== GRADED) continue;
      const score = run.scores[at] ?? NaN;
      if (Number.isFinite(score)) {
        if (score !== 0 && score !== 1) return 'mean score';
        numbers = true;
      }
      if ((run.passed[at] ?? -1) >= 0) verdicts = true;
    }
  }
  return numbers && !verdicts ? 'mean score' : 'pass rate';
}

/** The value of each item under a criterion: 1 or 0 for pass and fail, or the score; NaN = none. */
export function valuesOf(run: RunScores, criterion: number, measure: Measure): Float64Array {
  const width = run.criteria.length;
  const values = new Float64Array(run.ids.length).fill(NaN);
  for (let item = 0; item < values.length; item++) {
    const at = item * width + criterion;
    if (run.states[at] !== GRADED) continue;
    const passed = run.passed[at] ?? -1;
    const score = run.scores[at] ?? NaN;
    // Sums of larger ones could leave the range of numbers.
    if (measure === 'mean score') values[item] = Math.abs(score) < 1e150 ? score : NaN;
    else if (passed >= 0) values[item] = passed;
  }
  return values;
}
