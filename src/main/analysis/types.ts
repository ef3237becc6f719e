/** What analysis works on: the facts of one trace's spans, as stored, without any content. */
import type { SpanKind, SpanStatus, Usage } from '#shared/record.ts';

export type SpanFact = {
  readonly spanId: string;
  readonly parentId: string | null;
  readonly kind: SpanKind;
  readonly subtype: string | null;
  readonly name: string;
  /** The agent that the span itself names. */
  readonly agent: string | null;
  readonly model: string | null;
  readonly tool: string | null;
  /** Nanoseconds after the trace's start; null = unknown (or, for `end`, still running). */
  readonly start: number | null;
  readonly end: number | null;
  readonly status: SpanStatus;
  readonly usage: Usage | null;
  readonly reportedUsage: Usage | null;
  readonly cost: number | null;
  readonly handoffFrom: string | null;
  readonly handoffTo: string | null;
  /** Same-trace span ids that this span links to. */
  readonly links: readonly string[];
  readonly dialect: string;
  /** Order of arrival; the last tie-breaker among siblings is the span id, so that the picture never depends on it. */
  readonly seq: number;
};
