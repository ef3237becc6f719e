import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ContentItem } from '#shared/message.ts';
import type { IssueRecord, NormalisedRecord, SpanRecord, TraceRecord } from '#shared/record.ts';
import { agentsSdk } from './index.ts';

const FIXTURES = join(import.meta.dirname, '../../../../test/fixtures/formats/agents-sdk');
const PLAIN = { name: null, contentType: 'application/json', userAgent: null };

function decode(body: unknown, userAgent: string | null = null): readonly NormalisedRecord[] {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const result = agentsSdk.decode(new TextEncoder().encode(text), { ...PLAIN, userAgent });
  if (!result.ok) throw new Error(result.error.message);
  return result.value.records;
}

function fixture(name: string): readonly NormalisedRecord[] {
  return decode(readFileSync(join(FIXTURES, name), 'utf8'));
}

const spansOf = (records: readonly NormalisedRecord[]): SpanRecord[] => records.filter((each) => each.type === 'span');
const issuesOf = (records: readonly NormalisedRecord[]): IssueRecord[] =>
  records.filter((each) => each.type === 'issue');
const tracesOf = (records: readonly NormalisedRecord[]): TraceRecord[] =>
  records.filter((each) => each.type === 'trace');

function item(spanData: unknown, extra: object = {}): object {
  return {
    object: 'trace.span',
    id: 's1',
    trace_id: 't1',
    parent_id: null,
    started_at: '2026-11-21T19:22:21.761361+00:00',
    ended_at: '2026-11-21T19:22:21.761377+00:00',
    span_data: spanData,
    error: null,
    ...extra,
  };
}

function one(spanData: unknown, extra: object = {}): SpanRecord {
  const [span] = spansOf(decode({ data: [item(spanData, extra)] }));
  if (!span) throw new Error('no span');
  return span;
}

test('the multi-agent capture holds what its generator made', () => {
  const records = fixture('js03-multi-agent/input.json');
  const spans = spansOf(records);
  expect(spans).toHaveLength(58);
  expect(issuesOf(records)).toEqual([]);
  expect(tracesOf(records).map(({ name, sessionId, metadata }) => ({ name, sessionId, metadata }))).toEqual([
    {
      name: 'Article factory',
      sessionId: 'group_conversation_7',
      metadata: { experiment: 'A', seed: 3, tags: ['x', 'y'], nested: { deep: true } },
    },
    { name: 'Article factory', sessionId: 'group_conversation_7', metadata: undefined },
  ]);
  const named = (kind: string): string[] =>
    spans
      .filter((span) => span.kind === kind)
      .map((span) => span.name)
      .sort();
  expect(named('agent')).toEqual([
    'Fact checker',
    'Follow-up',
    'Planner',
    'Researcher',
    'Reviewer',
    'Summarizer',
    'Triage',
    'Writer',
  ]);
  expect(spans.flatMap((span) => span.handoff ?? [])).toEqual([
    { from: 'Triage', to: 'Planner' },
    { from: 'Planner', to: 'Writer' },
    { from: 'Writer', to: 'Reviewer' },
  ]);
  expect(named('guardrail')).toEqual(['no_secrets', 'profanity_check', 'topic_check']);
  expect(named('tool')).toEqual([
    'fact_check',
    'fetch_page',
    'fetch_page',
    'research',
    'save_draft',
    'save_draft',
    'web_search',
    'web_search',
    'web_search',
  ]);
  expect(spans.filter((span) => span.status === 'error').map((span) => span.tool)).toEqual(['fetch_page']);
  // Agents as tools: the task of the called agent hangs below the tool span of the caller.
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const tasks = spans.filter((span) => span.subtype === 'task');
  expect(tasks.map((span) => byId.get(span.parentId ?? '')?.tool ?? null).sort()).toEqual(
    ['fact_check', 'research', null, null, null].sort(),
  );
  const generations = spans.filter((span) => span.kind === 'generation');
  expect(generations).toHaveLength(13);
  const roots = tasks.filter((span) => span.parentId === null);
  const total = (list: readonly (number | null | undefined)[]): number =>
    list.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  expect(total(generations.map((span) => span.usage?.input))).toBe(
    total(roots.map((span) => span.reportedUsage?.input)),
  );
  expect(new Set(spans.map((span) => span.origin)).size).toBe(1);
});

test('history is written the same each time it is sent', () => {
  const items = new Map<string, number>();
  for (const span of spansOf(fixture('js02-chat-completions/input.json'))) {
    for (const content of span.input) {
      const key = JSON.stringify(content);
      items.set(key, (items.get(key) ?? 0) + 1);
    }
  }
  expect(items.get('{"kind":"message","role":"user","parts":[{"type":"text","content":"1+2 and 3+4"}]}')).toBe(4);
  const [first, second] = spansOf(fixture('js02-chat-completions/input.json')).filter(
    (span) => span.kind === 'generation',
  );
  expect(second?.input.slice(0, first?.input.length)).toEqual(first?.input);
});

