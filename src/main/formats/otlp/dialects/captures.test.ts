/** What real clients sent, against what their scripted scenario did. */
import { expect, test } from 'vitest';
import { loadOtlpFixture } from '../../../../../test/support/otlp.ts';
import type { SpanRecord, TraceRecord } from '#shared/record.ts';
import { decodeJson } from '../json.ts';
import { createMerger } from '../merge.ts';
import { decodeProtobuf } from '../protobuf.ts';
import { compile } from '../table.ts';
import { DIALECTS } from './registry.ts';

function decodeFixtures(...names: readonly string[]): { spans: SpanRecord[]; traces: TraceRecord[] } {
  const merger = createMerger(compile(DIALECTS));
  for (const name of names) {
    const { bytes, encoding } = loadOtlpFixture(name);
    const read = encoding === 'json' ? decodeJson : decodeProtobuf;
    expect(read(bytes, merger.add)).toEqual({ ok: true, value: [] });
  }
  const records = merger.records();
  return {
    spans: records.filter((record) => record.type === 'span'),
    traces: records.filter((record) => record.type === 'trace'),
  };
}

function agents(spans: readonly SpanRecord[]): string[] {
  return [...new Set(spans.flatMap((span) => span.agent ?? []))].sort();
}

function ofKind(spans: readonly SpanRecord[], kind: SpanRecord['kind']): SpanRecord[] {
  return spans.filter((span) => span.kind === kind).sort((a, b) => Number((a.start ?? 0n) - (b.start ?? 0n)));
}

function calls(spans: readonly SpanRecord[]): [string | null, string | null, string][] {
  return ofKind(spans, 'tool').map(({ tool, toolCallId, status }) => [tool, toolCallId, status]);
}

const LOOP = [
  ['get_weather', 'call_1', 'unset'],
  ['lookup_order', 'call_2', 'error'],
];

test.each([
  ['aisdk6', 'aisdk_legacy'],
  ['aisdk7', 'aisdk_v7'],
])('%s: an agent loop, a stream, a failing model, another agent', (name, dialect) => {
  const { spans, traces } = decodeFixtures(name);
  expect(new Set(spans.map((span) => span.origin.dialect))).toEqual(new Set([dialect]));
  expect(traces.length).toBe(4);
  expect(agents(spans)).toEqual(['chat-stream', 'failing', 'support-agent', 'weather-agent']);
  expect(ofKind(spans, 'agent').length).toBe(4);
  expect(ofKind(spans, 'generation').length).toBe(8);
  expect(calls(spans)).toEqual([...LOOP, ...LOOP]);
  // The failing tool is an error of its own span, the failing model of every span around it.
  const failing = spans.filter((span) => span.status === 'error');
  expect(new Set(failing.map((span) => span.error?.message))).toEqual(
    new Set(['order store offline', '429 Rate limit']),
  );
  expect(failing.filter((span) => span.kind === 'tool').length).toBe(2);
  const total = { input: 150, output: 51, cacheRead: 24 };
  expect(ofKind(spans, 'agent')[0]).toMatchObject({ agent: 'support-agent', usage: null, reportedUsage: total });
  for (const span of ofKind(spans, 'generation').filter((each) => each.status !== 'error')) {
    expect(span.usage).toMatchObject({ input: 50, output: 17, cacheRead: 8 });
  }
  const [first, second, third] = ofKind(spans, 'generation');
  expect(first!.input).toMatchObject([{ role: 'system' }, { role: 'user' }]);
  expect(first!.output).toMatchObject([
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'call_1', name: 'get_weather', arguments: { city: 'Paris' } }],
    },
  ]);
  expect(second!.input.at(-1)).toMatchObject({ role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1' }] });
  expect(third!.output).toMatchObject([{ role: 'assistant', parts: [{ type: 'text', content: 'Sunny 21C.' }] }]);
  const [weather] = ofKind(spans, 'tool');
  expect(weather).toMatchObject({
    input: [{ kind: 'json', value: { city: 'Paris' } }],
    output: [{ kind: 'json', value: { temp: 21 } }],
  });
});

