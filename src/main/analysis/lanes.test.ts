import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentTable } from '#shared/lanes.ts';
import { LANE_STATES, WAITS_FOR_PERSON } from '#shared/lanes.ts';
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
import { unionLength } from './intervals.ts';
import type { LaneFacts } from './lane-views.ts';
import { laneFacts, toAgentTable, toTraceLanes } from './lane-views.ts';
import { summarise } from './totals.ts';
import { buildTree } from './tree.ts';
import type { SpanFact } from './types.ts';

function lanesOf(spans: readonly SpanFact[]): LaneFacts {
  const tree = buildTree(spans);
  return laneFacts(spans, tree, effectiveAgents(spans, tree));
}

/** The path as "span from-to" in its order. */
function pathOf(spans: readonly SpanFact[]): string[] {
  return lanesOf(spans).path.map(({ span, from, to }) => `${spans[span]?.spanId ?? '-'} ${from}-${to}`);
}

/** Pieces as "agent state span from-to @row > peer". */
function piecesOf(spans: readonly SpanFact[]): string[] {
  const { lanes } = lanesOf(spans);
  return lanes.pieces.map(({ lane, state, span, from, to, row, peer }) => {
    const waits = peer === WAITS_FOR_PERSON ? ' > person' : peer >= 0 ? ` > ${lanes.names[peer]}` : '';
    return `${lanes.names[lane]} ${LANE_STATES[state]} ${spans[span]?.spanId} ${from}-${to} @${row}${waits}`;
  });
}

const call = (
  spanId: string,
  parentId: string | null,
  start: number,
  end: number | null,
  given: Partial<SpanFact> = {},
) => fact(spanId, { parentId, kind: 'generation', start, end, ...given });
const tool = (
  spanId: string,
  parentId: string | null,
  start: number,
  end: number | null,
  given: Partial<SpanFact> = {},
) => fact(spanId, { parentId, kind: 'tool', tool: spanId, start, end, ...given });

const calling = [
  agentFact('a', 'A', { start: 0, end: 100 }),
  call('plan', 'a', 0, 20),
  tool('ask', 'a', 20, 80),
  agentFact('b', 'B', { parentId: 'ask', start: 25, end: 75 }),
  call('work', 'b', 30, 70),
  call('sum', 'a', 85, 100),
];

test('an agent waits while only the agent that it called works', () => {
  expect(piecesOf(calling)).toEqual([
    'A generation plan 0-20 @0',
    'A tool ask 20-25 @0',
    'A waiting b 25-75 @0 > B',
    'A tool ask 75-80 @0',
    'A other a 80-85 @0',
    'A generation sum 85-100 @0',
    'B other b 25-30 @0',
    'B generation work 30-70 @0',
    'B other b 70-75 @0',
  ]);
  const { lanes, waits } = toTraceLanes(lanesOf(calling));
  expect(lanes.map(({ agent, times }) => [agent, times])).toEqual([
    ['A', { generation: 35, tool: 10, handoff: 0, other: 5, waiting: 50, idle: 0 }],
    ['B', { generation: 40, tool: 0, handoff: 0, other: 10, waiting: 0, idle: 50 }],
  ]);
  expect(waits).toEqual([{ agent: 'A', for: 'B', ns: 50, count: 1, evidence: ['b'] }]);
  expect(pathOf(calling)).toEqual([
    'plan 0-20',
    'ask 20-25',
    'b 25-30',
    'work 30-70',
    'b 70-75',
    'ask 75-80',
    'a 80-85',
    'sum 85-100',
  ]);
});

test('it does not wait while it does something else; of two callees, it waits for the last', () => {
  const spans = [
    agentFact('a', 'A', { start: 0, end: 100 }),
    tool('to b', 'a', 0, 60),
    agentFact('b', 'B', { parentId: 'to b', start: 0, end: 60 }),
    tool('to c', 'a', 0, 100),
    agentFact('c', 'C', { parentId: 'to c', start: 0, end: 100 }),
    tool('look', 'a', 10, 30),
  ];
  const { lanes, waits } = toTraceLanes(lanesOf(spans));
  expect(lanes[0]).toMatchObject({ agent: 'A', rows: 3, times: { tool: 20, waiting: 80, idle: 0 } });
  expect(waits).toEqual([{ agent: 'A', for: 'C', ns: 80, count: 1, evidence: ['c'] }]);
  expect(pathOf(spans)).toEqual(['c 0-100']);
});

