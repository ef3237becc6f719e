/**
 * Which way each connection is laid out. Layers need a graph without cycles; loops and returns are part of the story,
 * so the few edges that close a cycle are laid out backwards and drawn as they are.
 */
import type { LayoutEdge } from './layout-types.ts';

/** All edges between one pair of nodes: they run side by side. `low`/`high` = the node on the earlier/later layer. */
export type Bundle = { readonly low: number; readonly high: number; readonly lanes: readonly Lane[] };

/** `forward` = drawn from low to high. */
export type Lane = { readonly edge: LayoutEdge; readonly forward: boolean };

export type Oriented = {
  readonly bundles: readonly Bundle[];
  readonly loops: ReadonlyMap<number, readonly LayoutEdge[]>;
};

/**
 * A pair is led by its strongest edge that is not a return. Depth-first from the nodes that nothing leads to, in the
 * given order; an edge that comes back to a node still open closes a cycle and is turned. Iterative: chains are long.
 */
export function orient(count: number, edges: readonly LayoutEdge[], indexOf: (id: string) => number): Oriented {
  const loops = new Map<number, LayoutEdge[]>();
  const pairs = new Map<string, { a: number; b: number; edges: LayoutEdge[] }>();
  for (const edge of edges) {
    const from = indexOf(edge.from);
    const to = indexOf(edge.to);
    if (from === to) {
      const list = loops.get(from);
      if (list) list.push(edge);
      else loops.set(from, [edge]);
      continue;
    }
    const key = from < to ? `${from} ${to}` : `${to} ${from}`;
    const pair = pairs.get(key);
    if (pair) pair.edges.push(edge);
    else pairs.set(key, { a: from, b: to, edges: [edge] });
  }
  const links = [...pairs.values()].map((pair) => lead(pair, indexOf));
  const turned = closingLinks(count, links);
  const bundles = links.map((link, index) => {
    const [low, high] = turned.has(index) ? [link.to, link.from] : [link.from, link.to];
    const lanes = link.edges.map((edge) => ({ edge, forward: indexOf(edge.from) === low }));
    // Those that go the main way first, so that "there" is always above "back".
    return { low, high, lanes: [...lanes.filter((l) => l.forward), ...lanes.filter((l) => !l.forward)] };
  });
  return { bundles, loops };
}

type Link = { readonly from: number; readonly to: number; readonly edges: readonly LayoutEdge[] };

function lead(pair: { a: number; b: number; edges: LayoutEdge[] }, indexOf: (id: string) => number): Link {
  let forth = 0;
  for (const edge of pair.edges) {
    const way = indexOf(edge.from) === pair.a ? 1 : -1;
    forth += way * (edge.back ? -0.5 : edge.weight);
  }
  // A tie (A hands to B, B hands back) goes to the node that was seen first.
  const aLeads = forth === 0 ? pair.a < pair.b : forth > 0;
  return aLeads ? { from: pair.a, to: pair.b, edges: pair.edges } : { from: pair.b, to: pair.a, edges: pair.edges };
}

function closingLinks(count: number, links: readonly Link[]): Set<number> {
  const out: number[][] = Array.from({ length: count }, () => []);
  const incoming = new Int32Array(count);
  links.forEach((link, index) => {
    out[link.from]?.push(index);
    incoming[link.to] = (incoming[link.to] ?? 0) + 1;
  });
  for (const list of out) list.sort((a, b) => (links[a]?.to ?? 0) - (links[b]?.to ?? 0));
  const turned = new Set<number>();
  const state = new Uint8Array(count); // 0 = not seen, 1 = open, 2 = done
  const nodes = Array.from({ length: count }, (_, index) => index);
  const starts = [...nodes.filter((node) => incoming[node] === 0), ...nodes];
  for (const start of starts) {
    if (state[start] !== 0) continue;
    state[start] = 1;
    const stack = [{ node: start, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const index = out[top.node]?.[top.next++];
      const link = index === undefined ? undefined : links[index];
      if (index === undefined || !link) {
        state[top.node] = 2;
        stack.pop();
      } else if (state[link.to] === 1) {
        turned.add(index);
      } else if (state[link.to] === 0) {
        state[link.to] = 1;
        stack.push({ node: link.to, next: 0 });
      }
    }
  }
  return turned;
}

/** An order of edges that does not depend on the one they came in. */
export function byEnds(indexOf: (id: string) => number): (a: LayoutEdge, b: LayoutEdge) => number {
  return (a, b) =>
    indexOf(a.from) - indexOf(b.from) || indexOf(a.to) - indexOf(b.to) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
