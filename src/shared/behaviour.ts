/** What many runs of one task have in common: one graph and one sequence, with the share of runs that took each way. */
import type { GraphEdgeKind, GraphNodeKind } from './graph.ts';
import type { Range } from './comparison.ts';

/** Where the traces of a group come from. Those of an eval run have the verdicts of that run. */
export type BehaviourSource =
  | { readonly kind: 'traces'; readonly traceIds: readonly string[] }
  | { readonly kind: 'query'; readonly query: string }
  | { readonly kind: 'run'; readonly runId: string };

export type BehaviourGroup = { readonly label: string; readonly source: BehaviourSource };

/** One trace of one group; one that is in both groups is here twice. */
export type MappedTrace = {
  readonly id: string;
  readonly name: string;
  /** Index of its group. */
  readonly group: number;
  /** Null = nobody and nothing says. */
  readonly passed: boolean | null;
};

/** Of one group. */
export type GroupShare = {
  /** Runs that have it, of those in the group. */
  readonly runs: number;
  readonly share: number;
  readonly range: Range;
  /** Crossings or spans in all. */
  readonly times: number;
  /** Of the runs that have it and have a verdict; null = none has. */
  readonly passRate: { readonly passed: number; readonly of: number; readonly range: Range } | null;
  /** Of the spans that prove it and what is below them, in all, USD; null = unknown. Of an agent: of its own work. */
  readonly cost: number | null;
};

type Mapped = {
  /** In the order of the groups. */
  readonly groups: readonly GroupShare[];
  /** Those that have it, per group, as ascending places in `BehaviourMap.traces`. */
  readonly traces: readonly (readonly number[])[];
};

export type BehaviourNode = Mapped & {
  /** As in the graph of one trace: `agent:<name>`, `tool:<name>`, `guardrail:<name>`, `user`. */
  readonly id: string;
  readonly kind: GraphNodeKind;
  readonly name: string;
};

export type BehaviourEdge = Mapped & {
  readonly from: string;
  readonly to: string;
  readonly kind: GraphEdgeKind;
  /** Of two groups: share in the second minus share in the first, with Fisher's exact test of it, and the same by Benjamini and Hochberg over all edges. */
  readonly separates: { readonly delta: number; readonly p: number; readonly pAdjusted: number } | null;
};

/** Runs folded into one order of steps: what stands in many runs at the same place. */
export type BehaviourStep = Mapped & {
  readonly from: string;
  readonly to: string;
  readonly kind: GraphEdgeKind;
  /** What is called, or who is reached. */
  readonly label: string;
  /** Steps of single runs that stand before this one and are too rare to be shown. */
  readonly othersBefore: number;
};

export type BehaviourMap = {
  readonly groups: readonly {
    readonly label: string;
    readonly runs: number;
    readonly passed: number;
    readonly failed: number;
  }[];
  readonly traces: readonly MappedTrace[];
  /** In the order in which they first appear. */
  readonly nodes: readonly BehaviourNode[];
  readonly edges: readonly BehaviourEdge[];
  readonly steps: readonly BehaviourStep[];
  readonly othersAfter: number;
  /** Nodes and edges beyond the bounds: those of the fewest runs. */
  readonly moreNodes: number;
  readonly moreEdges: number;
  /** Traces that were deleted, or beyond the bound. */
  readonly left: number;
  /** Asked to be split into passed and failed, and without a verdict: in neither group. */
  readonly undecided: number;
  /** Traces that are in both groups: the test takes them for different ones. */
  readonly shared: number;
  /** Different tasks; a trace that names none counts as one of its own. Trials of a task resemble each other, which the test does not know. */
  readonly tasks: number;
};

/** Traces of one map. */
export const MOST_MAPPED = 500;
export const MOST_MAPPED_NODES = 1_000;
export const MOST_MAPPED_EDGES = 2_000;
export const MOST_MAPPED_STEPS = 200;
