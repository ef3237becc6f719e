import { expect, test } from 'vitest';
import type { ConversationEntry } from '#shared/graph.ts';
import type { ContentView } from '#shared/trace.ts';
import { foldSeen } from './fold-seen.ts';

const view = (key: number): ContentView => ({ key, size: 1, item: null, preview: '' });

function entry(
  spanId: string,
  kind: ConversationEntry['kind'],
  input: number[],
  output: number[],
  repeated = 0,
): ConversationEntry {
  return {
    spanId,
    agent: null,
    kind,
    name: '',
    depth: 0,
    startNs: null,
    status: 'ok',
    error: null,
    input: input.map(view),
    repeated,
    output: output.map(view),
  };
}

test('an agent that takes over shows only what is new to the reader', () => {
  const folded = foldSeen([entry('a', 'generation', [1, 2], [3]), entry('b', 'generation', [9, 2, 3, 4], [5], 1)]);
  expect(folded.get('a')).toEqual({ input: [view(1), view(2)], repeated: 0 });
  expect(folded.get('b')).toEqual({ input: [view(9), view(4)], repeated: 3 });
});

test('equal arguments of two tool calls are both shown', () => {
  const folded = foldSeen([entry('a', 'tool', [1], [2]), entry('b', 'tool', [1], [2])]);
  expect(folded.get('b')).toEqual({ input: [view(1)], repeated: 0 });
});
