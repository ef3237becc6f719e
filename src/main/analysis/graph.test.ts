import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentGraph } from '#shared/graph.ts';
import {
  agentFact,
  agentsSdkTraces,
  anyFacts,
  cpuMs,
  fact,
  manyFacts,
  renumbered,
  shuffled,
} from '../../../test/support/span-facts.ts';
import { buildGraph, crossingsOf } from './graph.ts';
import type { SpanFact } from './types.ts';

/** Edges as lines; `~` = inferred, `!n` = errors. */
function lines(graph: AgentGraph): string[] {
  return graph.edges.map(({ from, to, kind, count, inferred, errors, evidence }) => {
    const bare = (id: string): string => id.replace(/^(?:agent|tool):/, '');
    const marks = `${inferred ? ' ~' : ''}${errors > 0 ? ` !${errors}` : ''}`;
    return `${kind} ${bare(from)} > ${bare(to)} x${count}${marks}${evidence.length > 3 ? '' : ` (${evidence.join(' ')})`}`;
  });
}

const edgesOf = (spans: readonly SpanFact[], expanded = false): string[] => lines(buildGraph(spans, { expanded }));

const call = (spanId: string, parentId: string | null, given: Partial<SpanFact> = {}): SpanFact =>
  fact(spanId, { parentId, kind: 'generation', ...given });
const tool = (spanId: string, parentId: string | null, given: Partial<SpanFact> = {}): SpanFact =>
  fact(spanId, { parentId, kind: 'tool', tool: spanId, ...given });
const task = (spanId: string, parentId: string | null = null): SpanFact =>
  fact(spanId, { parentId, kind: 'chain', subtype: 'task', dialect: 'agents_sdk', end: 100 });

const [article = []] = agentsSdkTraces('js03-multi-agent/input.json');
const short = (graph: string[]): string[] => graph.map((line) => line.replace(/span_(\w{5})\w+/g, '$1'));

test('seven agents with handoffs, agents as tools and two runs (recorded)', () => {
  const graph = buildGraph(article, { expanded: false });
  expect(short(lines(graph))).toEqual([
    'message user > Triage x1 (132d9)',
    'guardrail Triage > guardrail:topic_check x1 (2d733)',
    'guardrail Triage > guardrail:profanity_check x1 (f4e42)',
    'handoff Triage > Planner x1 (3527d)',
    'agent_call Planner > Fact checker x1 (b89e3)',
    'return Fact checker > Planner x1 (b89e3)',
    'agent_call Planner > Researcher x1 (09a9a)',
    'return Researcher > Planner x1 (09a9a)',
    'tool_call Fact checker > web_search x1 (4aca4)',
    'tool_call Researcher > fetch_page x2 !1 (dc34c 10350)',
    'tool_call Researcher > web_search x2 (6baf5 146e4)',
    'handoff Planner > Writer x1 (6eca1)',
    'tool_call Writer > save_draft x2 (20c41 beec8)',
    'handoff Writer > Reviewer x1 (2a46e)',
    'message Reviewer > user x1 (c16dd)',
    'guardrail Reviewer > guardrail:no_secrets x1 (7389c)',
    'message user > Summarizer x1 (804be)',
    'message Summarizer > user x1 (aac50)',
  ]);
  expect(graph.nodes.map(({ id }) => id)).toEqual([
    'user',
    'agent:Triage',
    'guardrail:topic_check',
    'guardrail:profanity_check',
    'agent:Planner',
    'agent:Fact checker',
    'agent:Researcher',
    'tool:web_search',
    'tool:fetch_page',
    'agent:Writer',
    'tool:save_draft',
    'agent:Reviewer',
    'guardrail:no_secrets',
    'agent:Summarizer',
  ]);
  expect(graph.nodes.find(({ id }) => id === 'agent:Planner')).toEqual({
    id: 'agent:Planner',
    kind: 'agent',
    name: 'Planner',
    spans: 10,
    generations: 2,
    toolCalls: 2,
    errors: 0,
    tokens: { input: 230, output: 43, cacheRead: 14, cacheWrite: null, reasoning: 6 },
    cost: null,
    costBasis: null,
    busyMs: 15,
    triggered: 0,
    team: null,
    spanIds: ['span_87c94047a3624e238134de03'],
  });
});

