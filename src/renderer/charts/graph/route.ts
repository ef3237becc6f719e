/** Lines between placed nodes: lanes side by side, ports on the sides of the cards, smooth curves, loops. */
import { curveBumpX, curveBumpY, line } from 'd3-shape';
import type { Direction, LayoutEdge, PlacedEdge } from './layout-types.ts';
import type { Bundle, Lane } from './orient.ts';
import {
  type Corridor,
  type FlatNode,
  type FlatPoint,
  labelBox,
  labelRoom,
  LABEL_HEIGHT,
  LANE,
  tip,
  xy,
} from './flat.ts';

/** Pixels between ports on the side of a card, and from its corners. */
const PORT_GAP = 14;
const PORT_INSET = 10;
/** The arrow head covers the last pixels, so that the line does not show beyond its point. */
const HEAD = 6;
const LOOP_SPREAD = 6;
const LOOP_CORNER = 10;

export type Routed = { readonly bundle: Bundle; readonly corridor: Corridor };

/** Room that the labels of a bundle need together, along the main and the cross axis. */
export function bundleRoom(bundle: Bundle, direction: Direction): { along: number; across: number } {
  let along = 0;
  let across = 0;
  for (const lane of bundle.lanes) {
    const room = labelRoom(lane.edge, direction);
    along = Math.max(along, room.along);
    across += room.across;
  }
  return { along, across };
}

export function routeBundles(
  routed: readonly Routed[],
  nodes: readonly FlatNode[],
  direction: Direction,
): PlacedEdge[] {
  const ports = placePorts(routed, nodes, direction);
  const columns = columnHalves(routed, nodes, direction);
  return routed.flatMap(({ bundle, corridor }) => {
    const offsets = labelOffsets(bundle, direction);
    return bundle.lanes.map((lane, at) => {
      const start = ports.get(lane)?.low ?? { m: 0, c: 0 };
      const end = ports.get(lane)?.high ?? { m: 0, c: 0 };
      const own = { low: reachOf(nodes[bundle.low], columns), high: reachOf(nodes[bundle.high], columns) };
      return placeLane(
        lane,
        start,
        end,
        own,
        shiftCorridor(corridor, offsets, at, bundle.lanes.length),
        columns,
        direction,
      );
    });
  });
}

/**
 * Half the length of each layer along the main axis, by its middle: what stands on one layer is centred there, and a
 * line that passes it is straight for all of that length, so that it never cuts the corner of a card or a label.
 */
function columnHalves(
  routed: readonly Routed[],
  nodes: readonly FlatNode[],
  direction: Direction,
): Map<number, number> {
  const halves = new Map<number, number>();
  function widen(m: number, half: number): void {
    for (const at of [Math.floor(m), Math.ceil(m)]) halves.set(at, Math.max(halves.get(at) ?? 0, half));
  }
  for (const node of nodes) widen(node.m + node.along / 2, node.along / 2 + 2);
  for (const { bundle, corridor } of routed) {
    for (const point of corridor) if (point.label) widen(point.m, bundleRoom(bundle, direction).along / 2);
  }
  return halves;
}

type Columns = ReadonlyMap<number, number>;

/** How far beyond its own card a node's layer reaches: a line bends only where no wider neighbour stands. */
function reachOf(node: FlatNode | undefined, columns: Columns): number {
  return node ? Math.max(0, (columns.get(Math.floor(node.m + node.along / 2)) ?? 0) - node.along / 2) : 0;
}

function placeLane(
  lane: Lane,
  low: FlatPoint,
  high: FlatPoint,
  own: { readonly low: number; readonly high: number },
  corridor: Corridor,
  columns: Columns,
  direction: Direction,
): PlacedEdge {
  const { edge, forward } = lane;
  const centre = corridor.find((point) => point.label) ?? { m: (low.m + high.m) / 2, c: (low.c + high.c) / 2 };
  const way: FlatPoint[] = own.low > HEAD ? [low, { m: low.m + own.low, c: low.c }] : [low];
  for (const point of corridor) {
    const half = columns.get(point.m) ?? 0;
    // Layers of different widths may touch where parts are packed; a line never runs backwards for them.
    const start = Math.max(point.m - half, way.at(-1)?.m ?? low.m);
    way.push({ m: start, c: point.c }, { m: Math.max(start, Math.min(point.m + half, high.m - own.high)), c: point.c });
  }
  if (own.high > HEAD) way.push({ m: high.m - own.high, c: high.c });
  way.push(high);
  const sign = forward ? 1 : -1;
  if (!forward) way.reverse();
  const head = way.at(-1) ?? high;
  const tail = way[0] ?? low;
  const drawn = [...way.slice(0, -1), { m: head.m - sign * HEAD, c: head.c }];
  const [x, y] = xy(centre, direction);
  return {
    key: edge.key,
    path: curve(drawn, direction),
    tail: tip(tail, sign, 0, direction),
    head: tip(head, sign, 0, direction),
    label: labelBox(centre, edge, direction),
    middle: { x, y },
  };
}

/** Each piece leaves and arrives along the main axis, so that lines meet cards at a right angle. */
function curve(points: readonly FlatPoint[], direction: Direction): string {
  const draw = line<FlatPoint>(
    (p) => xy(p, direction)[0],
    (p) => xy(p, direction)[1],
  )
    .curve(direction === 'LR' ? curveBumpX : curveBumpY)
    .digits(1);
  return draw([...points]) ?? '';
}

