import { expect, test } from 'vitest';
import { decodeText, fixture } from '../../../../test/formats/decoding.ts';
import { codex } from './index.ts';

const SESSION = '019c0000-0000-7000-8000-0000000000aa';

test('what the model wrote until it read again is one answer, with its tokens counted once', () => {
  const { traces, spans } = decodeText(codex, fixture('codex/hand-session/input.jsonl'));
  expect(traces).toMatchObject([{ traceId: `codex:${SESSION}`, name: 'List the files', sessionId: SESSION }]);
  expect(spans.map(({ kind, name, status }) => [kind, name, status].join(' '))).toEqual([
    'agent codex unset',
    'generation gpt-5.2-codex unset',
    'tool exec_command ok',
    'tool apply_patch error',
    'generation gpt-5.2-codex unset',
    'custom user unset',
  ]);
  const [root, first, exec, patch, second] = spans;
  expect(first?.usage).toEqual({ input: 1000, output: 50, cacheRead: 600, cacheWrite: null, reasoning: 20 });
  expect(second?.usage).toMatchObject({ input: 1100, output: 20 });
  expect(first?.input.map((item) => item.kind === 'message' && item.role)).toEqual([
    'system',
    'developer',
    'user',
    'user',
  ]);
  expect(first?.output).toHaveLength(3);
  expect(first!.end! - first!.start!).toBe(3_000_000_000n);
  expect(exec).toMatchObject({
    toolCallId: 'call_1',
    input: [{ value: { cmd: 'ls' } }],
    attributes: { exec_command_end: { exit_code: 0 } },
  });
  expect(patch?.error).toMatchObject({ type: 'exit code 1', message: 'patch failed' });
  expect(root?.events.map(({ name }) => name)).toEqual([
    'task_started',
    'turn_context',
    'task_complete',
    'turn_aborted',
  ]);
});

test('the session of a sub-agent joins the trace of the session that spawned it', () => {
  const { traces, spans } = decodeText(codex, fixture('codex/hand-sub-agent/input.jsonl'));
  expect(traces).toEqual([]);
  expect(spans[0]).toMatchObject({ traceId: `codex:${SESSION}`, parentId: `thread:${SESSION}`, agent: 'Robie' });
  expect(spans[1]?.parentId).toBe(spans[0]?.spanId);
});

test('old files hold bare items without times', () => {
  const { spans, issues } = decodeText(codex, fixture('codex/hand-bare/input.jsonl'));
  expect(issues).toEqual([]);
  expect(spans.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'agent codex',
    'generation generation',
    'tool local_shell',
    'generation generation',
  ]);
  expect(spans[2]).toMatchObject({ output: [{ text: 'a\n' }] });
  expect(spans.slice(1).every(({ start, end }) => start === null && end === null)).toBe(true);
});
