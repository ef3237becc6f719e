/**
 * Layered layout of the agent graph: dagre places nodes, labels and the corridors between them; lanes, ports and curves
 * are ours (route.ts). Pure and deterministic: the same input gives the same picture to the pixel.
 */
import { type EdgeLabel, Graph, type GraphLabel, layout as dagre, type NodeLabel } from '@dagrejs/dagre';
import type { Box, Direction, Layout, LayoutInput, LayoutPair, PlacedEdge } from './layout-types.ts';
import { type Corridor, flatBox, type FlatNode, flatNode, type FlatPoint } from './flat.ts';
import { layoutForce } from './layout-force.ts';
import { type Bundle, byEnds, orient } from './orient.ts';
import { pack } from './pack.ts';
import { frameTeams } from './frames.ts';
import { bundleRoom, loopRoom, routeBundles, type Routed, routeLoops } from './route.ts';
import { routeFree } from './route-free.ts';
import { untangle } from './tangle.ts';

/** Pixels between what lies on one layer, and between layers (a label stands in the middle of that). */
const NODE_GAP = 10;
const LANE_GAP = 12;
const LAYER_GAP = { LR: 64, TB: 48 } as const;
const MARGIN = 16;
/** Above this many nodes and bundles in one part, exact ranking takes seconds. */
const QUICK_ABOVE = 400;
/** This many nodes with the same neighbours stand on one layer, more are spread over several: cards are wide, not tall. */
const TWINS_ON_LAYER = { LR: 6, TB: 3 } as const;
const MOST_LAYERS = 8;

type Part = { readonly nodes: readonly number[]; readonly bundles: readonly Bundle[] };
type PlacedPart = {
  readonly along: number;
  readonly across: number;
  readonly at: ReadonlyMap<number, FlatPoint>;
  readonly corridors: ReadonlyMap<Bundle, Corridor>;
};

export function layoutBoth(input: LayoutInput): LayoutPair {
  if (input.style === 'force') {
    return { LR: layoutForce(input, 2.6), TB: layoutForce(input, 1.3) };
  }
  return { LR: layoutGraph(input, 'LR'), TB: layoutGraph(input, 'TB') };
}

export function layoutGraph(input: LayoutInput, direction: Direction): Layout {
  const index = new Map(input.nodes.map((node, at) => [node.id, at]));
  const indexOf = (id: string): number => index.get(id) ?? -1;
  const edges = input.edges.filter((edge) => index.has(edge.from) && index.has(edge.to)).sort(byEnds(indexOf));
  const { bundles, loops } = orient(input.nodes.length, edges, indexOf);
  const flats = input.nodes.map((node, at) => flatNode(node, loopRoom(loops.get(at) ?? [], direction), direction));
  const { layered, free } = untangle(input.nodes.length, bundles);
  const parts = connectedParts(input.nodes.length, layered, teamLinks(input, indexOf));
  const placedParts = parts.map((part) => placePart(part, flats, direction, input));
  const packed = pack(placedParts, direction === 'LR' ? 1.6 : 0.8);

  const routed: Routed[] = [];
  placedParts.forEach((part, number) => {
    const corner = packed.places[number] ?? { m: 0, c: 0 };
    const move = <P extends { readonly m: number; readonly c: number }>(point: P): P => ({
      ...point,
      m: Math.round(point.m + corner.m + MARGIN),
      c: Math.round(point.c + corner.c + MARGIN),
    });
    for (const [node, place] of part.at) {
      const flat = flats[node];
      if (flat) flats[node] = move({ ...flat, ...place });
    }
    for (const [bundle, corridor] of part.corridors) routed.push({ bundle, corridor: corridor.map(move) });
  });

  const nodes = new Map<string, Box>();
  const placed = new Map<string, PlacedEdge>();
  for (const edge of routeBundles(routed, flats, direction)) placed.set(edge.key, edge);
  for (const edge of routeFree(free, flats, direction)) placed.set(edge.key, edge);
  input.nodes.forEach((node, at) => {
    const flat = flats[at];
    if (!flat) return;
    nodes.set(node.id, flatBox(flat, direction));
    for (const edge of routeLoops(flat, loops.get(at) ?? [], direction)) placed.set(edge.key, edge);
  });
  const along = Math.ceil(packed.along + 2 * MARGIN);
  const across = Math.ceil(packed.across + 2 * MARGIN);
  const [width, height] = direction === 'LR' ? [along, across] : [across, along];
  return {
    direction,
    style: 'layered',
    width,
    height,
    nodes,
    edges: placed,
    teams: frameTeams(input, nodes, { width, height }),
  };
}

