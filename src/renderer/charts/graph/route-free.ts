/** Lines without a corridor, for graphs too tangled to give each its own: one curve, across whatever lies between. */
import type { Direction, PlacedEdge } from './layout-types.ts';
import type { Bundle } from './orient.ts';
import { type FlatNode, type FlatPoint, LANE, tip, xy } from './flat.ts';

const LEAST_BEND = 36;

/** They have no labels, as there is no room kept for one; what they say is told on hover and to assistive technology. */
export function routeFree(bundles: readonly Bundle[], nodes: readonly FlatNode[], direction: Direction): PlacedEdge[] {
  return bundles.flatMap((bundle) => {
    const low = nodes[bundle.low];
    const high = nodes[bundle.high];
    if (!low || !high) return [];
    return bundle.lanes.map(({ edge, forward }, at) => {
      const shift = (at - (bundle.lanes.length - 1) / 2) * LANE;
      const [source, target] = forward ? [low, high] : [high, low];
      const [from, to] = ends(source, target, shift);
      const bend = Math.max(LEAST_BEND, Math.abs(to.m - from.m) / 2);
      const points = [from, { m: from.m + from.side * bend, c: from.c }, { m: to.m + to.side * bend, c: to.c }, to];
      const [a, b, c, d] = points.map((point) => xy(point, direction).map(Math.round).join(','));
      const [x, y] = xy({ m: middle(points.map((p) => p.m)), c: middle(points.map((p) => p.c)) }, direction);
      return {
        key: edge.key,
        path: `M${a}C${b} ${c} ${d}`,
        tail: tip(from, from.side, 0, direction),
        head: tip(to, -to.side, 0, direction),
        label: null,
        middle: { x, y },
      };
    });
  });
}

type End = FlatPoint & { readonly side: 1 | -1 };

/** Leaves and arrives on the sides that face each other; on one layer, both on the far side, as an arc. */
function ends(source: FlatNode, target: FlatNode, shift: number): [End, End] {
  const c = (node: FlatNode): number => node.c + node.across / 2 + shift;
  const far = (node: FlatNode): End => ({ m: node.m + node.along, c: c(node), side: 1 });
  const near = (node: FlatNode): End => ({ m: node.m, c: c(node), side: -1 });
  if (target.m >= source.m + source.along) return [far(source), near(target)];
  if (source.m >= target.m + target.along) return [near(source), far(target)];
  return [far(source), far(target)];
}

/** Of a cubic, at half its way. */
function middle([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number {
  return Math.round((a + 3 * b + 3 * c + d) / 8);
}
