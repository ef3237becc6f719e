import { expect, test } from 'vitest';
import { agentsOf, decodeFixture, decodeJson, kindsOf } from '../../../../test/support/format-facts.ts';
import { langsmithRuns } from './index.ts';

const TRACE = '0195f3a0-0000-7000-8000-000000000001';

test('runs: kinds, agents, session, project and tags', () => {
  const { spans, traces, issues } = decodeFixture(langsmithRuns, 'runs');
  expect(kindsOf(spans)).toEqual({ chain: 2, agent: 1, generation: 1, tool: 2, retrieval: 1 });
  expect(agentsOf(spans)).toEqual(['weather_agent']);
  expect(traces).toMatchObject([
    {
      traceId: TRACE,
      sessionId: 'thread-7',
      userId: 'u-1',
      workflow: 'demo-project',
      tags: ['demo'],
    },
  ]);
  expect(issues).toEqual([]);
});

test('runs: a model call, its tool call, a failure and an interrupt', () => {
  const { spans } = decodeFixture(langsmithRuns, 'runs');
  expect(spans[0]).toMatchObject({ usage: null, reportedUsage: { input: 60, output: 12 } });
  expect(spans[2]).toMatchObject({
    model: 'gpt-4o',
    usage: { input: 40, output: 8, cacheRead: 16 },
    input: [{ role: 'system' }, { role: 'user' }],
    output: [
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'call_1', name: 'get_weather', arguments: { city: 'Paris' } }],
      },
    ],
    events: [{ name: 'start' }, { name: 'end' }],
  });
  expect(spans[2]!.end! - spans[2]!.start!).toBe(280_000_000n);
  expect(spans[4]).toMatchObject({
    tool: 'lookup',
    status: 'error',
    error: { type: 'ValueError', message: "ValueError('offline')" },
  });
  expect(spans[5]).toMatchObject({ name: 'ask_human', status: 'unset', error: null });
});

test('runs: feedback becomes scores', () => {
  expect(decodeFixture(langsmithRuns, 'runs').scores).toMatchObject([
    { name: 'correctness', value: 1, spanId: null, explanation: null },
    { name: 'tone', value: null, label: 'friendly', explanation: 'Average of 2 scores.' },
  ]);
});

test('child runs: the tree without trace ids, times as numbers', () => {
  const { spans } = decodeFixture(langsmithRuns, 'child-runs');
  expect(spans.map((span) => [span.name, span.traceId, span.parentId?.at(-1) ?? null])).toEqual([
    ['LangGraph', TRACE, null],
    ['weather_agent', TRACE, '1'],
    ['get_weather', TRACE, '2'],
  ]);
  expect(spans[2]).toMatchObject({ start: 1_743_581_730_310_000_000n, end: 1_743_581_730_400_000_000n });
});

test('a bad line is an issue with its number; parents in a circle end', () => {
  expect(decodeFixture(langsmithRuns, 'run-lines').issues.map((issue) => issue.message)).toEqual([
    'Line 8 is not a run.',
  ]);
  const run = (id: string, parent: string): object => ({ id, parent_run_id: parent, run_type: 'chain', inputs: {} });
  const { spans } = decodeJson(langsmithRuns, [run('a', 'b'), run('b', 'a')]);
  expect(spans.length).toBe(2);
});
