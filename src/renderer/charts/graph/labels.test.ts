import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Box, Layout } from './layout-types.ts';
import { fitLabels, labelScale } from './labels.ts';
import { layoutGraph } from './layout.ts';
import { graphEdge, graphNode, sampleGraph } from './testing.ts';
import { layoutInput } from './use-graph-layout.ts';
import { type ViewGraph, viewGraph } from './view-graph.ts';
import { shortWidth } from './wording.ts';

const all = { tools: true, guardrails: true, user: true, returns: true, choices: new Map(), focus: null } as const;

test('words on edges are never smaller on the screen than can be read, down to a third of their size', () => {
  for (const k of [2, 1, 0.7, 0.5, 0.34]) expect(11 * labelScale(k) * k).toBeGreaterThanOrEqual(9.4);
  expect(labelScale(1)).toBe(1);
  expect(labelScale(0.01)).toBe(labelScale(0.02));
});

test('at full size every label is shown in full', () => {
  const view = viewGraph(sampleGraph(), all);
  const layout = layoutGraph(layoutInput(view), 'LR');
  const labelled = view.edges.filter(({ key }) => layout.edges.get(key)?.label);
  expect([...fitLabels(layout, view.edges, 1).values()]).toEqual(labelled.map(() => 'full'));
});

function shownBoxes(view: ViewGraph, layout: Layout, scale: number): Box[] {
  const fits = fitLabels(layout, view.edges, scale);
  return view.edges.flatMap((edge) => {
    const label = layout.edges.get(edge.key)?.label;
    const fit = fits.get(edge.key);
    if (!label || fit === undefined || fit === 'none') return [];
    const width = (fit === 'full' ? label.width : shortWidth(edge)) * scale;
    const height = 14 * scale;
    return [{ x: label.x + label.width / 2 - width / 2, y: label.y + label.height / 2 - height / 2, width, height }];
  });
}

test('the bigger labels are drawn, the fewer of them, and none over another or over a card', () => {
  const links = fc.array(fc.tuple(fc.nat(9), fc.nat(9), fc.integer({ min: 1, max: 500 })), { maxLength: 25 });
  fc.assert(
    fc.property(links, fc.constantFrom(1.5, 2, 3), (given, scale) => {
      const edges = given.map(([a, b, count]) => graphEdge(`agent:${a}`, `agent:${b}`, 'handoff', { count }));
      const view = viewGraph({ nodes: Array.from({ length: 10 }, (_, at) => graphNode(`agent:${at}`)), edges }, all);
      const layout = layoutGraph(layoutInput(view), 'LR');
      const boxes = shownBoxes(view, layout, scale);
      boxes.forEach((box, at) => {
        for (const other of [...boxes.slice(at + 1), ...layout.nodes.values()]) {
          const apart =
            box.x >= other.x + other.width ||
            other.x >= box.x + box.width ||
            box.y >= other.y + other.height ||
            other.y >= box.y + box.height;
          expect(apart).toBe(true);
        }
      });
      expect(boxes.length).toBeLessThanOrEqual(shownBoxes(view, layout, 1).length);
    }),
    { numRuns: 40 },
  );
});

test('what failed and what loops keeps its label longest', () => {
  const view = viewGraph(
    {
      nodes: [graphNode('agent:A'), graphNode('agent:B')],
      edges: [
        graphEdge('agent:A', 'agent:B', 'agent_call', { count: 90 }),
        graphEdge('agent:A', 'agent:B', 'message', { count: 50 }),
        graphEdge('agent:A', 'agent:B', 'handoff', { errors: 1 }),
      ],
    },
    all,
  );
  const fits = fitLabels(layoutGraph(layoutInput(view), 'LR'), view.edges, 2.5);
  expect(fits.get('agent:A→agent:B:handoff')).not.toBe('none');
  expect([...fits.values()]).toContain('none');
});
