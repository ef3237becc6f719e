/** Two traces step by step, and many against one. Rows are those of `TraceDetail.spans` of each trace. */
import type { GraphEdgeKind, GraphNodeKind } from './graph.ts';

export const STEP_OPS = ['same', 'changed', 'added', 'removed', 'moved', 'repeated'] as const;
export type StepOp = (typeof STEP_OPS)[number];

export const STEP_CHANGES = ['input', 'output', 'status', 'agent', 'name', 'latency', 'tokens'] as const;
export type StepChange = (typeof STEP_CHANGES)[number];

export type AlignedTraces = {
  /** Index into STEP_OPS, one for each aligned step, in one order for both. */
  readonly op: Uint8Array;
  /** Rows; -1 = not there. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Bits by the order of STEP_CHANGES. */
  readonly changes: Uint8Array;
  /** Index of the step where they first part; -1 = they never do. */
  readonly firstDivergence: number;
  readonly counts: Readonly<Record<StepOp, number>>;
  /** 0…1. */
  readonly similarity: number;
  readonly editDistance: number;
  /** What differs after the first divergence, in sentences with the steps that they are about, the gravest first. */
  readonly downstream: readonly { readonly says: string; readonly step: number | null }[];
};

/** Both agent graphs as one. */
export type MergedGraph = {
  readonly nodes: readonly {
    readonly id: string;
    readonly kind: GraphNodeKind;
    readonly name: string;
    /** Spans in each; 0 = not there. */
    readonly a: number;
    readonly b: number;
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly kind: GraphEdgeKind;
    readonly a: number;
    readonly b: number;
    readonly spansA: readonly string[];
    readonly spansB: readonly string[];
  }[];
};

/** One of many traces against the baseline. */
export type AlignedRow = {
  readonly traceId: string;
  readonly name: string;
  readonly similarity: number;
  readonly editDistance: number;
  readonly counts: Readonly<Record<StepOp, number>>;
  /** Name of the step where it parts from the baseline, and its place (row) in both; null = never. */
  readonly divergence: { readonly op: StepOp; readonly name: string; readonly a: number; readonly b: number } | null;
};

export const MOST_ALIGNED = 200;
