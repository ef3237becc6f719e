/**
 * The sequence of one trace: the crossings of its agent graph one after the other, with what comes back from tools. As
 * columns, so that a long one crosses a port at once.
 */
import type { ContactKind, GraphNodeKind } from './graph.ts';

export const SEQUENCE_KINDS = ['message', 'agent_call', 'tool_call', 'handoff', 'tool_result', 'return'] as const;
/** Kinds of edges of the graph, and `tool_result`: a tool call that is over. */
export type SequenceKind = ContactKind | 'tool_result';

/** `id` as in the graph: `agent:<name>`, `tool:<name>`, `user`. */
export type Participant = { readonly id: string; readonly kind: GraphNodeKind; readonly name: string };

/** What makes the order less than certain; how many spans each is true of. */
export type SequenceDoubts = {
  /** No start is known: they stand behind everything that has one, in the order of the tree. */
  readonly untimed: number;
  /** Begin before the span that they are in. */
  readonly skewed: number;
  readonly missingParents: number;
  readonly cyclicParents: number;
  readonly running: number;
};

export type Sequence = {
  /** In order of first appearance. */
  readonly participants: readonly Participant[];
  /** Messages in all; these are `first` to `first + count`. */
  readonly total: number;
  readonly first: number;
  readonly count: number;
  readonly nextCursor: number | null;
  /** Indices into `participants`. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Index into SEQUENCE_KINDS. */
  readonly kind: Uint8Array;
  /** Status of the span that proves it, an index into SPAN_STATUSES. */
  readonly status: Uint8Array;
  /** 1 where no span states it. */
  readonly inferred: Uint8Array;
  /** Index into `labels`. */
  readonly label: Uint32Array;
  readonly labels: readonly string[];
  /** The proof, an index into `spanIds`. */
  readonly span: Uint32Array;
  readonly spanIds: readonly string[];
  /** When it crossed, nanoseconds after the trace's start; NaN = unknown. */
  readonly time: Float64Array;
  /** Of those that touch these messages. Their positions count from the first message of all. */
  readonly activations: SequenceActivations;
  readonly folds: SequenceFolds;
  readonly doubts: SequenceDoubts;
};

/** When a participant was at work, from its first message to its last (included), outer ones first. */
export type SequenceActivations = {
  readonly participant: Uint32Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** 0 = on the life line, 1 = beside another one that is still going on, … */
  readonly level: Uint8Array;
  /** 1 = still at work where the trace ends. */
  readonly open: Uint8Array;
};

/**
 * Repeats: from `start` on, `count` times the same `period` messages (same sender, receiver, kind and certainty). They
 * nest and never cross; ordered by start, outer ones first.
 */
export type SequenceFolds = {
  readonly start: Uint32Array;
  readonly period: Uint32Array;
  readonly count: Uint32Array;
  /** How many of the `count` rounds have a failed message. */
  readonly errors: Uint32Array;
};

/** The most messages of one answer. */
export const SEQUENCE_PAGE = 250_000;
