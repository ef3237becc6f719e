/** How a trace looks in JSON answers: times as ISO 8601 UTC, durations in milliseconds, unknown = null. */
import type { CostBasis } from '#shared/prices.ts';
import type { Usage } from '#shared/record.ts';
import { nsToIso } from '#shared/time.ts';
import type { TraceRow, TraceStatus } from '#shared/trace.ts';

export type TraceJson = {
  readonly id: string;
  readonly name: string;
  readonly workflow: string | null;
  readonly session: string | null;
  readonly user: string | null;
  readonly status: TraceStatus;
  readonly startedAt: string | null;
  readonly durationMs: number | null;
  readonly spans: number;
  readonly errors: number;
  readonly agents: readonly string[];
  readonly tools: readonly string[];
  readonly models: readonly string[];
  readonly tokens: Usage;
  readonly cost: number | null;
  readonly costEstimated: boolean | null;
  readonly source: string;
  readonly dialect: string;
  readonly tags: readonly string[];
  readonly metadata: TraceRow['metadata'];
  readonly issues: number;
  /** Null = not looked for yet. */
  readonly findings: TraceRow['findings'];
  readonly annotations: number;
  readonly scores: TraceRow['scores'];
};

export function traceJson(row: TraceRow): TraceJson {
  return {
    id: row.id,
    name: row.name,
    workflow: row.workflow,
    session: row.session,
    user: row.user,
    status: row.status,
    startedAt: isoOrNull(row.startNs),
    durationMs: milliseconds(row.durationNs),
    spans: row.spans,
    errors: row.errors,
    agents: row.agents,
    tools: row.tools,
    models: row.models,
    tokens: row.tokens,
    cost: row.cost,
    costEstimated: isEstimated(row.costBasis),
    source: row.source,
    dialect: row.dialect,
    tags: row.tags,
    metadata: row.metadata,
    issues: row.issues,
    findings: row.findings,
    annotations: row.annotations,
    scores: row.scores,
  };
}

/** Whether any part of a cost is an estimate; null where there is none. */
export function isEstimated(basis: CostBasis | null): boolean | null {
  return basis === null ? null : basis !== 'stated';
}

export function isoOrNull(ns: string | null): string | null {
  return ns === null ? null : nsToIso(BigInt(ns));
}

export function milliseconds(ns: number | null): number | null {
  return ns === null || Number.isNaN(ns) ? null : ns / 1e6;
}
