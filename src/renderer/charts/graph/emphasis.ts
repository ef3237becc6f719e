/** What stands out and what steps back, from what is selected, pointed at, or found. */
import type { Place } from './walk.ts';
import type { ViewEdge, ViewGraph, ViewNode } from './view-graph.ts';

export type Emphasis = {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
};

/** A node with its edges and their other ends; an edge with its two ends. Null when it is not in the picture. */
export function around(view: ViewGraph, place: Place): Emphasis | null {
  const known =
    place.type === 'node'
      ? view.nodes.some((node) => node.id === place.id)
      : view.edges.some((edge) => edge.key === place.key);
  if (!known) return null;
  const nodes = new Set<string>();
  const edges = new Set<string>();
  if (place.type === 'node') nodes.add(place.id);
  for (const edge of view.edges) {
    const near = place.type === 'edge' ? edge.key === place.key : edge.from === place.id || edge.to === place.id;
    if (!near) continue;
    edges.add(edge.key);
    nodes.add(edge.from).add(edge.to);
  }
  return { nodes, edges };
}

/** Nodes whose name holds the text, without case, and the edges among them. */
export function matching(view: ViewGraph, text: string): Emphasis {
  const wanted = text.trim().toLowerCase();
  const nodes = new Set(view.nodes.filter((node) => holds(node, wanted)).map((node) => node.id));
  return {
    nodes,
    edges: new Set(view.edges.filter((edge) => nodes.has(edge.from) && nodes.has(edge.to)).map((edge) => edge.key)),
  };
}

function holds(node: ViewNode, wanted: string): boolean {
  return (
    node.name.toLowerCase().includes(wanted) ||
    node.members.some((member) => member.name.toLowerCase().includes(wanted))
  );
}

/** The edges that a span proves. */
export function provenEdges(view: ViewGraph, spanId: string | null): ReadonlySet<string> {
  if (spanId === null) return new Set();
  return new Set(view.edges.filter((edge: ViewEdge) => edge.evidence.includes(spanId)).map((edge) => edge.key));
}
