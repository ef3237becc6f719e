/**
 * Labels that can be read at any size of the picture: they shrink less than it does, and where they would then lie over
 * each other or a card, the less important one gives way, first to its bare count, then altogether.
 */
import type { Box, Layout } from './layout-types.ts';
import type { ViewEdge } from './view-graph.ts';
import { LABEL_HEIGHT } from './flat.ts';
import { shortWidth } from './wording.ts';

export type Fit = 'full' | 'short' | 'none';

/** Of words on edges: as drawn at full size, the least on the screen, and how much bigger than the picture they get. */
const USUAL = 11;
const LEGIBLE = 9.5;
const LARGEST = 3;
/** Side of a square of the grid that neighbours are sought in. */
const CELL = 160;

/** How much bigger than the picture labels are drawn; in tenths, so that a zoom changes it rarely. */
export function labelScale(k: number): number {
  return Math.min(LARGEST, Math.max(1, Math.ceil((LEGIBLE / (USUAL * k)) * 10) / 10));
}

/** Of each edge with a label, by key. */
export function fitLabels(layout: Layout, edges: readonly ViewEdge[], scale: number): Map<string, Fit> {
  const taken = new Map<string, Box[]>();
  for (const box of layout.nodes.values()) put(taken, box);
  const fits = new Map<string, Fit>();
  for (const edge of edges.toSorted(byWeight)) {
    const label = layout.edges.get(edge.key)?.label;
    if (!label) continue;
    const full = grown(label, label.width, scale);
    const short = grown(label, shortWidth(edge), scale);
    // At full size the layout has kept the room.
    if (scale === 1 || isFree(taken, full)) fits.set(edge.key, 'full');
    else fits.set(edge.key, short.width > 0 && isFree(taken, short) ? 'short' : 'none');
    const fit = fits.get(edge.key);
    if (fit !== 'none') put(taken, fit === 'full' ? full : short);
  }
  return fits;
}

/** Failures first, then loops, then control, then what happened often. */
function byWeight(a: ViewEdge, b: ViewEdge): number {
  const rank = (edge: ViewEdge): number =>
    (edge.errors > 0 ? 8 : 0) +
    (edge.loop ? 4 : 0) +
    (edge.kind === 'handoff' ? 2 : edge.kind === 'agent_call' ? 1 : 0);
  return rank(b) - rank(a) || b.count - a.count || (a.key < b.key ? -1 : 1);
}

function grown({ x, y, width, height }: Box, wide: number, scale: number): Box {
  const [w, h] = [wide * scale, (LABEL_HEIGHT - 4) * scale];
  return { x: x + width / 2 - w / 2, y: y + height / 2 - h / 2, width: w, height: h };
}

function* cells({ x, y, width, height }: Box): Generator<string> {
  for (let column = Math.floor(x / CELL); column <= Math.floor((x + width) / CELL); column++) {
    for (let row = Math.floor(y / CELL); row <= Math.floor((y + height) / CELL); row++) yield `${column} ${row}`;
  }
}

function put(taken: Map<string, Box[]>, box: Box): void {
  for (const cell of cells(box)) {
    const list = taken.get(cell);
    if (list) list.push(box);
    else taken.set(cell, [box]);
  }
}

function isFree(taken: ReadonlyMap<string, readonly Box[]>, box: Box): boolean {
  for (const cell of cells(box)) {
    for (const other of taken.get(cell) ?? []) {
      if (
        box.x < other.x + other.width &&
        other.x < box.x + box.width &&
        box.y < other.y + other.height &&
        other.y < box.y + box.height
      )
        return false;
    }
  }
  return true;
}
