/**
 * Evals: which graders judge which traces, and what they said of them in one run. Shapes that leave the app are OpenAI's
 * (see docs/evals.md); these are ours.
 */
import type { GraderDefinition, Grade, GraderScope } from './grader.ts';
import type { Json, JsonObject } from './json.ts';
import type { ExchangeProblem } from './grader-exchange.ts';

/** One thing that is measured. A run freezes the version that is current when it starts, unless one is named here. */
export type EvalCriterion = {
  readonly graderId: string;
  /** Null = whichever version is current when a run starts. */
  readonly versionHash: string | null;
  /** Share of items (of those that were graded) that must pass for the gate, 0…1; null = none. */
  readonly threshold: number | null;
  /** In an item's weighted score; 1 unless said otherwise. */
  readonly weight: number;
};

/** Which traces a run takes. A filter is looked up when the run starts; what it found is frozen into the run. */
export type EvalSource =
  | { readonly kind: 'traces'; readonly traceIds: readonly string[] }
  | { readonly kind: 'filter'; readonly query: string }
  /** Traces that fit the query and belong to an example: its row is their `item`, and those of one example are trials. */
  | {
      readonly kind: 'dataset';
      readonly datasetId: string;
      /** Null = the newest version when a run starts. */
      readonly version: number | null;
      readonly query: string;
      readonly link: ExampleLink;
    };

/** How a trace is known to be of an example: a field of its metadata equals the example's key, or its input is the example's. */
export type ExampleLink =
  | { readonly by: 'metadata'; readonly field: string }
  | { readonly by: 'input' }
  /** By the trace that the example was made from, any task id in the metadata, the row kept in it, then the input. */
  | { readonly by: 'any' };

export type EvalDefinition = {
  readonly name: string;
  readonly criteria: readonly EvalCriterion[];
  readonly source: EvalSource;
  /** What a run takes of the source unless it is told otherwise; absent or null = all of it. */
  readonly sample?: { readonly limit: number; readonly seed: number } | null;
  /** OpenAI's, at most 16 pairs. */
  readonly metadata: { readonly [key: string]: string };
};

export type EvalRow = EvalDefinition & {
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archived: boolean;
  readonly runs: number;
  /** The newest. */
  readonly lastRun: EvalRunRow | null;
};

export const RUN_STATUSES = ['queued', 'running', 'done', 'cancelled', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** An item passed when every criterion that applies passed it; one that errored is neither passed nor failed. */
export type RunCounts = {
  readonly total: number;
  readonly done: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  /** No criterion applied, or none has pass or fail. */
  readonly neither: number;
};

/** A criterion as the run froze it, with what came of it. */
export type RunCriterion = {
  /** Unique within the run; what comparisons pair criteria of two runs by. */
  readonly name: string;
  /** Null when it came with an imported run and is no grader here. */
  readonly graderId: string | null;
  readonly versionHash: string;
  readonly versionNumber: number | null;
  readonly definition: GraderDefinition;
  readonly scope: GraderScope;
  readonly threshold: number | null;
  readonly weight: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly notApplicable: number;
  /** Of the scores that were given; null = none. */
  readonly mean: number | null;
};

/** A criterion of a run as one figure, and how sure that is. */
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
  readonly range: { readonly low: number; readonly high: number } | null;
};

/** Which model judges, as it was when the run started: one that is repeated or goes on asks the same. */
export type RunJudge = {
  /** The definition that asks: SHA-256 of its canonical JSON. It may be one inside of another. */
  readonly graderHash: string;
  readonly grader: string;
  /** Null = there was none yet. */
  readonly endpoint: { readonly id: string; readonly label: string; readonly baseUrl: string } | null;
  /** One, or those of a panel. */
  readonly models: readonly string[];
  /** Temperature, seed and the like, by the names of chat completions. */
  readonly parameters: JsonObject;
};

/** What was asked of models, in one run. */
export type RunModelUse = {
  readonly model: string;
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens: number;
  /** USD; null = unknown. */
  readonly cost: number | null;
};

