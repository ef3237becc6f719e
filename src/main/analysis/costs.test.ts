import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentFact, anyFacts, fact, renumbered } from '../../../test/support/span-facts.ts';
import type { CostEstimator } from './costs.ts';
import type { SpanFact } from './types.ts';
import { effectiveAgents } from './agents.ts';
import { summarise } from './totals.ts';
import { buildTree } from './tree.ts';
import { attributeUsage } from './usage.ts';

const tokens = (input: number) => ({ input, output: 0, cacheRead: null, cacheWrite: null, reasoning: null });

/** A dollar for each token of model m; sums of calls are asked for by another name. */
const dollars: CostEstimator = (usage, model, many) =>
  usage.input === null ? null : model === 'm' ? usage.input : model === 'bulk' && many ? usage.input * 100 : null;

function call(id: string, parentId: string | null, given: Partial<SpanFact> = {}): SpanFact {
  return fact(id, { parentId, kind: 'generation', model: 'm', usage: tokens(1), ...given });
}

function costsOf(spans: readonly SpanFact[]) {
  const { cost, costBasis } = summarise(spans, dollars);
  return [cost, costBasis];
}

test.each<[string, readonly SpanFact[], number | null, string | null]>([
  ['only estimates', [call('x', null), call('y', null)], 2, 'estimated'],
  ['only stated', [call('x', null, { cost: 0.5 })], 0.5, 'stated'],
  ['a stated nothing is stated', [call('x', null, { cost: 0 })], 0, 'stated'],
  ['both', [call('x', null, { cost: 0.5 }), call('y', null)], 1.5, 'partly'],
  ['neither', [call('x', null, { model: 'unknown' }), call('y', null, { usage: null })], null, null],
  ['a total that is stated stands for what is below', [agentFact('a', 'A', { cost: 9 }), call('x', 'a')], 9, 'stated'],
  [
    'a stated total with a stated part gives way to the parts',
    [agentFact('a', 'A', { cost: 9 }), call('x', 'a', { cost: 1 }), call('y', 'a')],
    2,
    'partly',
  ],
  ['a model call around another is not added', [call('out', null), call('in', 'out')], 1, 'estimated'],
  [
    'a stated cost on a wrapper stands for the call inside',
    [call('out', null, { cost: 7 }), call('in', 'out')],
    7,
    'stated',
  ],
  [
    'an agent’s own total, where nothing below says anything',
    [agentFact('a', 'A', { model: 'm', reportedUsage: tokens(5) })],
    5,
    'estimated',
  ],
  [
    'what two calls of one model share is priced as a sum of calls',
    [
      agentFact('a', 'A', { reportedUsage: tokens(5) }),
      call('x', 'a', { usage: null, model: 'bulk' }),
      call('y', 'a', { usage: null, model: 'bulk' }),
    ],
    500,
    'estimated',
  ],
  [
    'what two calls of different models share is not known',
    [
      agentFact('a', 'A', { reportedUsage: tokens(5) }),
      call('x', 'a', { usage: null }),
      call('y', 'a', { usage: null, model: 'bulk' }),
    ],
    null,
    null,
  ],
  ['a cost that is no number is none', [call('x', null, { cost: NaN })], 1, 'estimated'],
])('cost of a trace: %s', (_name, spans, cost, basis) => {
  expect(costsOf(spans)).toEqual([cost, basis]);
});

test('agents have their own costs and where they come from', () => {
  const spans = [
    agentFact('a', 'A'),
    call('x', 'a', { cost: 0.5 }),
    agentFact('b', 'B', { parentId: 'a' }),
    call('y', 'b'),
    call('z', 'b', { cost: 1 }),
  ];
  const byAgent = summarise(spans, dollars).byAgent.map(({ name, cost, costBasis }) => [name, cost, costBasis]);
  expect(byAgent).toEqual([
    ['A', 0.5, 'stated'],
    ['B', 2, 'partly'],
  ]);
});

test('without a table, and for every trace, what is stated stays as it is', () => {
  fc.assert(
    fc.property(anyFacts(), (facts) => {
      const plain = summarise(facts);
      const priced = summarise(facts, dollars);
      expect(plain.costBasis).toBe(plain.cost === null ? null : 'stated');
      if (priced.costBasis === 'stated') expect(priced.cost).toBe(plain.cost);
      else if (plain.cost !== null) expect(priced.costBasis).toBe('partly');
      expect(priced.tokens).toEqual(plain.tokens);
    }),
  );
});

test('no dollar is counted twice: spans and agents sum to the trace, in any order of arrival', () => {
  fc.assert(
    fc.property(anyFacts(), (facts) => {
      const priced = facts.map((span) => ({ ...span, model: 'm' }));
      const tree = buildTree(priced);
      const usage = attributeUsage(priced, tree, effectiveAgents(priced, tree), dollars);
      const ofSpans = priced.reduce((sum, _, i) => sum + (usage.costOfSpan(i) ?? 0), 0);
      expect(usage.total.cost ?? 0).toBeGreaterThanOrEqual(ofSpans - 1e-9);
      if (!priced.some((span) => span.reportedUsage)) expect(usage.total.cost ?? 0).toBeCloseTo(ofSpans, 9);
      const other = summarise(renumbered(priced.toReversed()), dollars);
      expect(other.costBasis).toBe(usage.total.costBasis);
      expect(other.cost ?? 0).toBeCloseTo(usage.total.cost ?? 0, 9);
    }),
  );
});
