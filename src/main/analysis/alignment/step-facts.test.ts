import { expect, test } from 'vitest';
import { effectiveAgents } from '../agents.ts';
import { buildTree } from '../tree.ts';
import type { SpanFact } from '../types.ts';
import { canonicalItem } from './canonical-item.ts';
import { stepFacts, type TraceSteps } from './step-facts.ts';
import { createSymbols, type Symbols } from './symbols.ts';
import { addVolatileIds, withoutVolatileIds } from './volatile-ids.ts';

function span(spanId: string, more: Partial<SpanFact>): SpanFact {
  return {
    spanId,
    parentId: null,
    kind: 'tool',
    subtype: null,
    name: '',
    agent: null,
    model: null,
    tool: null,
    start: null,
    end: null,
    status: 'ok',
    usage: null,
    reportedUsage: null,
    cost: null,
    handoffFrom: null,
    handoffTo: null,
    links: [],
    dialect: '',
    seq: 0,
    ...more,
  };
}

function steps(spans: readonly SpanFact[], symbols: Symbols = createSymbols()): TraceSteps {
  const tree = buildTree(spans);
  return stepFacts(spans, tree, effectiveAgents(spans, tree), symbols, () => ({ input: 0, output: 0 }));
}

const root = span('root', { kind: 'agent', name: 'A', start: 0, end: 100 });
const call = (id: string, start: number, end: number): SpanFact => span(id, { parentId: 'root', tool: id, start, end });

test('calls side by side stand in one order, whichever began first; calls one after the other keep theirs', () => {
  const symbols = createSymbols();
  const one = steps([root, call('x', 1, 9), call('y', 2, 9)], symbols);
  const other = steps([root, call('y', 1, 9), call('x', 2, 9)], symbols);
  expect(other.facts.key).toEqual(one.facts.key);
  expect([...other.rows]).toEqual([0, 2, 1]);
  const later = steps([root, call('y', 1, 3), call('x', 3, 9)], symbols);
  expect(later.facts.key).not.toEqual(one.facts.key);
  expect([...later.rows]).toEqual([0, 1, 2]);
});

test('rows inside a call that changes its place go with it', () => {
  const inside = span('in y', { parentId: 'y', kind: 'chain', name: 'step 7', start: 2, end: 3 });
  const symbols = createSymbols();
  steps([root, call('x', 1, 9)], symbols);
  const { facts, rows } = steps([root, call('y', 1, 9), inside, call('x', 2, 9)], symbols);
  // Tree rows: root, y, in y, x.
  expect([...rows]).toEqual([0, 3, 1, 2]);
  expect([...facts.parent]).toEqual([-1, 0, 0, 2]);
  expect([...facts.end]).toEqual([4, 2, 4, 4]);
});

test('numbers in the name of a step do not tell it apart; those of a tool do', () => {
  const symbols = createSymbols();
  const key = (more: Partial<SpanFact>): number => steps([span('s', more)], symbols).facts.key[0]!;
  expect(key({ kind: 'chain', name: 'step 3' })).toBe(key({ kind: 'chain', name: 'step 12' }));
  expect(key({ kind: 'tool', name: 'tool_1' })).not.toBe(key({ kind: 'tool', name: 'tool_2' }));
  expect(key({ kind: 'generation', name: 'gpt', model: 'a' })).toBe(key({ kind: 'generation', name: 'b', model: 'b' }));
});

test('ids that stand in one trace only are left out; those that both have are facts', () => {
  const [a, b] = [new Set<string>(), new Set<string>()];
  const uuid = '3f2b6c1e-1111-4222-8333-444455556666';
  addVolatileIds(`call_Abc123xyz of order ${uuid} at 2026-01-02T03:04:05.678Z`, a);
  addVolatileIds(`call_Zzz999qqq of order ${uuid} at 2026-02-02T03:04:05.999Z`, b);
  const stays = { has: (id: string) => a.has(id) && b.has(id) };
  expect(withoutVolatileIds(`call_Abc123xyz of order ${uuid}`, stays)).toBe(`# of order ${uuid}`);
  const none = new Set<string>();
  for (const text of ['call_function', 'order 4711', 'item_list', '2026-01-02', 'HAT136', 'gpt-4.1-2025-04-14'])
    expect([text, addVolatileIds(text, none)]).toEqual([text, false]);
});

test('the order of members, the ids of calls and JSON in a text make no difference', () => {
  const item = (args: unknown, id: string): string =>
    JSON.stringify({
      kind: 'message',
      role: 'assistant',
      parts: [{ type: 'tool_call', id, name: 't', arguments: args }],
    });
  expect(canonicalItem(item({ a: 1, b: 2 }, 'x'))).toBe(canonicalItem(item({ b: 2, a: 1 }, 'y')));
  expect(canonicalItem(item('{"b": 2, "a": 1}', 'x'))).toBe(canonicalItem(item('{"a":1,"b":2}', 'x')));
  expect(canonicalItem(item({ a: 1 }, 'x'))).not.toBe(canonicalItem(item({ a: 2 }, 'x')));
  expect(canonicalItem('{"kind":"json"')).toBe('{"kind":"json"');
});