test('aisdk6 sends its metadata, aisdk7 does not', () => {
  expect(decodeFixtures('aisdk6').traces).toMatchObject(
    new Array<unknown>(4).fill({ sessionId: 'sess-42', userId: 'u-1', tags: ['smoke'], workflow: 'aisdk-agent' }),
  );
  expect(decodeFixtures('aisdk7').traces.map((trace) => trace.sessionId)).toEqual(
    new Array<unknown>(4).fill(undefined),
  );
});

test('traceloop: a workflow with a task and an agent; what failed never arrived', () => {
  const { spans, traces } = decodeFixtures('traceloop');
  expect(new Set(spans.map((span) => span.origin.dialect))).toEqual(new Set(['traceloop']));
  expect(agents(spans)).toEqual(['support_agent']);
  expect(ofKind(spans, 'chain').map((span) => [span.subtype, span.name])).toEqual([
    ['task', 'prep.task'],
    ['workflow', 'trip.workflow'],
  ]);
  expect(ofKind(spans, 'agent')).toMatchObject([
    {
      agent: 'support_agent',
      input: [{ role: 'user', parts: [{ type: 'text', content: 'Weather in Paris and order A-17?' }] }],
      output: [{ role: 'assistant', parts: [{ type: 'text', content: 'Final answer: sunny, 21 C.' }] }],
    },
  ]);
  expect(ofKind(spans, 'generation').map((span) => span.usage?.input)).toEqual([43, 44, 45]);
  expect(ofKind(spans, 'tool')).toMatchObject([
    {
      tool: 'get_weather',
      input: [{ kind: 'json', value: { city: 'Paris', order_id: 'A-17', query: 'q' } }],
      output: [{ kind: 'json', value: { temp: 21 } }],
    },
  ]);
  expect(spans.filter((span) => span.status === 'error')).toEqual([]);
  // The workflow's name on inner spans is the agent's.
  expect(traces).toMatchObject([{ workflow: 'trip', sessionId: 'sess-42', userId: 'u-1' }]);
});

test('langfuse5: a chain of agents with a tool that failed by its level', () => {
  const { spans, traces } = decodeFixtures('langfuse5');
  expect(agents(spans)).toEqual(['Booker', 'Planner']);
  expect(ofKind(spans, 'agent').length).toBe(2);
  expect(calls(spans)).toEqual([
    ['get_weather', null, 'unset'],
    ['book_hotel', null, 'error'],
  ]);
  expect(ofKind(spans, 'tool')[1]!.error).toEqual({ type: null, message: 'No rooms left' });
  expect(spans.filter((span) => span.status === 'error').length).toBe(1);
  expect(ofKind(spans, 'generation')).toMatchObject([
    {
      model: 'gpt-4o-mini',
      usage: { input: 50, output: 12 },
      cost: 0.0003,
      input: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
      output: [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'call_1', name: 'get_weather' }] }],
    },
  ]);
  expect(['guardrail', 'retrieval', 'chain'].map((kind) => ofKind(spans, kind as SpanRecord['kind']).length)).toEqual([
    1, 1, 1,
  ]);
  expect(traces).toMatchObject([{ sessionId: 'sess-42', userId: 'u-1', tags: ['smoke'], metadata: { tier: 'gold' } }]);
});

