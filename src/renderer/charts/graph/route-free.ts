/** Lines without a corridor, for graphs too tangled to give each its own: one curve, across whatever lies between. */
import type { Direction, PlacedEdge, Tip } from './layout-types.ts';
import type { Bundle } from './orient.ts';
import { type FlatNode, type FlatPoint, LANE, tip, xy } from './flat.ts';

const LEAST_BEND = 36;
const MOST_BULGE = 260;

type Curve = {
  readonly points: readonly [FlatPoint, FlatPoint, FlatPoint, FlatPoint];
  readonly tail: Tip;
  readonly head: Tip;
};

/** They have no labels, as there is no room kept for one; what they say is told on hover and to assistive technology. */
export function routeFree(bundles: readonly Bundle[], nodes: readonly FlatNode[], direction: Direction): PlacedEdge[] {
  return bundles.flatMap((bundle, number) => {
    const low = nodes[bundle.low];
    const high = nodes[bundle.high];
    if (!low || !high) return [];
    return bundle.lanes.map(({ edge, forward }, at) => {
      const shift = (at - (bundle.lanes.length - 1) / 2) * LANE;
      const [source, target] = forward ? [low, high] : [high, low];
      const isAhead = target.m >= source.m + source.along;
      const curve = isAhead
        ? ahead(source, target, shift, direction)
        : aside(source, target, shift + (number % 8) * 9, direction);
      const [a, b, c, d] = curve.points.map((point) => xy(point, direction).map(Math.round).join(','));
      const [x, y] = xy({ m: half(curve.points, 'm'), c: half(curve.points, 'c') }, direction);
      return {
        key: edge.key,
        path: `M${a}C${b} ${c} ${d}`,
        tail: curve.tail,
        head: curve.head,
        label: null,
        middle: { x, y },
      };
    });
  });
}

/** To a later layer: leaves and arrives on the sides that face each other. */
function ahead(source: FlatNode, target: FlatNode, shift: number, direction: Direction): Curve {
  const from = { m: source.m + source.along, c: source.c + source.across / 2 + shift };
  const to = { m: target.m, c: target.c + target.across / 2 + shift };
  const bend = Math.max(LEAST_BEND, (to.m - from.m) / 2);
  return {
    points: [from, { m: from.m + bend, c: from.c }, { m: to.m - bend, c: to.c }, to],
    tail: tip(from, 1, 0, direction),
    head: tip(to, 1, 0, direction),
  };
}

/** Back, or along one layer: an arc beside the cards, the wider the further it goes, so that arcs stay apart. */
function aside(source: FlatNode, target: FlatNode, shift: number, direction: Direction): Curve {
  const from = { m: source.m + source.along / 2, c: source.c + source.across };
  const to = { m: target.m + target.along / 2, c: target.c + target.across };
  const bulge = Math.min(MOST_BULGE, LEAST_BEND + Math.abs(to.m - from.m) * 0.12) + shift;
  const outside = Math.max(from.c, to.c) + bulge;
  return {
    points: [from, { m: from.m, c: outside }, { m: to.m, c: outside }, to],
    tail: tip(from, 0, 1, direction),
    head: tip(to, 0, -1, direction),
  };
}

/** Of a cubic, at half its way. */
function half([a, b, c, d]: Curve['points'], axis: 'm' | 'c'): number {
  return Math.round((a[axis] + 3 * b[axis] + 3 * c[axis] + d[axis]) / 8);
}
