/**
 * The narrow waist: what every format decodes to, and the only thing that ingest accepts.
 * Formats give facts that the source states about each item alone; whatever needs the whole trace
 * (inherited agents, totals, status) is derived in `analysis/`.
 */
import type { Json, JsonObject } from './json.ts';
import type { ContentItem } from './message.ts';

export const SPAN_KINDS = [
  'agent',
  'generation',
  'tool',
  'handoff',
  'guardrail',
  'retrieval',
  'evaluator',
  'chain',
  'custom',
] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

/** `running` = started and not ended; `unset` = ended and nothing said about success. */
export const SPAN_STATUSES = ['unset', 'ok', 'error', 'running'] as const;
export type SpanStatus = (typeof SPAN_STATUSES)[number];

/**
 * Token counts of one span. `input` includes cached tokens, `output` includes reasoning tokens;
 * null = the source does not say (never 0 for unknown).
 */
export type Usage = {
  readonly input: number | null;
  readonly output: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly reasoning: number | null;
};

export type SpanError = { readonly type: string | null; readonly message: string; readonly data?: Json };

export type SpanEvent = { readonly time: string | null; readonly name: string; readonly attributes: JsonObject };
export type SpanLink = { readonly traceId: string; readonly spanId: string; readonly attributes: JsonObject };

/** Facts about a trace as a whole; absent fields say nothing, so they overwrite nothing. */
export type TraceRecord = {
  readonly type: 'trace';
  readonly traceId: string;
  readonly name?: string;
  readonly workflow?: string;
  readonly sessionId?: string;
  readonly userId?: string;
  readonly metadata?: JsonObject;
  readonly tags?: readonly string[];
  /** Who sent it, for people, where the data says so (an export of ours); else it is known from how it arrived. */
  readonly source?: string;
};

export type SpanRecord = {
  readonly type: 'span';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly kind: SpanKind;
  /** The source's own word for the span, when it is finer than `kind`: task, turn, response, mcp_tools, embedding… */
  readonly subtype: string | null;
  readonly name: string;
  /** The agent that this span itself names; inheritance from ancestors is derived later. */
  readonly agent: string | null;
  readonly model: string | null;
  readonly tool: string | null;
  readonly toolCallId: string | null;
  /** Nanoseconds since the Unix epoch. */
  readonly start: bigint | null;
  readonly end: bigint | null;
  readonly status: SpanStatus;
  readonly error: SpanError | null;
  /** What this span itself consumed (model calls). */
  readonly usage: Usage | null;
  /** A total that includes descendants (task, turn, agent roll-ups): a fallback, never added to `usage`. */
  readonly reportedUsage: Usage | null;
  /** USD. */
  readonly cost: number | null;
  readonly handoff: { readonly from: string | null; readonly to: string | null } | null;
  readonly input: readonly ContentItem[];
  readonly output: readonly ContentItem[];
  /** Everything else that the source said, without what went to `input` and `output`. */
  readonly attributes: JsonObject;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  /** Who produced it; the same object for all spans of one scope, so that it is stored once. */
  readonly origin: SpanOrigin;
  /** Set when this is one part of a span that arrives in several; absent = the whole span. */
  readonly part?: SpanPart;
  /**
   * Other names of this span within its trace (`request:req_1`, `call:toolu_1`). A part whose `spanId` is one of them
   * belongs to this span, whichever arrives first.
   */
  readonly aliases?: readonly string[];
  /** From this time (nanoseconds since the Unix epoch) on, records that follow `key` belong to this span. */
  readonly leads?: { readonly key: string; readonly at: bigint };
  /**
   * A part whose sender did not name its span: it belongs to the last span that led `key` at this time, in whichever
   * trace. Only where none led is it a part of the span that it names, and only then is `beside` told too.
   */
  readonly follows?: {
    readonly key: string;
    readonly at: bigint;
    readonly beside: readonly (SpanRecord | TraceRecord)[];
  };
};

/**
 * A span that is told in several records: created and updated, started and ended, a span and its logs. All parts known are
 * merged field by field, in ascending order of `rank` and then of `id`: a later part that says something (not null, not
 * empty, not `custom`) replaces what earlier ones said; attributes are joined by key, events and links are collected.
 * `input` and `output` of parts of the same rank follow each other; a higher rank replaces them. An error stays.
 */
export type SpanPart = {
  /** Unique among the parts of this span: the same part received twice is one. Sorts in the order of telling. */
  readonly id: string;
  readonly rank: number;
};

/** The rank of a record without `part`; lower ones only fill what it leaves open. */
export const WHOLE_SPAN_RANK = 50;

export type SpanOrigin = {
  readonly dialect: string;
  readonly scopeName: string | null;
  readonly scopeVersion: string | null;
  readonly resource: JsonObject | null;
};

