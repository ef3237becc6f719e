/** Lines of the force layout: from border to border, those between the same two cards fanned out beside each other. */
import type { Box, PlacedEdge, Tip } from './layout-types.ts';
import type { Bundle } from './orient.ts';
import { LABEL_HEIGHT } from './flat.ts';

/** Pixels between the middles of lines that run side by side. */
const FAN = 26;
/** Where along its line a label may stand, the best first. */
const PLACES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74];

type Point = { readonly x: number; readonly y: number };

/** A label that finds no free place is left out; hover and the text alternative tell what it says. */
export function routeStraight(bundles: readonly Bundle[], boxes: readonly (Box | undefined)[]): PlacedEdge[] {
  const taken: Box[] = boxes.filter((box) => box !== undefined);
  return bundles.flatMap((bundle) => {
    const low = boxes[bundle.low];
    const high = boxes[bundle.high];
    if (!low || !high) return [];
    return bundle.lanes.map(({ edge, forward }, at) => {
      const bend = (at - (bundle.lanes.length - 1) / 2) * FAN;
      const [a, b] = [middle(low), middle(high)];
      const far = Math.hypot(b.x - a.x, b.y - a.y) || 1;
      // Twice the bend at the control point is once the bend at the middle of the curve.
      const control = {
        x: (a.x + b.x) / 2 - ((b.y - a.y) / far) * bend * 2,
        y: (a.y + b.y) / 2 + ((b.x - a.x) / far) * bend * 2,
      };
      const [source, target] = forward ? [low, high] : [high, low];
      const from = border(source, control);
      const to = border(target, control);
      const curve = (t: number): Point => ({
        x: (1 - t) ** 2 * from.x + 2 * (1 - t) * t * control.x + t * t * to.x,
        y: (1 - t) ** 2 * from.y + 2 * (1 - t) * t * control.y + t * t * to.y,
      });
      const label = edge.labelWidth === 0 ? null : freePlace(curve, edge.labelWidth, taken);
      if (label) taken.push(label);
      const half = curve(0.5);
      const [b1, b2] = [mix(from, control), mix(to, control)];
      return {
        key: edge.key,
        path: `M${text(from)}C${text(b1)} ${text(b2)} ${text(to)}`,
        tail: tip(from, from, control),
        head: tip(to, control, to),
        label,
        middle: { x: Math.round(half.x), y: Math.round(half.y) },
      };
    });
  });
}

function freePlace(curve: (t: number) => Point, width: number, taken: readonly Box[]): Box | null {
  for (const t of PLACES) {
    const { x, y } = curve(t);
    const box = {
      x: Math.round(x - width / 2),
      y: Math.round(y - LABEL_HEIGHT / 2),
      width,
      height: LABEL_HEIGHT,
    };
    if (!taken.some((other) => overlaps(box, other))) return box;
  }
  return null;
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Of a cubic that draws the quadratic with this control point. */
function mix(end: Point, control: Point): Point {
  return { x: end.x + ((control.x - end.x) * 2) / 3, y: end.y + ((control.y - end.y) * 2) / 3 };
}

function tip(at: Point, from: Point, to: Point): Tip {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: at.x, y: at.y, dx: (to.x - from.x) / length, dy: (to.y - from.y) / length };
}

/** Where the way from the middle of a box to a point crosses its border; towards a point inside, the nearest side. */
function border(box: Box, to: Point): Point {
  const { x, y } = middle(box);
  const dx = to.x - x || 1e-6;
  const dy = to.y - y;
  const scale = Math.min(box.width / 2 / Math.abs(dx), dy === 0 ? Infinity : box.height / 2 / Math.abs(dy));
  return { x: Math.round((x + dx * scale) * 10) / 10, y: Math.round((y + dy * scale) * 10) / 10 };
}

function middle({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

function text({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
}