test('a model call of the wire extension has its whole conversation', () => {
  const spans = spansOf(fixture('hand-extensions/input.json'));
  const call: ContentItem = {
    kind: 'message',
    role: 'assistant',
    parts: [{ type: 'tool_call', id: 'call_1', name: 'lookup', arguments: { k: 'a' } }],
  };
  const second = spans.find((span) => span.spanId === 's_resp2');
  expect(second).toMatchObject({ model: 'gpt-fake-1', subtype: 'response', name: 'gpt-fake-1' });
  expect(second?.input).toEqual([
    { kind: 'message', role: 'system', parts: [{ type: 'text', content: 'You look things up.' }] },
    { kind: 'message', role: 'user', parts: [{ type: 'text', content: 'go' }] },
    call,
    { kind: 'message', role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: 'A' }] },
  ]);
  expect(second?.output).toEqual([{ kind: 'message', role: 'assistant', parts: [{ type: 'text', content: 'A' }] }]);
  expect(spans.find((span) => span.spanId === 's_resp1')?.output).toEqual([call]);
  expect(second?.attributes.response).toMatchObject({ id: 'resp_2', status: 'completed' });
  expect(second?.attributes.response).not.toHaveProperty('output');
});

test('processor callbacks give running spans, then whole ones', () => {
  const records = fixture('js12-processor-events/input.jsonl');
  const response = spansOf(records).filter((span) => span.spanId === 'span_15ce64750ea84f029ba6e158');
  expect(response.map((span) => [span.status, span.model, span.input.length, span.output.length])).toEqual([
    ['running', null, 0, 0],
    ['ok', 'gpt-fake-1', 3, 1],
  ]);
});

test.each<[string, unknown, Partial<SpanRecord>]>([
  [
    'agent',
    { type: 'agent', name: 'A', handoffs: ['B'], tools: [] },
    { kind: 'agent', agent: 'A', attributes: { handoffs: ['B'], tools: [] } },
  ],
  [
    'tool',
    { type: 'function', name: 'f', input: '', output: '', mcp_data: null },
    { kind: 'tool', subtype: null, tool: 'f', input: [], output: [] },
  ],
  [
    'mcp',
    { type: 'function', name: 'f', mcp_data: { server: 's' } },
    { kind: 'tool', subtype: 'mcp', attributes: { mcp_data: { server: 's' } } },
  ],
  [
    'handoff',
    { type: 'handoff', from_agent: 'A' },
    { kind: 'handoff', name: 'A → ?', handoff: { from: 'A', to: null } },
  ],
  [
    'turn',
    { type: 'custom', name: 'x', data: { sdk_span_type: 'turn', turn: 2, agent_name: 'A' } },
    { kind: 'chain', subtype: 'turn', name: 'turn 2', agent: 'A' },
  ],
  [
    'a span that is only named turn',
    { type: 'custom', name: 'turn', data: {} },
    { kind: 'custom', subtype: null, name: 'turn' },
  ],
  ['turn as a type', { type: 'turn', turn: 2, agent_name: 'A' }, { kind: 'chain', name: 'turn 2', agent: 'A' }],
  ['guardrail', { type: 'guardrail', name: 'g', triggered: false }, { kind: 'guardrail', subtype: null, status: 'ok' }],
  [
    'tripped guardrail',
    { type: 'guardrail', name: 'g', triggered: true },
    { subtype: 'triggered', status: 'unset', attributes: { triggered: true } },
  ],
  ['speech group', { type: 'speech_group', input: 'hi' }, { kind: 'chain', input: [{ kind: 'text', text: 'hi' }] }],
  [
    'model without a name',
    { type: 'generation' },
    { kind: 'generation', name: 'generation', model: null, usage: null },
  ],
])('%s', (_, spanData, expected) => {
  expect(one(spanData)).toMatchObject(expected);
});

test('sound is inline media, and its first moment an event', () => {
  const span = one({
    type: 'speech',
    input: 'hi',
    output: { data: 'AAAA', format: 'pcm' },
    first_content_at: '2026-01-01T00:00:00+00:00',
  });
  expect(span.output).toEqual([
    {
      kind: 'message',
      role: 'assistant',
      parts: [{ type: 'blob', modality: 'audio', mimeType: 'audio/pcm', content: 'AAAA' }],
    },
  ]);
  expect(span.events).toEqual([{ time: '1767225600000000000', name: 'first content', attributes: {} }]);
});