test('a handoff carries what its receiver was given (recorded)', () => {
  const edge = { kind: 'handoff', from: 'agent:Planner', to: 'agent:Writer' } as const;
  const [crossing, ...others] = crossingsOf(article, { expanded: false }, edge);
  expect(others).toEqual([]);
  const handoff = article.find(({ handoffTo }) => handoffTo === 'Writer')!;
  const firstCall = article.find(({ model }) => model === 'fake-write-70b')!;
  expect(crossing).toMatchObject({ spanId: handoff.spanId, label: 'Planner → Writer', inferred: false, returned: [] });
  expect(crossing!.passed.slice(0, 2)).toEqual([
    { spanId: handoff.spanId, side: 'input' },
    { spanId: firstCall.spanId, side: 'input' },
  ]);
  expect(crossingsOf(article, { expanded: false }, { ...edge, to: 'agent:Nobody' })).toEqual([]);
});

test('names of targets are matched without case, separators and tool prefix', () => {
  for (const name of ['Billing agent', 'billing_agent', 'transfer_to_billing_agent', 'Billing-Agent', 'billing']) {
    const spans = [
      task('task'),
      agentFact('a', 'Triage', { parentId: 'task', start: 1, end: 2 }),
      fact('h', { parentId: 'a', kind: 'handoff', start: 2, end: 2, handoffTo: name }),
      agentFact('b', 'Billing agent', { parentId: 'task', start: 3, end: 4 }),
    ];
    expect(edgesOf(spans)).toContain('handoff Triage > Billing agent x1 (h)');
  }
});

test('a handoff without a target leads to the next agent of the same run, dashed', () => {
  const spans = [
    task('task'),
    agentFact('a', 'A', { parentId: 'task', start: 1, end: 2 }),
    fact('h', { parentId: 'a', kind: 'handoff', start: 2, end: 2 }),
    agentFact('c', 'C', { parentId: 'other', start: 2, end: 9 }),
    agentFact('b', 'B', { parentId: 'task', start: 3, end: 4 }),
  ];
  expect(edgesOf(spans)).toEqual(['message user > A x1 (a)', 'handoff A > B x1 ~ (h)']);
  const failed = spans.map((span): SpanFact => (span.spanId === 'h' ? { ...span, status: 'error' } : span));
  // It transferred nothing; the order of the two agents is all that is left.
  expect(edgesOf(failed)).toEqual(['message user > A x1 (a)', 'handoff A > B x1 ~ (b)']);
});

test('a handoff to an agent that never ran still shows whom it meant', () => {
  const spans = [
    agentFact('a', 'A'),
    fact('h', { parentId: 'a', kind: 'handoff', handoffTo: 'Ghost', status: 'error' }),
  ];
  const graph = buildGraph(spans, { expanded: false });
  expect(lines(graph)).toContain('handoff A > Ghost x1 !1 (h)');
  expect(graph.nodes.find(({ name }) => name === 'Ghost')).toMatchObject({ spans: 0, spanIds: ['h'], busyMs: null });
  expect(buildGraph(spans, { expanded: true }).nodes.map(({ id }) => id)).toContain('agent:Ghost#h');
});

test('agents as tools: one call for each tool span, the last agent of the run returns', () => {
  const spans = [
    agentFact('boss', 'Boss', { end: 50 }),
    tool('ask', 'boss', { start: 1, end: 20 }),
    task('run', 'ask'),
    agentFact('x', 'X', { parentId: 'run', start: 2, end: 5 }),
    fact('h', { parentId: 'x', kind: 'handoff', start: 5, end: 5, handoffFrom: 'X', handoffTo: 'Y' }),
    agentFact('y', 'Y', { parentId: 'run', start: 6, end: 9 }),
    tool('plain', 'boss', { start: 30 }),
  ];
  expect(edgesOf(spans)).toEqual([
    'message user > Boss x1 (boss)',
    'agent_call Boss > X x1 (ask)',
    'return Y > Boss x1 (ask)',
    'handoff X > Y x1 (h)',
    'tool_call Boss > plain x1 (plain)',
  ]);
  expect(crossingsOf(spans, { expanded: false }, { kind: 'agent_call', from: 'agent:Boss', to: 'agent:X' })).toEqual([
    {
      spanId: 'ask',
      label: 'ask',
      inferred: false,
      passed: [
        { spanId: 'ask', side: 'input' },
        { spanId: 'x', side: 'input' },
      ],
      returned: [
        { spanId: 'ask', side: 'output' },
        { spanId: 'y', side: 'output' },
      ],
    },
  ]);
});