test('an approval is waited for, and a nested agent that was handed off to is not', () => {
  const spans = [
    agentFact('a', 'A', { start: 0, end: 100 }),
    tool('delete', 'a', 0, 50),
    fact('approval', { parentId: 'delete', kind: 'custom', subtype: 'wait', start: 5, end: 45 }),
    fact('handoff', { parentId: 'a', kind: 'handoff', handoffFrom: 'A', handoffTo: 'B', start: 50, end: 50 }),
    agentFact('b', 'B', { parentId: 'a', start: 50, end: 100 }),
  ];
  const { lanes, waits } = toTraceLanes(lanesOf(spans));
  expect(waits).toEqual([{ agent: 'A', for: null, ns: 40, count: 1, evidence: ['approval'] }]);
  expect(lanes[0]?.times).toEqual({ generation: 0, tool: 10, handoff: 0, other: 0, waiting: 40, idle: 50 });
});

test('two runs of an agent at the same time stand below each other, and each is whole', () => {
  const spans = [
    fact('root', { kind: 'chain', start: 0, end: 110 }),
    agentFact('one', 'A', { parentId: 'root', start: 0, end: 60 }),
    call('x', 'one', 10, 20),
    agentFact('two', 'A', { parentId: 'root', start: 40, end: 100 }),
    agentFact('three', 'A', { parentId: 'root', start: 70, end: 90 }),
  ];
  const rows = new Map(lanesOf(spans).lanes.pieces.map(({ span, row }) => [spans[span]?.spanId, row]));
  expect(Object.fromEntries(rows)).toEqual({ root: 0, one: 0, x: 0, two: 1, three: 0 });
});

test('starts that an SDK cut to milliseconds make no overlap: the sibling before is still on the path', () => {
  const ms = 1e6;
  const spans = [
    agentFact('a', 'A', { start: 0, end: 20 * ms }),
    call('first', 'a', 0, 5.3 * ms),
    tool('second', 'a', 5 * ms, 20 * ms),
  ];
  expect(pathOf(spans)).toEqual([`first 0-${5 * ms}`, `second ${5 * ms}-${20 * ms}`]);
  expect(lanesOf(spans).lanes.rows).toEqual([1]);
});

test('several roots, and a child that outlives its parent', () => {
  expect(pathOf([call('one', null, 0, 10), call('two', null, 30, 50)])).toEqual(['one 0-10', '- 10-30', 'two 30-50']);
  expect(pathOf([agentFact('a', 'A', { start: 0, end: 10 }), call('late', 'a', 12, 20)])).toEqual([
    'a 0-10',
    '- 10-12',
    'late 12-20',
  ]);
});

test('without any time there are steps in the order of the tree, no times and no path', () => {
  const untimed = calling.map((span) => ({ ...span, start: null, end: null }));
  const lanes = toTraceLanes(lanesOf(untimed));
  expect(lanes).toMatchObject({ timed: false, from: 0, to: 6, critical: null, waits: [] });
  expect(lanes.lanes.map(({ agent, times }) => [agent, times])).toEqual([
    ['A', null],
    ['B', null],
  ]);
  expect(lanes.pieces.count).toBeGreaterThan(4);
  expect(toAgentTable(lanesOf(untimed)).rows[0]).toMatchObject({ busy: null, waiting: null, critical: null });
});

test('what still runs is open up to the last known time', () => {
  const spans = [
    agentFact('a', 'A', { start: 0, end: null, status: 'running' }),
    call('x', 'a', 0, 40),
    tool('y', 'a', 50, null, { status: 'running' }),
  ];
  expect(toTraceLanes(lanesOf(spans))).toMatchObject({ running: true, to: 50 });
  expect(pathOf(spans)).toEqual(['x 0-40', 'a 40-50']);
});

test('seven agents (recorded): of the two that ran side by side, the caller waited for the last', () => {
  const [article = []] = agentsSdkTraces('js03-multi-agent/input.json');
  const { waits, lanes } = toTraceLanes(lanesOf(article));
  expect(waits).toMatchObject([{ agent: 'Planner', for: 'Researcher', ns: 38e6, count: 1 }]);
  expect(lanes.map(({ agent }) => agent)).toEqual([
    'Triage',
    'Planner',
    'Fact checker',
    'Researcher',
    'Writer',
    'Reviewer',
    'Summarizer',
    '',
  ]);
});

const total = (table: AgentTable, field: 'input' | 'output'): number =>
  table.rows.reduce((sum, { tokens }) => sum + (tokens[field] ?? 0), 0);

