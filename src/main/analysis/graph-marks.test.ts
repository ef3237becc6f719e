/** What the graph says besides counts: busy time, teams, loops, retries, guardrails. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentFact, anyFacts, fact } from '../../../test/support/span-facts.ts';
import { effectiveAgents } from './agents.ts';
import { findHandoffs } from './graph-handoffs.ts';
import { setScene } from './graph-stays.ts';
import { buildGraph, crossingsOf } from './graph.ts';
import { spanIntervals } from './intervals.ts';
import { findLanes } from './lanes.ts';
import { buildTree } from './tree.ts';
import type { SpanFact } from './types.ts';

const tool = (spanId: string, parentId: string | null, given: Partial<SpanFact> = {}): SpanFact =>
  fact(spanId, { parentId, kind: 'tool', tool: spanId, ...given });
const task = (spanId: string): SpanFact =>
  fact(spanId, { kind: 'chain', subtype: 'task', dialect: 'agents_sdk', end: 100 });

test('an agent that waits for the one that it called is not busy, as in its lane', () => {
  const spans = [
    agentFact('a', 'A', { start: 0, end: 10e6 }),
    tool('t', 'a', { start: 1e6, end: 9e6 }),
    agentFact('b', 'B', { parentId: 't', start: 2e6, end: 8e6 }),
  ];
  for (const expanded of [false, true]) {
    const busy = buildGraph(spans, { expanded }).nodes.map(({ name, busyMs }) => [name, busyMs]);
    expect(busy).toEqual([
      ['User', null],
      ['A', 4],
      ['B', 6],
    ]);
  }
  const lanes = laneTimes(spans);
  expect(lanes).toEqual([
    ['A', 4],
    ['B', 6],
  ]);
});

/** Busy milliseconds of each lane: what the table of agents calls busy. */
function laneTimes(spans: readonly SpanFact[]): [string, number][] {
  const tree = buildTree(spans);
  const scene = setScene(spans, tree, effectiveAgents(spans, tree));
  const { names, times } = findLanes(scene, spanIntervals(spans, tree), findHandoffs(scene));
  return names
    .map((name, k): [string, number] => {
      const { generation = 0, tool: tools = 0, handoff = 0, other = 0 } = times?.[k] ?? {};
      return [name, (generation + tools + handoff + other) / 1e6];
    })
    .filter(([name]) => name !== '');
}

test('busy time of every agent is that of its lane, for any spans', () => {
  fc.assert(
    fc.property(anyFacts(), (facts) => {
      const { nodes } = buildGraph(facts, { expanded: false });
      const busy = new Map(nodes.filter(({ kind }) => kind === 'agent').map(({ name, busyMs }) => [name, busyMs ?? 0]));
      for (const [name, ms] of laneTimes(facts)) expect(busy.get(name) ?? 0).toBeCloseTo(ms, 6);
    }),
  );
});

test('agents that work inside another are its team; a handoff stays in the team', () => {
  const spans = [
    agentFact('a', 'A', { start: 0, end: 90 }),
    tool('t', 'a', { start: 1, end: 60 }),
    agentFact('b', 'B', { parentId: 't', start: 2, end: 20 }),
    fact('h', { kind: 'handoff', parentId: 'b', handoffTo: 'C', start: 10, end: 10 }),
    agentFact('c', 'C', { parentId: 'b', start: 11, end: 20 }),
    agentFact('d', 'D', { parentId: 'c', start: 12, end: 15 }),
    agentFact('e', 'E', { start: 95, end: 99 }),
    agentFact('d2', 'D', { parentId: 'b', start: 16, end: 18 }),
  ];
  const teams = (expanded: boolean) =>
    Object.fromEntries(buildGraph(spans, { expanded }).nodes.map(({ id, team }) => [id, team]));
  expect(teams(false)).toMatchObject({
    'agent:A': null,
    'agent:B': 'agent:A',
    'agent:C': 'agent:A',
    // Worked under B and under C.
    'agent:D': null,
    'agent:E': null,
  });
  expect(teams(true)).toMatchObject({ 'agent:D#d': 'agent:C#c', 'agent:D#d2': 'agent:B#b', 'agent:C#c': 'agent:A#a' });
});

