import { expect, test } from 'vitest';
import { countBy, decodeText, fixture } from '../../../../test/formats/decoding.ts';
import { claudeCode } from './index.ts';

const read = (name: string) => decodeText(claudeCode, fixture(`claude-code/${name}`));

test('the files of a session meet: the sub-agent hangs below the call that started it', () => {
  const main = read('session-with-sub-agent/input.jsonl');
  const sub = read('sub-agent-file/input.jsonl.gz');
  const traceId = 'claude-code:29ccd257-68b1-427f-ae5f-6524b7cb6f20';
  expect([...main.spans, ...sub.spans].every((span) => span.traceId === traceId)).toBe(true);
  const agent = main.spans.find(({ spanId }) => spanId === 'agent:a2271d1');
  expect(agent).toMatchObject({ kind: 'agent', agent: 'Explore', parentId: 'toolu_01SXaWzD5YZ73zGwchbcxeWi' });
  expect(agent?.end).not.toBeNull();
  // The file of the sub-agent knows less: without an end, its word about the agent gives way.
  const alone = sub.spans.find(({ spanId }) => spanId === 'agent:a2271d1');
  expect(alone).toMatchObject({ kind: 'agent', end: null, parentId: null });
  const children = sub.spans.filter((span) => span !== alone);
  expect(children.every(({ parentId }) => parentId === 'agent:a2271d1')).toBe(true);
  expect(countBy(children, ({ kind }) => kind)).toMatchObject({ tool: 24 });
  // Only the file of the session speaks about the trace.
  expect(sub.traces).toEqual([]);
  expect(main.traces).toMatchObject([
    { traceId, sessionId: '29ccd257-68b1-427f-ae5f-6524b7cb6f20', workflow: 'Claude Code' },
  ]);
});

test('an answer that spans several lines is one model call, with its usage counted once', () => {
  const { spans } = read('sub-agent-file/input.jsonl.gz');
  const first = spans.find(({ spanId }) => spanId === 'msg_01Ke9FMkCuiKNcckLtd5oEnE');
  expect(first?.output[0]).toMatchObject({ parts: [{ type: 'text' }, { type: 'tool_call' }, { type: 'tool_call' }] });
  expect(first?.usage).toMatchObject({ input: 11_660, cacheWrite: 11_658, cacheRead: 0 });
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
});

test('tools are joined with their results, failures are failures', () => {
  const { spans } = read('session-f852ad25/input.jsonl.gz');
  const tools = spans.filter(({ kind }) => kind === 'tool');
  expect(tools.every(({ output, end }) => output.length === 1 && end !== null)).toBe(true);
  expect(spans.every(({ start, end }) => start === null || end === null || start <= end)).toBe(true);
  const edge = read('edge-cases/input.jsonl.gz');
  expect(edge.spans.find(({ tool }) => tool === 'FailingTool')).toMatchObject({
    status: 'error',
    error: { message: 'Error: Tool execution failed with error: Command not found' },
  });
  expect(edge.issues.map(({ message }) => /Line (\d+)/.exec(message)?.[1])).toHaveLength(5);
});

test('a sidechain in the file of the session hangs below the call with its prompt', () => {
  const { spans } = read('sidechain-in-file/input.jsonl.gz');
  const agent = spans.find(({ subtype }) => subtype === 'sub-agent');
  expect(agent?.parentId).toBe('toolu_01VJzVGXqdaUe6AYX6CAJUHz');
  expect(spans.filter(({ parentId }) => parentId === agent?.spanId)).toHaveLength(5);
});

test('both branches of a fork are there, and so is a prompt that nobody answered', () => {
  const { spans } = read('fork/input.jsonl');
  expect(spans.map(({ spanId }) => spanId)).toEqual(['session', 'b', 'e', 'f', 'e_prime']);
  expect(spans.at(-1)?.input).toMatchObject([{ role: 'user', parts: [{ content: 'Branch 2 start' }] }]);
});

test('sessions in one file are traces of their own; other lines are events of the session', () => {
  expect(read('resumed/input.jsonl').traces.map(({ traceId }) => traceId)).toEqual([
    'claude-code:s1',
    'claude-code:s2',
  ]);
  const { spans } = read('hooks/input.jsonl');
  expect(spans[0]?.events.map(({ name }) => name)).toContain('attachment');
});

test('a line that is cut is an issue with its number, and the rest is read', () => {
  const text = new TextDecoder().decode(fixture('claude-code/fork/input.jsonl'));
  const { spans, issues } = decodeText(claudeCode, `${text.trim()}\n{"type":"user","mess`);
  expect(spans).toHaveLength(5);
  expect(issues.map(({ message }) => message)).toEqual(['Line 9 is not JSON.']);
});
