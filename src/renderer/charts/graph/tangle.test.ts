import { expect, test } from 'vitest';
import { layoutGraph } from './layout.ts';
import type { LayoutEdge } from './layout-types.ts';
import type { Bundle } from './orient.ts';
import { untangle } from './tangle.ts';

function bundle(low: number, high: number, weight = 1): Bundle {
  const edge: LayoutEdge = { key: `${low} ${high}`, from: `${low}`, to: `${high}`, back: false, weight, labelWidth: 0 };
  return { low, high, lanes: [{ edge, forward: true }] };
}

const chain = (length: number): Bundle[] => Array.from({ length }, (_, at) => bundle(at, at + 1));

test('an honest graph keeps all its links', () => {
  const bundles = [...chain(60), bundle(0, 50), bundle(10, 20)];
  expect(untangle(61, bundles)).toEqual({ layered: bundles, free: [] });
});

test('of a tangle, the links that reach furthest are drawn freely', () => {
  const far = Array.from({ length: 40 }, (_, at) => bundle(at, 200 + at));
  const { layered, free } = untangle(301, [...far, ...chain(300)]);
  expect(layered).toEqual(expect.arrayContaining(chain(300)));
  expect(free.length).toBeGreaterThan(20);
  expect(layered.length + free.length).toBe(340);
});

test('a tangle is still drawn whole: every edge has a line', () => {
  const nodes = Array.from({ length: 120 }, (_, at) => ({ id: `${at}`, width: 190, height: 56, gap: 9 }));
  const edges = Array.from({ length: 480 }, (_, at) => {
    const [from, to] = at < 119 ? [at, at + 1] : [(at * 7919) % 120, (at * 104729 + 31) % 120];
    return { key: `${at}`, from: `${from}`, to: `${to}`, back: false, weight: 1, labelWidth: 40 };
  });
  const layout = layoutGraph({ nodes, edges }, 'LR');
  expect(layout.edges.size).toBe(480);
  for (const edge of layout.edges.values()) expect(edge.path).not.toMatch(/NaN|undefined|Infinity/);
});
