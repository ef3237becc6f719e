import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  agentFact,
  agentsSdkTraces,
  anyFacts,
  cpuMs,
  fact,
  manyFacts,
  renumbered,
  shuffled,
  usage,
} from '../../../test/support/span-facts.ts';
import { effectiveAgents } from './agents.ts';
import { summarise } from './totals.ts';
import { buildTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import { addRow, newUsageTable, getUsage, putUsage, NO_USAGE } from './usage-table.ts';
import { attributeUsage } from './usage.ts';

const call = (spanId: string, parentId: string | null, given: Partial<SpanFact> = {}): SpanFact =>
  fact(spanId, { parentId, kind: 'generation', ...given });
const task = (spanId: string, parentId: string | null, given: Partial<SpanFact> = {}): SpanFact =>
  fact(spanId, { parentId, kind: 'chain', subtype: 'task', dialect: 'agents_sdk', ...given });
const turn = (spanId: string, parentId: string | null, given: Partial<SpanFact> = {}): SpanFact =>
  fact(spanId, { parentId, kind: 'chain', subtype: 'turn', dialect: 'agents_sdk', ...given });

function usageOf(spans: readonly SpanFact[]) {
  const tree = buildTree(spans);
  const facts = attributeUsage(spans, tree, effectiveAgents(spans, tree));
  return { facts, of: (id: string) => facts.ofSpan(spans.findIndex((span) => span.spanId === id)) };
}

test('seven agents: nested runs are not counted twice (recorded)', () => {
  const [first, second] = agentsSdkTraces('js03-multi-agent/input.json').map((spans) => summarise(spans));
  expect(first).toMatchObject({
    status: 'tool_errors',
    spans: 54,
    errors: 1,
    running: 0,
    generations: 12,
    toolCalls: 9,
    handoffs: 3,
    start: 0,
    end: 87e6,
    duration: 87e6,
    agents: ['Triage', 'Planner', 'Fact checker', 'Researcher', 'Writer', 'Reviewer', 'Summarizer'],
    tools: ['fact_check', 'research', 'web_search', 'fetch_page', 'save_draft'],
    // The two root tasks: 1,270 + 110 and 237 + 21. Reasoning is said by the model calls alone.
    tokens: { input: 1380, output: 258, cacheRead: 84, cacheWrite: 0, reasoning: 36 },
    cost: null,
  });
  const inputs = Object.fromEntries(first!.byAgent.map(({ name, tokens }) => [name, tokens.input]));
  expect(inputs).toEqual({
    Triage: 110,
    Planner: 230,
    'Fact checker': 230,
    Researcher: 360,
    Writer: 230,
    Reviewer: 110,
    Summarizer: 110,
  });
  expect(second).toMatchObject({ status: 'ok', spans: 4, agents: ['Follow-up'], tokens: { input: 110, output: 21 } });
});

test('model calls without usage get their turn’s (recorded)', () => {
  const [trace] = agentsSdkTraces('js01-responses/input.json');
  const summary = summarise(trace!);
  expect(summary.tokens).toMatchObject({ input: 360, output: 90, cacheRead: 192 });
  expect(summary.byAgent.map(({ name, tokens }) => [name, tokens.input, tokens.output])).toEqual([
    ['Triage', 120, 30],
    ['Weather specialist', 240, 60],
  ]);
});

test('a silent model call gets its turn minus nested tasks and sibling calls', () => {
  const spans = [
    turn('turn', null, { reportedUsage: usage(700, 130), agent: 'Planner' }),
    call('said', 'turn', { usage: usage(100, 10), start: 1 }),
    call('silent', 'turn', { start: 2 }),
    call('failed', 'turn', { start: 3, status: 'error' }),
    fact('tool', { parentId: 'turn', kind: 'tool', start: 4 }),
    task('nested', 'tool', { reportedUsage: usage(360, 66) }),
    call('deep', 'nested', { usage: usage(360, 66) }),
  ];
  const { facts, of } = usageOf(spans);
  expect(of('silent')).toEqual(usage(240, 54));
  expect(of('failed')).toBeNull();
  expect(of('turn')).toBeNull();
  expect(facts.total.tokens).toEqual(usage(700, 130));
});

test('what two silent calls share stays with the agent of their turn', () => {
  const spans = [
    agentFact('agent', 'A'),
    turn('turn', 'agent', { reportedUsage: usage(100, 10) }),
    call('one', 'turn'),
    call('two', 'turn'),
  ];
  const { facts, of } = usageOf(spans);
  expect([of('one'), of('two')]).toEqual([null, null]);
  expect(facts.byAgent.get('A')?.tokens).toEqual(usage(100, 10));
});

test('an agent’s total is a fallback; wrappers of model calls add nothing', () => {
  const reported = agentFact('agent', 'A', { reportedUsage: usage(500, 50) });
  expect(summarise([reported]).tokens).toEqual(usage(500, 50));
  expect(summarise([reported]).byAgent[0]?.tokens).toEqual(usage(500, 50));
  const leaves = [
    reported,
    call('x', 'agent', { usage: usage(300, 30) }),
    call('y', 'agent', { usage: usage(100, 10) }),
  ];
  expect(summarise(leaves).tokens).toEqual(usage(400, 40));
  const wrapped = [call('outer', null, { usage: usage(9, 9) }), call('inner', 'outer', { usage: usage(7, 7) })];
  expect(summarise(wrapped)).toMatchObject({ generations: 1, tokens: usage(7, 7) });
  // A model call that holds the tools it asked for is no wrapper of the agents that those call.
  const loop = [
    call('model', null, { usage: usage(5, 5) }),
    fact('tool', { parentId: 'model', kind: 'tool' }),
    agentFact('sub', 'B', { parentId: 'tool' }),
    call('leaf', 'sub', { usage: usage(2, 2) }),
  ];
  expect(summarise(loop)).toMatchObject({ generations: 2, tokens: usage(7, 7) });
});

test('a model call outside all tasks adds to them', () => {
  const spans = [
    task('task', null, { reportedUsage: usage(10, 1) }),
    call('inside', 'task', { usage: usage(10, 1) }),
    call('outside', null, { usage: usage(5, 2) }),
  ];
  expect(summarise(spans).tokens).toEqual(usage(15, 3));
});

test('unknown counts stay unknown and costs roll up once', () => {
  expect(summarise([call('x', null)]).tokens).toEqual(NO_USAGE);
  expect(summarise([call('x', null, { usage: usage(null, 3) })]).tokens).toEqual(usage(null, 3));
  const spans = [
    agentFact('agent', 'A', { cost: 0.75 }),
    call('x', 'agent', { cost: 0.25 }),
    call('y', 'agent', { cost: 0.25 }),
    call('z', 'agent', { cost: NaN }),
  ];
  expect(summarise(spans).cost).toBe(0.5);
  expect(summarise(spans.slice(0, 1)).cost).toBe(0.75);
});

test.each<[string, readonly SpanFact[], string]>([
  ['no spans', [], 'unset'],
  ['all ended well', [task('t', null), agentFact('a', 'A', { parentId: 't', status: 'unset' })], 'ok'],
  [
    'something open',
    [task('t', null, { status: 'error' }), call('c', 't', { status: 'running', end: null })],
    'running',
  ],
  ['root task failed', [task('t', null, { status: 'error' })], 'error'],
  ['only a tool failed', [task('t', null), fact('f', { parentId: 't', kind: 'tool', status: 'error' })], 'tool_errors'],
  [
    'a root beside the tasks failed',
    [task('t', null), fact('x', { status: 'error', dialect: 'agents_sdk' })],
    'tool_errors',
  ],
  [
    'no tasks, an earlier root failed',
    [fact('x', { status: 'error', dialect: 'agents_sdk' }), fact('y', { start: 5, dialect: 'agents_sdk' })],
    'tool_errors',
  ],
  [
    'no tasks, the last root failed',
    [fact('x', { dialect: 'agents_sdk' }), fact('y', { start: 5, status: 'error', dialect: 'agents_sdk' })],
    'error',
  ],
  [
    'a tool failed in a flat log of turns',
    [fact('x', { kind: 'generation' }), fact('y', { start: 5, kind: 'tool', status: 'error' })],
    'tool_errors',
  ],
  ['a tool that is all there is failed', [fact('x', { kind: 'tool', status: 'error' })], 'error'],
  ['OpenTelemetry: any root failed', [fact('x', { status: 'error' }), fact('y', { start: 5 })], 'error'],
  [
    'a failed tool whose parents are on their way',
    [fact('x', { parentId: 'later', kind: 'tool', status: 'error' })],
    'tool_errors',
  ],
  ['a failed run whose root was lost', [fact('x', { parentId: 'lost', kind: 'chain', status: 'error' })], 'error'],
  [
    'another dialect’s tasks are plain spans',
    [fact('x', { subtype: 'task' }), fact('y', { status: 'error' })],
    'error',
  ],
  ['a failed agent whose root was lost', [agentFact('x', 'A', { parentId: 'lost', status: 'error' })], 'error'],
])('status: %s', (_, spans, status) => {
  expect(summarise(spans).status).toBe(status);
});

test('names are listed in order of first appearance', () => {
  const spans = [
    fact('x', { start: 9, agent: 'First by id', kind: 'generation', model: 'm2' }),
    agentFact('y', 'Early', { start: 1 }),
    fact('z', { start: 3, parentId: 'y', kind: 'tool', name: 'run lookup', tool: 'lookup' }),
    call('w', 'y', { start: 2, model: 'm1' }),
  ];
  const { agents, tools, models, rootName } = summarise(spans);
  expect({ agents, tools, models, rootName }).toEqual({
    agents: ['Early', 'First by id'],
    tools: ['lookup'],
    models: ['m1', 'm2'],
    rootName: 'Early',
  });
});

test('a running trace has no duration yet', () => {
  expect(
    summarise([fact('x', { start: 2, end: 9 }), fact('y', { start: 1, end: null, status: 'running' })]),
  ).toMatchObject({
    start: 1,
    end: 9,
    duration: null,
  });
});

test('the order of arrival changes nothing', () => {
  const timed = anyFacts().map((facts) => facts.map((one) => ({ ...one, start: one.start ?? 0 })));
  fc.assert(
    fc.property(
      timed.chain((facts) => fc.tuple(fc.constant(facts), shuffled(facts))),
      ([facts, other]) => {
        expect(summarise(renumbered(other))).toEqual(summarise(facts));
      },
    ),
  );
});

test('what agents and nobody consumed sums to the total, and nothing is negative', () => {
  fc.assert(
    fc.property(anyFacts(), (facts) => {
      const tree = buildTree(facts);
      const agents = effectiveAgents(facts, tree);
      const one = attributeUsage(facts, tree, agents);
      const sums = newUsageTable(1);
      const row = newUsageTable(1);
      agents.instances.forEach((_, k) => {
        putUsage(row, 0, one.ofInstance(k).tokens);
        addRow(sums, 0, row, 0);
      });
      const byStay = getUsage(sums, 0) ?? NO_USAGE;
      const byName = newUsageTable(1);
      for (const { tokens } of one.byAgent.values()) {
        putUsage(row, 0, tokens);
        addRow(byName, 0, row, 0);
      }
      expect(getUsage(byName, 0) ?? NO_USAGE).toEqual(byStay);
      facts.forEach((_, i) => expect(one.ofSpan(i)?.input ?? 0).toBeGreaterThanOrEqual(0));
      // Without totals that somebody reports, the sum of the parts is the whole.
      if (facts.some((span) => span.reportedUsage)) return;
      const all = newUsageTable(1);
      facts.forEach((_, i) => {
        putUsage(row, 0, one.ofSpan(i) ?? NO_USAGE);
        addRow(all, 0, row, 0);
      });
      expect(getUsage(all, 0) ?? NO_USAGE).toEqual(one.total.tokens);
    }),
  );
});

test('100,000 spans are summarised in far less than a second', () => {
  const spans = manyFacts(100_000);
  // The figure aimed at is 150 ms; the bound only tells linear from quadratic.
  expect(cpuMs(() => expect(summarise(spans).tokens.input).toBe(100_000))).toBeLessThan(3_000);
}, 60_000);
