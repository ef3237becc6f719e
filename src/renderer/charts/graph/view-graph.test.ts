import { expect, test } from 'vitest';
import type { AgentGraph } from '#shared/graph.ts';
import { graphEdge, graphNode, sampleGraph } from './testing.ts';
import {
  defaultToggles,
  edgeKey,
  FOLD_TOOLS_ABOVE,
  MOST_EDGES,
  MOST_NODES,
  viewGraph,
  type ViewOptions,
} from './view-graph.ts';

const all: ViewOptions = { tools: true, user: true, returns: true, guardrails: true, choices: new Map(), focus: null };

test('toggles leave out kinds of nodes together with their edges', () => {
  const agents = viewGraph(sampleGraph(), { ...all, tools: false, user: false });
  expect(agents.nodes.map((node) => node.kind)).toEqual(['agent', 'agent', 'agent']);
  expect(agents.edges.map((edge) => edge.kind)).toEqual(['handoff', 'agent_call', 'return']);
  expect(viewGraph(sampleGraph(), { ...all, returns: false }).edges.some((edge) => edge.kind === 'return')).toBe(false);
});

test('edges keep their kind, count, failures and evidence', () => {
  const view = viewGraph(sampleGraph(), all);
  expect(view.edges).toHaveLength(7);
  for (const edge of sampleGraph().edges) {
    const { retries, ...facts } = edge;
    expect(view.edges.find((one) => one.key === edgeKey(edge))).toMatchObject({ ...facts, retries: retries.length });
  }
});

test('two edges that a selection could not tell apart become one, and nothing is lost', () => {
  const graph = {
    nodes: [graphNode('agent:A'), graphNode('agent:B')],
    edges: [
      graphEdge('agent:A', 'agent:B', 'handoff', { evidence: ['1'] }),
      graphEdge('agent:A', 'agent:B', 'handoff', { count: 2, inferred: true, evidence: ['2', '3'] }),
    ],
  };
  expect(viewGraph(graph, all).edges).toMatchObject([{ count: 3, inferred: false, evidence: ['1', '2', '3'] }]);
});

test('instances of one agent are numbered in the order of their first span, a single one is not', () => {
  const ids = ['agent:Worker#s1', 'agent:Worker#s2', 'agent:Lead#s3'];
  const graph = { nodes: ids.map((id) => graphNode(id, { name: id.slice(6, id.indexOf('#')) })), edges: [] };
  expect(viewGraph(graph, all).nodes.map((node) => [node.name, node.instance])).toEqual([
    ['Worker', 1],
    ['Worker', 2],
    ['Lead', null],
  ]);
});

test('a name with a hash in it is not an instance', () => {
  expect(viewGraph({ nodes: [graphNode('agent:C# expert')], edges: [] }, all).nodes[0]?.instance).toBeNull();
});

function crowd(agents: number, toolsEach: number): AgentGraph {
  const names = Array.from({ length: agents }, (_, at) => `agent:${at}`);
  const tools = names.flatMap((agent) => Array.from({ length: toolsEach }, (_, at) => `tool:${agent}/${at}`));
  return {
    nodes: [...names, ...tools].map((id) => graphNode(id)),
    edges: names.flatMap((agent) =>
      Array.from({ length: toolsEach }, (_, at) =>
        graphEdge(agent, `tool:${agent}/${at}`, 'tool_call', { count: 2, errors: at === 0 ? 1 : 0 }),
      ),
    ),
  };
}

test('in a big graph the tools of an agent fold into one, which says how many and opens', () => {
  const graph = crowd(60, 6);
  expect(graph.nodes.length).toBeGreaterThan(FOLD_TOOLS_ABOVE);
  const folded = viewGraph(graph, all);
  expect(folded.nodes).toHaveLength(120);
  expect(folded.nodes.at(-1)).toMatchObject({ kind: 'tools', name: '6 tools' });
  expect(folded.edges[0]).toMatchObject({ to: 'tools:agent:0', count: 12, errors: 1 });
  const opened = viewGraph(graph, { ...all, choices: new Map([['tools:agent:0', true]]) });
  expect(opened.nodes).toHaveLength(119 + 6);
});

test('more than can be drawn is cut, and it says how many; the focus is always in', () => {
  // Names without a pattern, all ranges opened.
  const names = Array.from({ length: MOST_NODES + 50 }, (_, at) => graphNode(`agent:${letters(at)}`));
  const graph: AgentGraph = { nodes: names, edges: [] };
  let choices = new Map<string, boolean>();
  for (let round = 0; round < 4; round++) {
    const folds = viewGraph(graph, { ...all, choices }).nodes.filter((node) => node.folds > 0);
    choices = new Map([...choices, ...folds.map((node) => [node.id, true] as const)]);
  }
  const cut = viewGraph(graph, { ...all, choices });
  expect(cut.nodes).toHaveLength(MOST_NODES);
  expect(cut.omitted).toBe(50);
  const last = names.at(-1)!.id;
  expect(viewGraph(graph, { ...all, choices, focus: last }).nodes.some((node) => node.id === last)).toBe(true);
});

function letters(number: number): string {
  return [...`${number + 1000}`].map((digit) => 'abcdefghij'[Number(digit)]).join('');
}

test('too many edges are cut, those between agents last', () => {
  const nodes = Array.from({ length: 60 }, (_, at) => graphNode(`agent:${at}`));
  const edges = nodes.flatMap((from, a) =>
    nodes.map((to, b) => graphEdge(from.id, to.id, a === b ? 'handoff' : 'message')),
  );
  const view = viewGraph({ nodes, edges }, all);
  expect(view.edges).toHaveLength(MOST_EDGES);
  expect(view.omittedEdges).toBe(3600 - MOST_EDGES);
  expect(view.edges.filter((edge) => edge.kind === 'handoff')).toHaveLength(60);
});

test('agents alone by default, unless that would say nothing', () => {
  expect(defaultToggles(sampleGraph())).toMatchObject({ tools: false, user: false });
  expect(
    defaultToggles({ nodes: [graphNode('user'), graphNode('agent:Solo'), graphNode('tool:x')], edges: [] }),
  ).toMatchObject({ tools: true, user: true });
});

test('names from a trace stay on one line and in sight', () => {
  const [node] = viewGraph(
    { nodes: [graphNode('agent:x', { name: 'a\n\u202eb\u0000' + 'c'.repeat(5000) })], edges: [] },
    all,
  ).nodes;
  expect(node?.name.startsWith('a ⟨U+202E⟩b␀ccc')).toBe(true);
  expect(node?.name.length).toBeLessThan(400);
  expect(node?.width).toBeLessThan(250);
});