test('any trace: times, path and tokens add up to the trace exactly', () => {
  fc.assert(
    fc.property(anyFacts(), (spans) => {
      const facts = lanesOf(spans);
      const { lanes, waits, timed, from, to } = toTraceLanes(facts);
      const summary = summarise(spans);
      if (timed) {
        const duration = to - from;
        if (summary.duration !== null) expect(duration).toBe(summary.duration);
        for (const { times, agent } of lanes) {
          if (!times) throw new Error('A lane has no times.');
          const { waiting, ...others } = times;
          expect(Object.values(others).reduce((sum, ns) => sum + ns, waiting)).toBe(duration);
          const mine = waits.filter((wait) => wait.agent === agent);
          expect(mine.reduce((sum, { ns }) => sum + ns, 0)).toBe(waiting);
        }
        // No gap, no overlap, from the beginning to the end.
        let now = from;
        for (const segment of facts.path) {
          expect(segment.from).toBe(now);
          expect(segment.to).toBeGreaterThan(segment.from);
          now = segment.to;
        }
        expect(now).toBe(to);
      }
      const table = toAgentTable(facts);
      if (timed) expect(table.rows.reduce((sum, row) => sum + (row.critical ?? 0), 0)).toBe(to - from);
      expect(table.rows.reduce((sum, row) => sum + row.spans, 0)).toBe(spans.length);
      expect(table.rows.reduce((sum, row) => sum + row.errors, 0)).toBe(summary.errors);
      expect(total(table, 'input')).toBe(summary.tokens.input ?? 0);
      expect(total(table, 'output')).toBe(summary.tokens.output ?? 0);
      expect(table.rows.reduce((sum, row) => sum + (row.cost ?? 0), 0)).toBeCloseTo(summary.cost ?? 0, 9);
    }),
    { numRuns: 400 },
  );
});

test('a lane is busy and waiting for as long as its pieces cover', () => {
  fc.assert(
    fc.property(anyFacts(), (spans) => {
      const { lanes } = lanesOf(spans);
      lanes.times?.forEach((times, lane) => {
        const pieces = lanes.pieces.filter((piece) => piece.lane === lane);
        const covered = unionLength(pieces.map(({ from, to }) => [from, to] as const));
        expect(times.generation + times.tool + times.handoff + times.other + times.waiting).toBe(covered);
      });
    }),
  );
});

test('the order of arrival changes nothing', () => {
  const timed = anyFacts().map((facts) => facts.map((one) => ({ ...one, start: one.start ?? 0, seq: 0 })));
  fc.assert(
    fc.property(
      timed.chain((facts) => fc.tuple(fc.constant(facts), shuffled(facts))),
      ([facts, other]) => {
        expect(toTraceLanes(lanesOf(renumbered(other)))).toEqual(toTraceLanes(lanesOf(renumbered(facts))));
        expect(toAgentTable(lanesOf(renumbered(other)))).toEqual(toAgentTable(lanesOf(renumbered(facts))));
      },
    ),
  );
});

test('tokens that belong to no agent have a row of their own', () => {
  const spans = [
    call('free', null, 0, 10, { usage: usage(5, 1) }),
    agentFact('a', 'A', { start: 0, end: 10, usage: usage(2, 1) }),
  ];
  const { rows, tokens } = toAgentTable(lanesOf(spans));
  expect(tokens).toMatchObject({ input: 7, output: 2 });
  expect(rows.map((row) => [row.agent, row.tokens.input, row.critical])).toEqual([
    ['A', 2, 0],
    ['', 5, 10],
  ]);
});

test('100,000 spans, and a hundred thousand on top of each other', () => {
  const many = manyFacts(100_000);
  const tree = buildTree(many);
  const agents = effectiveAgents(many, tree);
  const ms = cpuMs(() => {
    const facts = laneFacts(many, tree, agents);
    toTraceLanes(facts);
    toAgentTable(facts);
  });
  expect(ms).toBeLessThan(3_000);
  const crowd = [
    agentFact('root', 'A', { start: 0, end: 1e9 }),
    ...Array.from({ length: 50_000 }, (_, k) =>
      agentFact(`s${k}`, `B${k % 100}`, { parentId: 'root', start: k, end: 1e9 - k, seq: k }),
    ),
  ];
  const deep = Array.from({ length: 50_000 }, (_, k) =>
    fact(`s${k}`, { parentId: k === 0 ? null : `s${k - 1}`, agent: `A${k % 2}`, start: k, end: 2e5 - k, seq: k }),
  );
  expect(cpuMs(() => toTraceLanes(lanesOf(crowd)))).toBeLessThan(5_000);
  expect(cpuMs(() => toTraceLanes(lanesOf(deep)))).toBeLessThan(5_000);
}, 60_000);
