import { expect, test } from 'vitest';
import type { SpanColumns } from '#shared/trace.ts';
import { graphNode } from '../../../charts/graph/testing.ts';
import { nodeOfSpan, nodesBySpan } from './node-of-span.ts';

const proof = nodesBySpan({
  nodes: [
    graphNode('agent:A', { spanIds: ['a', 't'] }),
    graphNode('tool:x', { spanIds: ['t'] }),
    graphNode('user', { spanIds: ['a'] }),
  ],
  edges: [],
});

function columns(ids: readonly string[], parent: readonly number[]): SpanColumns {
  return { count: ids.length, ids, parent: Int32Array.from(parent) } as unknown as SpanColumns;
}

test('a span is of the agent that it proves, before its tool', () => {
  expect(nodeOfSpan('a', proof, null)).toBe('agent:A');
  expect(nodeOfSpan('t', proof, null)).toBe('agent:A');
});

test('a span that proves nothing is of the nearest one around it', () => {
  expect(nodeOfSpan('g', proof, columns(['root', 'a', 'turn', 'g'], [-1, 0, 1, 2]))).toBe('agent:A');
  expect(nodeOfSpan('root', proof, columns(['root', 'a'], [-1, 0]))).toBeNull();
});

test('unknown spans and broken parents end the search', () => {
  expect(nodeOfSpan('nowhere', proof, columns(['a'], [-1]))).toBeNull();
  expect(nodeOfSpan('x', proof, columns(['x', 'y'], [1, 0]))).toBeNull();
});
