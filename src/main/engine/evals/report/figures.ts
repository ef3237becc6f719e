/** What a run says of each of its criteria: a share or a mean, and how sure that is. */
import type { CriterionFigures, EvalRunRow, RunItemRow } from '#shared/eval.ts';
import { DUE, ERRORED, GRADED, type RunScores } from '../../../analysis/comparison/run-scores.ts';
import { levelOf } from '../../../analysis/comparison/side.ts';

export type { CriterionFigures };

type Said = Pick<NonNullable<RunItemRow['results'][number]>, 'status' | 'passed' | 'score'>;
type SaidOfItem = { readonly task: string; readonly results: readonly (Said | null)[] };

/** @param rows all items of the run */
export function figuresOf(
  run: { readonly criteria: readonly Pick<EvalRunRow['criteria'][number], 'name'>[] },
  rows: Iterable<SaidOfItem>,
): CriterionFigures[] {
  const passes = run.criteria.map((): number[] => []);
  const scores = run.criteria.map((): number[] => []);
  const passTasks = run.criteria.map((): string[] => []);
  const scoreTasks = run.criteria.map((): string[] => []);
  for (const { task, results } of rows)
    results.forEach((verdict, at) => {
      if (verdict?.status !== 'graded') return;
      if (verdict.passed !== null) {
        passes[at]?.push(verdict.passed ? 1 : 0);
        passTasks[at]?.push(task);
      }
      if (verdict.score !== null) {
        scores[at]?.push(verdict.score);
        scoreTasks[at]?.push(task);
      }
    });
  return run.criteria.map(({ name }, at) => {
    const isRate = (passes[at] ?? []).length > 0;
    const values = (isRate ? passes : scores)[at] ?? [];
    const tasks = (isRate ? passTasks : scoreTasks)[at] ?? [];
    const measure = isRate || values.length === 0 ? 'pass rate' : 'mean score';
    return { name, measure, n: values.length, tasks: new Set(tasks).size, ...levelOf(values, tasks, measure) };
  });
}

/** The items of a run that was read as columns. */
export function* verdictsOf({ criteria, tasks, states, scores, passed }: RunScores): Generator<SaidOfItem> {
  const width = criteria.length;
  for (const [item, task] of tasks.entries())
    yield {
      task,
      results: criteria.map((_, criterion) => {
        const at = item * width + criterion;
        const state = states[at] ?? DUE;
        if (state === DUE) return null;
        if (state !== GRADED)
          return { status: state === ERRORED ? 'errored' : 'not_applicable', passed: null, score: null };
        const score = scores[at] ?? NaN;
        const verdict = passed[at] ?? -1;
        return {
          status: 'graded',
          passed: verdict < 0 ? null : verdict === 1,
          score: Number.isNaN(score) ? null : score,
        };
      }),
    };
}

/** "80 %", "99.5 %". */
export function inPercent(share: number): string {
  return `${String(Number((share * 100).toFixed(1)))} %`;
}

/** A share as percent, a mean as a number. */
export function valueText({ measure, value }: Pick<CriterionFigures, 'measure' | 'value'>): string {
  if (value === null) return '–';
  return measure === 'pass rate' ? inPercent(value) : scoreText(value);
}

export function rangeText({ measure, range }: Pick<CriterionFigures, 'measure' | 'range'>): string {
  if (range === null) return '–';
  return measure === 'pass rate'
    ? `${inPercent(range.low)} – ${inPercent(range.high)}`
    : `${scoreText(range.low)} – ${scoreText(range.high)}`;
}

export function scoreText(score: number): string {
  return String(Number(score.toPrecision(4)));
}
