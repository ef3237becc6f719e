import { expect, test } from 'vitest';
import { graphEdge, graphNode } from './testing.ts';
import { displayName, edgeLabel, edgeSentence, nodeSentence, often, textWidth } from './wording.ts';

const nameOf = (id: string): string => (id === 'user' ? 'the user' : id.slice(id.indexOf(':') + 1));

test.each([
  [graphEdge('agent:Planner', 'agent:Writer'), 'Planner hands off to Writer, once.'],
  [
    graphEdge('agent:Planner', 'agent:Writer', 'handoff', { count: 2, inferred: true }),
    'Planner hands off to Writer, twice (inferred from order or nesting).',
  ],
  [
    graphEdge('agent:A', 'agent:B', 'agent_call', { count: 1200, errors: 3 }),
    'A calls B as a tool, 1,200 times, 3 failed.',
  ],
  [graphEdge('agent:B', 'agent:A', 'return'), 'B returns to A, once.'],
  [graphEdge('user', 'agent:A', 'message'), 'The user sends a message to A, once.'],
  [graphEdge('agent:A', 'user', 'message'), 'A answers the user, once.'],
  [graphEdge('agent:A', 'tool:search', 'tool_call', { count: 3 }), 'A calls the tool search, 3 times.'],
])('a sentence for every kind of edge: %#', (edge, sentence) => {
  expect(edgeSentence({ ...edge, retries: 0 }, nameOf)).toBe(sentence);
});

test('what was asked again after a failure, and what leads back, is said', () => {
  const edge = graphEdge('agent:A', 'tool:search', 'tool_call', { count: 3, errors: 2, loop: true });
  expect(edgeSentence({ ...edge, retries: 2 }, nameOf)).toBe(
    'A calls the tool search, 3 times, 2 failed, 2 right after a failure, which closes a loop.',
  );
});

test('a label counts, and says nothing that the line says already', () => {
  expect(edgeLabel(graphEdge('a', 'b'))).toBe('handoff');
  expect(edgeLabel(graphEdge('a', 'b', 'handoff', { count: 2 }))).toBe('handoff ×2');
  expect(edgeLabel(graphEdge('a', 'b', 'tool_call'))).toBe('');
  expect(edgeLabel(graphEdge('a', 'b', 'tool_call', { count: 14 }))).toBe('×14');
  expect(edgeLabel(graphEdge('a', 'b', 'return', { count: 14 }))).toBe('');
});

test('a sentence for a node, without what nobody knows', () => {
  const tokens = { input: 1200, output: 40, cacheRead: null, cacheWrite: null, reasoning: null };
  const node = graphNode('agent:Planner', { generations: 3, toolCalls: 1, errors: 1, tokens, busyMs: 4200 });
  expect(nodeSentence('agent', 'Planner', [node])).toBe(
    'Agent Planner: 3 generations, 1 tool call, 1 error, 1,240 tokens, busy 4.2 s.',
  );
  expect(nodeSentence('agent', 'Idle', [graphNode('agent:Idle')])).toBe('Agent Idle.');
});

test('once, twice, many times', () => {
  expect([1, 2, 3].map(often)).toEqual(['once', 'twice', '3 times']);
});

test('the width of a text grows with its letters, double for wide scripts and emoji', () => {
  expect(textWidth('aa', 7)).toBe(14);
  expect(textWidth('日本', 7)).toBe(28);
  expect(textWidth('🦊', 7)).toBe(14);
});

test('a cut name never ends in half a character', () => {
  expect(displayName('🦊'.repeat(400))).toMatch(/^(🦊)+…$/u);
});
