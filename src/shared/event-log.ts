/** What happened inside spans, for a log of the trace: span events, and why spans failed. */

/** `exception` and `log` are span events; `failure` is the error of a span itself, which has no time of its own. */
export const EVENT_KINDS = ['event', 'exception', 'log', 'failure'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Entries of one page, at most. */
export const EVENT_PAGE = 20_000;

/** In order of time, those without one first (by span, as recorded), as parallel columns. */
export type EventPage = {
  readonly count: number;
  /** Index into `spanIds`. */
  readonly span: Uint32Array;
  readonly spanIds: readonly string[];
  /** Nanoseconds after the trace's start; NaN = not said. */
  readonly at: Float64Array;
  /** Index into EVENT_KINDS. */
  readonly kind: Uint8Array;
  /** Indices into `strings`. `text` is cut where it is long; 0 = none. */
  readonly name: Uint32Array;
  readonly text: Uint32Array;
  readonly strings: readonly string[];
  readonly nextCursor: number | null;
  /** Entries of all pages. */
  readonly total: number;
  /** False when there were too many to be read: the rest is in the inspector of each span only. */
  readonly complete: boolean;
};

/** Spans of one question about previews, at most. */
export const PREVIEW_SPANS = 200;

/** The beginning of what a span was given last and of what it gave, on one line; null = nothing recorded. */
export type SpanPreview = {
  readonly spanId: string;
  readonly input: string | null;
  readonly output: string | null;
  /** As a handoff itself states it. */
  readonly handoff: { readonly from: string | null; readonly to: string | null } | null;
};
