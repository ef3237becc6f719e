/** What the engine answers about traces: rows for lists, columns for big views, details for one span. */
import type { FindingCount } from './detect.ts';
import type { Json, JsonObject } from './json.ts';
import type { ContentItem } from './message.ts';
import type { CostBasis } from './prices.ts';
import type { ScoreRecord, SpanError, SpanEvent, SpanKind, SpanLink, SpanStatus, Usage } from './record.ts';

export type TraceStatus = 'running' | 'ok' | 'error' | 'tool_errors' | 'unset';

/** One row of the Traces table. Times are nanoseconds since the epoch as decimal text: they exceed 2^53. */
export type TraceRow = {
  readonly id: string;
  readonly name: string;
  readonly workflow: string | null;
  readonly session: string | null;
  readonly user: string | null;
  readonly status: TraceStatus;
  readonly startNs: string | null;
  readonly durationNs: number | null;
  readonly spans: number;
  readonly errors: number;
  readonly agents: readonly string[];
  readonly tools: readonly string[];
  readonly models: readonly string[];
  readonly tokens: Usage;
  /** USD: what the source states, else what the price table gives for its tokens. */
  readonly cost: number | null;
  /** Where `cost` comes from; null without one. */
  readonly costBasis: CostBasis | null;
  /** The client that sent it, for people: "Agents SDK (JS)", "OTLP · my-service", "file". */
  readonly source: string;
  readonly dialect: string;
  readonly tags: readonly string[];
  readonly metadata: JsonObject | null;
  readonly issues: number;
  /** What detectors find, the worst first; null = not looked for yet. */
  readonly findings: readonly FindingCount[] | null;
  readonly annotations: number;
  /** Of the trace as a whole, as they came with the data: the first eight. */
  readonly scores: readonly Pick<ScoreRecord, 'name' | 'value' | 'label' | 'passed'>[];
  /** Epoch milliseconds of the last received batch. */
  readonly lastReceivedAt: number;
  /** Grows with each change of the trace. */
  readonly revision: number;
};

/** A reward, a benchmark's score, an evaluation result: what came with the data. */
export type ScoreRow = Omit<ScoreRecord, 'type'>;

export type TraceListArgs = {
  /** Text of the search box: free words and `field:value` terms. */
  readonly query?: string;
  readonly limit?: number;
  readonly cursor?: string;
};

export type TracePage = {
  readonly rows: readonly TraceRow[];
  readonly nextCursor: string | null;
  /** Matching traces in all, null when counting was cut short. */
  readonly total: number | null;
};

export type FacetField =
  | 'workflow'
  | 'agent'
  | 'tool'
  | 'model'
  | 'status'
  | 'source'
  | 'tag'
  | 'finding'
  | 'annotated'
  | 'label'
  | 'annotator'
  | 'grade';
export type FacetCounts = {
  /** Of `finding`: ids of detectors, and first `any`; of `grade`: what is searched for, as `on time=fail`. */
  readonly [F in FacetField]: readonly { readonly value: string; readonly count: number }[];
} & {
  /** Traces of the workspace, in the list or not, whose findings are still to be looked for. */
  readonly findingsDue: number;
};

/**
 * The spans of one trace in tree order (depth first, siblings by start, then arrival), as parallel columns:
 * 100,000 spans cross a port in about a millisecond instead of a hundred.
 */
export type SpanColumns = {
  readonly count: number;
  readonly ids: readonly string[];
  /** Row index of the parent, -1 for a root. */
  readonly parent: Int32Array;
  readonly depth: Uint16Array;
  /** Row index just after the last descendant, so that collapsing is a jump. */
  readonly subtreeEnd: Int32Array;
  /** Nanoseconds after the trace's start; NaN = unknown. */
  readonly start: Float64Array;
  /** Nanoseconds after the trace's start; NaN = unknown or still running. */
  readonly end: Float64Array;
  /** Index into SPAN_KINDS. */
  readonly kind: Uint8Array;
  /** Index into SPAN_STATUSES. */
  readonly status: Uint8Array;
  /** Bit set, see SPAN_FLAGS. */
  readonly flags: Uint8Array;
  /** Indices into `strings`; 0 is the empty string = none. */
  readonly name: Uint32Array;
  readonly subtype: Uint32Array;
  /** Effective agent: own or inherited from the nearest ancestor that names one. */
  readonly agent: Uint32Array;
  readonly model: Uint32Array;
  readonly tool: Uint32Array;
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  /** USD; an estimate where the flag `estimatedCost` is set. */
  readonly cost: Float64Array;
  readonly strings: readonly string[];
};

export const SPAN_FLAGS = {
  missingParent: 1,
  cyclicParent: 2,
  inferredTime: 4,
  truncated: 8,
  estimatedCost: 16,
} as const;

export type TraceDetail = {
  readonly trace: TraceRow;
  readonly columns: SpanColumns;
};

/** A stored content item as the inspector receives it: large ones come as a preview. */
export type ContentView = {
  readonly key: number;
  /** Bytes of the stored body. */
  readonly size: number;
  /** null when `size` is over the preview limit: ask `content.get`. */
  readonly item: ContentItem | null;
  /** The beginning of the text, when `item` is null. */
  readonly preview: string | null;
};

export type SpanDetail = {
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | null;
  readonly kind: SpanKind;
  readonly subtype: string | null;
  readonly name: string;
  readonly agent: string | null;
  readonly model: string | null;
  readonly tool: string | null;
  readonly toolCallId: string | null;
  readonly startNs: string | null;
  readonly endNs: string | null;
  readonly status: SpanStatus;
  readonly error: SpanError | null;
  readonly usage: Usage | null;
  readonly reportedUsage: Usage | null;
  /** USD, as the source states it. */
  readonly cost: number | null;
  readonly handoff: { readonly from: string | null; readonly to: string | null } | null;
  readonly input: readonly ContentView[];
  readonly output: readonly ContentView[];
  readonly attributes: JsonObject;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly dialect: string;
  readonly scope: { readonly name: string | null; readonly version: string | null };
  readonly resource: JsonObject | null;
};

/** The bytes that a span came in, as text when they are text. */
export type RawBody = {
  readonly format: string;
  readonly contentType: string | null;
  readonly receivedAt: number;
  readonly bytes: number;
  readonly text: string | null;
  readonly base64: string | null;
  /** True when only the beginning is given. */
  readonly truncated: boolean;
};

export type IssueRow = {
  readonly id: number;
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly detail: string | null;
  readonly receivedAt: number;
};

export type SqlRows = readonly { readonly [column: string]: Json }[];
