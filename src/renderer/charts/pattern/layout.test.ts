import { expect, test } from 'vitest';
import { keyOf, sketchOf } from './edit.ts';
import {
  columnAt,
  columnLeft,
  edgeWords,
  LABEL_HEIGHT,
  LAST_COLUMN,
  layoutPattern,
  moveNode,
  NODE_HEIGHT,
  NODE_WIDTH,
} from './layout.ts';
import { neighbour } from './neighbour.ts';

const TEXTS = [
  'A hands to B',
  'Planner hands to Researcher, Researcher calls search 3 or more times, Researcher never returns to Planner',
  'A calls x, A calls y, A calls z, B calls x, C calls x twice, A immediately returns to C, A hands to A',
  Array.from({ length: 50 }, (_, k) => `A${k % 7} ${['calls', 'hands to', 'tells'][k % 3]} B${(k * 5) % 11}`).join(
    ', ',
  ),
];

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

test.each(TEXTS.map((text) => [text.slice(0, 30), text]))(
  'nothing covers another, all is on the sheet: %s',
  (_, text) => {
    const layout = layoutPattern(sketchOf(text).drawing!);
    const boxes: Box[] = [
      ...layout.nodes.map(({ x, y }) => ({ x, y, width: NODE_WIDTH, height: NODE_HEIGHT })),
      ...layout.edges.map(({ label: { x, y, width } }) => ({
        ...{ x: x - width / 2, y: y - LABEL_HEIGHT / 2, width, height: LABEL_HEIGHT },
      })),
    ];
    expect(layout.edges.length).toBeGreaterThan(0);
    for (const [k, box] of boxes.entries()) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(layout.width);
      expect(box.y + box.height).toBeLessThanOrEqual(layout.height);
      expect(boxes.slice(k + 1).filter((other) => overlap(box, other))).toEqual([]);
    }
  },
);

test('tools stand below the agents that call them, and an empty sheet is no accident', () => {
  const { nodes, edges } = layoutPattern(sketchOf('A hands to B, B calls x').drawing!);
  const at = (title: string) => nodes.find(({ node }) => node.names[0]?.text === title)!;
  expect(at('x').x).toBe(at('B').x);
  expect(at('x').y).toBeGreaterThan(at('B').y + NODE_HEIGHT);
  expect(edges.map(({ tip }) => tip.y)).toEqual([at('B').y, at('x').y]);
  expect(layoutPattern({ nodes: [], edges: [] }).edges).toEqual([]);
});

test('the words of an arrow are short', () => {
  const { edges } = sketchOf('A hands to B, B immediately calls x 3 or more times, B never returns to A').drawing!;
  expect(edges.map(edgeWords)).toEqual(['hands to', 'immediately calls 3+ ×', 'never returns to']);
});

test('arrow keys lead to the nearest in their direction', () => {
  const node = { type: 'node' } as const;
  const all = [
    { x: 0, y: 0, chosen: node },
    { x: 100, y: 5, chosen: node },
    { x: 50, y: -40, chosen: { type: 'edge' } as const },
    { x: 0, y: 90, chosen: node },
  ];
  expect(neighbour(all, all[0]!, 'right')).toBe(all[1]);
  expect(neighbour(all, all[0]!, 'up')).toBe(all[2]);
  expect(neighbour(all, all[0]!, 'up', true)).toBeNull();
  expect(neighbour(all, all[0]!, 'down')).toBe(all[3]);
  expect(neighbour(all, all[0]!, 'left')).toBeNull();
});

test('a node that is moved changes places with who stands there, and nothing covers another', () => {
  const drawing = sketchOf('A hands to B, B hands to C, C calls x, A calls y').drawing!;
  const before = layoutPattern(drawing);
  const columns = (of: typeof before): Record<string, number> =>
    Object.fromEntries(of.nodes.map(({ node, column }): [string, number] => [node.names[0]?.text ?? '', column]));
  const key = (name: string) => keyOf(before.nodes.find(({ node }) => node.names[0]?.text === name)!.node);
  expect(columns(before)).toEqual({ A: 0, B: 1, C: 2, x: 2, y: 0 });
  const swapped = layoutPattern(drawing, moveNode(before, new Map(), key('A'), 1));
  // What is called goes along.
  expect(columns(swapped)).toEqual({ A: 1, B: 0, C: 2, x: 2, y: 1 });
  const far = moveNode(swapped, moveNode(before, new Map(), key('A'), 1), key('C'), 4);
  expect(columns(layoutPattern(drawing, far))).toEqual({ A: 1, B: 0, C: 4, x: 4, y: 1 });
  expect(moveNode(before, new Map(), key('x'), 999).get(key('x'))).toBe(LAST_COLUMN);
  for (const { node, x, column } of layoutPattern(drawing, far).nodes)
    expect([node.id, columnAt(layoutPattern(drawing, far), x + NODE_WIDTH / 2)]).toEqual([node.id, column]);
  expect(columnLeft(before, 1)).toBe(before.nodes.find(({ column }) => column === 1)!.x);
});
