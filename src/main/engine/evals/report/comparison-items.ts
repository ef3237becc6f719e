/** Rows of the item table as objects, for reports and the command line. */
import { ITEM_CHANGES, type ComparedItems, type RunComparison } from '#shared/comparison.ts';

export type ComparisonReport = {
  readonly comparison: RunComparison;
  /** Of each other run, in their order. */
  readonly items: (otherId: string) => ComparedItems;
};

/** One item of a pair of runs, as JSON tells it. */
export type ComparedItemJson = {
  readonly key: string;
  readonly title: string;
  readonly change: (typeof ITEM_CHANGES)[number];
  /** Of each side, what `change` is of: see ComparedItems.outcomeA. */
  readonly a: number | null;
  readonly b: number | null;
  /** Of each criterion that both have: the mean over the trials of pass (1) and fail (0), or of scores; null = none. */
  readonly criteria: readonly { readonly name: string; readonly a: number | null; readonly b: number | null }[];
  readonly traceA: string | null;
  readonly traceB: string | null;
  readonly trialsA: number;
  readonly trialsB: number;
  readonly agents: readonly string[];
  readonly tools: readonly string[];
};

export function itemJson(items: ComparedItems, row: number): ComparedItemJson {
  return {
    key: items.keys[row] ?? '',
    title: items.titles[row] ?? '',
    change: ITEM_CHANGES[items.change[row] ?? 0] ?? 'same',
    a: rounded(items.outcomeA[row]),
    b: rounded(items.outcomeB[row]),
    criteria: items.criteria.map((name, at) => ({
      name,
      a: valueAt(items, items.valuesA, row, at),
      b: valueAt(items, items.valuesB, row, at),
    })),
    traceA: items.traceA[row] ?? null,
    traceB: items.traceB[row] ?? null,
    trialsA: items.trialsA[row] ?? 0,
    trialsB: items.trialsB[row] ?? 0,
    agents: items.agents[row] ?? [],
    tools: items.tools[row] ?? [],
  };
}

export function valueAt(items: ComparedItems, from: Float32Array, row: number, criterion: number): number | null {
  return rounded(from[row * items.criteria.length + criterion]);
}

/** Columns hold seven digits. */
function rounded(value = NaN): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : null;
}
