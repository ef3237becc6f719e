import { expect, test } from 'vitest';
import { agentsOf, decodeFixture, kindsOf } from '../../../../test/support/format-facts.ts';
import { adkSessions } from './index.ts';

test('session-transfer: answers of six agents in their order, and who passed control to whom', () => {
  const { spans, traces } = decodeFixture(adkSessions, 'session-transfer');
  expect(traces).toMatchObject([
    {
      sessionId: '683bcc98-7359-4b65-9cdb-307f85ae62c0',
      metadata: { task: 'Research on the factors that affect floods in Florida. ' },
    },
  ]);
  expect(kindsOf(spans)).toEqual({ chain: 1, generation: 6, handoff: 2 });
  expect(agentsOf(spans)).toEqual([
    'spark_assistant',
    'research_plan_agent',
    'question_generation_agent',
    'information_retrieval_agent',
    'summary_agent',
  ]);
  expect(spans.flatMap((span) => (span.handoff ? [span.handoff] : []))).toEqual([
    { from: 'spark_assistant', to: 'research_assistant' },
    { from: 'spark_assistant', to: 'spark_assistant' },
  ]);
  expect(spans[0]!.start).toBe(1_734_292_270_899_412_000n);
});

test('session-tools: a trace for each invocation; models, usage and prompts out of the logs of events', () => {
  const { spans, traces } = decodeFixture(adkSessions, 'session-tools');
  expect(traces.map((trace) => trace.traceId)).toEqual([
    'adk:ead43200-b575-4241-9248-233b4be4f29a:6BGrtKJu',
    'adk:ead43200-b575-4241-9248-233b4be4f29a:M3dUcVa8',
  ]);
  const models = spans.filter((span) => span.kind === 'generation');
  expect(models.map((span) => [span.model, span.usage?.input, span.usage?.output])).toEqual([
    ['gemini-1.5-flash-001', 32, 13],
    ['gemini-1.5-flash-001', 94, 32],
    ['gemini-1.5-flash-001', 129, 14],
  ]);
  expect(models[0]?.input[0]).toMatchObject({ role: 'system' });
  expect(spans.find((span) => span.kind === 'tool')).toMatchObject({
    tool: 'update_fc',
    agent: 'root_agent',
    status: 'unset',
  });
});

test('session-camel: the names of today, parallel calls joined by id, thoughts counted as output', () => {
  const { spans } = decodeFixture(adkSessions, 'session-camel');
  expect(spans.map((span) => span.spanId)).not.toContain('e6');
  expect(spans.find((span) => span.spanId === 'e2')).toMatchObject({
    model: 'gemini-2.5',
    usage: { input: 50, output: 12, reasoning: 7 },
  });
  expect(spans.filter((span) => span.kind === 'handoff')).toMatchObject([
    { handoff: { from: 'triage', to: 'billing' } },
  ]);
  expect(
    spans.filter((span) => span.kind === 'tool').map((span) => [span.tool, span.status, span.error?.message ?? null]),
  ).toEqual([
    ['refund', 'unset', null],
    ['notify', 'error', 'mail is down'],
  ]);
  expect(spans.at(-1)).toMatchObject({ status: 'error', error: { type: 'RESOURCE_EXHAUSTED', message: 'quota' } });
});

test.each(['evalset', 'evalset-old', 'session-empty'])('%s: nothing but an issue that says why', (name) => {
  expect(decodeFixture(adkSessions, name).records).toMatchObject([{ type: 'issue', severity: 'info' }]);
});

test('eval-result: what the evaluation ran, with its scores', () => {
  const { scores, spans } = decodeFixture(adkSessions, 'eval-result');
  expect(scores).toMatchObject([
    { traceId: 'adk:s1:inv-1', name: 'tool_trajectory_avg_score', value: 0.5, passed: false },
  ]);
  expect(spans.length).toBe(3);
});