test('times keep microseconds', () => {
  expect(one({ type: 'custom', name: 'c' })).toMatchObject({ start: 1795288941761361000n, end: 1795288941761377000n });
});

test('errors keep the cause and its class', () => {
  const error = {
    message: 'Error in agent run',
    data: { error: 'InputGuardrailTripwireTriggered: Input guardrail: {}' },
  };
  expect(one({ type: 'agent', name: 'A' }, { error })).toMatchObject({
    status: 'error',
    error: { type: 'InputGuardrailTripwireTriggered', message: 'Error in agent run', data: error.data },
  });
  expect(one({ type: 'agent', name: 'A' }, { error: 'text' }).error).toEqual({ type: null, message: 'text' });
  expect(one({ type: 'agent', name: 'A' }, { error: { message: 'm', data: null } }).error).toEqual({
    type: null,
    message: 'm',
  });
});

test('the SDK is known by its user agent, else by its times', () => {
  const origin = (extra: object, userAgent: string | null): unknown =>
    spansOf(decode({ data: [item({ type: 'custom' }, extra)] }, userAgent))[0]?.origin;
  const js = { started_at: '2026-11-21T19:19:50.422Z' };
  expect(origin({}, 'Agents/JavaScript 0.20.0')).toMatchObject({
    scopeName: 'openai-agents-js',
    scopeVersion: '0.20.0',
  });
  expect(origin(js, null)).toMatchObject({ scopeName: 'openai-agents-js', scopeVersion: null });
  expect(origin({}, 'python-httpx/0.28.1')).toMatchObject({ scopeName: 'openai-agents-python', scopeVersion: null });
  expect(origin({ started_at: null }, null)).toMatchObject({ dialect: 'agents_sdk', scopeName: null });
});

test('one bad item costs nothing but itself', () => {
  const records = decode({
    data: [null, { object: 'later', id: 'x' }, item({ type: 'custom', name: 'fine' }), item({}, { id: null })],
  });
  expect(spansOf(records).map((span) => span.name)).toEqual(['fine']);
  expect(issuesOf(records).map(({ severity, code, detail }) => [severity, code, detail?.slice(0, 20)])).toEqual([
    ['error', 'invalid_item', 'null'],
    ['error', 'unknown_item', '{"object":"later","i'],
    ['error', 'invalid_item', '{"object":"trace.spa'],
  ]);
});

test('keys never reach the ledger', () => {
  const [issue] = issuesOf(decode({ data: [{ object: 'trace', tracing_api_key: 'sk-secret' }] }));
  expect(issue?.detail).toBe('{"object":"trace","tracing_api_key":null}');
});

test('details are at most 64 KiB, whatever the script', () => {
  const [issue] = issuesOf(decode({ data: [{ object: 'later', text: '漢'.repeat(100_000) }] }));
  expect(Buffer.byteLength(issue?.detail ?? '')).toBeGreaterThan(65_000);
  expect(Buffer.byteLength(issue?.detail ?? '')).toBeLessThanOrEqual(65_536);
});

test('deep values are cut, and the span stays', () => {
  const deep = '['.repeat(5_000) + ']'.repeat(5_000);
  const records = decode(
    `{"data":[${JSON.stringify(item({ type: 'custom', name: 'c', data: 'DEEP' })).replace('"DEEP"', deep)}]}`,
  );
  expect(issuesOf(records).map(({ code }) => code)).toEqual(['too_deep']);
  expect(spansOf(records)).toHaveLength(1);
  expect(JSON.stringify(spansOf(records)[0]?.attributes)).toContain('[nested too deeply]');
});

