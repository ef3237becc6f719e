import { expect, test } from 'vitest';
import fc from 'fast-check';
import type { Box, Direction, Layout, LayoutEdge, LayoutInput } from './layout-types.ts';
import { layoutGraph } from './layout.ts';

const DIRECTIONS: readonly Direction[] = ['LR', 'TB'];

function node(id: string, width = 190, height = 56): LayoutInput['nodes'][number] {
  return { id, width, height, gap: 9 };
}

function edge(from: string, to: string, name = 'handoff', labelWidth = 60): LayoutEdge {
  return { key: `${from}→${to}:${name}`, from, to, back: name === 'return', weight: 1, labelWidth };
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function plain(layout: Layout): unknown {
  return { ...layout, nodes: [...layout.nodes], edges: [...layout.edges] };
}

const graphs = fc
  .record({
    count: fc.integer({ min: 1, max: 24 }),
    links: fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(),
        fc.constantFrom('handoff', 'agent_call', 'return', 'message'),
        fc.integer({ min: 0, max: 140 }),
      ),
      { maxLength: 50 },
    ),
    seed: fc.integer(),
  })
  .map(({ count, links }): LayoutInput => {
    const nodes = Array.from({ length: count }, (_, at) =>
      node(`n${at}`, 80 + ((at * 37) % 160), at % 3 === 0 ? 30 : 56),
    );
    const edges = new Map(
      links.map(([from, to, name, width]) => [
        `${from % count} ${to % count} ${name}`,
        edge(`n${from % count}`, `n${to % count}`, name, width),
      ]),
    );
    return { nodes, edges: [...edges.values()] };
  });

test('cards never overlap, no label overlaps a card or another label, and everything is inside the picture', () => {
  fc.assert(
    fc.property(graphs, fc.constantFrom(...DIRECTIONS), (input, direction) => {
      const layout = layoutGraph(input, direction);
      const boxes = [...layout.nodes.values()];
      const labels = [...layout.edges.values()].flatMap((placed) => (placed.label ? [placed.label] : []));
      expect(layout.nodes.size).toBe(input.nodes.length);
      boxes.forEach((box, at) => boxes.slice(at + 1).forEach((other) => expect(overlap(box, other)).toBe(false)));
      labels.forEach((label, at) => {
        boxes.forEach((box) => expect(overlap(label, box)).toBe(false));
        labels.slice(at + 1).forEach((other) => expect(overlap(label, other)).toBe(false));
      });
      for (const box of [...boxes, ...labels]) {
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.y).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(layout.width);
        expect(box.y + box.height).toBeLessThanOrEqual(layout.height);
      }
    }),
    { numRuns: 60 },
  );
});

test('every edge is placed, from the border of its source to the border of its target', () => {
  fc.assert(
    fc.property(graphs, fc.constantFrom(...DIRECTIONS), (input, direction) => {
      const layout = layoutGraph(input, direction);
      expect([...layout.edges.keys()].sort()).toEqual(input.edges.map((one) => one.key).sort());
      for (const one of input.edges) {
        const placed = layout.edges.get(one.key)!;
        expect(onBorder(placed.tail, layout.nodes.get(one.from)!)).toBe(true);
        expect(onBorder(placed.head, layout.nodes.get(one.to)!)).toBe(true);
        expect(placed.path).toMatch(/^M[-\d.]+,[-\d.]+C/);
        expect(placed.path).not.toContain('NaN');
      }
    }),
    { numRuns: 40 },
  );
});

test('no line runs through a card that it does not belong to', () => {
  fc.assert(
    fc.property(graphs, fc.constantFrom(...DIRECTIONS), (input, direction) => {
      const layout = layoutGraph(input, direction);
      for (const one of input.edges) {
        const others = [...layout.nodes].filter(([id]) => id !== one.from && id !== one.to);
        for (const [x, y] of along(layout.edges.get(one.key)!.path)) {
          for (const [, box] of others) expect(overlap(box, { x, y, width: 0, height: 0 })).toBe(false);
        }
      }
    }),
    { numRuns: 25 },
  );
});

/** Points along a path of M, C and L. */
function along(path: string): [number, number][] {
  const points: [number, number][] = [];
  for (const [, letter, text] of path.matchAll(/([MCL])([^MCL]*)/g)) {
    const numbers = text!.split(/[ ,]+/).filter(Boolean).map(Number);
    const [x0, y0] = points.at(-1) ?? [numbers[0]!, numbers[1]!];
    const [x1, y1, x2, y2, x3, y3] =
      letter === 'C'
        ? (numbers as [number, number, number, number, number, number])
        : [x0, y0, numbers[0]!, numbers[1]!, numbers[0]!, numbers[1]!];
    expect(numbers.length).toBe(letter === 'C' ? 6 : 2);
    for (let step = 1; step <= 12; step++) {
      const t = step / 12;
      const u = 1 - t;
      const bezier = (a: number, b: number, c: number, d: number): number =>
        u ** 3 * a + 3 * u * u * t * b + 3 * u * t * t * c + t ** 3 * d;
      points.push([bezier(x0, x1, x2, x3), bezier(y0, y1, y2, y3)]);
    }
  }
  return points;
}

