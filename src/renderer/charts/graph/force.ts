/**
 * Force layout: every card pushes the others away and every edge pulls its ends together. No chance is in it: cards
 * begin on a fixed spiral in their order, and the steps are counted, so that the same graph gives the same picture.
 */
import type { LayoutInput } from './layout-types.ts';

export type ForceNode = {
  /** Pixels that the card needs, with the room to keep free around it. */
  readonly width: number;
  readonly height: number;
  /** Number of the team that it stands in, -1 = none. */
  readonly team: number;
};
/** Indices of nodes; `length` = pixels that the line wants beyond the cards. */
export type Spring = { readonly a: number; readonly b: number; readonly weight: number; readonly length: number };
export type Spot = { readonly x: number; readonly y: number };

/** The turn of a sunflower: neighbours in order begin far enough apart. */
const TURN = Math.PI * (3 - Math.sqrt(5));
const STEPS = 260;
/** Pairs looked at altogether: fewer steps for many cards, so that none takes more than about a second. */
const WORK = 40_000_000;
const GAP = 14;

/**
 * Middles of the cards, none over another; the smallest x and y of a card is 0. Cards are wide: forces act in a space in
 * which they are `stretch` times narrower, so that the picture is about as wide as that is.
 */
export function placeByForce(nodes: readonly ForceNode[], springs: readonly Spring[], stretch: number): Spot[] {
  const count = nodes.length;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const radius = nodes.map(({ width, height }) => Math.max(width / stretch, height) / 2);
  const reach = Math.max(40, radius.reduce((sum, r) => sum + r, 0) / Math.max(1, count));
  for (let i = 0; i < count; i++) {
    const away = reach * 1.6 * Math.sqrt(i + 0.5);
    x[i] = away * Math.cos(i * TURN);
    y[i] = away * Math.sin(i * TURN);
  }
  const degree = new Float64Array(count);
  for (const { a, b } of springs) {
    degree[a] = (degree[a] ?? 0) + 1;
    degree[b] = (degree[b] ?? 0) + 1;
  }
  const steps = Math.max(40, Math.min(STEPS, Math.floor(WORK / Math.max(1, count * count))));
  for (let step = 0; step < steps; step++) {
    const heat = 1 - step / steps;
    pushApart(x, y, radius, heat);
    pullTogether(x, y, radius, springs, degree, heat, stretch);
    gather(x, y, nodes, heat);
  }
  for (let i = 0; i < count; i++) x[i] = (x[i] ?? 0) * stretch;
  separate(x, y, nodes);
  let left = Infinity;
  let top = Infinity;
  nodes.forEach(({ width, height }, i) => {
    left = Math.min(left, (x[i] ?? 0) - width / 2);
    top = Math.min(top, (y[i] ?? 0) - height / 2);
  });
  return nodes.map((_, i) => ({ x: Math.round((x[i] ?? 0) - left), y: Math.round((y[i] ?? 0) - top) }));
}

function pushApart(x: Float64Array, y: Float64Array, radius: readonly number[], heat: number): void {
  const count = x.length;
  for (let i = 0; i < count; i++) {
    const xi = x[i] ?? 0;
    const yi = y[i] ?? 0;
    let mx = 0;
    let my = 0;
    for (let j = i + 1; j < count; j++) {
      const dx = xi - (x[j] ?? 0) || (i - j) * 1e-3;
      const dy = yi - (y[j] ?? 0) || (j - i) * 1e-3;
      const far = dx * dx + dy * dy;
      const wish = (radius[i] ?? 0) + (radius[j] ?? 0) + 22;
      // Far apart is far enough: without an end, many cards would blow the picture up.
      if (far > 6 * wish * wish) continue;
      const push = Math.min(0.5, ((wish * wish) / far) * 0.11) * heat;
      mx += dx * push;
      my += dy * push;
      x[j] = (x[j] ?? 0) - dx * push;
      y[j] = (y[j] ?? 0) - dy * push;
    }
    x[i] = xi + mx;
    y[i] = yi + my;
  }
}

function pullTogether(
  x: Float64Array,
  y: Float64Array,
  radius: readonly number[],
  springs: readonly Spring[],
  degree: Float64Array,
  heat: number,
  stretch: number,
): void {
  for (const { a, b, weight, length } of springs) {
    const dx = (x[b] ?? 0) - (x[a] ?? 0);
    const dy = (y[b] ?? 0) - (y[a] ?? 0);
    const far = Math.hypot(dx, dy) || 1;
    const wish = (radius[a] ?? 0) + (radius[b] ?? 0) + 14 + length / stretch;
    // A hub is not torn about by its many springs.
    const pull = ((far - wish) / far) * heat * Math.min(0.5, (0.2 + 0.1 * weight) / Math.sqrt(least(degree, a, b)));
    const share = (degree[b] ?? 1) / ((degree[a] ?? 1) + (degree[b] ?? 1));
    x[a] = (x[a] ?? 0) + dx * pull * share;
    y[a] = (y[a] ?? 0) + dy * pull * share;
    x[b] = (x[b] ?? 0) - dx * pull * (1 - share);
    y[b] = (y[b] ?? 0) - dy * pull * (1 - share);
  }
}

