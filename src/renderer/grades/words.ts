/** Verdicts of graders in words, the same wherever they are shown. */
import type { Grade } from '#shared/grader.ts';

/** `none` = graded, and neither passed nor failed: a neutral grader. */
export type Outcome = 'passed' | 'failed' | 'none' | 'errored' | 'not_applicable';

export function outcomeOf({ status, passed }: Pick<Grade, 'status' | 'passed'>): Outcome {
  if (status !== 'graded') return status;
  return passed === null ? 'none' : passed ? 'passed' : 'failed';
}

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  passed: 'pass',
  failed: 'fail',
  none: 'graded',
  errored: 'error',
  not_applicable: 'not applicable',
};

/** "0.83", "1", "12.5": at most three digits after the point, none that say nothing. */
export function scoreText(score: number | null): string {
  if (score === null) return '–';
  return Number.isInteger(score) ? String(score) : String(Number(score.toFixed(3)));
}

/** "4 ms", "1.2 s". */
export function tookText(ms: number): string {
  return ms < 1 ? '<1 ms' : ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

export type Tally = {
  readonly passed: number;
  readonly failed: number;
  readonly none: number;
  readonly errored: number;
  readonly not_applicable: number;
  /** Of all scores; null = there is none. */
  readonly mean: number | null;
};

/** Errored and not applicable ones are apart, and in no mean. */
export function tally(grades: readonly Grade[]): Tally {
  const counts = { passed: 0, failed: 0, none: 0, errored: 0, not_applicable: 0 };
  let sum = 0;
  let scored = 0;
  for (const grade of grades) {
    counts[outcomeOf(grade)]++;
    if (grade.status !== 'graded' || grade.score === null) continue;
    sum += grade.score;
    scored++;
  }
  return { ...counts, mean: scored === 0 ? null : sum / scored };
}
