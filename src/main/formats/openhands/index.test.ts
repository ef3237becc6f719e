import { expect, test } from 'vitest';
import { decodeText, fixture } from '../../../../test/formats/decoding.ts';
import { openHands } from './index.ts';

test('actions are model calls and tool calls, joined with what they caused', () => {
  const { traces, spans } = decodeText(openHands, fixture('openhands/hand-trajectory/input.json'));
  expect(traces[0]).toMatchObject({ name: 'Fix the bug in a.py', workflow: 'OpenHands' });
  expect(
    spans.map(({ spanId, parentId, kind, name, status }) => [spanId, parentId, kind, name, status].join(' ')),
  ).toEqual([
    'run  agent agent unset',
    // Two calls of one answer are one model call.
    'e3.model run generation claude-3-5-sonnet-20241022 unset',
    'e3 run tool execute_bash ok',
    'e5 run tool execute_bash error',
    'e7.model run generation generation unset',
    'e7 run tool delegate ok',
    'e7.agent e7 agent BrowsingAgent unset',
    'e8.model e7.agent generation generation unset',
    'e8 e7.agent tool browse_interactive ok',
    'e11.model run generation generation unset',
    'e11 run tool edit error',
    'e13.model run generation generation unset',
  ]);
  expect(spans[1]).toMatchObject({ usage: { input: 3000, output: 80, cacheRead: 2000 } });
  expect(spans[1]?.output[0]).toMatchObject({
    parts: [{ type: 'text' }, { type: 'tool_call' }, { type: 'tool_call' }],
  });
  expect(spans[1]?.input).toMatchObject([{ role: 'system' }, { role: 'user' }]);
  expect(spans[2]).toMatchObject({ toolCallId: 'toolu_1', end: spans[2]!.start! + 1_000_000_000n });
  expect(spans[0]).toMatchObject({ cost: 0.031, events: [{ name: 'agent_state_changed' }] });
});

test('rows of an evaluation are traces with their verdict, also as pairs, also failed', () => {
  const { traces, spans, scores } = decodeText(openHands, fixture('openhands/hand-evaluation/input.jsonl'));
  expect(traces.map(({ name }) => name)).toEqual(['django__django-1', 'django__django-2']);
  expect(scores).toMatchObject([{ name: 'resolved', passed: true, traceId: traces[0]?.traceId }]);
  expect(spans.filter(({ kind }) => kind === 'agent')).toMatchObject([
    { agent: 'CodeActAgent', cost: 0.5, status: 'unset' },
    { agent: 'CodeActAgent', status: 'error', error: { message: 'RuntimeError: boom' } },
  ]);
  expect(spans.at(-1)).toMatchObject({ kind: 'custom', subtype: 'user' });
});

test('events of the SDK', () => {
  const { spans } = decodeText(openHands, fixture('openhands/hand-sdk/input.jsonl'));
  expect(spans.map(({ kind, tool, status }) => [kind, tool, status].join(' '))).toEqual([
    'agent  unset',
    'generation  unset',
    'tool terminal ok',
    'generation  unset',
    'tool nope error',
    'generation  unset',
  ]);
  expect(spans[2]).toMatchObject({ input: [{ value: { command: 'echo hello' } }], output: [{ text: 'hello' }] });
  expect(spans[1]?.output[0]).toMatchObject({
    parts: [{ type: 'reasoning' }, { type: 'text' }, { type: 'tool_call' }],
  });
});