export type ImportedSource = {
  readonly kind: 'imported';
  readonly format: string;
  readonly path: string | null;
  /** What the file says of the run and there is no place for here; given back when it is exported. */
  readonly original?: JsonObject;
};

export type EvalRunRow = {
  readonly id: string;
  readonly evalId: string;
  readonly evalName: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly counts: RunCounts;
  readonly criteria: readonly RunCriterion[];
  /** What was asked for; which traces that was is in the items. `items`: answers without traces, that were handed in. */
  readonly source: EvalSource | { readonly kind: 'items'; readonly count: number } | ImportedSource;
  readonly limit: number | null;
  readonly seed: number;
  /** Examples of the dataset, or traces that were chosen, that were not found. */
  readonly missing: number;
  readonly judges: readonly RunJudge[];
  readonly modelUse: readonly RunModelUse[];
  /** Of the traces themselves, in all: what the agents cost (USD) and took (milliseconds); null = unknown. */
  readonly cost: number | null;
  readonly durationMs: number | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly error: string | null;
  readonly metadata: { readonly [key: string]: string };
};

/** One item of a run: a trace, as one trial of a task. */
export type RunItemRow = {
  /** Unique within the workspace. */
  readonly id: number;
  readonly runId: string;
  /** What pairs it with items of other runs: the example, the task that its metadata names, else the trace. */
  readonly task: string;
  /** From 1, in the order of time among the items of one task in this run. */
  readonly trial: number;
  /** Beginning of what it was given, for people; at most 200 characters. */
  readonly title: string;
  /** Null when it came without a trace. */
  readonly traceId: string | null;
  /** The trace was deleted: verdicts stay, what they quoted of it is gone. */
  readonly gone: boolean;
  readonly status: 'due' | 'passed' | 'failed' | 'errored' | 'neither';
  /** Weighted mean of the criteria's scores; null = none. */
  readonly score: number | null;
  readonly cost: number | null;
  readonly durationMs: number | null;
  /** In the order of the run's criteria; null = not graded yet. */
  readonly results: readonly (ItemVerdict | null)[];
};

export type ItemVerdict = Pick<Grade, 'status' | 'score' | 'label' | 'passed'>;

/** All that is known of one item. */
export type RunItem = {
  readonly row: RunItemRow;
  /** The row of the dataset, else null. */
  readonly item: Json;
  /** OpenAI's `sample`: only of an imported item; of others it is in the trace. */
  readonly sample: Json;
  readonly grades: readonly (Grade | null)[];
};

export type RunItemPage = { readonly rows: readonly RunItemRow[]; readonly nextCursor: number | null };

export type RunItemFilter = {
  readonly status?: RunItemRow['status'];
  /** Those with this outcome under this criterion (index). */
  readonly criterion?: number;
  readonly outcome?: 'passed' | 'failed' | 'errored' | 'not_applicable';
  /** A part of the title or task. */
  readonly text?: string;
};

export const ITEM_PAGE = 1_000;
/** Items of one run. */
export const MOST_ITEMS = 100_000;

export type EvalImport = {
  readonly format: string;
  readonly evals: readonly EvalRow[];
  readonly runs: readonly EvalRunRow[];
  readonly items: number;
  readonly problems: readonly ExchangeProblem[];
};

/** `openai`: eval, run and output items in one JSON object; the others are reports of one run. */
export const RUN_EXPORTS = ['openai', 'promptfoo', 'markdown', 'junit', 'csv'] as const;
export type RunExport = (typeof RUN_EXPORTS)[number];

/** Does the run hold what was promised? */
export type GateVerdict = {
  readonly holds: boolean;
  readonly checks: readonly GateCheck[];
};

export type GateCheck = {
  /** Empty = the run as a whole. */
  readonly criterion: string;
  readonly kind: 'threshold' | 'baseline' | 'errors' | 'empty' | 'unfinished';
  readonly holds: boolean;
  /** One sentence with the numbers. */
  readonly says: string;
};