test('a tool still open has not returned', () => {
  const open = { start: 1, end: null, status: 'running' } as const;
  const spans = [agentFact('a', 'A', open), tool('t', 'a', open), agentFact('b', 'B', { ...open, parentId: 't' })];
  expect(edgesOf(spans)).toEqual(['message user > A x1 (a)', 'agent_call A > B x1 (t)']);
});

test('an agent right inside another was called by it, and by its own span', () => {
  const spans = [
    agentFact('crew', 'Crew', { end: 9 }),
    agentFact('x', 'X', { parentId: 'crew', start: 1, end: 2 }),
    agentFact('y', 'Y', { parentId: 'crew', start: 3, end: 4 }),
  ];
  expect(edgesOf(spans)).toEqual([
    'message user > Crew x1 (crew)',
    'agent_call Crew > X x1 (x)',
    'return X > Crew x1 (x)',
    'agent_call Crew > Y x1 (y)',
    'return Y > Crew x1 (y)',
  ]);
});

test('siblings one after the other: inferred handoffs; side by side: none', () => {
  const sibling = (spanId: string, start: number, end: number): SpanFact =>
    agentFact(spanId, spanId.toUpperCase(), { parentId: 'flow', start, end });
  const flow = fact('flow', { kind: 'chain', end: 20 });
  expect(edgesOf([flow, sibling('a', 1, 2), sibling('b', 2, 4), sibling('c', 4, 5)])).toEqual([
    'message user > A x1 (a)',
    'handoff A > B x1 ~ (b)',
    'handoff B > C x1 ~ (c)',
  ]);
  expect(edgesOf([flow, sibling('a', 1, 3), sibling('b', 2, 4)])).toEqual([
    'message user > A x1 (a)',
    'message user > B x1 (b)',
  ]);
});

test('links between agents are messages and replace guesses', () => {
  const spans = [
    fact('flow', { kind: 'chain', end: 20 }),
    agentFact('a', 'A', { parentId: 'flow', start: 1, end: 2 }),
    fact('sent', { parentId: 'a', start: 1, end: 1 }),
    agentFact('b', 'B', { parentId: 'flow', start: 3, end: 4, links: ['sent', 'a', 'elsewhere', 'b'] }),
  ];
  expect(edgesOf(spans)).toEqual(['message user > A x1 (a)', 'message A > B x1 (b)']);
  // A handoff between the two says the same, and more.
  const handoff = fact('h', { parentId: 'a', kind: 'handoff', start: 2, end: 2, handoffTo: 'B' });
  expect(edgesOf([...spans, handoff])).toEqual(['message user > A x1 (a)', 'handoff A > B x1 (h)']);
});

test('the user gets an answer only from a model call that ended the run', () => {
  const run = (last: Partial<SpanFact>, more: readonly SpanFact[] = [], agent: Partial<SpanFact> = {}): string[] =>
    edgesOf([
      agentFact('a', 'A', { end: 9, ...agent }),
      call('c1', 'a', { start: 1 }),
      call('c2', 'a', { start: 3, ...last }),
      ...more,
    ]);
  const asked = 'message user > A x1 (a)';
  expect(run({})).toEqual([asked, 'message A > user x1 (c2)']);
  expect(run({ status: 'running', end: null })).toEqual([asked]);
  expect(run({ status: 'error' })).toEqual([asked]);
  expect(run({}, [tool('t', 'a', { start: 4 })])).toEqual([asked, 'tool_call A > t x1 (t)']);
  expect(run({}, [], { status: 'error' })).toEqual(['message user > A x1 !1 (a)']);
});

test('an agent that works inside the handoff to it answers who handed off, not the user', () => {
  const untimed = { start: null, end: null } as const;
  const spans = [
    agentFact('a', 'Boss', untimed),
    fact('h1', { parentId: 'a', kind: 'handoff', handoffFrom: 'Boss', handoffTo: 'Web', seq: 1, ...untimed }),
    agentFact('w1', 'Web', { parentId: 'h1', kind: 'generation', seq: 2, ...untimed }),
    call('think', 'a', { seq: 3, ...untimed }),
    fact('h2', { parentId: 'a', kind: 'handoff', handoffFrom: 'Boss', handoffTo: 'File', seq: 4, ...untimed }),
    agentFact('f1', 'File', { parentId: 'h2', kind: 'generation', seq: 5, ...untimed }),
  ];
  expect(edgesOf(spans)).toEqual([
    'message user > Boss x1 (a)',
    'handoff Boss > Web x1 (h1)',
    'return Web > Boss x1 ~ (w1)',
    'handoff Boss > File x1 (h2)',
  ]);
  expect(
    crossingsOf(spans, { expanded: false }, { kind: 'return', from: 'agent:Web', to: 'agent:Boss' }),
  ).toMatchObject([{ spanId: 'w1', inferred: true, passed: [{ spanId: 'w1', side: 'output' }, { spanId: 'w1' }] }]);
});