test('agents that call each other in turn lead no ring of teams', () => {
  const chain = Array.from({ length: 6 }, (_, k) =>
    agentFact(`s${k}`, k % 2 === 0 ? 'A' : 'B', { parentId: k === 0 ? null : `s${k - 1}`, start: k, end: 20 - k }),
  );
  const { nodes } = buildGraph(chain.slice(1), { expanded: false });
  expect(nodes.filter(({ team }) => team !== null).length).toBeLessThan(2);
});

test('edges that lead back are loops, also from an agent to itself; returns and calls of tools are none', () => {
  const relay = ['A', 'B', 'C', 'A', 'B', 'B'].map((name, k) =>
    agentFact(`s${k}`, name, { parentId: 'root', start: 10 * k, end: 10 * k + 5 }),
  );
  const handoffs = [fact('h', { kind: 'handoff', parentId: 's4', handoffTo: 'B', start: 44, end: 44 })];
  const used = tool('x', 's0', { start: 1, end: 2 });
  const { edges } = buildGraph([task('root'), ...relay, ...handoffs, used], { expanded: false });
  expect(edges.map(({ from, to, loop }) => `${from.slice(-1)}${to.slice(-1)}${loop ? ' back' : ''}`)).toEqual([
    'rA',
    'Ax',
    'AB',
    'BC',
    'CA back',
    'BB back',
  ]);
});

test('a call right after it failed is a retry, by the same instance of the agent only', () => {
  const spans = [
    agentFact('a', 'A', { start: 0, end: 10 }),
    agentFact('b', 'A', { start: 20, end: 30 }),
    ...(['error', 'error', 'ok', 'ok', 'error'] as const).map((status, k) =>
      tool(`t${k}`, 'a', { tool: 'f', status, start: k, end: k + 1 }),
    ),
    tool('u', 'b', { tool: 'f', start: 21, end: 22 }),
  ];
  const edge = buildGraph(spans, { expanded: false }).edges.find(({ kind }) => kind === 'tool_call');
  expect(edge).toMatchObject({ count: 6, errors: 3, retries: ['t1', 't2'] });
});

test('a call that began before another had failed is no retry', () => {
  const spans = [
    agentFact('a', 'A', { start: 0, end: 10 }),
    tool('t0', 'a', { tool: 'f', status: 'error', start: 0, end: 5 }),
    tool('t1', 'a', { tool: 'f', status: 'error', start: 1, end: 4 }),
    tool('t2', 'a', { tool: 'f', start: 4, end: 6 }),
  ];
  const edge = buildGraph(spans, { expanded: false }).edges.find(({ kind }) => kind === 'tool_call');
  expect(edge).toMatchObject({ count: 3, errors: 2, retries: ['t2'] });
});

test('a guardrail is a node of its own; the agent that it checked leads to it', () => {
  const rail = fact('r', { kind: 'guardrail', name: 'no_secrets', subtype: 'triggered', parentId: 'a' });
  const lone = fact('l', { kind: 'guardrail', name: 'alone' });
  const { nodes, edges } = buildGraph([agentFact('a', 'A'), rail, lone], { expanded: false });
  expect(nodes.filter(({ kind }) => kind === 'guardrail').map(({ id, triggered }) => [id, triggered])).toEqual([
    ['guardrail:no_secrets', 1],
    ['guardrail:alone', 0],
  ]);
  const [edge] = edges.filter(({ kind }) => kind === 'guardrail');
  expect(edge).toMatchObject({ from: 'agent:A', to: 'guardrail:no_secrets', count: 1, evidence: ['r'] });
  expect(crossingsOf([agentFact('a', 'A'), rail], { expanded: false }, edge!)).toMatchObject([{ spanId: 'r' }]);
});

test('what crossed several edges that are drawn as one comes in order of time', () => {
  const spans = [
    agentFact('a', 'A', { start: 0, end: 10 }),
    ...['f', 'g', 'f', 'h'].map((name, k) => tool(`t${k}`, 'a', { tool: name, start: k, end: k + 1 })),
  ];
  const ends = { kind: 'tool_call', from: ['agent:A'], to: ['tool:f', 'tool:g'] } as const;
  expect(crossingsOf(spans, { expanded: false }, ends).map(({ spanId }) => spanId)).toEqual(['t0', 't1', 't2']);
});
