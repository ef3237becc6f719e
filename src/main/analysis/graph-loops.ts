/** Edges that go back: to an agent that was there before, and from which their source can be reached. */
import type { GraphEdge, GraphNode } from '#shared/graph.ts';
import { USER } from './graph-arcs.ts';
import { at, i32 } from './at.ts';

/** Control between agents; a return ends a call and closes no loop, and the user stands outside. */
function passesControl({ kind, from, to }: Pick<GraphEdge, 'kind' | 'from' | 'to'>): boolean {
  return (kind === 'handoff' || kind === 'agent_call' || kind === 'message') && from !== USER && to !== USER;
}

/** `nodes` in the order in which they appeared. Linear. */
export function markLoops(nodes: readonly GraphNode[], edges: readonly Omit<GraphEdge, 'loop'>[]): GraphEdge[] {
  const place = new Map(nodes.map(({ id }, k) => [id, k]));
  const placeOf = (id: string): number => place.get(id) ?? -1;
  const next: number[][] = nodes.map(() => []);
  for (const edge of edges) if (passesControl(edge)) next[placeOf(edge.from)]?.push(placeOf(edge.to));
  const ring = findRings(next);
  return edges.map((edge) => {
    const from = placeOf(edge.from);
    const to = placeOf(edge.to);
    return { ...edge, loop: passesControl(edge) && to <= from && i32(ring, from) === i32(ring, to) };
  });
}

/** A number for each node, the same for those that can reach each other (Tarjan 1972, without recursion). */
function findRings(next: readonly (readonly number[])[]): Int32Array {
  const ring = new Int32Array(next.length).fill(-1);
  const seen = new Int32Array(next.length).fill(-1);
  const low = new Int32Array(next.length);
  const step = new Int32Array(next.length);
  const open: number[] = [];
  let time = 0;
  for (let root = 0; root < next.length; root++) {
    if (i32(seen, root) >= 0) continue;
    const path = [root];
    while (path.length > 0) {
      const node = at(path, path.length - 1);
      if (i32(seen, node) < 0) {
        seen[node] = low[node] = time++;
        open.push(node);
      }
      const target = at(next, node)[i32(step, node)];
      if (target !== undefined) {
        step[node] = i32(step, node) + 1;
        if (i32(seen, target) < 0) path.push(target);
        else if (i32(ring, target) < 0) low[node] = Math.min(i32(low, node), i32(seen, target));
        continue;
      }
      path.pop();
      const up = path.at(-1);
      if (up !== undefined) low[up] = Math.min(i32(low, up), i32(low, node));
      if (i32(low, node) !== i32(seen, node)) continue;
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        ring[member] = node;
        if (member === node) break;
      }
    }
  }
  return ring;
}
