import { expect, test } from 'vitest';
import { agentFact, fact } from '../../../test/support/span-facts.ts';
import type { SpanFact } from './types.ts';
import { findEchoes } from './echoes.ts';
import { buildGraph } from './graph.ts';
import { summarise } from './totals.ts';
import { buildTree } from './tree.ts';

const tool = (id: string, parentId: string, name: string): SpanFact =>
  fact(id, { parentId, kind: 'tool', tool: name, name: `execute_tool ${name}` });

test.each<[string, readonly SpanFact[], readonly string[]]>([
  ['the MCP client inside the tool', [tool('t', 'a', 'x'), tool('c', 't', 'x')], ['c']],
  ['with a span between', [tool('t', 'a', 'x'), fact('m', { parentId: 't' }), tool('c', 'm', 'x')], ['c']],
  ['three of one call', [tool('t', 'a', 'x'), tool('c', 't', 'x'), tool('d', 'c', 'x')], ['c', 'd']],
  ['a name with its server', [tool('t', 'a', 'mcp__geo__x'), tool('c', 't', 'x')], ['c']],
  ['another tool inside', [tool('t', 'a', 'x'), tool('c', 't', 'y')], []],
  ['an agent between', [tool('t', 'a', 'x'), agentFact('b', 'B', { parentId: 't' }), tool('c', 'b', 'x')], []],
  ['one after the other', [tool('t', 'a', 'x'), tool('c', 'a', 'x')], []],
])('a call told twice counts once: %s', (_name, below, echoes) => {
  const spans = [agentFact('a', 'A'), ...below];
  const found = findEchoes(spans, buildTree(spans));
  expect(spans.filter((_, i) => found[i] === 1).map(({ spanId }) => spanId)).toEqual(echoes);
  const calls = below.filter(({ kind }) => kind === 'tool').length - echoes.length;
  expect(summarise(spans).toolCalls).toBe(calls);
  const { nodes, edges } = buildGraph(spans, { expanded: false });
  expect(nodes.filter(({ kind }) => kind === 'agent').reduce((sum, node) => sum + node.toolCalls, 0)).toBe(calls);
  const drawn = edges.filter(({ kind }) => kind === 'tool_call').reduce((sum, { count }) => sum + count, 0);
  // A tool that holds an agent is drawn as a call of it.
  expect(drawn).toBe(nodes.some(({ id }) => id === 'agent:B') ? calls - 1 : calls);
});
