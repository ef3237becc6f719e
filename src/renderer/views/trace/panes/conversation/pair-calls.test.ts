import { expect, test } from 'vitest';
import type { ConversationEntry } from '#shared/graph.ts';
import type { Message, MessagePart } from '#shared/message.ts';
import type { ContentView } from '#shared/trace.ts';
import { pairCalls, type ToolCall, type ToolResult } from './pair-calls.ts';

let key = 0;

function view(...parts: MessagePart[]): ContentView {
  const item: Message = { kind: 'message', role: 'assistant', parts };
  return { key: ++key, size: 1, item, preview: null };
}

function entry(
  kind: ConversationEntry['kind'],
  spanId: string,
  more: Partial<ConversationEntry> = {},
): ConversationEntry {
  return {
    spanId,
    agent: 'Planner',
    kind,
    name: spanId,
    depth: 0,
    startNs: null,
    status: 'ok',
    error: null,
    input: [],
    repeated: 0,
    output: [],
    ...more,
  };
}

const call = (id: string, name: string): ToolCall => ({ type: 'tool_call', id, name, arguments: {} });
const result = (id: string): ToolResult => ({ type: 'tool_call_response', id, response: 'done' });

test('a call is the next span of that tool by the same agent, and its result is shown there', () => {
  const [asked, answered] = [call('c1', 'search'), result('c1')];
  const pairs = pairCalls([
    entry('tool', 'earlier', { name: 'search' }),
    entry('generation', 'g1', { output: [view(asked)] }),
    entry('tool', 'other agent', { name: 'search', agent: 'Writer' }),
    entry('tool', 't1', { name: 'search' }),
    entry('generation', 'g2', { input: [view(answered)] }),
  ]);
  expect(pairs.spanOfCall.get(asked)).toBe('t1');
  expect(pairs.shown.get(answered)).toEqual({ span: 't1', tool: 'search' });
  expect(pairs.resultOfCall.size).toBe(0);
});

test('parallel calls of one tool take its spans in order', () => {
  const [a, b] = [call('a', 'search'), call('b', 'search')];
  const pairs = pairCalls([
    entry('generation', 'g', { output: [view(a), view(b)] }),
    entry('tool', 't1', { name: 'search' }),
    entry('tool', 't2', { name: 'search' }),
  ]);
  expect([pairs.spanOfCall.get(a), pairs.spanOfCall.get(b)]).toEqual(['t1', 't2']);
});

test('without tool spans, the result stands with its call', () => {
  const [asked, answered] = [call('c1', 'search'), result('c1')];
  const pairs = pairCalls([
    entry('generation', 'g1', { output: [view(asked)] }),
    entry('generation', 'g2', { input: [view(answered)] }),
  ]);
  expect(pairs.spanOfCall.size).toBe(0);
  expect(pairs.resultOfCall.get(asked)).toBe(answered);
  expect(pairs.shown.get(answered)?.span).toBeNull();
});

test('a handoff tool leads to the handoff', () => {
  const asked = call('c1', 'transfer_to_Writer');
  const pairs = pairCalls([
    entry('generation', 'g1', { output: [view(asked)] }),
    entry('handoff', 'h1', { name: 'Planner → Writer' }),
  ]);
  expect(pairs.spanOfCall.get(asked)).toBe('h1');
});

test('a result of a call that nobody saw is shown where it is', () => {
  const answered = result('unknown');
  expect(pairCalls([entry('generation', 'g', { input: [view(answered)] })]).shown.has(answered)).toBe(false);
});

test('an agent that took over knows the call, unless several agents made calls with that id', () => {
  const [asked, answered] = [call('c1', 'search'), result('c1')];
  const takesOver = entry('generation', 'g3', { agent: 'Writer', input: [view(answered)] });
  const one = entry('generation', 'g1', { output: [view(asked)] });
  expect(pairCalls([one, takesOver]).shown.has(answered)).toBe(true);
  const other = entry('generation', 'g2', { agent: 'Editor', output: [view(call('c1', 'search'))] });
  expect(pairCalls([one, other, takesOver]).shown.has(answered)).toBe(false);
});

test('ten thousand entries are paired in no time', () => {
  const entries = Array.from({ length: 10_000 }, (_, at) =>
    at % 2 === 0
      ? entry('generation', `g${at}`, { output: [view(call(`c${at}`, 'search'))] })
      : entry('tool', `t${at}`, { name: 'search' }),
  );
  const started = performance.now();
  expect(pairCalls(entries).spanOfCall.size).toBe(5_000);
  expect(performance.now() - started).toBeLessThan(500);
});
