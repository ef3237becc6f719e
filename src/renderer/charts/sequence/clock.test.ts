import { expect, test } from 'vitest';
import { SEQUENCE_KINDS, type Sequence } from '#shared/sequence.ts';
import { messageClock, rowAtCursor } from './clock.ts';

function sequenceOf(messages: readonly (readonly [kind: string, span: string, time: number])[]): Sequence {
  const spanIds = [...new Set(messages.map(([, span]) => span))];
  return {
    count: messages.length,
    kind: Uint8Array.from(messages, ([kind]) => SEQUENCE_KINDS.findIndex((one) => one === kind)),
    span: Uint32Array.from(messages, ([, span]) => spanIds.indexOf(span)),
    time: Float64Array.from(messages, ([, , time]) => time),
    spanIds,
  } as unknown as Sequence;
}

test('messages happen in their order, those without a time with the one before', () => {
  const clock = messageClock(
    sequenceOf([
      ['message', 'a', -5],
      ['tool_call', 'b', 10],
      ['tool_result', 'b', 8],
      ['handoff', 'c', NaN],
    ]),
    null,
  );
  expect([...clock]).toEqual([-5, 10, 10, 10]);
  const rows = { message: Int32Array.of(0, 1, 3), depth: new Uint16Array(3), frames: [] };
  expect([-6, -5, 9.9, 10, 1e9].map((cursor) => rowAtCursor(clock, rows, cursor))).toEqual([-1, 0, 0, 2, 2]);
});

test('without times, a call happens at its step and its answer after the last step inside', () => {
  const rows: Readonly<Record<string, readonly [number, number]>> = { a: [0, 4], b: [1, 3] };
  const steps = { start: (id: string) => rows[id]![0], end: (id: string) => rows[id]![1] };
  const sequence = sequenceOf([
    ['message', 'a', NaN],
    ['agent_call', 'b', NaN],
    ['return', 'b', NaN],
    ['return', 'a', NaN],
  ]);
  expect([...messageClock(sequence, steps)]).toEqual([0, 1, 2.5, 3.5]);
});
