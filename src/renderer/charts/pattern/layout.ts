/**
 * Where everything of a small pattern stands: agents in a row, tools and guardrails in a row below. What agents do to each
 * other runs above them and what they call below, each arrow in a lane in which no other's words stand, so that nothing
 * covers a label whatever is drawn. The same drawing always looks the same, unless somebody moved what is in it.
 */
import type { PatternDrawing, PatternEdge, PatternNode } from '#shared/pattern-drawing.ts';
import { VERB_TEXTS } from '#shared/pattern.ts';
import { keyOf, shortTimes } from './edit.ts';

/** Columns, from 0, of what somebody moved; keyed by `keyOf` of the node. */
export type MovedNodes = ReadonlyMap<string, number>;

export type PlacedNode = {
  readonly node: PatternNode;
  readonly column: number;
  readonly x: number;
  readonly y: number;
};
export type PlacedEdge = {
  readonly edge: PatternEdge;
  readonly words: string;
  readonly path: string;
  /** Of the tip, and whether it points down. */
  readonly tip: { readonly x: number; readonly y: number };
  /** Centre of the label. */
  readonly label: { readonly x: number; readonly y: number; readonly width: number };
};
export type PatternLayout = {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
};

export const NODE_WIDTH = 132;
export const NODE_HEIGHT = 34;
export const LABEL_HEIGHT = 20;
const PITCH = 168;
/** As far as a node may be moved to the right. */
export const LAST_COLUMN = 23;
const LANE = 26;
const EDGE = 18;
const BEND = 7;
/** A character of a label, and what stands around the text: number and padding. */
const LETTER = 5.5;
const AROUND = 30;

export function edgeWords(edge: PatternEdge): string {
  const how = edge.never ? 'never ' : edge.next ? 'immediately ' : '';
  const times = shortTimes(edge);
  return `${how}${VERB_TEXTS[edge.verb]}${times === '' ? '' : ` ${times}`}`;
}

type Run = {
  readonly edge: PatternEdge;
  readonly words: string;
  from: number;
  to: number;
  lane: number;
  width: number;
};

export function layoutPattern({ nodes, edges }: PatternDrawing, moved: MovedNodes = NOT_MOVED): PatternLayout {
  const agents = nodes.filter(({ kind }) => kind === 'agent');
  const below = nodes.filter(({ kind }) => kind !== 'agent');
  const ofAgents = giveColumns(agents, moved, () => 0);
  // Each below the first that calls it, or as near as there is room.
  const ofOthers = giveColumns(below, moved, ({ id }) => {
    const caller = edges.find(({ to }) => to === id)?.from;
    return (caller === undefined ? undefined : ofAgents.get(caller)) ?? 0;
  });
  const columns = new Map([...ofAgents, ...ofOthers]);
  const isAgent = new Set(agents.map(({ id }) => id));
  const known = edges.filter(({ from, to }) => columns.has(from) && columns.has(to));
  const over = known.filter(({ to }) => isAgent.has(to));
  const under = known.filter(({ to }) => !isAgent.has(to));
  const centre = (id: string): number => EDGE + (columns.get(id) ?? 0) * PITCH + NODE_WIDTH / 2;

  const overRuns = runs(
    over,
    ports(over, centre, (edge) => [edge.from, edge.to]),
  );
  const underRuns = runs(
    under,
    // Upper and lower ends are of different nodes, so one table serves both.
    ports(under, centre, (edge) => [edge.from, edge.to]),
  );
  const overLanes = giveLanes(overRuns);
  const underLanes = giveLanes(underRuns);
  const left = Math.max(0, EDGE - Math.min(EDGE, ...[...overRuns, ...underRuns].map((run) => beginOf(run))));
  const right = Math.max(
    0,
    ...[...columns.keys()].map((id) => centre(id) + NODE_WIDTH / 2),
    ...[...overRuns, ...underRuns].map((run) => endOf(run)),
  );
  const agentTop = EDGE + overLanes * LANE + (overLanes > 0 ? 8 : 0);
  const agentBottom = agentTop + (agents.length > 0 ? NODE_HEIGHT : 0);
  const belowTop = agentBottom + Math.max(underLanes * LANE + 22, 30);

  const overEdges = overRuns.map((run): PlacedEdge => {
    const y = agentTop - 8 - run.lane * LANE - LABEL_HEIGHT / 2;
    return placed(run, left, agentTop, y, agentTop);
  });
  const underEdges = underRuns.map((run): PlacedEdge => {
    // The first lane is the lowest: its words stand next to the tool.
    const y = belowTop - 14 - run.lane * LANE - LABEL_HEIGHT / 2;
    return placed(run, left, agentBottom, y, belowTop);
  });
  return {
    width: left + right + EDGE,
    height: (below.length > 0 ? belowTop + NODE_HEIGHT : agentBottom) + EDGE,
    nodes: nodes.map((node) => ({
      node,
      column: columns.get(node.id) ?? 0,
      x: left + centre(node.id) - NODE_WIDTH / 2,
      y: isAgent.has(node.id) ? agentTop : belowTop,
    })),
    edges: [...overEdges, ...underEdges].sort((a, b) => a.edge.order - b.edge.order),
  };
}

const NOT_MOVED: MovedNodes = new Map();

