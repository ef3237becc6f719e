import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentGraph } from '#shared/graph.ts';
import { cpuMs } from '../../../../test/support/span-facts.ts';
import { CLOSE_TEAMS_ABOVE, FOLD_ABOVE } from './fold.ts';
import { layoutBoth } from './layout.ts';
import { graphEdge, graphNode } from './testing.ts';
import { layoutInput } from './use-graph-layout.ts';
import { openTo, type ViewOptions, viewGraph } from './view-graph.ts';

const all: ViewOptions = {
  tools: true,
  guardrails: true,
  user: true,
  returns: true,
  choices: new Map(),
  focus: null,
};

/** Lead calls two members, one of whom leads a third; they use two tools, one of which Lead uses too. */
function crew(): AgentGraph {
  return {
    nodes: [
      graphNode('user'),
      graphNode('agent:Lead', { generations: 1, errors: 1 }),
      graphNode('agent:A', { team: 'agent:Lead', generations: 2 }),
      graphNode('agent:B', { team: 'agent:Lead', generations: 4 }),
      graphNode('agent:C', { team: 'agent:B', generations: 8 }),
      graphNode('agent:Outside'),
      graphNode('tool:own'),
      graphNode('tool:shared'),
    ],
    edges: [
      graphEdge('user', 'agent:Lead', 'message'),
      graphEdge('agent:Lead', 'agent:A', 'agent_call'),
      graphEdge('agent:Lead', 'agent:B', 'agent_call'),
      graphEdge('agent:B', 'agent:C', 'agent_call'),
      graphEdge('agent:Lead', 'agent:Outside', 'handoff'),
      graphEdge('agent:A', 'tool:own', 'tool_call'),
      graphEdge('agent:A', 'tool:shared', 'tool_call', { count: 2, evidence: ['1', '2'], retries: ['2'] }),
      graphEdge('agent:C', 'tool:shared', 'tool_call', { count: 3, evidence: ['3', '4', '5'], errors: 1 }),
      graphEdge('agent:Outside', 'tool:shared', 'tool_call'),
    ],
  };
}

test('open teams are frames; what only a team uses is inside', () => {
  const view = viewGraph(crew(), all);
  expect(view.teams).toMatchObject([
    { id: 'team:agent:Lead', name: 'Lead', parent: null },
    { id: 'team:agent:B', name: 'B', parent: 'team:agent:Lead' },
  ]);
  expect(view.teams[0]?.members).toEqual(['agent:Lead', 'agent:A', 'agent:B', 'agent:C', 'tool:own']);
  expect(view.teams[1]?.members).toEqual(['agent:B', 'agent:C']);
  expect(view.nodes).toHaveLength(8);
});

test('a closed team is one node: counts add up, edges join, what stays inside is not drawn', () => {
  const view = viewGraph(crew(), { ...all, choices: new Map([['team:agent:Lead', false]]) });
  expect(view.nodes.map(({ id, kind, folds }) => [id, kind, folds])).toEqual([
    ['user', 'user', 0],
    ['team:agent:Lead', 'team', 4],
    ['agent:Outside', 'agent', 0],
    ['tool:shared', 'tool', 0],
  ]);
  expect(view.nodes[1]?.members.map(({ generations }) => generations)).toEqual([1, 2, 4, 8]);
  const edge = view.edges.find(({ from, to }) => from === 'team:agent:Lead' && to === 'tool:shared');
  expect(edge).toMatchObject({ count: 5, errors: 1, retries: 1, evidence: ['1', '2', '3', '4', '5'] });
  expect(edge?.sources).toEqual(['agent:A', 'agent:C']);
  expect(view.edges).toHaveLength(4);
  expect(view.home.get('agent:C')).toBe('team:agent:Lead');
});

test('an inner team closes alone', () => {
  const view = viewGraph(crew(), { ...all, choices: new Map([['team:agent:B', false]]) });
  expect(view.nodes.map(({ id }) => id)).toContain('team:agent:B');
  expect(view.nodes.find(({ id }) => id === 'team:agent:B')?.team).toBe('team:agent:Lead');
  expect(view.teams.map(({ id }) => id)).toEqual(['team:agent:Lead']);
});

