import fc from 'fast-check';
import { expect, test } from 'vitest';
import { courseAt, coursesOf, type RowTimes } from './course.ts';
import { graphEdge, graphNode } from './testing.ts';
import { viewGraph } from './view-graph.ts';

const show = { tools: true, guardrails: true, user: true, returns: true, choices: new Map(), focus: null } as const;

function timesOf(rows: readonly (readonly [number, number])[], running: readonly number[] = []): RowTimes {
  return {
    start: Float64Array.from(rows, ([start]) => start),
    end: Float64Array.from(rows, ([, end]) => end),
    running: Uint8Array.from(rows, (_, row) => (running.includes(row) ? 1 : 0)),
    domain: { start: 0, end: Math.max(1, ...rows.map(([, end]) => end)) },
  };
}

const rowOf = (spanId: string): number => Number(spanId);

test('counts what has begun, and lights what is going on', () => {
  const graph = {
    nodes: [graphNode('agent:A', { spanIds: ['0'] }), graphNode('tool:f', { spanIds: ['1', '2'] })],
    edges: [graphEdge('agent:A', 'tool:f', 'tool_call', { count: 2, evidence: ['1', '2'] })],
  };
  const courses = coursesOf(
    viewGraph(graph, show),
    timesOf([
      [100, 1000],
      [200, 300],
      [500, 600],
    ]),
    rowOf,
  );
  const edge = courses.edges.get('agent:A→tool:f:tool_call')!;
  const agent = courses.nodes.get('agent:A')!;
  expect([0, 250, 400, 550, 700].map((time) => courseAt(edge, time))).toEqual([
    { begun: 0, phase: 'before' },
    { begun: 1, phase: 'open' },
    { begun: 1, phase: 'done' },
    { begun: 2, phase: 'open' },
    { begun: 2, phase: 'done' },
  ]);
  expect([0, 100, 999, 1000].map((time) => courseAt(agent, time).phase)).toEqual(['before', 'open', 'open', 'done']);
});

test('a result crosses when it is given, a moment is lit for a while, what runs is open to the end', () => {
  const graph = {
    nodes: [graphNode('agent:A', { spanIds: ['0'] }), graphNode('agent:B', { spanIds: ['1'] })],
    edges: [
      graphEdge('agent:B', 'agent:A', 'return', { evidence: ['1'] }),
      graphEdge('agent:A', 'agent:B', 'handoff', { evidence: ['2'] }),
      graphEdge('agent:A', 'agent:B', 'agent_call', { evidence: ['3'] }),
    ],
  };
  const times = timesOf(
    [
      [0, 1000],
      [100, 500],
      [50, 50],
      [100, 1000],
    ],
    [3],
  );
  const { edges } = coursesOf(viewGraph(graph, show), times, rowOf);
  const phases = (key: string, at: readonly number[]) => at.map((time) => courseAt(edges.get(key)!, time).phase);
  expect(phases('agent:B→agent:A:return', [400, 500, 505, 600])).toEqual(['before', 'open', 'open', 'done']);
  expect(phases('agent:A→agent:B:handoff', [49, 50, 55, 100])).toEqual(['before', 'open', 'open', 'done']);
  expect(phases('agent:A→agent:B:agent_call', [99, 100, 1e9])).toEqual(['before', 'open', 'open']);
});

test('the user is always there; spans that are not are never counted', () => {
  const graph = { nodes: [graphNode('user'), graphNode('agent:A', { spanIds: ['x'] })], edges: [] };
  const { nodes } = coursesOf(viewGraph(graph, show), timesOf([[5, 6]]), () => -1);
  expect(courseAt(nodes.get('user')!, 0).phase).toBe('done');
  expect(courseAt(nodes.get('agent:A')!, 9)).toEqual({ begun: 0, phase: 'before' });
});

test('agrees with looking at every span', () => {
  const spans = fc.array(fc.tuple(fc.nat(50), fc.nat(20)), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(spans, fc.nat(80), (given, time) => {
      const rows = given.map(([start, length]) => [start, start + length] as const);
      const graph = { nodes: [graphNode('tool:f', { spanIds: rows.map((_, row) => `${row}`) })], edges: [] };
      const { nodes } = coursesOf(viewGraph(graph, show), timesOf(rows), rowOf);
      const begun = rows.filter(([start]) => start <= time);
      const open = begun.some(([start, end]) => time < end || time === start);
      expect(courseAt(nodes.get('tool:f')!, time)).toEqual({
        begun: begun.length,
        phase: begun.length === 0 ? 'before' : open ? 'open' : 'done',
      });
    }),
  );
});