/**
 * Something that was received and could not be taken as it is; a row of the ingest ledger.
 * `error` = an item is quarantined; `warning` = taken with a guess or a loss; `info` = worth knowing.
 */
export type IssueRecord = {
  readonly type: 'issue';
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: IssueCode;
  readonly message: string;
  readonly traceId?: string;
  readonly spanId?: string;
  /** The offending item, verbatim where it is text, at most 64 KiB. */
  readonly detail?: string;
};

export type IssueCode =
  | 'unknown_item'
  | 'invalid_item'
  | 'invalid_time'
  | 'truncated_field'
  | 'unmapped_field'
  | 'too_deep'
  | 'negative_duration'
  | 'too_many_parts';

/** What an annotation is about. `id` is the span id, the agent's name, or null for the trace as a whole. */
export type AnnotationTarget =
  | { readonly kind: 'trace'; readonly id: null }
  | { readonly kind: 'span'; readonly id: string }
  | { readonly kind: 'agent'; readonly id: string };

/** What a person (or a published label set) says about a trace. Raw spellings are kept: aliases only count together. */
export type AnnotationRecord = {
  readonly type: 'annotation';
  readonly traceId: string;
  /** Stable within the trace: the same annotation read twice is one. */
  readonly annotationId: string;
  readonly target: AnnotationTarget;
  readonly annotator: string | null;
  /** Id of the label set, such as `who_and_when` or `agentrx`; null for a free note. */
  readonly taxonomy: string | null;
  readonly category: string | null;
  readonly severity: string | null;
  readonly score: number | null;
  readonly note: string | null;
  /** The blamed agent: may differ from the actor of the target span, and is never replaced by it. */
  readonly agent: string | null;
  readonly isRootCause: boolean;
  /** Nanoseconds since the Unix epoch. */
  readonly createdAt: bigint | null;
  /** Whatever else the source says, so that an export in its own layout loses nothing. */
  readonly extra: JsonObject;
};

/** A verdict that came with the data: a reward, a benchmark's score, an evaluation result. */
export type ScoreRecord = {
  readonly type: 'score';
  readonly traceId: string;
  /** Null for the trace as a whole. */
  readonly spanId: string | null;
  readonly name: string;
  readonly value: number | null;
  readonly label: string | null;
  readonly passed: boolean | null;
  readonly explanation: string | null;
  /** Who says so: the file's format, a benchmark, an evaluator. */
  readonly source: string;
};

/** What the points of a metric count: tokens by kind, `total` where the source does not split them, or money. */
export type Measure =
  'input' | 'output' | 'cache_read' | 'cache_write' | 'reasoning' | 'tool' | 'total' | 'other' | 'cost';

/**
 * One data point of a metric that counts tokens or money. It belongs to no trace: a client counts per process or session,
 * and what is counted is mostly told by its spans or logs too, so it is shown beside them and never added to them.
 */
export type MetricRecord = {
  readonly type: 'metric';
  /** As the source calls it: `claude_code.token.usage`. */
  readonly name: string;
  readonly measure: Measure;
  readonly unit: string | null;
  /** `delta`: what was counted between `start` and `time`; `cumulative`: since `start`, so that a later point replaces it. */
  readonly temporality: 'delta' | 'cumulative';
  /** Nanoseconds since the Unix epoch. */
  readonly start: bigint | null;
  readonly time: bigint;
  /** Tokens, or the unit's money (USD). */
  readonly value: number;
  readonly session: string | null;
  readonly model: string | null;
  readonly agent: string | null;
  readonly service: string | null;
  /** With `resource` and `name` the identity of the series that the point belongs to. */
  readonly attributes: JsonObject;
  readonly resource: JsonObject;
};

/** What somebody said of an annotation in another workspace. */
export type RevisionRecord = {
  readonly type: 'revision';
  readonly traceId: string;
  readonly annotationId: string;
  /** A `Revision` as it was written, with what a newer version adds. */
  readonly body: JsonObject;
  /** The name that it was sent with, to be compared with its own; null = none. */
  readonly hash: string | null;
};

/** A taxonomy or a score schema of another workspace, which labels that came from there name. */
export type DefinitionRecord = {
  readonly type: 'definition';
  readonly kind: 'taxonomy' | 'score_schema';
  /** As it was written: checked by whoever takes it in. */
  readonly definition: JsonObject;
  /** It belongs to no trace. */
  readonly traceId?: undefined;
};

export type NormalisedRecord =
  | TraceRecord
  | SpanRecord
  | AnnotationRecord
  | RevisionRecord
  | DefinitionRecord
  | ScoreRecord
  | IssueRecord
  | MetricRecord;
