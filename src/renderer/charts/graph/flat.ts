/**
 * The layout thinks along a main axis (the direction of reading) and a cross axis, so that left-to-right and top-down
 * are one piece of code. `m`, `c` = main and cross pixels.
 */
import type { Box, Direction, LayoutEdge, LayoutNode, Tip } from './layout-types.ts';

export type FlatPoint = { readonly m: number; readonly c: number };

/**
 * A node; `m`, `c` is its corner nearest to the origin. `reach` is the room to keep free on either side of it (its gap,
 * its self-loops), `stretch` how long that room is along the main axis.
 */
export type FlatNode = FlatPoint & {
  readonly along: number;
  readonly across: number;
  readonly reach: number;
  readonly stretch: number;
};

/** Points between the two nodes of a bundle, from low to high; exactly one is where the labels stand. */
export type Corridor = readonly (FlatPoint & { readonly label: boolean })[];

export const LABEL_HEIGHT = 18;
/** Pixels between lines that run side by side. */
export const LANE = 7;

export function flatNode(node: LayoutNode, loops: { along: number; across: number }, direction: Direction): FlatNode {
  const [along, across] = direction === 'LR' ? [node.width, node.height] : [node.height, node.width];
  return { m: 0, c: 0, along, across, reach: Math.max(loops.across, node.gap), stretch: Math.max(loops.along, along) };
}

export function flatBox(node: FlatNode, direction: Direction): Box {
  return direction === 'LR'
    ? { x: node.m, y: node.c, width: node.along, height: node.across }
    : { x: node.c, y: node.m, width: node.across, height: node.along };
}

export function xy(point: FlatPoint, direction: Direction): [number, number] {
  return direction === 'LR' ? [point.m, point.c] : [point.c, point.m];
}

export function tip(point: FlatPoint, dm: number, dc: number, direction: Direction): Tip {
  const [x, y] = xy(point, direction);
  const [dx, dy] = xy({ m: dm, c: dc }, direction);
  return { x, y, dx, dy };
}

/** Room of one label along the main and the cross axis; an edge without a label still needs its lane. */
export function labelRoom(edge: LayoutEdge, direction: Direction): { along: number; across: number } {
  if (edge.labelWidth === 0) return { along: 0, across: LANE };
  return direction === 'LR'
    ? { along: edge.labelWidth, across: LABEL_HEIGHT }
    : { along: LABEL_HEIGHT, across: edge.labelWidth + 6 };
}

export function labelBox(centre: FlatPoint, edge: LayoutEdge, direction: Direction): Box | null {
  if (edge.labelWidth === 0) return null;
  const [x, y] = xy(centre, direction);
  return { x: x - edge.labelWidth / 2, y: y - LABEL_HEIGHT / 2, width: edge.labelWidth, height: LABEL_HEIGHT };
}
