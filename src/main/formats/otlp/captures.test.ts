import { expect, test } from 'vitest';
import type { IssueRecord, NormalisedRecord, SpanRecord, TraceRecord } from '#shared/record.ts';
import { decodeWithProtobufjs, loadOtlpFixture, loadOtlpFixtures, type Plain } from '../../../../test/support/otlp.ts';
import { DIALECTS } from './dialects/registry.ts';
import { otlpTraces } from './index.ts';
import { decodeJson } from './json.ts';
import { createMerger } from './merge.ts';
import { decodeProtobuf } from './protobuf.ts';
import type { OtlpScope, OtlpSpan } from './span.ts';
import { compile } from './table.ts';

const FIXTURES = loadOtlpFixtures();

function decodeFixture(name: string): { spans: SpanRecord[]; traces: TraceRecord[]; issues: IssueRecord[] } {
  const result = otlpTraces.decode(loadOtlpFixture(name).bytes, { name: null, contentType: null, userAgent: null });
  if (!result.ok) throw new Error(result.error.message);
  const { records } = result.value;
  return {
    spans: records.filter((record) => record.type === 'span'),
    traces: records.filter((record) => record.type === 'trace'),
    issues: records.filter((record) => record.type === 'issue'),
  };
}

function decodeSpans(name: string): readonly OtlpSpan[] {
  const { bytes, encoding } = loadOtlpFixture(name);
  const spans: OtlpSpan[] = [];
  const read = encoding === 'json' ? decodeJson : decodeProtobuf;
  expect(read(bytes, (span) => spans.push(span))).toEqual({ ok: true, value: [] });
  return spans;
}

test.each(FIXTURES.filter(({ decoded }) => decoded !== null).map(({ name }) => name))(
  '%s decodes to its independent decode',
  (name) => {
    const spans = decodeSpans(name);
    const { decoded } = loadOtlpFixture(name);
    const expected = (decoded as Plain[]).flatMap((resource) =>
      (resource.scopes as Plain[]).flatMap((scope) =>
        (scope.spans as Plain[]).map((span) => ({ ...span, resource: resource.resource, scope: scopeOf(scope) })),
      ),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(spans.map(toReference)).toEqual(expected.map(toExpected));
  },
);

function scopeOf({ scope, version, scopeAttrs, schemaUrl }: Plain): Plain {
  return { name: scope || null, version: version || null, attributes: scopeAttrs ?? {}, schemaUrl: schemaUrl ?? '' };
}

function toExpected(span: Plain): Plain {
  const status = span.status as Plain;
  return {
    ...span,
    flags: span.flags ?? 0,
    status: { code: status.code ?? 0, message: status.message ?? '' },
  };
}

/** The shape of the reference files: numbers that JSON lacks are null, links without their trace, events without time. */
function toReference(span: OtlpSpan): Plain {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parent: span.parentId ?? '',
    name: span.name,
    kind: span.otelKind,
    flags: span.flags,
    start: String(span.start),
    end: String(span.end),
    status: { code: span.statusCode, message: span.statusMessage },
    attributes: withoutNan(span.attributes),
    events: span.events.map(({ name, attributes }) => ({ name, attributes: withoutNan(attributes) })),
    links: span.links.map(({ spanId, attributes }) => ({ spanId, attributes })),
    resource: span.scope.resource.attributes,
    scope: {
      name: span.scope.name,
      version: span.scope.version,
      attributes: span.scope.attributes,
      schemaUrl: span.scope.schemaUrl,
    },
  };
}

function withoutNan(attributes: Plain): Plain {
  const missing = new Set<unknown>(['NaN', 'Infinity', '-Infinity']);
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, missing.has(value) ? null : value]));
}

test.each(FIXTURES.filter(({ encoding }) => encoding === 'protobuf').map(({ name }) => name))(
  '%s decodes as protobufjs decodes it',
  (name) => {
    const { bytes } = loadOtlpFixture(name);
    const spans = decodeSpans(name);
    const request = decodeWithProtobufjs(bytes);
    const expected = (request.resourceSpans as Plain[]).flatMap((resourceSpans) =>
      (resourceSpans.scopeSpans as Plain[]).flatMap((scopeSpans) =>
        (scopeSpans.spans as Plain[]).map((span) => {
          const resource = resourceSpans.resource as Plain;
          return fromProtobufjs(span, scopeSpans.scope as Plain, resource, scopeSpans.schemaUrl);
        }),
      ),
    );
    expect(spans.length).toBe(expected.length);
    expect(spans).toEqual(expected);
  },
);

