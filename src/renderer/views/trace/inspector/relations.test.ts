import { expect, test } from 'vitest';
import type { ContentItem } from '#shared/message.ts';
import type { ContentView, SpanDetail } from '#shared/trace.ts';
import { makeTable } from '../model/testing/make-table.ts';
import {
  agentSpanNear,
  bestOf,
  callCandidates,
  executes,
  generationBefore,
  knownHistory,
  requestCandidates,
} from './relations.ts';

const table = makeTable(`
task 0 100
  planner 0 50 agent @Planner
    g1 1 5 generation @Planner
    search 5 9 tool @Planner
    g2 10 15 generation @Planner
    handoff 15 15 handoff @Planner
  writer 50 100 agent @Writer
    g3 51 60 generation @Writer
    search 60 70 tool @Writer
    g4 71 80 generation @Writer
`);
const at = (name: string): number => table.rowOf(name);

function detail(input: number[], output: number[]): SpanDetail {
  const view = (key: number): ContentView => ({
    key,
    size: 1,
    item: { kind: 'text', text: String(key) },
    preview: null,
  });
  return { input: input.map(view), output: output.map(view) } as unknown as SpanDetail;
}

test('the generation before is of the same agent', () => {
  expect(generationBefore(table, at('g2'))).toBe(at('g1'));
  expect(generationBefore(table, at('g4'))).toBe(at('g3'));
  expect(generationBefore(table, at('g3'))).toBe(-1);
});

test('known history is the leading run that the span before held', () => {
  expect(knownHistory(detail([1, 2, 3, 4], []), detail([1, 2], [3]))).toBe(3);
  expect(knownHistory(detail([1, 2, 9, 3], []), detail([1, 2], [3]))).toBe(2);
  expect(knownHistory(detail([1, 2, 3], []), detail([1, 2, 3], []))).toBe(2);
  expect(knownHistory(detail([1, 5], []), detail([1], []))).toBe(0);
  expect(knownHistory(detail([1, 2], []), undefined)).toBe(0);
  expect(knownHistory(detail([], []), detail([1], []))).toBe(0);
});

test('candidates for a call: the same tool after the row comes first', () => {
  const rows = callCandidates(table, at('g1'), 'search');
  expect(rows[0]).toBe(3);
  expect(rows).toEqual([3, 8, 5]);
  expect(callCandidates(table, at('g3'), 'SEARCH')[0]).toBe(8);
});

test('candidates for a request are generations before, own agent first', () => {
  expect(requestCandidates(table, 8)).toEqual([at('g3'), at('g2'), at('g1')]);
});

test('the best wins, and nothing is looked at after a certain one', async () => {
  const seen: number[] = [];
  const points = new Map<number, 0 | 1 | 2>([
    [4, 1],
    [5, 2],
  ]);
  const look = (row: number): Promise<0 | 1 | 2> => {
    seen.push(row);
    return Promise.resolve(points.get(row) ?? 0);
  };
  expect(await bestOf([4, 5, 6], look)).toBe(5);
  expect(seen).toEqual([4, 5]);
  expect(await bestOf([6, 4], look)).toBe(4);
  expect(await bestOf([6], look)).toBe(-1);
});

test('a call is executed by the span with its id, or with its arguments when no ids are stated', () => {
  const call = { id: 'call_1', tool: 'search', type: 'tool_call', value: { q: 'tides' } } as const;
  const tool = { kind: 'tool', tool: 'search', name: 'search', toolCallId: null, handoff: null, input: [], output: [] };
  const view = (item: ContentItem): ContentView => ({ key: 1, size: 1, item, preview: null });
  const span = (change: object): SpanDetail => ({ ...tool, ...change }) as unknown as SpanDetail;
  expect(executes(span({ toolCallId: 'call_1' }), call)).toBe(2);
  expect(executes(span({ toolCallId: 'call_2', input: [view({ kind: 'json', value: { q: 'tides' } })] }), call)).toBe(
    0,
  );
  expect(executes(span({ input: [view({ kind: 'text', text: '{"q": "tides"}' })] }), call)).toBe(1);
  expect(executes(span({ input: [view({ kind: 'json', value: { q: 'other' } })] }), call)).toBe(0);
  expect(
    executes(span({ tool: 'other', name: 'other', input: [view({ kind: 'json', value: { q: 'tides' } })] }), call),
  ).toBe(0);
  expect(
    executes(span({ output: [view({ kind: 'text', text: 'high' })] }), {
      id: 'call_1',
      tool: null,
      type: 'tool_call_response',
      value: 'high',
    }),
  ).toBe(1);
  const handoff = span({ kind: 'handoff', tool: null, handoff: { from: 'Triage', to: 'Billing Agent' } });
  expect(executes(handoff, { ...call, tool: 'transfer_to_billing_agent' })).toBe(1);
  expect(executes(handoff, { ...call, tool: 'transfer_to_writer' })).toBe(0);
});

test('agents are found under the spelling of tool names', () => {
  expect(agentSpanNear(table, at('handoff'), 'Writer', 1)).toBe(at('writer'));
  expect(agentSpanNear(table, at('handoff'), 'planner', -1)).toBe(at('planner'));
  expect(agentSpanNear(table, at('handoff'), 'Nobody', 1)).toBe(-1);
});
