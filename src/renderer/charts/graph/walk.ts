/**
 * Walking the graph with the arrow keys. From a node: along the reading direction to the edges on that side, across it
 * to the next node. From an edge: along to the node at that end, across to the next edge between the same layers.
 */
import type { Box, Layout } from './layout-types.ts';

export type Place = { readonly type: 'node'; readonly id: string } | { readonly type: 'edge'; readonly key: string };
export type Step = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';
type Ends = { readonly key: string; readonly from: string; readonly to: string };

export function placeKey(place: Place): string {
  return place.type === 'node' ? `node:${place.id}` : `edge:${place.key}`;
}

/** Where a step leads, or null when there is nothing that way. */
export function walk(layout: Layout, edges: readonly Ends[], from: Place | null, step: Step): Place | null {
  const nodes = readingOrder(layout);
  if (from === null || step === 'first' || step === 'last') return nodePlace(step === 'last' ? nodes.at(-1) : nodes[0]);
  const [back, forth] = layout.direction === 'LR' ? ['left', 'right'] : ['up', 'down'];
  const along = step === back ? -1 : step === forth ? 1 : 0;
  if (from.type === 'node')
    return along === 0 ? nextNode(layout, nodes, from.id, step) : sideEdge(layout, edges, from.id, along);
  const edge = edges.find((other) => other.key === from.key);
  if (!edge) return nodePlace(nodes[0]);
  return along === 0 ? nextEdge(layout, edges, edge, step) : endNode(layout, edge, along);
}

/** Layer by layer, in each from the top (or the left). */
export function readingOrder(layout: Layout): readonly string[] {
  return [...layout.nodes]
    .map(([id, box]) => ({ id, ...axes(layout, box) }))
    .sort((a, b) => a.m - b.m || a.c - b.c)
    .map((node) => node.id);
}

function nextNode(layout: Layout, nodes: readonly string[], id: string, step: Step): Place | null {
  const at = nodes.indexOf(id);
  return nodePlace(nodes[at + (isBack(layout, step) ? -1 : 1)]);
}

function isBack(layout: Layout, step: Step): boolean {
  return step === (layout.direction === 'LR' ? 'up' : 'left');
}

/** The first edge on that side of the node, a self-loop counted to the far side. */
function sideEdge(layout: Layout, edges: readonly Ends[], id: string, along: -1 | 1): Place | null {
  const here = layout.nodes.get(id);
  if (!here) return null;
  const { m } = axes(layout, here);
  const found = edges.filter((edge) => {
    if (edge.from !== id && edge.to !== id) return false;
    const other = layout.nodes.get(edge.from === id ? edge.to : edge.from);
    return (
      other !== undefined && (edge.from === edge.to ? along === 1 : Math.sign(axes(layout, other).m - m) === along)
    );
  });
  const first = sortAcross(layout, found)[0];
  return first ? { type: 'edge', key: first.key } : null;
}

function endNode(layout: Layout, edge: Ends, along: -1 | 1): Place | null {
  const ends = [edge.from, edge.to].map((id) => {
    const box = layout.nodes.get(id);
    return { id, m: box ? axes(layout, box).m : 0 };
  });
  ends.sort((a, b) => (a.m - b.m) * along);
  return nodePlace(ends[1]?.id);
}

function nextEdge(layout: Layout, edges: readonly Ends[], edge: Ends, step: Step): Place | null {
  const touching = edges.filter((other) => [other.from, other.to].some((id) => id === edge.from || id === edge.to));
  const sorted = sortAcross(layout, touching);
  const at = sorted.findIndex((other) => other.key === edge.key);
  const next = sorted[at + (isBack(layout, step) ? -1 : 1)];
  return next ? { type: 'edge', key: next.key } : null;
}

function sortAcross(layout: Layout, edges: readonly Ends[]): readonly Ends[] {
  const across = (edge: Ends): number => {
    const middle = layout.edges.get(edge.key)?.middle;
    return middle ? (layout.direction === 'LR' ? middle.y : middle.x) : 0;
  };
  return edges.toSorted((a, b) => across(a) - across(b) || (a.key < b.key ? -1 : 1));
}

function axes(layout: Layout, box: Box): { m: number; c: number } {
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  return layout.direction === 'LR' ? { m: x, c: y } : { m: y, c: x };
}

function nodePlace(id: string | undefined): Place | null {
  return id === undefined ? null : { type: 'node', id };
}
