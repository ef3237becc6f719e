import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';
import { SPAN_FLAGS } from '#shared/trace.ts';
import { agentFact, anyFacts, fact, usage } from '../../../test/support/span-facts.ts';
import { effectiveAgents } from './agents.ts';
import { toColumns } from './columns.ts';
import { buildTree } from './tree.ts';
import type { SpanFact } from './types.ts';

function columnsOf(spans: readonly SpanFact[]) {
  const tree = buildTree(spans);
  return toColumns(spans, tree, effectiveAgents(spans, tree));
}

test('columns hold the spans in tree order, texts once', () => {
  const columns = columnsOf([
    fact('call', { parentId: 'agent', kind: 'generation', model: 'm', start: 2, end: null, status: 'running' }),
    fact('paid', { parentId: 'agent', kind: 'generation', model: 'm', start: 1, usage: usage(7, null), cost: 0.5 }),
    agentFact('agent', 'A', { parentId: 'lost', subtype: 'run', start: null, reportedUsage: usage(99, 99) }),
  ]);
  const text = (codes: Uint32Array): string[] => [...codes].map((code) => columns.strings[code]!);
  expect(columns.ids).toEqual(['agent', 'paid', 'call']);
  expect([...columns.parent]).toEqual([-1, 0, 0]);
  expect([...columns.depth]).toEqual([0, 1, 1]);
  expect([...columns.subtreeEnd]).toEqual([3, 2, 3]);
  expect([...columns.start]).toEqual([NaN, 1, 2]);
  expect([...columns.end]).toEqual([1, 1, NaN]);
  expect([...columns.kind].map((code) => SPAN_KINDS[code])).toEqual(['agent', 'generation', 'generation']);
  expect([...columns.status].map((code) => SPAN_STATUSES[code])).toEqual(['ok', 'ok', 'running']);
  expect([...columns.flags]).toEqual([SPAN_FLAGS.missingParent, 0, 0]);
  expect(text(columns.name)).toEqual(['A', 'paid', 'call']);
  expect(text(columns.subtype)).toEqual(['run', '', '']);
  expect(text(columns.agent)).toEqual(['A', 'A', 'A']);
  expect(text(columns.model)).toEqual(['', 'm', 'm']);
  expect([...columns.inputTokens]).toEqual([NaN, 7, NaN]);
  expect([...columns.outputTokens]).toEqual([NaN, NaN, NaN]);
  expect([...columns.cost]).toEqual([NaN, 0.5, NaN]);
  expect(columns.strings).toEqual(['', 'A', 'run', 'paid', 'm', 'call']);
});

test('times that lie between messages are no times of a clock', () => {
  const columns = columnsOf([
    fact('told', { dialect: 'messages', kind: 'tool', start: 3, end: 4 }),
    fact('untimed', { dialect: 'messages', kind: 'tool', start: null, end: null }),
    fact('call', { kind: 'tool', start: 5 }),
  ]);
  const flags = Object.fromEntries(columns.ids.map((id, row) => [id, columns.flags[row]]));
  expect(flags).toEqual({ told: SPAN_FLAGS.inferredTime, untimed: 0, call: 0 });
});

test('any spans make columns of one length whose parents stand before', () => {
  fc.assert(
    fc.property(anyFacts(), (facts) => {
      const columns = columnsOf(facts);
      expect(columns.count).toBe(facts.length);
      columns.parent.forEach((up, row) => expect(up).toBeLessThan(row));
      expect(new Set(columns.strings).size).toBe(columns.strings.length);
    }),
  );
});
