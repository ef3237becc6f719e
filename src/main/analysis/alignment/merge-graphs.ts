/** The agent graphs of two traces as one: what both have, and what only one has. */
import type { MergedGraph } from '#shared/alignment.ts';
import type { AgentGraph } from '#shared/graph.ts';

type Node = MergedGraph['nodes'][number];
type Edge = MergedGraph['edges'][number];

/** Nodes and edges of A stand first, in its order: the same trace keeps the same picture. */
export function mergeGraphs(a: AgentGraph, b: AgentGraph): MergedGraph {
  const nodes = new Map<string, Node>();
  for (const { id, kind, name, spans } of a.nodes) nodes.set(id, { id, kind, name, a: Math.max(1, spans), b: 0 });
  for (const { id, kind, name, spans } of b.nodes)
    nodes.set(id, { id, kind, name, a: nodes.get(id)?.a ?? 0, b: Math.max(1, spans) });
  const edges = new Map<string, Edge>();
  // Ids may hold anything: the length says where the first one ends.
  const keyOf = ({ from, to, kind }: AgentGraph['edges'][number]): string => `${kind} ${from.length} ${from} ${to}`;
  for (const edge of a.edges)
    edges.set(keyOf(edge), {
      from: edge.from,
      to: edge.to,
      kind: edge.kind,
      a: edge.count,
      b: 0,
      spansA: edge.evidence,
      spansB: [],
    });
  for (const edge of b.edges) {
    const known = edges.get(keyOf(edge));
    edges.set(keyOf(edge), {
      from: edge.from,
      to: edge.to,
      kind: edge.kind,
      a: known?.a ?? 0,
      b: edge.count,
      spansA: known?.spansA ?? [],
      spansB: edge.evidence,
    });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}
