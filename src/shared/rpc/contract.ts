/**
 * Every call that the GUI, the CLI and tests can make of the engine, with argument and result types.
 * `kind` decides whether the handler gets a reading or a writing handle of the store.
 */
import type { AgentGraph, ConversationPage, EdgeCrossing, GraphEdgeKind } from '../graph.ts';
import type { ContentItem } from '../message.ts';
import type {
  FacetCounts,
  IssueRow,
  RawBody,
  SpanDetail,
  SqlRows,
  TraceDetail,
  TraceListArgs,
  TracePage,
  TraceRow,
} from '../trace.ts';

type Read<A, R> = { kind: 'read'; args: A; result: R };
type Write<A, R> = { kind: 'write'; args: A; result: R };

export type Contract = {
  'engine.info': Read<void, EngineInfo>;
  'engine.doctor': Read<void, { readonly checks: readonly DoctorCheck[] }>;
  'engine.formats': Read<void, readonly FormatInfo[]>;
  'trace.list': Read<TraceListArgs, TracePage>;
  'trace.facets': Read<{ readonly query?: string }, FacetCounts>;
  'trace.get': Read<{ readonly traceId: string }, TraceRow>;
  'trace.open': Read<{ readonly traceId: string }, TraceDetail>;
  'trace.graph': Read<{ readonly traceId: string; readonly expanded?: boolean }, AgentGraph>;
  'trace.edge': Read<
    {
      readonly traceId: string;
      readonly from: string;
      readonly to: string;
      readonly kind: GraphEdgeKind;
      readonly expanded?: boolean;
      readonly limit?: number;
      readonly offset?: number;
    },
    { readonly crossings: readonly EdgeCrossing[]; readonly total: number }
  >;
  'trace.conversation': Read<
    { readonly traceId: string; readonly cursor?: number; readonly limit?: number },
    ConversationPage
  >;
  /** Span ids of one trace whose name, agent, tool or content contains the text, in tree order. */
  'trace.find': Read<{ readonly traceId: string; readonly text: string }, { readonly spanIds: readonly string[] }>;
  'trace.delete': Write<{ readonly traceIds: readonly string[] }, { readonly deleted: number }>;
  'span.get': Read<{ readonly traceId: string; readonly spanId: string }, SpanDetail>;
  'span.raw': Read<{ readonly traceId: string; readonly spanId: string }, RawBody>;
  'content.get': Read<{ readonly key: number }, ContentItem>;
  'issue.list': Read<{ readonly traceId?: string; readonly limit?: number }, readonly IssueRow[]>;
  /** Reads files or folders; progress comes as `job` events with this id. Resolves when done or cancelled. */
  'import.run': Write<
    { readonly jobId: string; readonly paths: readonly string[]; readonly format?: string },
    ImportReport
  >;
  'sample.load': Write<void, ImportReport>;
  'settings.get': Read<{ readonly key: string }, string | null>;
  'settings.set': Write<{ readonly key: string; readonly value: string | null }, null>;
  'sql.query': Read<{ readonly sql: string; readonly limit?: number }, SqlRows>;
};

export type Method = keyof Contract;
export type Args<M extends Method> = Contract[M]['args'];
export type Answer<M extends Method> = Contract[M]['result'];

export type EngineInfo = {
  readonly version: string;
  readonly workspace: string;
  readonly httpUrl: string | null;
  /** host:port where gRPC clients may send; null without a collector. */
  readonly grpcAddress: string | null;
  /** Something about the start that the user should know: another port was taken, opened read-only. */
  readonly notice: string | null;
  readonly readOnly: boolean;
  readonly traces: number;
  readonly spans: number;
  readonly fileBytes: number;
  readonly revision: number;
};

export type DoctorCheck = {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly hint: string | null;
};

export type FormatInfo = {
  readonly id: string;
  readonly label: string;
  readonly import: boolean;
  readonly export: boolean;
  readonly routes: readonly string[];
};

export type ImportReport = {
  readonly files: number;
  readonly traces: number;
  readonly spans: number;
  readonly annotations: number;
  readonly scores: number;
  /** Ids of the traces touched, newest first, at most 100. */
  readonly traceIds: readonly string[];
  readonly issues: readonly { readonly file: string; readonly code: string; readonly message: string }[];
};

/** What the engine tells without being asked. */
export type EngineEvents = {
  /** After commits, coalesced to at most ten a second. `traceIds` is null when more than 200 traces were touched. */
  changed: {
    readonly revision: number;
    readonly tables: readonly string[];
    readonly traceIds: readonly string[] | null;
  };
  job: {
    readonly jobId: string;
    readonly label: string;
    readonly done: number;
    readonly total: number;
    readonly unit: string;
    readonly finished: boolean;
  };
  /** At most once a second, and only when something changed. */
  collector: {
    readonly spansPerSecond: number;
    readonly spans: number;
    readonly traces: number;
    readonly fileBytes: number;
  };
};
export type EventName = keyof EngineEvents;