test.each(['claude-code-protobuf', 'claude-code-json'])(
  '%s: two turns of a session, a sub-agent, a failed shell',
  (name) => {
    const { spans, traces } = decodeFixtures(name);
    expect(new Set(spans.map((span) => span.origin.dialect))).toEqual(new Set(['claude_code']));
    expect(agents(spans)).toEqual(['general-purpose', 'main']);
    expect(ofKind(spans, 'agent').map((span) => [span.agent, span.subtype])).toEqual([
      ['main', null],
      ['main', 'task_notification'],
    ]);
    expect(ofKind(spans, 'generation').length).toBe(7);
    for (const span of ofKind(spans, 'generation')) {
      // 120 beside 64 and 16 from and to the cache.
      expect(span.usage).toEqual({ input: 200, output: 30, cacheRead: 64, cacheWrite: 16, reasoning: null });
    }
    expect(ofKind(spans, 'generation').filter((span) => span.agent === 'general-purpose').length).toBe(2);
    expect(ofKind(spans, 'tool').map(({ tool, agent }) => [tool, agent])).toEqual([
      ['Bash', null],
      ['Agent', 'general-purpose'],
      ['Bash', null],
      ['Bash', null],
    ]);
    const [first] = ofKind(spans, 'tool');
    expect(first).toMatchObject({
      input: [{ kind: 'text', text: 'echo hello-otel' }],
      output: [{ kind: 'text', text: 'hello-otel' }],
    });
    // The tool's own span says nothing of the failure; its execution does.
    expect(spans.filter((span) => span.status === 'error')).toMatchObject([
      { subtype: 'tool.execution', error: { type: 'tool_error', message: 'Shell command failed' } },
    ]);
    expect(
      ofKind(spans, 'custom')
        .map((span) => span.subtype)
        .sort(),
    ).toEqual([...new Array<string>(4).fill('tool.execution'), ...new Array<string>(4).fill('wait')]);
    expect(traces.length).toBe(2);
    expect(new Set(traces.map((trace) => trace.sessionId)).size).toBe(1);
    const subAgent = spans.find((span) => span.tool === 'Agent')!;
    expect(ofKind(spans, 'agent').map((span) => span.input)).toMatchObject([
      [{ role: 'user', parts: [{ type: 'text', content: 'MAIN_PROMPT do the work' }] }],
      [{ role: 'tool', parts: [{ type: 'tool_call_response', id: subAgent.toolCallId }] }],
    ]);
  },
);

test('claude-code-error: the model call failed, the turn around it does not say so', () => {
  const { spans } = decodeFixtures('claude-code-error');
  expect(spans).toMatchObject([
    { kind: 'generation', status: 'error', error: { type: 'client_error', message: 'bad thing' } },
    { kind: 'agent', agent: 'main', status: 'unset' },
  ]);
});

test.each(['protobuf', 'json'])('codex over %s: one turn with three model calls and two tool calls', (encoding) => {
  const { spans, traces } = decodeFixtures(`codex-${encoding}-1`, `codex-${encoding}-2`);
  expect(spans.length).toBe(702);
  expect(traces.length).toBe(18);
  expect(new Set(spans.map((span) => span.origin.dialect))).toEqual(new Set(['codex']));
  expect(ofKind(spans, 'agent')).toMatchObject([
    {
      agent: 'codex',
      subtype: 'turn',
      model: 'gpt-5-codex',
      usage: null,
      reportedUsage: { input: 360, output: 90, cacheRead: 192, cacheWrite: 0, reasoning: 15 },
    },
  ]);
  expect(ofKind(spans, 'generation').map((span) => [span.name, span.model])).toEqual(
    new Array(3).fill(['run_sampling_request', 'gpt-5-codex']),
  );
  expect(calls(spans)).toEqual([
    ['exec_command', expect.stringMatching(/^call_/), 'unset'],
    ['exec_command', expect.stringMatching(/^call_/), 'unset'],
  ]);
  expect(
    ofKind(spans, 'chain')
      .map((span) => span.subtype)
      .sort(),
  ).toEqual(['exec', 'session']);
  expect(ofKind(spans, 'custom').every((span) => span.subtype === 'internal')).toBe(true);
  expect(ofKind(spans, 'custom').length).toBe(702 - 8);
  const sessions = new Set(traces.flatMap((trace) => trace.sessionId ?? []));
  expect(sessions.size).toBe(1);
});
