/** What the charts draw, out of a comparison. */
import type {
  ComparedItems,
  CriterionComparison,
  Paired,
  Range,
  RunComparison,
  SideFigures,
} from '#shared/comparison.ts';
import type { EvalRunRow } from '#shared/eval.ts';
import type { FrontierPoint } from '../../../../charts/statistics/frontier-chart.tsx';
import type { ChartRun, IntervalGroup } from '../../../../charts/statistics/interval-chart.tsx';
import { letterOf } from './choose.ts';
import { shownName } from './words.ts';

export type CostBasis = 'cost' | 'time';

/** All runs, the baseline first. */
export function chartRuns({ baseline, others }: RunComparison): readonly ChartRun[] {
  return [baseline, ...others.map(({ run }) => run)].map(({ name }, index) => ({
    letter: letterOf(index),
    name: shownName(name),
  }));
}

/** Names of the criteria of any other run, in the order in which they first occur. */
export function criteriaNames({ others }: RunComparison): readonly string[] {
  return [...new Set(others.flatMap(({ criteria }) => criteria.map(({ name }) => name)))];
}

/** A criterion that a run does not share with the baseline has no bar there. */
export function intervalGroups(comparison: RunComparison): readonly IntervalGroup[] {
  return criteriaNames(comparison).map((name) => {
    const found = comparison.others.map(({ criteria }) => criteria.find((each) => each.name === name));
    const first = found.find((each) => each !== undefined);
    return {
      name: shownName(name),
      rate: first?.measure === 'pass rate',
      bars: [first?.a, ...found.map((each) => each?.b)].map((side) => ({
        value: side?.value ?? null,
        range: side?.range ?? null,
        n: side?.n ?? 0,
      })),
    };
  });
}

/** The values of one criterion on both sides, by row of the items. */
export function columnsOf(
  items: ComparedItems,
  name: string,
): { readonly a: Float32Array; readonly b: Float32Array } | null {
  const at = items.criteria.indexOf(name);
  if (at < 0) return null;
  const width = items.criteria.length;
  const column = (values: Float32Array): Float32Array =>
    Float32Array.from({ length: items.keys.length }, (_, row) => values[row * width + at] ?? Number.NaN);
  return { a: column(items.valuesA), b: column(items.valuesB) };
}

/**
 * Of each run what one trace costs (USD) or takes (milliseconds), and how good it is under one criterion. Runs without
 * either are left out. The interval of a cost is that of its paired difference to the baseline, laid around the run.
 */
export function costPoints(comparison: RunComparison, criterion: string, basis: CostBasis): readonly FrontierPoint[] {
  const { baseline, others } = comparison;
  const runs = chartRuns(comparison);
  const found = others.map(({ criteria }) => criteria.find(({ name }) => name === criterion));
  const sides: readonly {
    readonly run: EvalRunRow;
    readonly side: SideFigures | undefined;
    readonly paired: Paired | null;
  }[] = [
    { run: baseline, side: found.find((each): each is CriterionComparison => each !== undefined)?.a, paired: null },
    ...others.map(({ run, cost, durationMs }, index) => ({
      run,
      side: found[index]?.b,
      paired: basis === 'cost' ? cost : durationMs,
    })),
  ];
  return sides.flatMap(({ run, side, paired }, index) => {
    const total = basis === 'cost' ? run.cost : run.durationMs;
    const label = runs[index];
    if (total === null || run.counts.total === 0 || !side || side.value === null || !label) return [];
    return [
      {
        run: label,
        index,
        cost: total / run.counts.total,
        costRange: around(total / run.counts.total, paired),
        quality: side.value,
        qualityRange: side.range,
      },
    ];
  });
}

/** In the measure of `mean`: the pairs are of other items, or of means over trials. */
function around(mean: number, paired: Paired | null): Range | null {
  if (!paired?.range || paired.delta === null || paired.b === null || !(paired.b > 0)) return null;
  const { b, delta, range } = paired;
  return {
    low: Math.max(0, (mean * (b + range.low - delta)) / b),
    high: Math.max(0, (mean * (b + range.high - delta)) / b),
  };
}
