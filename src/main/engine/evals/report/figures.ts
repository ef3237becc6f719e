/** What a run says of each of its criteria: a share or a mean, and how sure that is. */
import type { Range } from '#shared/comparison.ts';
import type { EvalRunRow, RunItemRow } from '#shared/eval.ts';
import { clusteredMean } from '../../../analysis/statistics/clusters.ts';
import { wilson } from '#shared/wilson.ts';

export type CriterionFigures = {
  readonly name: string;
  readonly measure: 'pass rate' | 'mean score';
  /** Items with pass or fail, else with a score. */
  readonly n: number;
  /** Different tasks among them. */
  readonly tasks: number;
  /** Null = nothing was graded. */
  readonly value: number | null;
  /** 95 %: Wilson's for shares of single trials, else clustered by task; null = cannot be told. */
  readonly range: Range | null;
};

/** @param rows all items of the run */
export function figuresOf(run: Pick<EvalRunRow, 'criteria'>, rows: Iterable<RunItemRow>): CriterionFigures[] {
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
    const n = values.length;
    return {
      name,
      measure: isRate || n === 0 ? 'pass rate' : 'mean score',
      n,
      tasks: new Set(tasks).size,
      value: n === 0 ? null : sum(values) / n,
      range: rangeOf(values, tasks, isRate),
    };
  });
}

function rangeOf(values: readonly number[], tasks: readonly string[], isRate: boolean): Range | null {
  if (values.length === 0) return null;
  if (isRate && new Set(tasks).size === tasks.length) {
    const { low, high } = wilson(sum(values), values.length);
    return { low, high };
  }
  const interval = clusteredMean(values, tasks)?.interval;
  if (!interval || !Number.isFinite(interval.low) || !Number.isFinite(interval.high)) return null;
  return isRate ? { low: Math.max(0, interval.low), high: Math.min(1, interval.high) } : interval;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
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
