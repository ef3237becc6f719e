import type { TracePage, TraceRow } from '#shared/trace.ts';

/** A row for tests. */
export function traceRow(id: string, more: Partial<TraceRow> = {}): TraceRow {
  return {
    id,
    name: `Trace ${id}`,
    workflow: null,
    session: null,
    user: null,
    status: 'ok',
    startNs: '1760000000000000000',
    durationNs: 1e9,
    spans: 3,
    errors: 0,
    agents: ['Planner'],
    tools: [],
    models: [],
    tokens: { input: 1, output: 2, cacheRead: null, cacheWrite: null, reasoning: null },
    cost: null,
    costBasis: null,
    source: 'file',
    dialect: 'agents_sdk',
    tags: [],
    metadata: null,
    issues: 0,
    findings: [],
    annotations: 0,
    scores: [],
    lastReceivedAt: 1,
    revision: 1,
    ...more,
  };
}

export function tracePage(ids: string, nextCursor: string | null = null, total: number | null = null): TracePage {
  return { rows: [...ids].map((id) => traceRow(id)), nextCursor, total };
}
