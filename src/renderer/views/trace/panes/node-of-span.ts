import { useCallback, useMemo } from 'react';
import type { AgentGraph } from '#shared/graph.ts';
import type { SpanColumns } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { rowIndex } from '../model/row-index.ts';

/**
 * Which node of the graph a span belongs to: the one that it proves, else the one of the nearest span around it.
 * Reads the trace's columns, which the tree has fetched already.
 */
export function useNodeOfSpan(traceId: string, graph: AgentGraph): (spanId: string | null) => string | null {
  const columns = useEngine('trace.open', { traceId }).data?.columns ?? null;
  const proof = useMemo(() => nodesBySpan(graph), [graph]);
  return useCallback((spanId) => (spanId === null ? null : nodeOfSpan(spanId, proof, columns)), [proof, columns]);
}

export function nodesBySpan(graph: AgentGraph): ReadonlyMap<string, string> {
  const nodes = new Map<string, string>();
  // An agent comes before a tool: a tool span is the work of both, and the agent is always in the picture.
  for (const kind of ['user', 'guardrail', 'tool', 'agent'] as const) {
    for (const node of graph.nodes)
      if (node.kind === kind) for (const spanId of node.spanIds) nodes.set(spanId, node.id);
  }
  return nodes;
}

export function nodeOfSpan(
  spanId: string,
  proof: ReadonlyMap<string, string>,
  columns: SpanColumns | null,
): string | null {
  const own = proof.get(spanId);
  if (own !== undefined || !columns) return own ?? null;
  for (let row = rowIndex(columns).get(spanId) ?? -1, steps = 0; row >= 0 && steps <= columns.count; steps++) {
    const found = proof.get(columns.ids[row] ?? '');
    if (found !== undefined) return found;
    row = columns.parent[row] ?? -1;
  }
  return null;
}
