/** The force layout as a picture: cards placed by forces (force.ts), straight lines between them. */
import type { Box, Layout, LayoutInput, PlacedEdge } from './layout-types.ts';
import { flatNode } from './flat.ts';
import { placeByForce, teamNumbers } from './force.ts';
import { frameTeams } from './frames.ts';
import { byEnds, orient } from './orient.ts';
import { loopRoom, routeLoops } from './route.ts';
import { routeStraight } from './route-straight.ts';

const FORCE_MARGIN = 48;

/** A wide or a high picture; read from left to right, whichever. */
export function layoutForce(input: LayoutInput, stretch: number): Layout {
  const direction = 'LR';
  const index = new Map(input.nodes.map((node, at) => [node.id, at]));
  const indexOf = (id: string): number => index.get(id) ?? -1;
  const edges = input.edges.filter((edge) => index.has(edge.from) && index.has(edge.to)).sort(byEnds(indexOf));
  const { bundles, loops } = orient(input.nodes.length, edges, indexOf);
  const teams = teamNumbers(input);
  const flats = input.nodes.map((node, at) => flatNode(node, loopRoom(loops.get(at) ?? [], direction), direction));
  const spots = placeByForce(
    input.nodes.map((node, at) => ({
      width: Math.max(node.width, flats[at]?.stretch ?? 0),
      height: node.height + 2 * (flats[at]?.reach ?? 0),
      team: teams.get(node.team ?? '') ?? -1,
    })),
    bundles.map(({ low, high, lanes }) => ({
      a: low,
      b: high,
      weight: lanes.reduce((most, lane) => Math.max(most, lane.edge.weight), 1),
      length: lanes.reduce((most, lane) => Math.max(most, lane.edge.labelWidth), 0),
    })),
    stretch,
  );
  const nodes = new Map<string, Box>();
  const placed = new Map<string, PlacedEdge>();
  const boxes = input.nodes.map(({ id, width, height }, at): Box => {
    const { x, y } = spots[at] ?? { x: 0, y: 0 };
    const box = {
      x: Math.round(x - width / 2) + FORCE_MARGIN,
      y: Math.round(y - height / 2) + FORCE_MARGIN,
      width,
      height,
    };
    nodes.set(id, box);
    return box;
  });
  for (const edge of routeStraight(bundles, boxes)) placed.set(edge.key, edge);
  boxes.forEach((box, at) => {
    const flat = flats[at];
    if (!flat) return;
    for (const edge of routeLoops({ ...flat, m: box.x, c: box.y }, loops.get(at) ?? [], direction)) {
      placed.set(edge.key, edge);
    }
  });
  const width = boxes.reduce((most, box) => Math.max(most, box.x + box.width), 0) + FORCE_MARGIN;
  const height = boxes.reduce((most, box) => Math.max(most, box.y + box.height), 0) + FORCE_MARGIN;
  return {
    direction,
    style: 'force',
    width,
    height,
    nodes,
    edges: placed,
    teams: frameTeams(input, nodes, { width, height }),
  };
}