function least(degree: Float64Array, a: number, b: number): number {
  return Math.max(1, Math.min(degree[a] ?? 1, degree[b] ?? 1));
}

/** To the middle of all, so that unconnected parts stay in sight, and of the own team, so that it stays together. */
function gather(x: Float64Array, y: Float64Array, nodes: readonly ForceNode[], heat: number): void {
  const middles = new Map<number, { x: number; y: number; count: number }>();
  nodes.forEach(({ team }, i) => {
    for (const key of team < 0 ? [-1] : [-1, team]) {
      const sum = middles.get(key) ?? { x: 0, y: 0, count: 0 };
      sum.x += x[i] ?? 0;
      sum.y += y[i] ?? 0;
      sum.count++;
      middles.set(key, sum);
    }
  });
  nodes.forEach(({ team }, i) => {
    const all = middles.get(-1);
    const own = middles.get(team);
    if (!all || !own) return;
    x[i] = (x[i] ?? 0) + (all.x / all.count - (x[i] ?? 0)) * 0.02 * heat;
    y[i] = (y[i] ?? 0) + (all.y / all.count - (y[i] ?? 0)) * 0.02 * heat;
    if (team < 0) return;
    x[i] = (x[i] ?? 0) + (own.x / own.count - (x[i] ?? 0)) * 0.12 * heat;
    y[i] = (y[i] ?? 0) + (own.y / own.count - (y[i] ?? 0)) * 0.12 * heat;
  });
}

/** Moves cards that overlap apart, along the shorter way; what is left after that goes below whatever is in its way. */
function separate(x: Float64Array, y: Float64Array, nodes: readonly ForceNode[]): void {
  const order = Array.from(nodes.keys());
  const overlap = (i: number, j: number): { x: number; y: number } | null => {
    const a = nodes[i];
    const b = nodes[j];
    if (!a || !b) return null;
    const ox = (a.width + b.width) / 2 + GAP - Math.abs((x[i] ?? 0) - (x[j] ?? 0));
    const oy = (a.height + b.height) / 2 + GAP - Math.abs((y[i] ?? 0) - (y[j] ?? 0));
    return ox > 0 && oy > 0 ? { x: ox, y: oy } : null;
  };
  for (let round = 0; round < 80; round++) {
    let moved = false;
    order.sort((a, b) => (y[a] ?? 0) - (y[b] ?? 0) || a - b);
    const tallest = nodes.reduce((most, { height }) => Math.max(most, height), 0) + GAP;
    for (let k = 0; k < order.length; k++) {
      const i = order[k] ?? 0;
      for (let l = k + 1; l < order.length; l++) {
        const j = order[l] ?? 0;
        if ((y[j] ?? 0) - (y[i] ?? 0) > tallest) break;
        const over = overlap(i, j);
        if (!over) continue;
        moved = true;
        if (over.y <= over.x) {
          y[i] = (y[i] ?? 0) - over.y / 2 - 0.5;
          y[j] = (y[j] ?? 0) + over.y / 2 + 0.5;
        } else {
          const side = (x[i] ?? 0) < (x[j] ?? 0) || ((x[i] ?? 0) === (x[j] ?? 0) && i < j) ? -1 : 1;
          x[i] = (x[i] ?? 0) + (side * over.x) / 2 + side * 0.5;
          x[j] = (x[j] ?? 0) - (side * over.x) / 2 - side * 0.5;
        }
      }
    }
    if (!moved) return;
  }
  order.sort((a, b) => (y[a] ?? 0) - (y[b] ?? 0) || a - b);
  order.forEach((j, k) => {
    for (let again = true; again;) {
      again = false;
      for (const i of order.slice(0, k)) {
        const over = overlap(i, j);
        if (!over) continue;
        y[j] = (y[j] ?? 0) + over.y + 1;
        again = true;
      }
    }
  });
}

/** Teams as numbers, in the order of the input; a nested team counts as its own. */
export function teamNumbers(input: LayoutInput): ReadonlyMap<string, number> {
  return new Map((input.teams ?? []).map(({ id }, number) => [id, number]));
}
