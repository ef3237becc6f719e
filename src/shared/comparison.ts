/** Two or more runs over the same items: what changed, and whether it is more than luck. */
import type { EvalRunRow } from './eval.ts';

/** `low` and `high` of 95 %. */
export type Range = { readonly low: number; readonly high: number };

/** `clustered`: sign flips of the means over the trials of each task. The two before `none` are of runs that share no item. */
export const COMPARISON_TESTS = [
  'mcnemar-exact',
  'sign-flip-exact',
  'sign-flip',
  'clustered',
  'fisher-exact',
  'label-permutation',
  'none',
] as const;
export type ComparisonTest = (typeof COMPARISON_TESTS)[number];

/** One side of a criterion. */
export type SideFigures = {
  /** Items with a score, and different tasks among them. */
  readonly n: number;
  readonly tasks: number;
  /** Pass rate, else mean score; null = nothing. */
  readonly value: number | null;
  /** The same over what both runs have, means over trials: `delta` is the difference of these. Null = nothing to compare. */
  readonly shared: number | null;
  /** Wilson for rates of single trials, clustered by task over trials, else of the mean; null = cannot be told. */
  readonly range: Range | null;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly notApplicable: number;
  /** By k = 1, 2…: shares of tasks, over those with that many trials; empty without trials. */
  readonly passAtK: readonly (number | null)[];
  readonly passHatK: readonly (number | null)[];
  /** Tasks whose trials differ in outcome. */
  readonly flaky: number;
};

/** One criterion in one run against the baseline. */
export type CriterionComparison = {
  readonly name: string;
  /** What is compared: shares that passed, or numbers. */
  readonly measure: 'pass rate' | 'mean score';
  /** More is better, less is, or neither: what "better" means below. */
  readonly direction: 'maximise' | 'minimise' | 'neutral';
  /** The definitions differ: the difference is not of the agents alone. */
  readonly graderChanged: boolean;
  readonly a: SideFigures;
  readonly b: SideFigures;
  /** Items (tasks, with several trials) with a value in both; of runs that share none, those of both together. */
  readonly n: number;
  /** B - A over those, each task counting once; null = nothing to compare. */
  readonly delta: number | null;
  readonly range: Range | null;
  /** How the range was made, in words: "paired bootstrap, 10,000 resamples". */
  readonly rangeBy: string | null;
  readonly test: ComparisonTest;
  readonly testName: string;
  readonly p: number | null;
  /** By Holm over all criteria of all runs against the baseline. */
  readonly pAdjusted: number | null;
  /** Of the items, in B: better by the direction; of a neutral criterion, higher. */
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  /** The smallest difference that so many items show in 80 of 100 cases; null = cannot be told. */
  readonly minDetectable: number | null;
  /** More items (in each run, of runs that share none) that would show the observed difference; 0 = it is shown; null = no number would help. */
  readonly moreNeeded: number | null;
  readonly verdict: 'better' | 'worse' | 'no difference shown' | 'different' | 'nothing to compare';
  /** One plain sentence. */
  readonly says: string;
};

export type RunComparison = {
  readonly baseline: EvalRunRow;
  readonly others: readonly {
    readonly run: EvalRunRow;
    readonly criteria: readonly CriterionComparison[];
    readonly counts: ChangeCounts;
    /** Totals of the traces in both, paired: cost in USD and milliseconds; null = unknown. */
    readonly cost: Paired;
    readonly durationMs: Paired;
    readonly onlyInBaseline: number;
    readonly onlyInThis: number;
  }[];
  /** How items of the runs were paired: by the same trace, or by task; `none` = they share none, and are compared as groups. */
  readonly pairedBy: 'trace' | 'task' | 'none';
  readonly resamples: number;
  readonly seed: number;
};

export type Paired = {
  readonly a: number | null;
  readonly b: number | null;
  readonly delta: number | null;
  readonly range: Range | null;
};

export const ITEM_CHANGES = ['fixed', 'regressed', 'same', 'only in A', 'only in B', 'errored'] as const;
export type ItemChange = (typeof ITEM_CHANGES)[number];
export type ChangeCounts = { readonly [C in ItemChange]: number };

/** Items of one pair of runs as columns, the most regressed first. A task with several trials is one row. */
export type ComparedItems = {
  readonly criteria: readonly string[];
  readonly keys: readonly string[];
  readonly titles: readonly string[];
  /** Index into ITEM_CHANGES. */
  readonly change: Uint8Array;
  /** Items (RunItemRow.id) of each side, those that differ most among the trials; -1 = none. */
  readonly itemA: Float64Array;
  readonly itemB: Float64Array;
  readonly traceA: readonly (string | null)[];
  readonly traceB: readonly (string | null)[];
  readonly trialsA: Uint16Array;
  readonly trialsB: Uint16Array;
  /** Mean over trials of pass (1) and fail (0), or of scores; row-major [row × criteria]; NaN = none. */
  readonly valuesA: Float32Array;
  readonly valuesB: Float32Array;
  /** What `change` is of: share of the trials that passed all criteria, else the weighted mean of the scores (less being worse); NaN = none. */
  readonly outcomeA: Float32Array;
  readonly outcomeB: Float32Array;
  readonly agents: readonly (readonly string[])[];
  readonly tools: readonly (readonly string[])[];
  /** More rows than are answered. */
  readonly cut: boolean;
};

export const MOST_COMPARED = 50_000;