function fromProtobufjs(span: Plain, scope: Plain, resource: Plain, schemaUrl: unknown): Plain {
  const hex = (value: unknown): string => (value as Buffer).toString('hex');
  const time = (value: unknown): bigint | null => (value === '0' ? null : BigInt(value as string));
  const status = (span.status ?? {}) as Plain;
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentId: hex(span.parentSpanId) || null,
    name: span.name,
    otelKind: span.kind,
    start: time(span.startTimeUnixNano),
    end: time(span.endTimeUnixNano),
    attributes: plainAttributes(span.attributes),
    events: (span.events as Plain[]).map((event) => ({
      time: time(event.timeUnixNano),
      name: event.name,
      attributes: plainAttributes(event.attributes),
    })),
    links: (span.links as Plain[]).map((link) => ({
      traceId: hex(link.traceId),
      spanId: hex(link.spanId),
      attributes: plainAttributes(link.attributes),
    })),
    statusCode: status.code ?? 0,
    statusMessage: status.message ?? '',
    dropped: {
      attributes: span.droppedAttributesCount,
      events: span.droppedEventsCount,
      links: span.droppedLinksCount,
    },
    traceState: span.traceState,
    flags: span.flags,
    scope: {
      name: scope.name || null,
      version: scope.version || null,
      attributes: plainAttributes(scope.attributes),
      schemaUrl,
      resource: { attributes: plainAttributes(resource.attributes), schemaUrl: '' },
    },
  };
}

function plainAttributes(list: unknown): Plain {
  return Object.fromEntries((list as Plain[]).map(({ key, value }) => [key as string, plainValue(value)]));
}

function plainValue(given: unknown): unknown {
  const value = (given ?? {}) as Plain;
  switch (value.value) {
    case 'intValue':
      return Number(value.intValue);
    case 'doubleValue':
      return Number.isFinite(value.doubleValue) ? value.doubleValue : String(value.doubleValue);
    case 'arrayValue':
      return ((value.arrayValue as Plain).values as unknown[]).map(plainValue);
    case 'kvlistValue':
      return plainAttributes((value.kvlistValue as Plain).values);
    default:
      return value.value === undefined ? null : value[value.value as string];
  }
}

test('all spans of a scope share one scope object', () => {
  const scopes = new Set<OtlpScope>(decodeSpans('otel-sdk-protobuf').map((span) => span.scope));
  expect(scopes.size).toBe(1);
  const { spans } = decodeFixture('otel-sdk-protobuf');
  expect(new Set(spans.map((span) => span.origin)).size).toBe(1);
});

test.each(['otel-sdk-json', 'otel-sdk-protobuf', 'otel-sdk-gzip', 'otel-sdk-grpc'])(
  '%s: two agents, one handoff between them, one failed tool',
  (name) => {
    const { spans, traces, issues } = decodeFixture(name);
    expect(issues).toEqual([]);
    expect(spans.map(({ kind, subtype, agent, tool, status }) => [kind, subtype, agent ?? tool, status])).toEqual([
      ['generation', null, null, 'unset'],
      ['tool', null, 'get_weather', 'unset'],
      ['tool', null, 'book_hotel', 'error'],
      ['agent', null, 'Booker', 'unset'],
      ['handoff', null, null, 'unset'],
      ['agent', null, 'Planner', 'unset'],
      ['chain', 'workflow', null, 'unset'],
    ]);
    const [generation, weather, hotel, booker, handoff, planner] = spans;
    expect(generation).toMatchObject({
      model: 'gpt-4o-mini-2024-07-18',
      usage: { input: 120, output: 18, cacheRead: 64, cacheWrite: null, reasoning: 5 },
      input: [{ kind: 'message', role: 'user', parts: [{ type: 'text', content: 'Weather in Paris then book' }] }],
      output: [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'call_1', name: 'get_weather' }] }],
    });
    expect(Object.keys(generation!.attributes).filter((key) => key.includes('messages'))).toEqual([]);
    expect(weather).toMatchObject({
      toolCallId: 'call_1',
      input: [{ kind: 'json', value: { city: 'Paris' } }],
      output: [{ kind: 'json', value: { temp: 21 } }],
    });
    expect(hotel!.error).toEqual({ type: 'HotelFullError', message: 'No rooms left' });
    expect(handoff!.handoff).toEqual({ from: null, to: 'booker' });
    expect(booker!.links).toEqual([
      { traceId: handoff!.traceId, spanId: handoff!.spanId, attributes: { 'link.kind': 'handoff' } },
    ]);
    expect(planner).toMatchObject({
      input: [{ kind: 'message', role: 'system', parts: [{ type: 'text', content: 'Plan trips.' }] }],
      attributes: { 'big.int': 9007199254740991, unicode: 'café 🚀' },
    });
    expect(planner!.events.map((event) => event.name)).toEqual(['gen_ai.evaluation.result']);
    expect(traces).toMatchObject([{ workflow: 'trip' }]);
    expect(traces[0]!.sessionId).toMatch(/^conv-/);
  },
);

