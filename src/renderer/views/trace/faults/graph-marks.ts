/** Faults at nodes and edges of the graph's picture. */
import type { Finding } from '#shared/detect.ts';
import type { FaultMark } from '../../../charts/fault-mark.ts';
import { gatherMarks } from '../../../charts/fault-mark.ts';
import type { ViewGraph } from '../../../charts/graph/view-graph.ts';
import { placeKey } from '../../../charts/graph/walk.ts';

/** @param nodeOf the node of the graph that a span belongs to; the picture may draw it as another one */
export function graphMarks(
  view: Pick<ViewGraph, 'nodes' | 'edges' | 'home'>,
  findings: readonly Finding[],
  nodeOf: (spanId: string) => string | null,
): ReadonlyMap<string, FaultMark> {
  const edges = new Map<string, string[]>();
  for (const { spanIds } of findings) if (spanIds[0] !== undefined) edges.set(spanIds[0], []);
  if (edges.size === 0) return new Map();
  for (const edge of view.edges)
    for (const spanId of edge.evidence) edges.get(spanId)?.push(placeKey({ type: 'edge', key: edge.key }));
  const shown = new Set(view.nodes.map(({ id }) => id));
  return gatherMarks(findings, (spanId) => {
    const node = nodeOf(spanId);
    const id = node === null ? null : (view.home.get(node) ?? node);
    const places = edges.get(spanId) ?? [];
    return id !== null && shown.has(id) ? [placeKey({ type: 'node', id }), ...places] : places;
  });
}