/** Pairs of nodes that stand in one outermost team: they stay in one part, also when nothing passed between them. */
function teamLinks(input: LayoutInput, indexOf: (id: string) => number): [number, number][] {
  const parents = new Map((input.teams ?? []).map(({ id, parent }) => [id, parent]));
  const first = new Map<string, number>();
  const links: [number, number][] = [];
  for (const { id, team } of input.nodes) {
    let outer = team ?? null;
    for (let up = outer; up !== null; up = parents.get(up) ?? null) outer = up;
    if (outer === null) continue;
    const known = first.get(outer);
    if (known === undefined) first.set(outer, indexOf(id));
    else links.push([known, indexOf(id)]);
  }
  return links;
}

/** Parts in the order of their first node. */
function connectedParts(count: number, bundles: readonly Bundle[], also: readonly [number, number][]): Part[] {
  const leader = Int32Array.from({ length: count }, (_, at) => at);
  function find(node: number): number {
    let root = node;
    for (let up = leader[root] ?? root; up !== root; up = leader[root] ?? root) root = up;
    for (let at = node; at !== root;) {
      const up = leader[at] ?? root;
      leader[at] = root;
      at = up;
    }
    return root;
  }
  for (const [low, high] of [...bundles.map((bundle) => [bundle.low, bundle.high] as const), ...also]) {
    const a = find(low);
    const b = find(high);
    leader[Math.max(a, b)] = Math.min(a, b);
  }
  const parts = new Map<number, { nodes: number[]; bundles: Bundle[] }>();
  for (let node = 0; node < count; node++) {
    const root = find(node);
    const part = parts.get(root);
    if (part) part.nodes.push(node);
    else parts.set(root, { nodes: [node], bundles: [] });
  }
  for (const bundle of bundles) parts.get(find(bundle.low))?.bundles.push(bundle);
  return [...parts.values()];
}

/** Lays out one connected part at its own origin, each team of it together. */
function placePart(part: Part, flats: readonly FlatNode[], direction: Direction, input: LayoutInput): PlacedPart {
  const teams = teamsOfPart(part, input);
  if (teams.size > 0) {
    try {
      return placeTogether(part, flats, direction, input, teams);
    } catch {
      // The layout of nested nodes has known gaps: without frames the picture is still whole.
    }
  }
  return placeTogether(part, flats, direction, input, new Map());
}

/** Parent by team, of those with a node in the part. */
function teamsOfPart(part: Part, { nodes, teams = [] }: LayoutInput): Map<string, string | null> {
  const parents = new Map(teams.map(({ id, parent }) => [id, parent]));
  const used = new Map<string, string | null>();
  for (const at of part.nodes) {
    for (let team = nodes[at]?.team ?? null; team !== null && !used.has(team); team = parents.get(team) ?? null) {
      if (parents.has(team)) used.set(team, parents.get(team) ?? null);
    }
  }
  return used;
}

