/**
 * A layered layout of a tangled graph takes minutes, as a line over a hundred layers takes a place on each. The links
 * that reach furthest are left out of the layering and drawn freely over it, so that any trace is laid out in a second.
 */
import type { Bundle } from './orient.ts';

/** Places on layers that may be taken altogether: a quarter of a second of work per thousand, measured. */
const PLACES = 2_500;

/** `layered` have a corridor of their own, `free` are drawn across. Both in their given order. */
export function untangle(
  count: number,
  bundles: readonly Bundle[],
): { layered: readonly Bundle[]; free: readonly Bundle[] } {
  const layers = longestPaths(count, bundles);
  const reach = (bundle: Bundle): number => 2 * ((layers[bundle.high] ?? 0) - (layers[bundle.low] ?? 0));
  const total = bundles.reduce((sum, bundle) => sum + reach(bundle), 0);
  if (total <= PLACES) return { layered: bundles, free: [] };
  const weight = (bundle: Bundle): number => bundle.lanes.reduce((sum, lane) => sum + lane.edge.weight, 0);
  const shortest = bundles.toSorted((a, b) => reach(a) - reach(b) || weight(b) - weight(a));
  const kept = new Set<Bundle>();
  let taken = 0;
  for (const bundle of shortest) {
    taken += reach(bundle);
    if (taken > PLACES) break;
    kept.add(bundle);
  }
  return { layered: bundles.filter((bundle) => kept.has(bundle)), free: bundles.filter((bundle) => !kept.has(bundle)) };
}

/** The layer of each node: one more than the last of those before it. Bundles lead from low to high without cycles. */
function longestPaths(count: number, bundles: readonly Bundle[]): Int32Array {
  const layers = new Int32Array(count);
  const waiting = new Int32Array(count);
  const out: Bundle[][] = Array.from({ length: count }, () => []);
  for (const bundle of bundles) {
    out[bundle.low]?.push(bundle);
    waiting[bundle.high] = (waiting[bundle.high] ?? 0) + 1;
  }
  const ready = Array.from({ length: count }, (_, node) => node).filter((node) => waiting[node] === 0);
  for (const node of ready) {
    for (const { high } of out[node] ?? []) {
      layers[high] = Math.max(layers[high] ?? 0, (layers[node] ?? 0) + 1);
      const left = (waiting[high] ?? 0) - 1;
      waiting[high] = left;
      if (left === 0) ready.push(high);
    }
  }
  return layers;
}