function onBorder(point: { x: number; y: number }, box: Box): boolean {
  const inside =
    point.x >= box.x - 0.5 &&
    point.x <= box.x + box.width + 0.5 &&
    point.y >= box.y - 0.5 &&
    point.y <= box.y + box.height + 0.5;
  const onSide = [point.x - box.x, point.x - box.x - box.width, point.y - box.y, point.y - box.y - box.height].some(
    (gap) => Math.abs(gap) < 1,
  );
  return inside && onSide;
}

test('the same graph gives the same picture, in whatever order its edges come', () => {
  fc.assert(
    fc.property(graphs, fc.constantFrom(...DIRECTIONS), fc.infiniteStream(fc.nat()), (input, direction, order) => {
      const shuffled = input.edges.map((one) => ({ one, at: Number(order.next().value) })).sort((a, b) => a.at - b.at);
      const again = layoutGraph({ nodes: input.nodes, edges: shuffled.map(({ one }) => one) }, direction);
      const first = layoutGraph(input, direction);
      expect(new Map(again.nodes)).toEqual(new Map(first.nodes));
      for (const [key, placed] of first.edges) expect(again.edges.get(key)).toEqual(placed);
    }),
    { numRuns: 25 },
  );
});

test('reads left to right, or top down, from the first agent to the last', () => {
  const input = { nodes: ['a', 'b', 'c'].map((id) => node(id)), edges: [edge('b', 'c'), edge('a', 'b')] };
  const across = layoutGraph(input, 'LR').nodes;
  expect(across.get('a')!.x).toBeLessThan(across.get('b')!.x);
  expect(across.get('b')!.x).toBeLessThan(across.get('c')!.x);
  const down = layoutGraph(input, 'TB').nodes;
  expect(down.get('a')!.y).toBeLessThan(down.get('b')!.y);
});

test('a loop closes backwards: the way back ends on the far side of where it began', () => {
  const layout = layoutGraph(
    { nodes: ['a', 'b', 'c'].map((id) => node(id)), edges: [edge('a', 'b'), edge('b', 'c'), edge('c', 'a')] },
    'LR',
  );
  const back = layout.edges.get('c→a:handoff')!;
  expect(layout.nodes.get('a')!.x).toBeLessThan(layout.nodes.get('c')!.x);
  expect(back.head.dx).toBe(-1);
  expect(back.head.x).toBe(layout.nodes.get('a')!.x + 190);
});

test('a return never turns the call that it answers around', () => {
  const input = {
    nodes: [node('helper'), node('caller')],
    edges: [edge('helper', 'caller', 'return', 0), edge('caller', 'helper', 'agent_call')],
  };
  const { nodes } = layoutGraph(input, 'LR');
  expect(nodes.get('caller')!.x).toBeLessThan(nodes.get('helper')!.x);
});

test('parallel edges fan out: each has its own way and its own port', () => {
  const kinds = ['handoff', 'agent_call', 'message', 'return'];
  const layout = layoutGraph(
    { nodes: [node('a'), node('b')], edges: kinds.map((kind) => edge('a', 'b', kind, kind === 'return' ? 0 : 50)) },
    'LR',
  );
  const placed = [...layout.edges.values()];
  expect(new Set(placed.map((one) => one.path)).size).toBe(4);
  expect(new Set(placed.map((one) => one.tail.y)).size).toBe(4);
  expect(new Set(placed.map((one) => one.middle.y)).size).toBe(4);
});

test('self-loops leave and enter the same card, one outside the other', () => {
  const layout = layoutGraph({ nodes: [node('a')], edges: [edge('a', 'a'), edge('a', 'a', 'agent_call')] }, 'LR');
  const [outer, inner] = ['a→a:handoff', 'a→a:agent_call']
    .map((key) => layout.edges.get(key)!)
    .sort((a, b) => a.middle.y - b.middle.y);
  expect(outer!.middle.y).toBeLessThan(inner!.middle.y - 10);
  expect(outer!.head.dy).toBe(1);
});

test('forty tools of one agent do not make one endless column', () => {
  const tools = Array.from({ length: 40 }, (_, at) => ({ ...node(`t${at}`, 110, 30), gap: 2 }));
  const layout = layoutGraph(
    { nodes: [node('a'), ...tools], edges: tools.map((tool) => edge('a', tool.id, 'tool_call', 20)) },
    'LR',
  );
  expect(new Set([...layout.nodes.values()].map((box) => box.x)).size).toBeGreaterThan(4);
  expect(layout.height).toBeLessThan(40 * 36);
});

test('names from a trace cannot reach the prototype of anything', () => {
  const ids = ['__proto__', 'constructor', 'hasOwnProperty'];
  const layout = layoutGraph(
    { nodes: ids.map((id) => node(id)), edges: [edge('__proto__', 'constructor'), edge('constructor', '__proto__')] },
    'LR',
  );
  expect([...layout.nodes.keys()]).toEqual(ids);
  expect(({} as Record<string, unknown>).width).toBeUndefined();
});

test('an edge to a node that is not there is left out', () => {
  const layout = layoutGraph({ nodes: [node('a')], edges: [edge('a', 'gone')] }, 'LR');
  expect(plain(layout)).toMatchObject({ edges: [] });
});

test('a long chain does not overflow the stack', () => {
  const nodes = Array.from({ length: 400 }, (_, at) => node(`n${at}`));
  const edges = nodes.slice(1).map((one, at) => edge(`n${at}`, one.id));
  expect(layoutGraph({ nodes, edges }, 'LR').edges.size).toBe(399);
});