test('openinference-openai: an agent loop with tools, a failing run without its model call, stream, embedding', () => {
  const { spans, traces } = decodeFixture('openinference-openai');
  expect(traces.length).toBe(5);
  const first = spans.filter((span) => span.traceId === '2b27cae1dae7659646d0c96ef19b48db');
  expect(first.map(({ kind, agent, tool, status }) => [kind, agent ?? tool, status])).toEqual([
    ['generation', null, 'ok'],
    ['generation', null, 'ok'],
    ['generation', null, 'ok'],
    ['tool', 'get_weather', 'ok'],
    ['tool', 'lookup_order', 'error'],
    ['agent', 'SupportAgent', 'ok'],
  ]);
  expect(first.map((span) => span.usage?.input ?? null)).toEqual([43, 44, 45, null, null, null]);
  expect(first[1]!.input.map((item) => (item.kind === 'message' ? item.role : item.kind))).toEqual([
    'system',
    'user',
    'assistant',
    'tool',
  ]);
  expect(first[4]!.error).toEqual({ type: 'TypeError', message: 'order store offline' });
  expect(traces[0]).toMatchObject({
    workflow: 'demo',
    sessionId: 'sess-42',
    userId: 'u-1',
    tags: ['smoke'],
    metadata: { tier: 'gold' },
  });
  const rest = spans.filter((span) => span.traceId !== first[0]!.traceId);
  expect(rest.map(({ kind, subtype, status }) => [kind, subtype, status])).toEqual([
    ['generation', null, 'unset'],
    ['generation', 'embedding', 'ok'],
    ['generation', null, 'ok'],
    ['agent', null, 'error'],
  ]);
  expect(rest[0]!.output).toEqual([
    { kind: 'message', role: 'assistant', parts: [{ type: 'text', content: 'Final answer: sunny, 21 C. ' }] },
  ]);
  // The raw request says nothing beyond the messages but its settings.
  expect(rest[0]!.attributes['input.value']).toEqual({
    model: 'gpt-4o-mini',
    stream: true,
    stream_options: { include_usage: true },
  });
});

test('openai-agents: guardrails, two agents, the handoff between them, a failed tool, a failed second run', () => {
  const { spans, traces } = decodeFixture('openai-agents');
  expect(spans.length).toBe(21);
  expect([...new Set(spans.flatMap((span) => span.agent ?? []))]).toEqual(['Triage', 'OrderAgent']);
  expect(count(spans, 'generation')).toBe(5);
  expect(count(spans, 'guardrail')).toBe(2);
  expect(count(spans, 'agent')).toBe(3);
  const handoffs = spans.filter((span) => span.kind === 'handoff');
  expect(handoffs.map(({ handoff, tool }) => [handoff, tool])).toEqual([[{ from: 'Triage', to: 'OrderAgent' }, null]]);
  const tools = spans.filter((span) => span.kind === 'tool');
  expect(tools.map(({ tool, status }) => [tool, status])).toEqual([
    ['get_weather', 'ok'],
    ['lookup_order', 'error'],
  ]);
  expect(spans.filter((span) => span.status === 'error').map((span) => span.name)).toEqual([
    'lookup_order',
    'response',
    'turn',
    'OrderAgent',
    'support-flow',
  ]);
  // Index 1 of the input messages arrives before index 0.
  const [first] = spans.filter((span) => span.kind === 'generation');
  expect(first!.input.map((item) => (item.kind === 'message' ? item.role : item.kind))).toEqual(['system', 'user']);
  expect(traces).toMatchObject([{ workflow: 'support-flow' }, {}]);
});