test('with many agents teams begin closed, and open by choice', () => {
  const members = Array.from({ length: CLOSE_TEAMS_ABOVE }, (_, at) =>
    graphNode(`agent:${at}`, { team: 'agent:Lead' }),
  );
  const graph = { nodes: [graphNode('agent:Lead'), ...members], edges: [] };
  expect(viewGraph(graph, all).nodes).toHaveLength(1);
  expect(viewGraph(graph, { ...all, choices: new Map([['team:agent:Lead', true]]) }).nodes).toHaveLength(41);
  expect(viewGraph({ ...graph, nodes: graph.nodes.slice(0, -1) }, all).nodes).toHaveLength(CLOSE_TEAMS_ABOVE);
});

/** As it ran: `names` agents in turn, `length` stays, each handing on to the next. */
function relay(length: number, names: number): AgentGraph {
  const ids = Array.from({ length }, (_, at) => `agent:Worker ${at % names}#s${at}`);
  return {
    nodes: ids.map((id, at) => graphNode(id, { name: `Worker ${at % names}`, spanIds: [`s${at}`] })),
    edges: ids.slice(1).map((id, at) => graphEdge(ids[at]!, id, 'handoff', { evidence: [`s${at + 1}`] })),
  };
}

test.each([1, 7, 200, 10_000])(
  '10,000 stays of %i agents become a picture that can be read, and nothing is lost',
  (names) => {
    const graph = relay(10_000, names);
    const view = viewGraph(graph, all);
    expect(view.nodes.length).toBeGreaterThan(1);
    expect(view.nodes.length).toBeLessThanOrEqual(FOLD_ABOVE);
    expect(view.omitted).toBe(0);
    expect(view.nodes.flatMap(({ members }) => members)).toHaveLength(10_000);
    expect(view.edges.reduce((sum, edge) => sum + edge.count, 0)).toBe(9_999);
  },
);

test('every node of a big graph can be reached by opening folds', () => {
  const graph = relay(10_000, 7);
  for (const { id } of [graph.nodes[0]!, graph.nodes[4_321]!, graph.nodes[9_999]!]) {
    const view = viewGraph(graph, { ...all, choices: openTo(graph, all, id) });
    expect(view.nodes.map((node) => node.id)).toContain(id);
    expect(view.nodes.length).toBeLessThan(3 * FOLD_ABOVE);
  }
});

test('10,000 nodes are folded and laid out in the time of a glance', () => {
  const nested: AgentGraph = {
    nodes: Array.from({ length: 10_000 }, (_, at) =>
      graphNode(`agent:N${at}`, { team: at === 0 ? null : `agent:N${Math.floor((at - 1) / 10)}` }),
    ),
    edges: Array.from({ length: 9_999 }, (_, at) =>
      graphEdge(`agent:N${Math.floor(at / 10)}`, `agent:N${at + 1}`, 'agent_call'),
    ),
  };
  for (const graph of [relay(10_000, 40), relay(10_000, 10_000), nested]) {
    // Aimed at: 300 ms for the picture. The bound only tells linear from quadratic.
    const took = cpuMs(() => layoutBoth(layoutInput(viewGraph(graph, all))));
    expect(took).toBeLessThan(3_000);
  }
});

test('whatever is opened and closed, each node is in one place and edges join what is drawn', () => {
  const graphs = fc
    .record({
      teams: fc.array(fc.option(fc.nat(30)), { minLength: 1, maxLength: 30 }),
      links: fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 40 }),
      choices: fc.array(fc.tuple(fc.nat(30), fc.boolean()), { maxLength: 10 }),
    })
    .map(({ teams, links, choices }) => ({
      graph: {
        // Also rings of teams, which the engine never gives.
        nodes: teams.map((team, at) =>
          graphNode(`agent:${at}`, { team: team === null ? null : `agent:${team % teams.length}` }),
        ),
        edges: links.map(([a, b]) => graphEdge(`agent:${a % teams.length}`, `agent:${b % teams.length}`)),
      },
      choices: new Map(choices.map(([team, isOpen]) => [`team:agent:${team % teams.length}`, isOpen])),
    }));
  fc.assert(
    fc.property(graphs, ({ graph, choices }) => {
      const view = viewGraph(graph, { ...all, choices });
      const drawn = new Set(view.nodes.map(({ id }) => id));
      expect(drawn.size).toBe(view.nodes.length);
      const members = view.nodes.flatMap((node) => node.members.map(({ id }) => id));
      expect(members.toSorted()).toEqual(graph.nodes.map(({ id }) => id).toSorted());
      for (const { from, to } of view.edges) expect(drawn.has(from) && drawn.has(to)).toBe(true);
    }),
  );
});
