/** Chats: messages of several agents, one after the other, without times or parents. */
import { expect, test } from 'vitest';
import { fact } from '../../../test/support/span-facts.ts';
import { buildGraph } from './graph.ts';
import type { SpanFact } from './types.ts';

const said = (seq: number, agent: string | null, given: Partial<SpanFact> = {}): SpanFact =>
  fact(`m${seq}`, { parentId: null, kind: 'generation', agent, start: null, end: null, seq, ...given });

function edgesOf(spans: readonly SpanFact[]): string[] {
  return buildGraph(spans, { expanded: false }).edges.map(
    ({ from, to, kind, count, inferred }) =>
      `${kind} ${from.replace('agent:', '')} > ${to.replace('agent:', '')} x${count}${inferred ? ' ~' : ''}`,
  );
}

test('each speaker follows the one before, as an inferred edge; the user stands at both ends', () => {
  const chat = [
    said(0, 'Planner'),
    said(1, 'Coder'),
    said(2, null, { kind: 'tool', tool: 'terminal' }),
    said(3, 'Coder'),
    said(4, 'Critic'),
    said(5, 'Coder'),
  ];
  const expected = [
    'message user > Planner x1',
    'handoff Planner > Coder x1 ~',
    'handoff Coder > Critic x1 ~',
    'handoff Critic > Coder x1 ~',
    'message Coder > user x1',
  ];
  expect(edgesOf(chat)).toEqual(expected);
  expect(edgesOf([...chat].reverse())).toEqual(expected);
});

test('where times are known, nothing is guessed from the order of rows', () => {
  const apart = [said(0, 'A', { start: 0, end: 5 }), said(1, 'B', { start: 10, end: 15 })];
  expect(edgesOf(apart).filter((edge) => edge.includes('~'))).toEqual([]);
});
