import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { countBy, decodeText, fixture } from '../../../../test/formats/decoding.ts';
import { agentRx } from './index.ts';

/** All 100 rows of the published log; the messages' texts are cut to 60 characters. */
const FULL = 'agentrx/cut-full.json.gz';
const TRUTH = 'agentrx/ground-truth/input.json.gz';

test('the ground truth says what its authors published', () => {
  const { annotations, issues, spans } = decodeText(agentRx, fixture(TRUTH));
  const steps = annotations.map(({ extra }) => Number(extra.step_number));
  const lines = annotations.map(({ traceId, extra, agent, category }) => {
    const { failure_id, step_number } = extra as { failure_id: number; step_number: number };
    return [traceId.slice('agentrx:'.length), failure_id, step_number, agent, category].join('|');
  });
  expect(issues).toEqual([]);
  expect(spans).toEqual([]);
  expect(new Set(annotations.map(({ traceId }) => traceId)).size).toBe(29);
  expect(annotations).toHaveLength(39);
  expect(annotations.filter(({ isRootCause }) => isRootCause)).toHaveLength(29);
  expect(countBy(annotations, ({ agent }) => agent ?? '')).toEqual({ Assistant: 29, User: 10 });
  expect(Object.values(countBy(annotations, ({ category }) => category ?? '')).sort((a, b) => b - a)).toEqual([
    10, 8, 8, 6, 4, 2, 1,
  ]);
  expect(steps.reduce((sum, step) => sum + step, 0)).toBe(1016);
  expect(createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 16)).toBe('e6f7e87df76646ee');
  expect(annotations.every(({ target, extra }) => target.id === `m${Number(extra.step_number) - 1}`)).toBe(true);
});

test('the logs hold what was counted in them', () => {
  const { traces, spans, scores, issues } = decodeText(agentRx, fixture(FULL));
  const tools = spans.filter(({ kind }) => kind === 'tool');
  const rewards = scores.filter(({ name }) => name === 'reward');
  expect(issues).toEqual([]);
  expect(traces).toHaveLength(100);
  expect(countBy(rewards, ({ passed }) => String(passed))).toEqual({ true: 73, false: 27 });
  expect(spans).toHaveLength(3036);
  expect(tools).toHaveLength(793);
  expect(tools.filter(({ status }) => status === 'error')).toHaveLength(34);
  expect(tools.every(({ input, toolCallId }) => input.length === 1 && toolCallId !== null)).toBe(true);
  // `think` answers nothing.
  expect(tools.every(({ output, tool }) => output.length === (tool === 'think' ? 0 : 1))).toBe(true);
  expect(countBy(spans, ({ kind, agent, subtype }) => [kind, agent, subtype].join(' '))).toEqual({
    'custom  system': 100,
    'generation Assistant ': 1418,
    'generation User ': 725,
    'tool Assistant ': 793,
  });
});

test('labels and logs of a trajectory meet at its id and at the span of the step', () => {
  const logs = decodeText(agentRx, fixture('agentrx/logs-2/input.json.gz'));
  const truth = decodeText(agentRx, fixture(TRUTH));
  const ids = new Set(logs.traces.map(({ traceId }) => traceId));
  expect([...ids]).toEqual(['agentrx:2', 'agentrx:3']);
  const about = truth.annotations.filter(({ traceId }) => ids.has(traceId));
  expect(about).toHaveLength(4);
  for (const { traceId, target, agent } of about) {
    const span = logs.spans.find((each) => each.traceId === traceId && each.spanId === target.id);
    expect(span).toMatchObject({ kind: 'generation', agent });
  }
  expect(logs.traces[0]?.metadata).toMatchObject({ task_id: 2, outcome: 'fail', expected_outputs: ['10'] });
});

test('ids and steps as text, ids without a step and trajectories without failures are kept', () => {
  const truth = [
    {
      trajectory_id: 'a/1',
      failures: [
        { failure_id: 1, step_number: '3', failure_category: 'X', failed_agent: 'Websurfer' },
        { failure_id: 2, step_number: 'last', failure_category: 'Y' },
        'odd',
      ],
      root_cause: { failure_id: '1', reason_for_root_cause: 'because' },
    },
    { trajectory_id: 'a/2', failures: [], failure_summary: 'none' },
  ];
  const { annotations, issues } = decodeText(agentRx, JSON.stringify(truth));
  expect(annotations.map(({ target, isRootCause, agent }) => [target.id, isRootCause, agent])).toEqual([
    ['m2', true, 'Websurfer'],
    [null, false, null],
    [null, false, null],
  ]);
  expect(annotations[2]).toMatchObject({ traceId: 'agentrx:a/2', note: 'none' });
  expect(issues.map(({ code }) => code)).toEqual(['invalid_item', 'invalid_item']);
});
