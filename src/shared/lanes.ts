/** Lanes of one trace: what each agent did when, who waited for whom, the critical path, and what was done for nothing. */
import type { CostBasis } from './prices.ts';
import type { Usage } from './record.ts';

/**
 * What an agent does at one moment, the first that applies: a model call of its own runs; a tool of its own; a handoff;
 * `other` = a span of its own is open and nothing inside it; `waiting` = all that is open of it is what it called
 * (another agent, a person).
 */
export const LANE_STATES = ['generation', 'tool', 'handoff', 'other', 'waiting'] as const;
export type LaneState = (typeof LANE_STATES)[number];

/** `peer` of a piece of waiting that no agent ends but a person: an approval, an answer. */
export const WAITS_FOR_PERSON = -2;
export const WAITS_FOR_NOBODY = -1;

/** Nanoseconds. What an agent did, and nothing twice: the six add up to the trace's duration exactly. */
export type LaneTimes = { readonly [S in LaneState | 'idle']: number };

export type Lane = {
  /** Empty for what belongs to no agent; such a lane comes last. */
  readonly agent: string;
  /** Lines that its pieces need beside each other, where it did several things at once. */
  readonly rows: number;
  /** How many times the agent ran. */
  readonly stays: number;
  /** Null when no span of the trace has a time. */
  readonly times: LaneTimes | null;
};

/** Stretches of lanes, by lane and then by `from`, as parallel columns. */
export type LanePieces = {
  readonly count: number;
  /** Index into `lanes`. */
  readonly lane: Uint32Array;
  /** Line inside the lane. */
  readonly row: Uint16Array;
  /** Index into LANE_STATES. */
  readonly state: Uint8Array;
  /** Nanoseconds after the trace's start; steps when the trace has no times. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Index into `ids`: the span that it is a part of; for waiting, the span that is waited for. */
  readonly span: Uint32Array;
  /** For waiting: the lane that is waited for, or WAITS_FOR_PERSON; else WAITS_FOR_NOBODY. */
  readonly peer: Int32Array;
};

/** The chain of work that the trace's duration consists of, in order of time; its segments leave no gap. */
export type CriticalPath = {
  readonly count: number;
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Index into `ids`, -1 where nothing was open. */
  readonly span: Int32Array;
};

/** One agent that could not go on until another (or a person) was done. */
export type Wait = {
  readonly agent: string;
  /** Null = a person. */
  readonly for: string | null;
  /** Nanoseconds; the waits of an agent add up to its `waiting`. */
  readonly ns: number;
  readonly count: number;
  /** Spans that were waited for, the longest first, at most 20. */
  readonly evidence: readonly string[];
};

export type TraceLanes = {
  /** False: no span has a time; places are steps in the order of the tree. */
  readonly timed: boolean;
  /** Nanoseconds after the trace's start (or steps). */
  readonly from: number;
  readonly to: number;
  readonly running: boolean;
  /** Spans without a start among others that have one: in no lane. */
  readonly untimed: number;
  /** Spans that end before they start, or begin before their parent: taken as they are. */
  readonly skewed: number;
  /** Pieces that were left out, the shortest, because there were too many. */
  readonly omitted: number;
  readonly lanes: readonly Lane[];
  readonly pieces: LanePieces;
  /** Null when no span has a time. */
  readonly critical: CriticalPath | null;
  readonly waits: readonly Wait[];
  /** Span ids in tree order. */
  readonly ids: readonly string[];
};

/** One row of the table of agents. */
export type AgentRow = {
  /** Empty for what belongs to no agent: with it, rows add up to the trace. */
  readonly agent: string;
  readonly stays: number;
  readonly spans: number;
  readonly generations: number;
  readonly toolCalls: number;
  readonly errors: number;
  readonly tokens: Usage;
  /** USD. */
  readonly cost: number | null;
  readonly costBasis: CostBasis | null;
  /** Nanoseconds in which it worked itself: all of its times but `waiting` and `idle`. Null = no times. */
  readonly busy: number | null;
  readonly waiting: number | null;
  /** Nanoseconds of the critical path that were its own. */
  readonly critical: number | null;
  /** Its first span in tree order. */
  readonly spanId: string | null;
};

export type AgentTable = {
  readonly rows: readonly AgentRow[];
  /** Nanoseconds that the trace took, up to now while it runs; null = no times. */
  readonly duration: number | null;
  readonly tokens: Usage;
  readonly cost: number | null;
  readonly costBasis: CostBasis | null;
};

/**
 * Why work was for nothing, the first that applies:
 * `failed` = a model or tool call that ended in an error; `repeated` = a tool call of an agent with the same arguments and
 * the same result as an earlier one of its own; `unread` = a result that is in no later input and in nothing that was
 * given back, of a tool, or of a generation that is not an answer and asked for nothing.
 */
export const WASTE_REASONS = ['failed', 'repeated', 'unread'] as const;
export type WasteReason = (typeof WASTE_REASONS)[number];

export type WasteItem = {
  readonly spanId: string;
  readonly reason: WasteReason;
  readonly agent: string;
  readonly kind: 'generation' | 'tool';
  readonly name: string;
  /** Of the span and everything inside it. */
  readonly tokens: { readonly input: number; readonly output: number };
  readonly cost: number | null;
  /** Nanoseconds; null = unknown. */
  readonly ns: number | null;
  /** The earlier call that it repeats. */
  readonly repeats: string | null;
};

export type TraceWaste = {
  /** The most expensive first, at most 500; `count` says how many there are. */
  readonly items: readonly WasteItem[];
  readonly count: number;
  /** Of all items, each token and dollar once. */
  readonly tokens: { readonly input: number; readonly output: number };
  readonly cost: number | null;
  /** Nanoseconds in which at least one of them was open. */
  readonly ns: number;
  /** False: the trace holds no results, or none that any input says again, so that nothing is called unread. */
  readonly judgedReading: boolean;
};