test('a model call that another agent was called after is no answer; one that ran inside of it is', () => {
  const spans = [
    agentFact('a', 'A', { end: 9 }),
    call('c', 'a', { start: 1, end: 4 }),
    agentFact('b', 'B', { parentId: 'a', start: 5, end: 6 }),
  ];
  const asked = ['message user > A x1 (a)', 'agent_call A > B x1 (b)', 'return B > A x1 (b)'];
  expect(edgesOf(spans)).toEqual(asked);
  expect(
    edgesOf(spans.map((span) => (span.spanId === 'b' ? { ...span, parentId: 'c', start: 2, end: 3 } : span))),
  ).toEqual([asked[0], 'message A > user x1 (c)', ...asked.slice(1)]);
});

test('a tool call that names the agent it calls is that call, and no tool of the agent', () => {
  const spans = [
    agentFact('a', 'Main', { end: 9 }),
    tool('t', 'a', { tool: 'Agent', agent: 'Helper', start: 1, end: 5 }),
    tool('b', 't', { tool: 'Bash', start: 2, end: 3 }),
  ];
  const graph = buildGraph(spans, { expanded: false });
  expect(lines(graph)).toEqual([
    'message user > Main x1 (a)',
    'agent_call Main > Helper x1 (t)',
    'return Helper > Main x1 (t)',
    'tool_call Helper > Bash x1 (b)',
  ]);
  expect(graph.nodes.map(({ id }) => id)).toEqual(['user', 'agent:Main', 'agent:Helper', 'tool:Bash']);
});

test('where an agent plays the user, nobody else asks or is answered; what an agent heard is no answer', () => {
  const said = (spanId: string, agent: string, seq: number, links: string[]): SpanFact =>
    call(spanId, null, { agent, seq, links, start: null, end: null });
  const chat = (user: string): SpanFact[] => [
    said('m1', user, 1, []),
    said('m2', 'Assistant', 2, ['m1']),
    said('m3', user, 3, ['m2']),
  ];
  expect(edgesOf(chat('User'))).toEqual(['message User > Assistant x1 (m2)', 'message Assistant > User x1 (m3)']);
  expect(edgesOf(chat('Shop'))).toEqual([
    'message user > Shop x1 (m1)',
    'message Shop > Assistant x1 (m2)',
    'message Assistant > Shop x1 (m3)',
  ]);
});

test('while the parents of an agent are on their way, nobody is said to have started it', () => {
  expect(edgesOf([agentFact('a', 'A', { parentId: 'later' }), call('c', 'a')])).toEqual([]);
});

test('root agents without tasks: each that nobody handed to is a run of its own', () => {
  const spans = [
    agentFact('a', 'A', { start: 1, end: 2 }),
    fact('h', { parentId: 'a', kind: 'handoff', start: 2, end: 2, handoffTo: 'B' }),
    agentFact('b', 'B', { start: 2, end: 4 }),
    call('answer', 'b', { start: 3 }),
    agentFact('c', 'C', { start: 5, end: 6 }),
  ];
  expect(edgesOf(spans)).toEqual([
    'message user > A x1 (a)',
    'handoff A > B x1 (h)',
    'message B > user x1 (answer)',
    'message user > C x1 (c)',
  ]);
});

test('a handoff that names no sender and leads back to the agent that it stands in is a doubt', () => {
  const pass = (from: string | null): SpanFact[] => [
    task('task'),
    agentFact('w1', 'Writer', { parentId: 'task', start: 1, end: 5 }),
    fact('h1', { parentId: 'w1', kind: 'handoff', start: 2, end: 2, handoffTo: 'Writer', handoffFrom: from }),
  ];
  const inferredOf = (from: string | null): number[] =>
    buildGraph(pass(from), { expanded: false })
      .edges.filter(({ kind }) => kind === 'handoff')
      .map(({ inferred }) => Number(inferred));
  expect([inferredOf(null), inferredOf('Writer')]).toEqual([[1], [0]]);
});

