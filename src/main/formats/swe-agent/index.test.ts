import { expect, test } from 'vitest';
import { countBy, decodeText, fixture } from '../../../../test/formats/decoding.ts';
import { sweAgent } from './index.ts';

const read = (name: string) => decodeText(sweAgent, fixture(`swe-agent/${name}/input.json.gz`), `set/${name}.traj`);

test('a step is a model call and the action that it asked for', () => {
  const { traces, spans } = read('test-repo-1c2844');
  expect(countBy(spans, ({ kind }) => kind)).toEqual({ agent: 1, generation: 5, tool: 5 });
  expect(spans.filter(({ kind }) => kind === 'tool').map(({ tool }) => tool)).toEqual([
    'find_file',
    'open',
    'edit',
    'bash',
    'submit',
  ]);
  expect(spans[0]).toMatchObject({
    agent: 'main',
    status: 'ok',
    reportedUsage: { input: 7141, output: 243 },
    attributes: { exit_status: 'submitted' },
  });
  expect(spans[0]?.cost).toBeCloseTo(0.01952);
  expect(spans[2]).toMatchObject({
    toolCallId: 'call_fJuazlMUN5fQDQ73G6XSpYpx',
    output: [{ text: expect.stringMatching(/^Found 1 matches/) as string }],
    attributes: { execution_time: expect.any(Number) as number },
  });
  expect(traces[0]).toMatchObject({ name: 'SWE-agent__test-repo-i1', metadata: { outcome: 'submitted' } });
  expect(spans.every(({ start, end }) => start === null && end === null)).toBe(true);
});

test('what a model call read is what was said since the last, without what only the steps say', () => {
  const { spans } = read('marshmallow-1867');
  const calls = spans.filter(({ kind }) => kind === 'generation');
  expect(calls).toHaveLength(11);
  expect(calls.map(({ input }) => input.length)).toEqual([2, ...Array<number>(10).fill(1)]);
  expect(calls[1]?.input[0]).toMatchObject({ role: 'tool' });
});

test('a demonstration without steps is read from its messages; the file’s name is the problem', () => {
  const { traces, spans } = read('demonstration-without-steps');
  expect(countBy(spans, ({ kind }) => kind)).toEqual({ agent: 1, generation: 5, tool: 5 });
  expect(spans.filter(({ kind }) => kind === 'tool').every(({ output }) => output.length === 1)).toBe(true);
  expect(traces[0]?.name).toBe('demonstration-without-steps');
});

test('a run that ended in an error says so, and an odd step is an issue', () => {
  const run = {
    trajectory: [{ action: 'ls', observation: '', response: 'r' }, 3],
    history: [],
    info: { exit_status: 'exit_cost' },
  };
  const { spans, issues } = decodeText(sweAgent, JSON.stringify(run));
  expect(spans[0]).toMatchObject({ status: 'error', error: { message: 'exit_cost' } });
  expect(spans).toHaveLength(3);
  expect(issues).toHaveLength(1);
});
