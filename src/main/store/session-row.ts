/** A trace, or a session read as one: the row that stands above its spans. */
import { joinCostBases } from '#shared/prices.ts';
import type { Usage } from '#shared/record.ts';
import { sessionAddress } from '#shared/session.ts';
import type { TraceRow, TraceStatus } from '#shared/trace.ts';
import type { Reader } from './database.ts';
import { sessionAt } from './session-facts.ts';
import { sessionTitle } from './session-title.ts';
import { getTrace, tracesOfSession } from './trace-queries.ts';

/** Null when there is neither. */
export function getTraceOrSession(reader: Reader, address: string): TraceRow | null {
  const sessionId = sessionAt(reader, address);
  return sessionId === null ? getTrace(reader, address) : sessionAsTrace(reader, sessionId);
}

function sessionAsTrace(reader: Reader, sessionId: string): TraceRow | null {
  const traces = tracesOfSession(reader, sessionId);
  const [first] = traces;
  if (!first) return null;
  const start = extreme(traces, (trace) => (trace.startNs === null ? null : BigInt(trace.startNs)), -1);
  const end = extreme(
    traces,
    (trace) => (trace.startNs === null ? null : BigInt(trace.startNs) + BigInt(Math.round(trace.durationNs ?? 0))),
    1,
  );
  return {
    id: sessionAddress(sessionId),
    name: sessionTitle(reader, sessionId),
    workflow: first.workflow,
    session: sessionId,
    user: traces.find((trace) => trace.user !== null)?.user ?? null,
    status: worst(traces),
    startNs: start === null ? null : start.toString(),
    durationNs: start === null || end === null ? null : Number(end - start),
    spans: sum(traces.map((trace) => trace.spans)) ?? 0,
    errors: sum(traces.map((trace) => trace.errors)) ?? 0,
    agents: union(traces.map((trace) => trace.agents)),
    tools: union(traces.map((trace) => trace.tools)),
    models: union(traces.map((trace) => trace.models)),
    tokens: addUsage(traces.map((trace) => trace.tokens)),
    cost: sum(traces.map((trace) => trace.cost)),
    costBasis: joinCostBases(traces.map((trace) => trace.costBasis)),
    source: first.source,
    dialect: first.dialect,
    tags: union(traces.map((trace) => trace.tags)),
    metadata: null,
    issues: sum(traces.map((trace) => trace.issues)) ?? 0,
    findings: null,
    annotations: sum(traces.map((trace) => trace.annotations)) ?? 0,
    scores: [],
    lastReceivedAt: traces.reduce((last, trace) => Math.max(last, trace.lastReceivedAt), 0),
    revision: traces.reduce((last, trace) => Math.max(last, trace.revision), 0),
  };
}

function worst(traces: readonly TraceRow[]): TraceStatus {
  for (const status of ['running', 'error', 'tool_errors', 'ok'] as const) {
    if (traces.some((trace) => trace.status === status)) return status;
  }
  return 'unset';
}

/** Null where none says anything. */
function sum(values: readonly (number | null)[]): number | null {
  return values.reduce((total, value) => (value === null ? total : (total ?? 0) + value), null);
}

function addUsage(tokens: readonly Usage[]): Usage {
  return {
    input: sum(tokens.map((one) => one.input)),
    output: sum(tokens.map((one) => one.output)),
    cacheRead: sum(tokens.map((one) => one.cacheRead)),
    cacheWrite: sum(tokens.map((one) => one.cacheWrite)),
    reasoning: sum(tokens.map((one) => one.reasoning)),
  };
}

/** Distinct, in order of first appearance; as many as a trace lists. */
function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].slice(0, 200);
}

function extreme(traces: readonly TraceRow[], of: (trace: TraceRow) => bigint | null, sign: 1 | -1): bigint | null {
  let best: bigint | null = null;
  for (const trace of traces) {
    const value = of(trace);
    if (value !== null && (best === null || (sign > 0 ? value > best : value < best))) best = value;
  }
  return best;
}
