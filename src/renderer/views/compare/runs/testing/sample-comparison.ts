/** Two runs side by side, as the engine answers them. */
import type {
  ChangeCounts,
  ComparedItems,
  CriterionComparison,
  RunComparison,
  SideFigures,
} from '#shared/comparison.ts';
import { ITEM_CHANGES } from '#shared/comparison.ts';
import type { EvalRunRow } from '#shared/eval.ts';

export function runRow(id: string, change: Partial<EvalRunRow> = {}): EvalRunRow {
  return {
    id,
    evalId: 'eval-1',
    evalName: 'Flight desk',
    name: `run ${id}`,
    status: 'done',
    counts: { total: 50, done: 50, passed: 29, failed: 20, errored: 1, neither: 0 },
    criteria: [],
    source: { kind: 'filter', query: '' },
    limit: null,
    seed: 1,
    missing: 0,
    judges: [],
    modelUse: [],
    cost: 1.5,
    durationMs: 90_000,
    createdAt: 1_790_000_000_000,
    startedAt: 1_790_000_000_000,
    finishedAt: 1_790_000_100_000,
    error: null,
    metadata: {},
    ...change,
  };
}

export function side(value: number | null, change: Partial<SideFigures> = {}): SideFigures {
  return {
    n: 50,
    tasks: 50,
    value,
    shared: value,
    range: value === null ? null : { low: Math.max(0, value - 0.12), high: Math.min(1, value + 0.12) },
    passed: Math.round((value ?? 0) * 50),
    failed: 50 - Math.round((value ?? 0) * 50),
    errored: 0,
    notApplicable: 0,
    passAtK: [],
    passHatK: [],
    flaky: 0,
    ...change,
  };
}

export function criterion(name: string, change: Partial<CriterionComparison> = {}): CriterionComparison {
  return {
    name,
    measure: 'pass rate',
    direction: 'maximise',
    graderChanged: false,
    a: side(0.58),
    b: side(0.7),
    n: 50,
    delta: 0.12,
    range: { low: 0.03, high: 0.21 },
    rangeBy: 'paired bootstrap, 10,000 resamples',
    test: 'mcnemar-exact',
    testName: 'McNemar, exact',
    p: 0.013,
    pAdjusted: 0.039,
    wins: 9,
    losses: 3,
    ties: 38,
    minDetectable: 0.1,
    moreNeeded: 0,
    verdict: 'better',
    says: 'Passes 12 points more often.',
    ...change,
  };
}

export const NO_CHANGES: ChangeCounts = {
  fixed: 0,
  regressed: 0,
  same: 0,
  'only in A': 0,
  'only in B': 0,
  errored: 0,
};

export function comparison(
  criteria: readonly CriterionComparison[],
  change: Partial<RunComparison['others'][number]> = {},
): RunComparison {
  return {
    baseline: runRow('a', { name: 'before' }),
    others: [
      {
        run: runRow('b', { name: 'after' }),
        criteria,
        counts: { ...NO_CHANGES, fixed: 9, regressed: 3, same: 38 },
        cost: { a: 1.5, b: 1.7, delta: 0.2, range: { low: 0.1, high: 0.3 } },
        durationMs: { a: 90_000, b: 80_000, delta: -10_000, range: { low: -15_000, high: -5_000 } },
        onlyInBaseline: 0,
        onlyInThis: 0,
        ...change,
      },
    ],
    pairedBy: 'task',
    resamples: 10_000,
    seed: 42,
  };
}

export type SampleItem = {
  readonly key: string;
  readonly title?: string;
  readonly change: (typeof ITEM_CHANGES)[number];
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly agents?: readonly string[];
  readonly tools?: readonly string[];
};

export function itemColumns(criteria: readonly string[], rows: readonly SampleItem[], cut = false): ComparedItems {
  const inA = rows.map(({ change }) => change !== 'only in B');
  const inB = rows.map(({ change }) => change !== 'only in A');
  return {
    criteria,
    keys: rows.map(({ key }) => key),
    titles: rows.map(({ key, title }) => title ?? `Title of ${key}`),
    change: Uint8Array.from(rows, ({ change }) => ITEM_CHANGES.indexOf(change)),
    itemA: Float64Array.from(rows, (_, row) => (inA[row] ? row * 2 : -1)),
    itemB: Float64Array.from(rows, (_, row) => (inB[row] ? row * 2 + 1 : -1)),
    traceA: rows.map(({ key }, row) => (inA[row] ? `a-${key}` : null)),
    traceB: rows.map(({ key }, row) => (inB[row] ? `b-${key}` : null)),
    trialsA: Uint16Array.from(inA, Number),
    trialsB: Uint16Array.from(inB, Number),
    valuesA: Float32Array.from(rows.flatMap(({ a }) => a)),
    valuesB: Float32Array.from(rows.flatMap(({ b }) => b)),
    outcomeA: Float32Array.from(rows, ({ a }) => a[0] ?? NaN),
    outcomeB: Float32Array.from(rows, ({ b }) => b[0] ?? NaN),
    agents: rows.map(({ agents }) => agents ?? []),
    tools: rows.map(({ tools }) => tools ?? []),
    cut,
  };
}