test('as it ran: one node for each stay, handoffs lead to the stay that followed', () => {
  const stay = (spanId: string, name: string, start: number): SpanFact =>
    agentFact(spanId, name, { parentId: 'task', start, end: start + 1 });
  const pass = (spanId: string, parentId: string, start: number, handoffTo: string): SpanFact =>
    fact(spanId, { parentId, kind: 'handoff', start, end: start, handoffTo });
  const spans = [
    task('task'),
    stay('w1', 'Writer', 1),
    pass('h1', 'w1', 2, 'Editor'),
    stay('e1', 'Editor', 2),
    pass('h2', 'e1', 3, 'Writer'),
    stay('w2', 'Writer', 3),
    pass('h3', 'w2', 4, 'Editor'),
    stay('e2', 'Editor', 4),
  ];
  expect(edgesOf(spans)).toEqual([
    'message user > Writer x1 (w1)',
    'handoff Writer > Editor x2 (h1 h3)',
    'handoff Editor > Writer x1 (h2)',
  ]);
  expect(edgesOf(spans, true)).toEqual([
    'message user > Writer#w1 x1 (w1)',
    'handoff Writer#w1 > Editor#e1 x1 (h1)',
    'handoff Editor#e1 > Writer#w2 x1 (h2)',
    'handoff Writer#w2 > Editor#e2 x1 (h3)',
  ]);
});

test('busy time is without waiting and counts nothing twice; unknown times count nothing', () => {
  const spans = [
    agentFact('a1', 'A', { start: 0, end: 4e6 }),
    agentFact('a2', 'A', { start: 2e6, end: 6e6 }),
    agentFact('a3', 'A', { start: 10e6, end: null, status: 'running' }),
    fact('later', { start: 11e6, end: 12e6 }),
    agentFact('b', 'B', { start: null, end: null }),
  ];
  const busy = Object.fromEntries(
    buildGraph(spans, { expanded: false }).nodes.map(({ name, busyMs }) => [name, busyMs]),
  );
  expect(busy).toEqual({ User: null, A: 8, B: null });
});

test.each([false, true])(
  'any spans, in any order of arrival, give one and the same graph (expanded: %s)',
  (expanded) => {
    const timed = anyFacts().map((facts) => facts.map((one) => ({ ...one, start: one.start ?? 0 })));
    fc.assert(
      fc.property(
        timed.chain((facts) => fc.tuple(fc.constant(facts), shuffled(facts))),
        ([facts, other]) => {
          const graph = buildGraph(facts, { expanded });
          expect(buildGraph(renumbered(other), { expanded })).toEqual(graph);
          for (const edge of graph.edges) {
            expect(crossingsOf(other, { expanded }, edge).map(({ spanId }) => spanId)).toEqual(edge.evidence);
          }
        },
      ),
    );
  },
);

test.each([false, true])('edges join nodes that exist and rest on spans that exist (expanded: %s)', (expanded) => {
  fc.assert(
    fc.property(anyFacts(), (facts) => {
      const { nodes, edges } = buildGraph(facts, { expanded });
      const ids = new Set(nodes.map(({ id }) => id));
      const spanIds = new Set(facts.map(({ spanId }) => spanId));
      expect(ids.size).toBe(nodes.length);
      for (const { from, to, count, evidence } of edges) {
        expect(ids.has(from) && ids.has(to)).toBe(true);
        expect(new Set(evidence).size).toBe(count);
        expect(evidence.every((id) => spanIds.has(id))).toBe(true);
      }
      for (const node of nodes) {
        expect(node.spanIds.length).toBeGreaterThan(0);
        expect(node.busyMs ?? 0).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('100,000 spans, also all nested or all side by side, are drawn in linear time', () => {
  const chain = Array.from({ length: 50_000 }, (_, k) =>
    agentFact(`s${k}`, `A${k % 9}`, { parentId: k === 0 ? null : `s${k - 1}` }),
  );
  const fan = chain.map((span, k) => ({ ...span, parentId: k === 0 ? null : 's0', start: k, end: k + (k % 7) }));
  const relay = chain.map((span, k): SpanFact =>
    k % 2 === 0
      ? { ...span, parentId: null, start: k, end: k + 1 }
      : fact(span.spanId, {
          parentId: `s${k - 1}`,
          kind: 'handoff',
          start: k,
          end: k,
          handoffTo: k % 3 === 0 ? null : 'A4',
        }),
  );
  for (const spans of [manyFacts(100_000), chain, fan, relay]) {
    // The figure aimed at is 500 ms; the bound only tells linear from quadratic.
    const took = cpuMs(() => expect(buildGraph(spans, { expanded: false }).nodes.length).toBeGreaterThan(8));
    expect(took).toBeLessThan(6_000);
  }
}, 60_000);
