import { expect, test } from 'vitest';
import { countBy, decodeText, fixture } from '../../../../test/formats/decoding.ts';
import { tauBench } from './index.ts';

test('ten airline tasks of four trials, five of them passed', () => {
  const { traces, spans, scores } = decodeText(tauBench, fixture('tau-bench/cut-airline.json.gz'));
  expect(traces).toHaveLength(40);
  expect(new Set(traces.map(({ traceId }) => traceId)).size).toBe(40);
  // Trial 3 of task 3 as well.
  expect(traces.every(({ name }) => /^Task \d, trial \d$/.test(name ?? ''))).toBe(true);
  expect(countBy(traces, ({ metadata }) => JSON.stringify(metadata?.task_id))).toEqual(
    Object.fromEntries(Array.from({ length: 10 }, (_, task) => [String(task), 4])),
  );
  expect(scores.filter(({ name, passed }) => name === 'reward' && passed)).toHaveLength(5);
  expect(spans).toHaveLength(1238);
  expect(countBy(spans, ({ kind, agent }) => `${kind} ${agent}`)).toEqual({
    'custom null': 40,
    'generation Assistant': 579,
    'generation User': 345,
    'tool Assistant': 274,
  });
});

test('what each side reads is what was said since its last turn', () => {
  const { spans } = decodeText(tauBench, fixture('tau-bench/airline-task-6/input.json.gz'));
  const [system, user, assistant] = spans;
  expect(system).toMatchObject({ kind: 'custom', subtype: 'system' });
  expect(user).toMatchObject({ spanId: 'm1', agent: 'User', input: [] });
  expect(assistant?.links).toMatchObject([{ spanId: 'm1' }]);
  expect(assistant?.input).toEqual([...(system?.output ?? []), ...(user?.output ?? [])]);
});

test('tau2: two sides with tools, results in one message, models, costs and times', () => {
  const { traces, spans, scores, issues } = decodeText(tauBench, fixture('tau-bench/hand-tau2/input.json'));
  expect(issues).toEqual([]);
  expect(traces[0]).toMatchObject({
    traceId: 'tau2-bench:4a0f0c5a-0000-4000-8000-000000000001',
    workflow: 'tau2-bench telecom',
    metadata: {
      task_id: 'task_1',
      outcome: 'fail',
      termination_reason: 'user_stop',
      expected_actions: [{ name: 'toggle_data' }],
    },
  });
  expect(spans.map(({ kind, agent, tool, status }) => [kind, agent, tool, status].join(' '))).toEqual([
    'generation Assistant  unset',
    'generation User  unset',
    'generation Assistant  unset',
    'tool Assistant get_line unset',
    'tool Assistant get_plan error',
    'generation Assistant  unset',
    'generation User  unset',
    'tool User toggle_data unset',
    'generation User  unset',
  ]);
  expect(spans[2]).toMatchObject({ model: 'gpt-4.1', cost: 0.004, usage: { input: 1500, output: 31 } });
  expect(spans[1]?.model).toBe('gpt-4.1-mini');
  expect(spans[3]!.end! - spans[3]!.start!).toBe(1_000_000_000n);
  expect(scores.map(({ name, value, passed }) => [name, value, passed])).toEqual([
    ['reward', 0, false],
    ['DB', 1, true],
    ['ACTION', 0, false],
  ]);
});

test('a call without a result is kept, as is a row that is none', () => {
  const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
  const rows = [{ task_id: 1, traj: [{ role: 'assistant', content: null, tool_calls: [call] }] }, 7];
  const { spans, issues } = decodeText(tauBench, JSON.stringify(rows));
  expect(spans.map(({ spanId, tool }) => [spanId, tool])).toEqual([
    ['m0', null],
    ['m0.c0', 'f'],
  ]);
  expect(issues).toHaveLength(1);
});
