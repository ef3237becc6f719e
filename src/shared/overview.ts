/** Which failures there are, in which agents, at which step, how often, when and in which workflow. */

/** How many of how many, with its 95 % interval (Wilson) as shares of 0…1. */
export type ShareOf = { readonly count: number; readonly of: number; readonly low: number; readonly high: number };

/** `labels`: annotations that name a failure. `traces`: those with at least one of them, among the reviewed ones. */
export type FailureCount = { readonly labels: number; readonly traces: ShareOf };

export type CategoryCount = FailureCount & {
  readonly taxonomy: string | null;
  /** Aliases count as the category that claims them; what no category claims counts as itself. */
  readonly code: string;
  readonly title: string;
  /** False = no category of its taxonomy claims it, or there is no such taxonomy here. */
  readonly known: boolean;
  /** As written, the most frequent first, at most 20. */
  readonly spellings: readonly { readonly spelling: string; readonly labels: number }[];
};

/** Letter case does not tell agents apart. */
export type AgentCount = FailureCount & {
  /** The most frequent spelling. */
  readonly agent: string;
  /** Labels that blame it. */
  readonly blamed: number;
  /** Labels on steps in which it acts. */
  readonly acted: number;
  /** Labels that blame it for a step in which another one acts. */
  readonly elsewhere: number;
};

export type Overview = {
  /** That match the query. */
  readonly traceCount: number;
  /** Traces with at least one annotation. */
  readonly reviewed: number;
  readonly annotations: number;
  readonly failures: FailureCount;
  readonly verdicts: ShareOf & { readonly annotations: number };
  readonly blamedAgents: number;
  /** Labels whose blamed agent is not the one that acts in the marked step. */
  readonly blamedElsewhere: number;
  /** Label sets that occur, the most used first. */
  readonly taxonomies: readonly { readonly id: string | null; readonly title: string; readonly labels: number }[];
  readonly categories: readonly CategoryCount[];
  readonly agents: readonly AgentCount[];
  /** Agent (blamed, else acting) by category; indices into `agents` and `categories`, -1 = none named. */
  readonly heat: readonly { readonly agent: number; readonly category: number; readonly labels: number }[];
  /** From 0; those without a label are left out. */
  readonly steps: readonly { readonly step: number; readonly labels: number; readonly traces: number }[];
  /** Ten tenths of a trace's length in steps. */
  readonly deciles: readonly { readonly labels: number; readonly traces: number }[];
  /** Labels that mark no step. */
  readonly unplaced: number;
  readonly period: Period;
  /** By the start of the trace, UTC, without gaps where there are at most 400 periods. */
  readonly time: readonly (FailureCount & { readonly from: string })[];
  /** Of traces without a time. */
  readonly untimed: FailureCount;
  readonly workflows: readonly (FailureCount & { readonly workflow: string | null })[];
};

export const PERIODS = ['day', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

export type OverviewArgs = {
  readonly query?: string;
  readonly taxonomy?: string;
  /** Of the time series; fitting unless given. */
  readonly by?: Period;
};

/** One bar or cell. Several fields narrow together. */
export type OverviewPick = {
  /** Of `taxonomy`, null = without one. */
  readonly category?: { readonly taxonomy: string | null; readonly code: string } | null;
  /** Blamed or acting, as the heat map and the bars of agents count. */
  readonly agent?: string | null;
  readonly elsewhere?: true;
  readonly step?: number;
  readonly decile?: number;
  /** First day of a period. */
  readonly from?: string;
  readonly untimed?: true;
  readonly workflow?: string | null;
  readonly passed?: boolean;
  /** Just these traces, as a cell of a matrix names them. */
  readonly traceIds?: readonly string[];
};

export type OverviewTrace = {
  readonly traceId: string;
  readonly name: string;
  /** A span that such a label marks. */
  readonly spanId: string | null;
  readonly labels: number;
};

export type OverviewTraces = {
  /** At most 500. */
  readonly rows: readonly OverviewTrace[];
  readonly total: number;
};
