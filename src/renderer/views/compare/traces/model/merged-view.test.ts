import { expect, test } from 'vitest';
import type { MergedGraph } from '#shared/alignment.ts';
import { edgeSentence, mergedView, showsTools } from './merged-view.ts';

const graph: MergedGraph = {
  nodes: [
    { id: 'agent:P', kind: 'agent', name: 'P', a: 2, b: 1 },
    { id: 'agent:W', kind: 'agent', name: 'W', a: 1, b: 0 },
    { id: 'tool:t', kind: 'tool', name: 't', a: 0, b: 3 },
  ],
  edges: [
    { from: 'agent:P', to: 'agent:W', kind: 'handoff', a: 1, b: 0, spansA: ['x'], spansB: [] },
    { from: 'agent:P', to: 'tool:t', kind: 'tool_call', a: 1, b: 3, spansA: ['y'], spansB: ['1', '2', '3'] },
  ],
};

test('each edge says which of the two has it, and how often', () => {
  const { edges, nodes } = mergedView(graph, true);
  expect(edges.map((edge) => [edge.in, edge.label])).toEqual([
    ['a', 'A ×1'],
    ['both', '1 → 3'],
  ]);
  expect(nodes.map((node) => node.in)).toEqual(['both', 'a', 'b']);
  expect(edgeSentence(edges[1]!, (id) => id)).toBe('agent:P calls tool tool:t: once in A, 3 times in B');
});

test('without tools neither they nor their edges are drawn', () => {
  const { nodes, edges } = mergedView(graph, false);
  expect([nodes.length, edges.length]).toEqual([2, 1]);
  expect(showsTools(graph)).toBe(true);
});
