import { expect, test } from 'vitest';
import { agentsOf, decodeFixture, decodeJson, kindsOf } from '../../../../test/support/format-facts.ts';
import type { SpanRecord } from '#shared/record.ts';
import { jaeger } from './index.ts';

function depthOf(spans: readonly SpanRecord[]): number {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  return Math.max(
    ...spans.map((span) => {
      let depth = 0;
      for (let at = byId.get(span.parentId ?? ''); at; at = byId.get(at.parentId ?? '')) depth++;
      return depth;
    }),
  );
}

test.each<[string, number, number, Record<string, number>, string[]]>([
  ['a2a-helm', 96, 7, { agent: 1, generation: 4, tool: 1, chain: 1, custom: 89 }, ['helm_agent']],
  ['a2a-k8s', 73, 7, { agent: 1, generation: 2, chain: 1, custom: 69 }, ['k8s_agent']],
  ['genai', 57, 7, { agent: 2, generation: 5, tool: 7, retrieval: 3, custom: 40 }, ['triage-agent', 'summarizer']],
])('%s: spans, depth, kinds and agents', (name, count, depth, kinds, agents) => {
  const { spans } = decodeFixture(jaeger, name);
  expect(spans.length).toBe(count);
  expect(spans.filter((span) => span.parentId === null).length).toBe(1);
  expect(depthOf(spans)).toBe(depth);
  expect(kindsOf(spans)).toEqual(kinds);
  expect(agentsOf(spans)).toEqual(agents);
});

test('a2a-helm: session, scope, tool call with its result, times in nanoseconds', () => {
  const { spans, traces, issues } = decodeFixture(jaeger, 'a2a-helm');
  expect(traces[0]).toMatchObject({ workflow: 'helm_agent', sessionId: 'ctx-7ed9780f-3688-4fc0-b10b-2e4df2f83cf0' });
  expect(spans.find((span) => span.kind === 'tool')).toMatchObject({
    tool: 'helm_list_releases',
    toolCallId: 'call_P09kjRKHTTJA02oB9HIe4u5t',
    origin: {
      scopeName: 'gcp.vertex.agent',
      resource: { 'service.name': 'helm_agent', 'service.namespace': 'kagent' },
    },
  });
  const chat = spans.find((span) => span.spanId === 'e813c1b43582a58e');
  expect(chat).toMatchObject({ usage: { input: 1956, output: 117, cacheRead: 1792 }, parentId: 'e4594ab9853c8b23' });
  expect(chat?.input.map((item) => (item.kind === 'message' ? item.role : ''))).toEqual([
    'system',
    'user',
    'assistant',
    'tool',
  ]);
  expect(chat!.end! - chat!.start!).toBe(1_797_164_000n);
  // Jaeger's own warning about clock skew.
  expect(issues.map((issue) => issue.severity)).toEqual(['info']);
});

test('references, types of tags, logs and faults', () => {
  const { spans, issues } = decodeFixture(jaeger, 'references');
  const [root, follows] = spans;
  expect(root).toMatchObject({
    start: 1_700_000_000_000_000_000n,
    end: 1_700_000_000_001_000_000n,
    status: 'error',
    error: { type: 'ValueError', message: 'no' },
  });
  expect(root?.attributes).toMatchObject({ count: '9007199254740993', ratio: 0.5, ok: true, blob: 'AAE=' });
  expect(Object.hasOwn(root!.attributes, '__proto__')).toBe(true);
  expect(follows).toMatchObject({
    parentId: '1',
    links: [{ traceId: 'b22', spanId: '9' }],
    error: { message: 'went wrong' },
  });
  expect(issues.map((issue) => issue.code)).toEqual(['invalid_item', 'invalid_item']);
});

test('times are exact to the microsecond', () => {
  const logs = [{ timestamp: 1_700_000_000_000_003, fields: [] }];
  const spans = [{ spanID: 's', operationName: 'x', startTime: 1_700_000_000_000_001, duration: 1, logs }];
  const [span] = decodeJson(jaeger, { traceID: 't', spans, processes: {} }).spans;
  expect(span).toMatchObject({ start: 1_700_000_000_000_001_000n, end: 1_700_000_000_000_002_000n });
  expect(span!.events[0]!.time).toBe('1700000000000003000');
});

test('the state of the page, a bare trace and a list are read too', () => {
  expect(decodeFixture(jaeger, 'page-state').spans.length).toBe(4);
  const trace = {
    traceID: 't',
    spans: [{ spanID: 's', operationName: 'x', startTime: 1, duration: 1 }],
    processes: {},
  };
  for (const value of [trace, [trace], { data: [trace] }]) expect(decodeJson(jaeger, value).spans.length).toBe(1);
});
