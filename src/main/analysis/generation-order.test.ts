import { expect, test } from 'vitest';
import { effectiveAgents } from './agents.ts';
import { orderGenerations } from './generation-order.ts';
import { buildTree } from './tree.ts';
import type { SpanFact } from './types.ts';

function span(
  spanId: string,
  parentId: string | null,
  kind: SpanFact['kind'],
  start: number | null,
  agent: string | null = null,
): SpanFact {
  return {
    spanId,
    parentId,
    kind,
    subtype: null,
    name: agent ?? spanId,
    agent,
    model: null,
    tool: null,
    start,
    end: start === null ? null : start + 5,
    status: 'ok',
    usage: null,
    reportedUsage: null,
    cost: null,
    handoffFrom: null,
    handoffTo: null,
    links: [],
    dialect: '',
    seq: 0,
  };
}

function chain(spans: SpanFact[]): Record<string, string | undefined> {
  const tree = buildTree(spans);
  const { before, after } = orderGenerations(spans, tree, effectiveAgents(spans, tree));
  return Object.fromEntries(
    spans.flatMap((one, index) =>
      one.kind === 'generation'
        ? [[one.spanId, `${spans[before[index]!]?.spanId ?? '-'} ${spans[after[index]!]?.spanId ?? '-'}`]]
        : [],
    ),
  );
}

test('generations of one stay follow each other, also where stays of the same agent run at once', () => {
  const spans = [
    span('lead', null, 'agent', 0, 'Lead'),
    span('l1', 'lead', 'generation', 1),
    span('w1', 'lead', 'agent', 10, 'Worker'),
    span('w2', 'lead', 'agent', 11, 'Worker'),
    span('a1', 'w1', 'generation', 12),
    span('b1', 'w2', 'generation', 13),
    span('a2', 'w1', 'generation', 14),
    span('b2', 'w2', 'generation', 15),
    span('l2', 'lead', 'generation', 90),
  ];
  expect(chain(spans)).toEqual({ l1: '- l2', l2: 'l1 -', a1: '- a2', a2: 'a1 b2', b1: 'a1 b2', b2: 'b1 -' });
  expect(chain([...spans].reverse())).toEqual(chain(spans));
});

test('a model call around others is not one of them, and without times the order of the tree counts', () => {
  const spans = [
    span('agent', null, 'agent', null, 'A'),
    span('outer', 'agent', 'generation', null),
    span('g1', 'outer', 'generation', null),
    { ...span('g2', 'outer', 'generation', null), seq: 1 },
  ];
  expect(chain(spans)).toEqual({ outer: '- -', g1: '- g2', g2: 'g1 -' });
});
