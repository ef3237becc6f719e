/**
 * A session is the traces of one conversation. Read as a whole it is addressed like a trace, `session:<id>`, by every
 * call that reads one; its spans are then `<trace id>/<span id>`, and a trace with several roots is a span of its own
 * that holds them, named by the trace id alone. A real trace with such an id goes first, so that none is out of reach.
 */
import type { CostBasis } from './prices.ts';
import type { TraceStatus } from './trace.ts';

const PREFIX = 'session:';

export function sessionAddress(sessionId: string): string {
  return PREFIX + sessionId;
}

/** Null for the id of a trace. */
export function sessionOfAddress(address: string): string | null {
  return address.startsWith(PREFIX) && address.length > PREFIX.length ? address.slice(PREFIX.length) : null;
}

/** Ids may hold anything: the first slash ends the trace's. */
export function sessionSpanId(traceId: string, spanId: string): string {
  return `${sessionGroupId(traceId)}/${spanId}`;
}

/** The span that stands for a whole trace. */
export function sessionGroupId(traceId: string): string {
  return traceId.replace(/[%/]/g, (character) => (character === '%' ? '%25' : '%2F'));
}

/** `spanId` is null for the span that stands for the trace. */
export function splitSessionSpanId(id: string): { readonly traceId: string; readonly spanId: string | null } {
  const slash = id.indexOf('/');
  const traceId = (slash < 0 ? id : id.slice(0, slash)).replace(/%2F/g, '/').replace(/%25/g, '%');
  return { traceId, spanId: slash < 0 ? null : id.slice(slash + 1) };
}

/** One bar of a session's picture. */
export type SessionBar = {
  /** Nanoseconds after the session's start. */
  readonly start: number;
  readonly end: number;
  readonly status: TraceStatus;
};

/** Times are nanoseconds since the epoch as decimal text. */
export type SessionRow = {
  readonly id: string;
  /** The first thing that the user said, else the name of the first trace. */
  readonly title: string;
  readonly user: string | null;
  readonly source: string;
  /** Running while one of its traces is; else the worst of them. */
  readonly status: TraceStatus;
  readonly traces: number;
  readonly startNs: string | null;
  readonly endNs: string | null;
  readonly spans: number;
  readonly errors: number;
  /** Of at most `SESSION_SAMPLE` traces, the newest. */
  readonly agents: readonly string[];
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cost: number | null;
  readonly costBasis: CostBasis | null;
  /** The newest traces, at most `SESSION_SAMPLE`, in order of time. */
  readonly bars: readonly SessionBar[];
  /** Grows with each change of one of its traces. */
  readonly revision: number;
};

export const SESSION_SAMPLE = 60;

export type SessionListArgs = {
  /**
   * Text of the search box. Words and fields must each fit one of its traces, numbers and `error:` the session as a whole,
   * `session:` and words also its id.
   */
  readonly query?: string;
  readonly limit?: number;
  readonly cursor?: string;
};

export type SessionPage = {
  /** The one with the newest trace first. */
  readonly rows: readonly SessionRow[];
  readonly nextCursor: string | null;
  /** Matching sessions in all, null when counting was cut short. */
  readonly total: number | null;
};

/** One trace of a session, for a time line. */
export type SessionTrace = {
  readonly id: string;
  readonly name: string;
  readonly status: TraceStatus;
  readonly startNs: string | null;
  /** Nanoseconds after the session's start; null = unknown. */
  readonly start: number | null;
  /** Null = unknown or running. */
  readonly end: number | null;
  readonly spans: number;
  readonly errors: number;
  /** The first few of each. */
  readonly agents: readonly string[];
  readonly tools: readonly string[];
  readonly models: readonly string[];
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cost: number | null;
  readonly costBasis: CostBasis | null;
};

export type SessionTracePage = {
  /** In order of time. */
  readonly rows: readonly SessionTrace[];
  readonly nextCursor: string | null;
  readonly total: number;
};

/** Where a trace stands in its session. */
export type SessionPlace = {
  readonly sessionId: string;
  /** 1 = the first. */
  readonly position: number;
  readonly total: number;
  readonly previous: string | null;
  readonly next: string | null;
};
