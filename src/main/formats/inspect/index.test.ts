import { expect, test } from 'vitest';
import {
  agentsOf,
  decodeBytes,
  decodeFixture,
  decodeJson,
  fixtureBytes,
  kindsOf,
} from '../../../../test/support/format-facts.ts';
import { inspectLogs } from './index.ts';

test('eval-tools: the tree of spans, tool calls with what ran inside them, pooled messages', () => {
  const { spans, traces, scores, issues } = decodeFixture(inspectLogs, 'eval-tools');
  expect(kindsOf(spans)).toEqual({ chain: 11, generation: 6, tool: 5, custom: 5, evaluator: 2 });
  const bash = spans.filter((span) => span.kind === 'tool');
  expect(bash.map((span) => [span.tool, span.toolCallId])).toEqual(
    [0, 1, 2, 3, 4].map((at) => ['bash', `hardcoded_${at}`]),
  );
  expect(bash[0]).toMatchObject({ input: [{ value: { cmd: 'ls' } }], output: [{ kind: 'text' }] });
  const inside = spans.filter((span) => span.parentId === bash[0]?.spanId);
  expect(inside.map((span) => [span.kind, span.subtype])).toEqual([['chain', 'tool']]);
  expect(spans.filter((span) => span.parentId === inside[0]?.spanId).map((span) => span.subtype)).toEqual(['sandbox']);
  expect(spans.filter((span) => span.kind === 'generation').map((span) => span.input.length)).toEqual([
    1, 3, 5, 7, 9, 11,
  ]);
  expect(scores).toMatchObject([{ name: 'closeness_log', value: 0, spanId: null }]);
  expect(traces).toMatchObject([
    {
      traceId: 'inspect:gsM63GyMBKgA3p4sHAMAfG:0:1',
      workflow: 'inspect_test_utils/guess_number',
      metadata: { task: 'Guess the number', target: '42.7', outcome: 'done' },
    },
  ]);
  expect(issues).toEqual([]);
});

test('eval-epochs: each sample and epoch is a trace, scored with a letter', () => {
  const { traces, scores } = decodeFixture(inspectLogs, 'eval-epochs');
  expect(traces.map((trace) => trace.name).sort()).toEqual([
    'popularity 1',
    'popularity 1 (epoch 2)',
    'popularity 2',
    'popularity 2 (epoch 2)',
  ]);
  expect(scores.map((score) => [score.name, score.label, score.value, score.passed])).toEqual([
    ['match', 'C', 1, true],
    ['match', 'C', 1, true],
    ['match', 'I', 0, false],
    ['match', 'C', 1, true],
  ]);
});

test('json-steps: steps before there were spans, attachments put back', () => {
  const { spans, scores } = decodeFixture(inspectLogs, 'json-steps');
  expect(spans.map((span) => [span.kind, span.name])).toEqual([
    ['chain', 'input_task 1'],
    ['chain', 'input_solver'],
    ['chain', 'generate'],
    ['generation', 'openai/gpt-4o-mini'],
    ['evaluator', 'model_graded_fact'],
    ['generation', 'openai/gpt-4o-mini'],
    ['evaluator', 'score'],
  ]);
  expect(spans[3]).toMatchObject({ parentId: spans[2]?.spanId, usage: { input: 53, output: 46 } });
  expect(JSON.stringify([spans[3]?.input, spans[3]?.output])).not.toContain('attachment://');
  expect(scores).toMatchObject([{ name: 'model_graded_fact', label: 'C', passed: true }]);
});

test('json-spans: three samples; times of model calls are those of the log', () => {
  const { spans, traces } = decodeFixture(inspectLogs, 'json-spans');
  expect(traces.length).toBe(3);
  const call = spans.find((span) => span.kind === 'generation');
  expect(call).toMatchObject({ start: 1_747_096_106_849_005_000n, usage: { input: 61, output: 17 }, status: 'unset' });
  expect(call?.input.map((item) => (item.kind === 'message' ? item.role : ''))).toEqual(['system', 'user']);
});

test('json-messages: a sample without events is read from its messages, without times', () => {
  const { spans } = decodeFixture(inspectLogs, 'json-messages');
  expect(kindsOf(spans)).toEqual({ chain: 1, tool: 11 });
  expect(spans.slice(1).every((span) => span.status === 'error' && span.start === null)).toBe(true);
  expect(spans.map((span) => span.error?.type ?? null)).toContain('timeout');
});

test('a log without samples says so; NaN is no obstacle', () => {
  expect(decodeFixture(inspectLogs, 'json-nan').records).toMatchObject([{ type: 'issue', severity: 'info' }]);
});

test('agents: spans of type agent, and agents inside tool calls', () => {
  const branches = decodeFixture(inspectLogs, 'events-branch-explicit').spans;
  expect(agentsOf(branches)).toEqual(['orchestrator']);
  expect(branches.filter((span) => span.subtype === 'branch').length).toBe(2);
  const nested = decodeFixture(inspectLogs, 'events-nested-tool-agents').spans;
  expect(agentsOf(nested)).toEqual(['outer_agent', 'inner_agent']);
  const inner = nested.find((span) => span.agent === 'inner_agent');
  expect(inner?.parentId).toBe('e-002b');
  expect(nested.find((span) => span.spanId === 'e-002b1')?.parentId).toBe(inner?.spanId);
});

test('an archive that was cut keeps the samples that are whole', () => {
  const bytes = fixtureBytes('inspect', 'eval-epochs');
  const { traces, issues } = decodeBytes(inspectLogs, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
  expect(traces.length).toBeGreaterThan(0);
  expect(issues[0]?.message).toContain('no directory');
});

test('handoffs, failed tools, scores of several values', () => {
  const sample = {
    id: 1,
    epoch: 1,
    input: 'x',
    target: '',
    messages: [],
    scores: { s: { value: { a: 1, b: 'I' } } },
    events: [
      {
        event: 'tool',
        timestamp: '2025-01-01T00:00:00Z',
        completed: '2025-01-01T00:00:01Z',
        id: 'c',
        function: 'transfer_to_bob',
        agent: 'bob',
        arguments: {},
        result: '',
      },
      {
        event: 'tool',
        timestamp: '2025-01-01T00:00:02Z',
        id: 'd',
        function: 'f',
        arguments: {},
        error: { type: 'timeout', message: 'slow' },
      },
      { event: 'state', timestamp: '2025-01-01T00:00:03Z', changes: [] },
      7,
    ],
  };
  const { spans, scores, issues } = decodeJson(inspectLogs, sample);
  expect(spans[1]).toMatchObject({ kind: 'handoff', handoff: { from: null, to: 'bob' }, toolCallId: 'c' });
  expect(spans[2]).toMatchObject({ kind: 'tool', status: 'error', error: { type: 'timeout', message: 'slow' } });
  expect(spans[0]?.events.map((event) => event.name)).toEqual(['state']);
  expect(scores.map((score) => [score.name, score.value, score.passed])).toEqual([
    ['s/a', 1, null],
    ['s/b', 0, false],
  ]);
  expect(issues.length).toBe(1);
});