test('langgraph: the nodes of the outer graph are agents; seven spans failed', () => {
  const { spans, traces } = decodeFixture('langgraph');
  expect(spans.length).toBe(45);
  const [run, failing] = traces;
  expect(run).toMatchObject({ sessionId: 'sess-7', userId: 'u-1' });
  expect(failing).toMatchObject({ sessionId: 'thread-8' });
  const inOrder = spans
    .filter((span) => span.traceId === run!.traceId && span.kind === 'agent' && span.parentId === rootOf(spans, run!))
    .map((span) => span.agent);
  expect(inOrder).toEqual(['supervisor', 'researcher', 'supervisor', 'writer', 'supervisor']);
  expect([...new Set(spans.flatMap((span) => span.agent ?? []))].sort()).toEqual([
    'researcher',
    'supervisor',
    'writer',
  ]);
  expect(spans.filter((span) => span.status === 'error').length).toBe(7);
  expect(count(spans, 'generation')).toBe(5);
  const tools = spans.filter((span) => span.kind === 'tool');
  expect(tools.map(({ tool, status }) => [tool, status])).toEqual([
    ['get_weather', 'ok'],
    ['lookup_order', 'error'],
  ]);
  expect(tools[0]!.output).toMatchObject([
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: '21C in Paris' }] },
  ]);
  // The name and the call id are in the raw copy of the messages only, which then need not be kept.
  const generations = spans.filter((span) => span.kind === 'generation');
  expect(generations[0]!.output).toMatchObject([{ parts: [{ type: 'tool_call', id: 'call_1' }] }]);
  expect(generations[3]!.input).toMatchObject([{ role: 'system' }, { role: 'user' }, { name: 'researcher' }]);
  expect(generations.map((span) => JSON.stringify(span.attributes).includes('Weather in Paris'))).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('agent totals are reported, not own', () => {
  const { spans } = decodeFixture('aisdk7');
  const agents = spans.filter((span) => span.kind === 'agent');
  expect(agents[0]).toMatchObject({ agent: 'support-agent', usage: null, reportedUsage: { input: 150, output: 51 } });
  expect(count(spans, 'generation')).toBe(8);
  expect(spans.filter((span) => span.subtype === 'step').every((span) => span.kind === 'chain')).toBe(true);
});

test('every attribute stays an attribute or became content', () => {
  for (const { name } of FIXTURES) {
    const before = new Map(decodeSpans(name).map((span) => [span.traceId + span.spanId, span]));
    const { spans } = decodeFixture(name);
    spans.forEach((span) => {
      // A span that was only announced has its attributes from the announcement.
      for (const key of Object.keys(before.get(span.traceId + span.spanId)?.attributes ?? {})) {
        if (Object.hasOwn(span.attributes, key)) continue;
        expect(key).toMatch(CONTENT_KEY);
        expect(span.input.length + span.output.length).toBeGreaterThan(0);
      }
    });
  }
});

test('the order of spans in a request changes nothing but the order of records', () => {
  for (const { name } of FIXTURES) {
    const spans = decodeSpans(name);
    const [forward, backward] = [spans, spans.toReversed()].map((each) => {
      const merger = createMerger(compile(DIALECTS));
      for (const span of each) merger.add(span);
      return new Map(merger.records().map((record) => [keyOf(record), record]));
    });
    expect(backward).toEqual(forward);
  }
});

function keyOf(record: NormalisedRecord): string {
  if (record.type === 'metric') throw new Error('spans tell no metrics');
  return `${record.type} ${record.traceId} ${record.type === 'span' ? record.spanId : ''}`;
}

const CONTENT_KEY =
  /^(?:gen_ai\.(?:input\.messages|output\.messages|system_instructions|tool\.call\.(?:arguments|result)|prompt|completion)|(?:in|out)put\.value|llm\.(?:in|out)put_messages\..*|retrieval\.documents\..*|embedding\.embeddings\.\d+\.embedding\.text|ai\.prompt(?:\.messages)?|ai\.toolCall\.(?:args|result)|ai\.response\.(?:text|toolCalls)|langfuse\.(?:observation|trace)\.(?:in|out)put|traceloop\.entity\.(?:in|out)put|user_prompt|full_command|mlflow\.span(?:In|Out)puts|gcp\.vertex\.agent\.(?:llm_re(?:quest|sponse)|tool_call_args|tool_response)|pydantic_ai\.all_messages|all_messages_events|events|final_result)$/;

function count(spans: readonly SpanRecord[], kind: SpanRecord['kind']): number {
  return spans.filter((span) => span.kind === kind).length;
}

function rootOf(spans: readonly SpanRecord[], trace: TraceRecord): string {
  return spans.find((span) => span.traceId === trace.traceId && span.parentId === null)!.spanId;
}