function placeTogether(
  part: Part,
  flats: readonly FlatNode[],
  direction: Direction,
  input: LayoutInput,
  teams: ReadonlyMap<string, string | null>,
): PlacedPart {
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>({ multigraph: false, compound: teams.size > 0 });
  const quick = part.nodes.length + part.bundles.length > QUICK_ABOVE;
  graph.setGraph({
    rankdir: 'LR',
    nodesep: NODE_GAP,
    edgesep: LANE_GAP,
    ranksep: LAYER_GAP[direction],
    ranker: quick ? 'tight-tree' : 'network-simplex',
  });
  for (const node of part.nodes) {
    const flat = flats[node];
    // The same room on both sides keeps the card in the middle of its lines.
    if (flat) graph.setNode(`${node}`, { width: flat.stretch, height: flat.across + 2 * flat.reach });
  }
  // Numbers are nodes; a team's name may be anything.
  for (const id of teams.keys()) graph.setNode(`team ${id}`, { width: 0, height: 0 });
  for (const [id, parent] of teams)
    if (parent !== null && teams.has(parent)) graph.setParent(`team ${id}`, `team ${parent}`);
  for (const node of part.nodes) {
    const team = input.nodes[node]?.team ?? null;
    if (team !== null && teams.has(team)) graph.setParent(`${node}`, `team ${team}`);
  }
  const lengths = spreadTwins(part, TWINS_ON_LAYER[direction]);
  for (const bundle of part.bundles) {
    const room = bundleRoom(bundle, direction);
    graph.setEdge(`${bundle.low}`, `${bundle.high}`, {
      // Dagre keeps no room, and tells no place, for a label without an area.
      width: Math.max(1, room.along),
      height: room.across,
      labelpos: 'c',
      weight: bundle.lanes.reduce((sum, lane) => sum + lane.edge.weight, 0),
      minlen: lengths.get(bundle) ?? 1,
    });
  }
  dagre(graph);
  const { width: along = 0, height: across = 0 } = graph.graph();
  const middles = new Map(
    part.nodes.map((node) => {
      const { x = 0, y = 0 } = graph.node(`${node}`) ?? {};
      return [node, { m: x, c: y }] as const;
    }),
  );
  const mirror = isUpsideDown(middles);
  const turn = (c: number): number => (mirror ? across - c : c);
  const at = new Map<number, FlatPoint>();
  for (const [node, middle] of middles) {
    const flat = flats[node];
    if (flat) at.set(node, { m: middle.m - flat.along / 2, c: turn(middle.c) - flat.across / 2 });
  }
  const corridors = new Map<Bundle, Corridor>();
  for (const bundle of part.bundles) {
    const { points = [], x = 0, y = 0 } = graph.edge(`${bundle.low}`, `${bundle.high}`) ?? {};
    // Dagre's first and last points lie on the cards; ports are placed by us.
    const between = points.slice(1, -1).map((point) => ({ m: point.x, c: turn(point.y) }));
    corridors.set(bundle, corridorOf(between, { m: x, c: turn(y) }));
  }
  return { along, across, at, corridors };
}

/** The labels stand on the corridor point nearest to the room that dagre kept for them. */
function corridorOf(points: readonly FlatPoint[], label: FlatPoint): Corridor {
  let nearest = -1;
  let least = Infinity;
  points.forEach((point, at) => {
    const distance = Math.abs(point.m - label.m);
    if (distance < least) [nearest, least] = [at, distance];
  });
  if (nearest < 0) return [{ ...label, label: true }];
  return points.map((point, at) => (at === nearest ? { ...label, label: true } : { ...point, label: false }));
}

/**
 * Nodes with the very same neighbours (the tools of one agent, thirty workers between a user and a tool) would make one
 * endless column: lets the links that lead to them reach over one, two, three layers in turn.
 */
function spreadTwins(part: Part, onLayer: number): Map<Bundle, number> {
  const incoming = new Map<number, Bundle[]>();
  const outgoing = new Map<number, Bundle[]>();
  for (const bundle of part.bundles) {
    append(outgoing, bundle.low, bundle);
    append(incoming, bundle.high, bundle);
  }
  const twins = new Map<string, number[]>();
  for (const node of part.nodes) {
    const from = (incoming.get(node) ?? []).map((bundle) => bundle.low).sort(ascending);
    const to = (outgoing.get(node) ?? []).map((bundle) => bundle.high).sort(ascending);
    append(twins, `${from.join(' ')} > ${to.join(' ')}`, node);
  }
  const lengths = new Map<Bundle, number>();
  for (const nodes of twins.values()) {
    const columns = Math.min(MOST_LAYERS, Math.ceil(nodes.length / onLayer));
    if (columns === 1) continue;
    nodes.forEach((node, at) => {
      const step = at % columns;
      for (const bundle of incoming.get(node) ?? []) lengths.set(bundle, 1 + step);
      // What lies beyond them is pushed away too, or all would end up beside it on one layer again.
      const beyond = incoming.has(node) ? columns - step : 1 + step;
      for (const bundle of outgoing.get(node) ?? []) lengths.set(bundle, beyond);
    });
  }
  return lengths;
}

/** Dagre leaves it open which end of a layer comes first: what was seen first belongs to the top (or the left). */
function isUpsideDown(at: ReadonlyMap<number, FlatPoint>): boolean {
  const nodes = [...at].map(([node, place]) => ({ node, ...place })).sort((a, b) => a.m - b.m || a.node - b.node);
  let balance = 0;
  nodes.forEach((node, number) => {
    const before = nodes[number - 1];
    if (before && Math.abs(before.m - node.m) < 1) balance += Math.sign(node.c - before.c);
  });
  return balance < 0;
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function ascending(a: number, b: number): number {
  return a - b;
}
