import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Box, LayoutInput } from './layout-types.ts';
import { layoutGraph, layoutBoth } from './layout.ts';

const graphs = fc
  .record({
    count: fc.integer({ min: 1, max: 30 }),
    links: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('handoff', 'return', 'message')), { maxLength: 60 }),
  })
  .map(({ count, links }): LayoutInput => {
    const nodes = Array.from({ length: count }, (_, at) => ({
      id: `n${at}`,
      width: 80 + ((at * 37) % 160),
      height: at % 3 === 0 ? 30 : 56,
      gap: 9,
    }));
    const edges = new Map(
      links.map(([a, b, name]) => {
        const [from, to] = [`n${a % count}`, `n${b % count}`];
        const key = `${from}→${to}:${name}`;
        return [key, { key, from, to, back: name === 'return', weight: 1, labelWidth: (a * 7) % 90 }] as const;
      }),
    );
    return { nodes, edges: [...edges.values()], style: 'force' };
  });

const force = (input: LayoutInput) => layoutBoth({ ...input, style: 'force' }).LR;

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

test('no card lies over another, no label over a card or label, and all is inside the picture', () => {
  fc.assert(
    fc.property(graphs, (input) => {
      const layout = force(input);
      const boxes = [...layout.nodes.values()];
      const isLoop = new Set(input.edges.filter(({ from, to }) => from === to).map(({ key }) => key));
      const labels = [...layout.edges].flatMap(([key, { label }]) => (label && !isLoop.has(key) ? [label] : []));
      [...boxes, ...labels].forEach((box, at, list) => {
        for (const other of list.slice(at + 1)) expect(overlap(box, other)).toBe(false);
      });
      for (const box of boxes) {
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.y).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(layout.width);
        expect(box.y + box.height).toBeLessThanOrEqual(layout.height);
      }
      expect([...layout.edges.keys()].sort()).toEqual(input.edges.map(({ key }) => key).sort());
      for (const { path } of layout.edges.values()) expect(path).not.toMatch(/NaN|Infinity/);
    }),
    { numRuns: 60 },
  );
});

test('the same graph gives the same picture, in whatever order its edges come', () => {
  fc.assert(
    fc.property(graphs, fc.infiniteStream(fc.nat()), (input, order) => {
      const edges = input.edges
        .map((one) => ({ one, at: Number(order.next().value) }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
      const again = force({ ...input, edges });
      const first = force(input);
      expect(again.nodes).toEqual(first.nodes);
      for (const [key, placed] of first.edges) expect(again.edges.get(key)).toEqual(placed);
    }),
    { numRuns: 25 },
  );
});

test('what is connected is nearer than what is not', () => {
  const nodes = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => ({ id, width: 180, height: 56, gap: 9 }));
  const link = (from: string, to: string) => ({ key: from + to, from, to, back: false, weight: 1, labelWidth: 40 });
  const { nodes: places } = force({ nodes, edges: [link('a', 'h'), link('b', 'g')] });
  const far = (a: string, b: string): number =>
    Math.hypot(places.get(a)!.x - places.get(b)!.x, places.get(a)!.y - places.get(b)!.y);
  expect(far('a', 'h')).toBeLessThan(far('a', 'g'));
  expect(far('b', 'g')).toBeLessThan(far('b', 'h'));
});

test('600 cards are placed within a second or two', () => {
  const nodes = Array.from({ length: 600 }, (_, at) => ({ id: `${at}`, width: 180, height: 56, gap: 9 }));
  const edges = nodes.slice(1).map(({ id }, at) => ({
    key: id,
    from: `${Math.floor(at / 3)}`,
    to: id,
    back: false,
    weight: 1,
    labelWidth: 0,
  }));
  const began = performance.now();
  expect(force({ nodes, edges }).nodes.size).toBe(600);
  expect(performance.now() - began).toBeLessThan(6_000);
});

test('a team stands in its frame, with nobody else inside, in layers', () => {
  const member = (id: string, team: string | null) => ({ id, width: 180, height: 56, gap: 9, team });
  const input: LayoutInput = {
    nodes: [
      member('u', null),
      member('l', 't'),
      member('a', 't'),
      member('b', 'i'),
      member('c', 'i'),
      member('o', null),
    ],
    teams: [
      { id: 't', parent: null },
      { id: 'i', parent: 't' },
    ],
    edges: ['ul', 'la', 'lb', 'bc', 'lo', 'ao'].map((key) => ({
      key,
      from: key.slice(0, 1),
      to: key.slice(1),
      back: false,
      weight: 1,
      labelWidth: 30,
    })),
  };
  for (const direction of ['LR', 'TB'] as const) {
    const layout = layoutGraph(input, direction);
    const [outer, inner] = [layout.teams.get('t')!, layout.teams.get('i')!];
    const inside = (id: string, frame: Box): boolean => overlap(layout.nodes.get(id)!, frame);
    expect(['u', 'l', 'a', 'b', 'c', 'o'].map((id) => inside(id, outer))).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(['l', 'a', 'b', 'c'].map((id) => inside(id, inner))).toEqual([false, false, true, true]);
  }
});
