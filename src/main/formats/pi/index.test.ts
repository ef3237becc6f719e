import { expect, test } from 'vitest';
import { decodeText, fixture } from '../../../../test/formats/decoding.ts';
import { pi } from './index.ts';

test('a session: model calls, parallel tools joined by id, a branch, an error, a shell command', () => {
  const { traces, spans, issues } = decodeText(pi, fixture('pi/hand-session/input.jsonl'));
  expect(issues).toEqual([]);
  expect(traces[0]).toMatchObject({
    traceId: 'pi:7f3c9a52-1111-4222-8333-444455556666',
    name: 'Missing file',
    metadata: { task: 'Read a.py and b.py', cwd: '/src/app' },
  });
  expect(spans.map(({ spanId, kind, name, status }) => [spanId, kind, name, status].join(' '))).toEqual([
    'session agent pi unset',
    'a1 generation claude-sonnet-4-5 unset',
    'a1.2 tool read ok',
    'a1.3 tool read error',
    'a2 generation claude-sonnet-4-5 unset',
    'line-9 custom user unset',
    'a3 generation claude-sonnet-4-5 error',
    'b1 tool bash ok',
    'line-13 custom user unset',
  ]);
  expect(spans[1]).toMatchObject({
    cost: 0.0123,
    usage: { input: 2310, output: 60, cacheRead: 2000, cacheWrite: 300 },
  });
  expect(spans[2]).toMatchObject({
    toolCallId: 'tc1',
    input: [{ value: { path: 'a.py' } }],
    output: [{ text: 'print(1)' }],
  });
  expect(spans[3]?.error?.message).toBe('ENOENT');
  // The abandoned branch is no input of the one that went on.
  expect(spans[5]?.output).toMatchObject([{ parts: [{ content: 'Create it' }] }]);
  expect(spans[6]?.input).toMatchObject([{ parts: [{ content: 'Forget it' }] }]);
  expect(spans[0]?.events.map(({ name }) => name)).toEqual(['model_change']);
});
