/** Where an arrow key leads on a canvas: to the nearest thing in that direction. */
export type Way = 'left' | 'right' | 'up' | 'down';

type Place = { readonly x: number; readonly y: number; readonly chosen: { readonly type: 'node' | 'edge' } };

/** What lies across the way counts three times as far. `nodes` = only to a node. */
export function neighbour<P extends Place>(all: readonly P[], from: P, way: Way, nodes = false): P | null {
  const sign = way === 'left' || way === 'up' ? -1 : 1;
  const sideways = way === 'left' || way === 'right';
  let best: P | null = null;
  let least = Infinity;
  for (const each of all) {
    if (each === from || (nodes && each.chosen.type !== 'node')) continue;
    const [along, across] = sideways ? [each.x - from.x, each.y - from.y] : [each.y - from.y, each.x - from.x];
    if (along * sign <= 1) continue;
    const far = along * sign + 3 * Math.abs(across);
    if (far < least) [best, least] = [each, far];
  }
  return best;
}