function shiftCorridor(corridor: Corridor, offsets: readonly number[], at: number, lanes: number): Corridor {
  const squeezed = (at - (lanes - 1) / 2) * LANE;
  return corridor.map((point) => ({ ...point, c: point.c + (point.label ? (offsets[at] ?? 0) : squeezed) }));
}

function labelOffsets(bundle: Bundle, direction: Direction): number[] {
  let at = -bundleRoom(bundle, direction).across / 2;
  return bundle.lanes.map((lane) => {
    const { across } = labelRoom(lane.edge, direction);
    at += across;
    return at - across / 2;
  });
}

type Ends = { low: FlatPoint; high: FlatPoint };
type Wish = { readonly lane: Lane; readonly end: 'low' | 'high'; readonly aim: number; readonly tie: number };

/** Ports in the order of where their lines go next, spread evenly about the middle of the side. */
function placePorts(routed: readonly Routed[], nodes: readonly FlatNode[], direction: Direction): Map<Lane, Ends> {
  const wishes = new Map<string, Wish[]>();
  function wish(node: number, entry: Wish): void {
    const key = `${node} ${entry.end}`;
    const list = wishes.get(key);
    if (list) list.push(entry);
    else wishes.set(key, [entry]);
  }
  let tie = 0;
  for (const { bundle, corridor } of routed) {
    const offsets = labelOffsets(bundle, direction);
    bundle.lanes.forEach((lane, at) => {
      const way = shiftCorridor(corridor, offsets, at, bundle.lanes.length);
      wish(bundle.low, { lane, end: 'low', aim: way[0]?.c ?? 0, tie });
      wish(bundle.high, { lane, end: 'high', aim: way.at(-1)?.c ?? 0, tie });
      tie++;
    });
  }
  const ports = new Map<Lane, Ends>();
  for (const [key, list] of wishes) {
    const node = nodes[Number.parseInt(key, 10)];
    if (!node) continue;
    list.sort((a, b) => a.aim - b.aim || a.tie - b.tie);
    const gap = list.length < 2 ? 0 : Math.min(PORT_GAP, (node.across - 2 * PORT_INSET) / (list.length - 1));
    list.forEach((entry, at) => {
      const c = node.c + node.across / 2 + (at - (list.length - 1) / 2) * gap;
      const m = entry.end === 'low' ? node.m + node.along : node.m;
      const ends = ports.get(entry.lane) ?? { low: { m, c }, high: { m, c } };
      ports.set(entry.lane, { ...ends, [entry.end]: { m, c } });
    });
  }
  return ports;
}

/** The room that the self-loops of a node need beside it. */
export function loopRoom(loops: readonly LayoutEdge[], direction: Direction): { along: number; across: number } {
  const last = loopDepths(loops, direction).at(-1);
  const edge = loops.at(-1);
  if (last === undefined || !edge) return { along: 0, across: 0 };
  const longest = Math.max(...loops.map((loop) => labelRoom(loop, direction).along));
  return { along: longest + 2 * LOOP_SPREAD, across: Math.ceil(last + labelRoom(edge, direction).across / 2 + 4) };
}

function loopDepths(loops: readonly LayoutEdge[], direction: Direction): number[] {
  let at = direction === 'LR' ? 12 : 14;
  return loops.map((edge) => {
    const across = Math.max(labelRoom(edge, direction).across, LABEL_HEIGHT);
    at += across;
    return at - across / 2;
  });
}

/** Arcs beside the node, one outside the other, each with its label on the crown. */
export function routeLoops(node: FlatNode, loops: readonly LayoutEdge[], direction: Direction): PlacedEdge[] {
  const depths = loopDepths(loops, direction);
  return loops.map((edge, at) => {
    const middle = node.m + node.along / 2;
    const crown = node.c - (depths[at] ?? 0);
    const half = Math.min(labelRoom(edge, direction).along / 2 + LOOP_SPREAD, node.along / 2 - LOOP_CORNER);
    const foot = Math.min(half + LOOP_CORNER + at * 4, node.along / 2 - 4);
    const from = { m: middle - foot, c: node.c };
    const to = { m: middle + foot, c: node.c };
    const path = [
      ['M', from],
      [
        'C',
        { m: from.m, c: crown + LOOP_CORNER / 2 },
        { m: middle - half - 4, c: crown },
        { m: middle - half, c: crown },
      ],
      ['L', { m: middle + half, c: crown }],
      ['C', { m: middle + half + 4, c: crown }, { m: to.m, c: crown + LOOP_CORNER / 2 }, { m: to.m, c: to.c - HEAD }],
    ] as const;
    const [x, y] = xy({ m: middle, c: crown }, direction);
    return {
      key: edge.key,
      path: path
        .map(
          ([letter, ...points]) => letter + points.map((point) => xy(point, direction).map(tenth).join(',')).join(' '),
        )
        .join(''),
      tail: tip(from, 0, -1, direction),
      head: tip(to, 0, 1, direction),
      label: labelBox({ m: middle, c: crown }, edge, direction),
      middle: { x, y },
    };
  });
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