test('fields named after prototypes stay fields', () => {
  const text = JSON.stringify(item({ type: 'custom', name: 'c', evil: 1 })).replace(
    '"evil":1',
    '"__proto__":{"polluted":1}',
  );
  const [span] = spansOf(decode(`{"data":[${text}]}`));
  expect(JSON.stringify(span?.attributes)).toBe('{"__proto__":{"polluted":1}}');
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('bodies come as an object, a list, lines of either, or lines of callbacks', () => {
  const a = item({ type: 'custom', name: 'a' });
  const b = item({ type: 'custom', name: 'b' }, { id: 's2' });
  const names = (body: unknown): string[] => spansOf(decode(body)).map((span) => span.name);
  expect(names({ data: [a, b] })).toEqual(['a', 'b']);
  expect(names([a, b])).toEqual(['a', 'b']);
  expect(names(a)).toEqual(['a']);
  expect(names(`${JSON.stringify(a)}\r\n\n${JSON.stringify(b)}\n`)).toEqual(['a', 'b']);
  expect(names(`${JSON.stringify({ data: [a] })}\n${JSON.stringify({ ev: 'span_end', json: b })}`)).toEqual(['a', 'b']);
  expect(names(`\ufeff${JSON.stringify({ data: [a] })}`)).toEqual(['a']);
  expect(decode({ data: [] })).toEqual([]);
});

test('a file that was cut gives its whole lines and says what is missing', () => {
  const line = JSON.stringify(item({ type: 'custom', name: 'a' }));
  const records = decode(`${line}\n${line.slice(0, 50)}`);
  expect(spansOf(records)).toHaveLength(1);
  expect(issuesOf(records)).toMatchObject([{ severity: 'error', code: 'invalid_item', detail: line.slice(0, 50) }]);
});

test.each([
  '',
  'hello',
  '{"data":',
  '{}',
  '{"data":{}}',
  '[]',
  '[1,2]',
  '{"resourceSpans":[]}',
  'null',
  '7',
  '{"a":1}\n{"b":2}',
])('%s is refused', (text) => {
  const result = agentsSdk.decode(new TextEncoder().encode(text), PLAIN);
  expect(result).toMatchObject({ ok: false, error: { code: 'bad_request' } });
});

test('detection needs the item marker, not more', () => {
  const score = (text: string): number => agentsSdk.detect(new TextEncoder().encode(text), null);
  expect(score('{"data":[{"object":"trace","id":"trace_1","workfl')).toBeGreaterThan(0.9);
  expect(score('[\n  {\n    "object": "trace.span",\n')).toBeGreaterThan(0.8);
  expect(score('{"ev":"span_start","json":{"object":"trace.span"')).toBeGreaterThan(0.8);
  expect(score('{"object":"list","data":[{"id":"file-1"}]}')).toBe(0);
  expect(score('{"method":"POST","url":"/v1/traces/ingest","body":"{\\"data\\":[{\\"object\\":\\"trace\\"')).toBe(0);
  expect(score('said "object":"trace"')).toBe(0);
});

test('our helpers say which process it was, what was left out, when a trace ended, and what never ended', () => {
  const resource = { 'process.pid': 7, 'process.runtime.name': 'node' };
  const open = { ended_at: null, x_closed: { at: '2026-11-21T19:23:00Z', by: 'process_exit' } };
  const records = decode({
    data: [
      { object: 'trace', id: 't1', workflow_name: 'W', metadata: { a: 1 }, x_ended_at: '2026-11-21T19:23:00Z' },
      item({ type: 'agent', name: 'A' }),
      item({ type: 'agent', name: 'B' }, { id: 's2', ...open }),
      item({ type: 'agent', name: 'C' }, { id: 's3', ended_at: null }),
    ],
    x_resource: resource,
    x_dropped: 3,
  });
  expect(tracesOf(records)).toMatchObject([{ metadata: { a: 1, trace_ended_at: '2026-11-21T19:23:00Z' } }]);
  const spans = spansOf(records);
  expect(spans.map(({ status, end }) => [status, end])).toEqual([
    ['ok', 1795288941761377000n],
    ['unset', 1795288980000000000n],
    ['running', null],
  ]);
  expect(spans[1]?.attributes).toMatchObject({ closed_by: 'process_exit' });
  expect(spans.every((span) => span.origin === spans[0]?.origin)).toBe(true);
  expect(spans[0]?.origin.resource).toEqual(resource);
  expect(issuesOf(records).map(({ code, traceId, spanId }) => [code, traceId, spanId])).toEqual([
    ['invalid_time', 't1', 's2'],
    ['invalid_item', 't1', undefined],
  ]);
});

test('what stands beside the items is not believed blindly', () => {
  const deep = JSON.parse('{"a":'.repeat(50) + '1' + '}'.repeat(50)) as unknown;
  for (const x_resource of ['text', deep, { text: 'x'.repeat(20_000) }]) {
    const records = decode({ data: [item({ type: 'agent', name: 'A' })], x_resource, x_dropped: -1.5 });
    expect(spansOf(records)[0]?.origin.resource).toBeNull();
    expect(issuesOf(records)).toEqual([]);
  }
  const [span] = spansOf(decode({ data: [item({ type: 'agent' }, { ended_at: null, x_closed: { at: 'soon' } })] }));
  expect(span).toMatchObject({ status: 'running', end: null });
});

test('the tools that a model was offered have their usual name', () => {
  const tools = [{ type: 'function', name: 'f', parameters: {} }];
  const span = one({
    type: 'response',
    x_input: 'hi',
    x_response: { model: 'm', tools, output: [], status: 'completed' },
  });
  expect(span.attributes).toEqual({ response: { model: 'm', status: 'completed' }, 'gen_ai.tool.definitions': tools });
});