/** What was moved stands where it was put, and the others in their order around it. */
function giveColumns(
  row: readonly PatternNode[],
  moved: MovedNodes,
  wanted: (node: PatternNode) => number,
): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  const taken = new Set<number>();
  const isMoved = (node: PatternNode): boolean => moved.has(keyOf(node));
  for (const node of [...row.filter(isMoved), ...row.filter((each) => !isMoved(each))]) {
    const column = nearestFree(moved.get(keyOf(node)) ?? wanted(node), taken);
    taken.add(column);
    columns.set(node.id, column);
  }
  return columns;
}

/** A node put into a column of its row; one that stands there changes places with it, and the others stay. */
export function moveNode({ nodes }: PatternLayout, moved: MovedNodes, key: string, column: number): MovedNodes {
  const own = nodes.find(({ node }) => keyOf(node) === key);
  if (!own) return moved;
  const to = Math.min(LAST_COLUMN, Math.max(0, column));
  const row = nodes.filter(({ y }) => y === own.y);
  return new Map([
    ...moved,
    ...row.map((each): [string, number] => [keyOf(each.node), each.column === to ? own.column : each.column]),
    [key, to],
  ]);
}

/** The column that `x` of the drawing is in. */
export function columnAt({ nodes }: PatternLayout, x: number): number {
  const [first] = nodes;
  const begin = first ? first.x - first.column * PITCH : EDGE;
  return Math.min(LAST_COLUMN, Math.max(0, Math.round((x - begin - NODE_WIDTH / 2) / PITCH)));
}

/** Where a column's node stands. */
export function columnLeft({ nodes }: PatternLayout, column: number): number {
  const [first] = nodes;
  return (first ? first.x - first.column * PITCH : EDGE) + column * PITCH;
}

function nearestFree(wanted: number, taken: ReadonlySet<number>): number {
  for (let step = 0; ; step++) {
    if (!taken.has(wanted + step)) return wanted + step;
    if (wanted - step >= 0 && !taken.has(wanted - step)) return wanted - step;
  }
}

/** Where each end meets its node: ends of one node stand apart, ordered by where they lead. */
function ports(
  edges: readonly PatternEdge[],
  centre: (id: string) => number,
  ends: (edge: PatternEdge) => readonly [string, string],
): (edge: PatternEdge, end: 0 | 1) => number {
  const ofNode = new Map<string, { readonly edge: PatternEdge; readonly end: 0 | 1; readonly towards: number }[]>();
  for (const edge of edges) {
    const [from, to] = ends(edge);
    ofNode.set(from, [...(ofNode.get(from) ?? []), { edge, end: 0, towards: centre(to) }]);
    ofNode.set(to, [...(ofNode.get(to) ?? []), { edge, end: 1, towards: centre(from) }]);
  }
  const places = new Map<string, number>();
  for (const [id, list] of ofNode) {
    const sorted = list.sort((a, b) => a.towards - b.towards || a.edge.order - b.edge.order || a.end - b.end);
    // What leads back to where it began is wider than its words.
    const widest = sorted.some(({ edge }) => edge.from === edge.to) ? NODE_WIDTH : 24;
    const gap = Math.min(widest, (NODE_WIDTH - 20) / Math.max(1, sorted.length - 1));
    const first = centre(id) - (gap * (sorted.length - 1)) / 2;
    for (const [k, { edge, end }] of sorted.entries()) places.set(`${edge.order}:${end}`, first + k * gap);
  }
  return (edge, end) => places.get(`${edge.order}:${end}`) ?? 0;
}

function runs(edges: readonly PatternEdge[], port: (edge: PatternEdge, end: 0 | 1) => number): Run[] {
  return edges.map((edge) => {
    const words = edgeWords(edge);
    return { edge, words, from: port(edge, 0), to: port(edge, 1), lane: 0, width: words.length * LETTER + AROUND };
  });
}

function beginOf({ from, to, width }: Run): number {
  return Math.min(from, to, (from + to) / 2 - width / 2);
}

function endOf({ from, to, width }: Run): number {
  return Math.max(from, to, (from + to) / 2 + width / 2);
}

/** Short ones lie nearest to their nodes; returns how many lanes there are. */
function giveLanes(all: readonly Run[]): number {
  const lanes: Run[][] = [];
  const order = [...all].sort((a, b) => endOf(a) - beginOf(a) - (endOf(b) - beginOf(b)) || a.edge.order - b.edge.order);
  for (const run of order) {
    const free = lanes.findIndex((lane) =>
      lane.every((other) => endOf(run) + 8 < beginOf(other) || beginOf(run) - 8 > endOf(other)),
    );
    run.lane = free < 0 ? lanes.length : free;
    if (free < 0) lanes.push([]);
    lanes[run.lane]?.push(run);
  }
  return lanes.length;
}

/** From `start` along the height `lane` to `end`, with round corners. */
function placed(
  { edge, words, from, to, width }: Run,
  left: number,
  start: number,
  lane: number,
  end: number,
): PlacedEdge {
  const [a, b] = [left + from, left + to];
  const away = Math.sign(b - a);
  const bend = Math.min(BEND, Math.abs(b - a) / 2);
  const [up, down] = [Math.sign(lane - start), Math.sign(end - lane)];
  const path =
    Math.abs(b - a) < 1
      ? `M${a} ${start}V${end}`
      : `M${a} ${start}V${lane - up * bend}Q${a} ${lane} ${a + away * bend} ${lane}` +
        `H${b - away * bend}Q${b} ${lane} ${b} ${lane + down * bend}V${end}`;
  return { edge, words, path, tip: { x: b, y: end }, label: { x: (a + b) / 2, y: lane, width } };
}
