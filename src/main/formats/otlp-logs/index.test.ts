import type { Json, JsonObject } from '#shared/json.ts';
import { contentText } from '#shared/message.ts';
import type { NormalisedRecord, SpanRecord } from '#shared/record.ts';
import { expect, test } from 'vitest';
import { requestOf } from '../../../../test/support/signals.ts';
import { mergeParts } from '../../ingest/merge-parts.ts';
import { otlpLogs } from './index.ts';

const TRACE = '0123456789abcdef0123456789abcdef';
const SPAN = '0123456789abcdef';

type Given = {
  readonly event?: string;
  readonly at?: number;
  readonly body?: unknown;
  readonly attributes?: JsonObject;
  readonly ids?: boolean;
  readonly eventName?: string;
};

function any(value: Json): JsonObject {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (value === null) return {};
  if (Array.isArray(value)) return { arrayValue: { values: (value as readonly Json[]).map(any) } };
  return { kvlistValue: { values: list(value as JsonObject) } };
}

function list(attributes: JsonObject): JsonObject[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: any(value) }));
}

function decode(given: readonly Given[], scope = 'app', resource: JsonObject = {}): readonly NormalisedRecord[] {
  const logRecords = given.map(({ event, at = 1, body, attributes = {}, ids = true, eventName }) => ({
    timeUnixNano: `179528934590400000${at}`,
    ...(ids ? { traceId: TRACE, spanId: SPAN } : {}),
    ...(eventName === undefined ? {} : { eventName }),
    ...(body === undefined ? {} : { body: any(body as Json) }),
    attributes: list(event === undefined ? attributes : { 'event.name': event, ...attributes }),
  }));
  const request = {
    resourceLogs: [{ resource: { attributes: list(resource) }, scopeLogs: [{ scope: { name: scope }, logRecords }] }],
  };
  const result = otlpLogs.decode(Buffer.from(JSON.stringify(request)), {
    name: null,
    contentType: 'application/json',
    userAgent: null,
  });
  if (!result.ok) throw new Error(result.error.message);
  return result.value.records;
}

function spans(records: readonly NormalisedRecord[]): SpanRecord[] {
  const byId = new Map<string, SpanRecord[]>();
  for (const record of records) {
    if (record.type !== 'span') continue;
    expect(record.part).toBeDefined();
    const id = `${record.traceId} ${record.spanId}`;
    byId.set(id, [...(byId.get(id) ?? []), record]);
  }
  return [...byId.values()].map((parts) => mergeParts(parts[0]?.spanId ?? '', parts));
}

function notes(records: readonly NormalisedRecord[]): string[] {
  return records.flatMap((record) => (record.type === 'issue' ? record.message : []));
}

test('messages and the answer of a model call follow each other, whatever their order in the request', () => {
  const told: Given[] = [
    { event: 'gen_ai.system.message', at: 1, body: { content: 'Be brief.' } },
    { event: 'gen_ai.user.message', at: 2, body: { content: 'Weather?' }, attributes: { 'gen_ai.system': 'openai' } },
    {
      eventName: 'gen_ai.assistant.message',
      at: 3,
      body: { tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get', arguments: '{"city":"X"}' } }] },
    },
    { event: 'gen_ai.tool.message', at: 4, body: { id: 'c1', content: 'rain' } },
    {
      event: 'gen_ai.choice',
      at: 5,
      body: { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Rain.' } },
    },
  ];
  for (const order of [told, told.toReversed()]) {
    const [span] = spans(decode(order));
    expect(span).toMatchObject({
      spanId: SPAN,
      kind: 'generation',
      parentId: null,
      status: 'unset',
      start: 1795289345904000001n,
    });
    expect(span?.input.map((item) => (item.kind === 'message' ? item.role : ''))).toEqual([
      'system',
      'user',
      'assistant',
      'tool',
    ]);
    expect(span?.input[2]).toMatchObject({ parts: [{ type: 'tool_call', id: 'c1', name: 'get' }] });
    expect(span?.input[3]).toMatchObject({ parts: [{ type: 'tool_call_response', id: 'c1', response: 'rain' }] });
    expect(span?.output.map(contentText)).toEqual(['Rain.']);
  }
});

test('messages of one instant keep the order in which they were sent', () => {
  const roles = ['user', 'assistant', 'user'];
  const [span] = spans(
    decode(roles.map((role, at) => ({ event: `gen_ai.${role}.message`, body: { content: `${at}` } }))),
  );
  expect(span?.input.map(contentText)).toEqual(['0', '1', '2']);
});

test('the details event is a model call with all that a span would say', () => {
  const records = decode([
    {
      event: 'gen_ai.client.inference.operation.details',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-5',
        'gen_ai.conversation.id': 'talk',
        'gen_ai.usage.input_tokens': 7,
        'gen_ai.usage.output_tokens': 2,
        'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
        'gen_ai.output.messages': [
          { role: 'assistant', parts: [{ type: 'text', content: 'ho' }], finish_reason: 'stop' },
        ],
      },
    },
  ]);
  expect(records.filter(({ type }) => type === 'trace')).toMatchObject([{ traceId: TRACE, sessionId: 'talk' }]);
  expect(spans(records)).toMatchObject([
    { kind: 'generation', model: 'gpt-5', usage: { input: 7, output: 2 }, input: [{ role: 'user' }] },
  ]);
});

test('an evaluation result is a score of the span', () => {
  const attributes = {
    'gen_ai.evaluation.name': 'Relevance',
    'gen_ai.evaluation.score.value': 0.5,
    'gen_ai.evaluation.score.label': 'fair',
    'gen_ai.evaluation.explanation': 'half',
  };
  const [score] = decode([{ event: 'gen_ai.evaluation.result', attributes }]);
  expect(score).toMatchObject({
    type: 'score',
    traceId: TRACE,
    spanId: SPAN,
    name: 'Relevance',
    value: 0.5,
    label: 'fair',
  });
});

test('an exception fails its span, unless it only steers', () => {
  const failure = { 'exception.type': 'ValueError', 'exception.message': 'bad', 'exception.stacktrace': 'a\nb' };
  expect(spans(decode([{ event: 'exception', attributes: failure }]))).toMatchObject([
    { status: 'error', error: { type: 'ValueError', message: 'bad' }, events: [{ name: 'exception' }] },
  ]);
  const steering = { 'exception.type': 'langgraph.errors.GraphInterrupt' };
  expect(spans(decode([{ event: 'exception', attributes: steering }]))).toMatchObject([
    { status: 'unset', error: null },
  ]);
});

test('any other record is an event of its span, or counted where it has none', () => {
  const records = decode([
    { body: 'fetching', at: 2 },
    { event: 'app.step', attributes: { n: 1 }, at: 1 },
    { body: 'started', ids: false },
    { body: 'stopped', ids: false },
  ]);
  expect(spans(records)).toMatchObject([
    { spanId: SPAN, kind: 'custom', events: [{ name: 'app.step' }, { name: 'log', attributes: { body: 'fetching' } }] },
  ]);
  expect(notes(records)).toEqual(['2 log records without a trace.']);
});

test('a program that logs without end inside one span stays small, and what is left out is said', () => {
  const records = decode(Array.from({ length: 2_000 }, (_, n) => ({ body: `line ${n} ${'x'.repeat(20_000)}` })));
  const [span] = spans(records);
  expect(span?.events.length).toBe(500);
  expect(JSON.stringify(span?.events[0]).length).toBeLessThan(17_000);
  expect(notes(records)).toEqual(['1500 more log records of this span; 500 of a request are shown.']);
});

const GEMINI = { 'session.id': 's1', prompt_id: 'p1', model: 'gemini-3' };

test('Gemini CLI without spans: a prompt is a trace with its turn, model calls and tools', () => {
  const records = decode(
    [
      { event: 'gemini_cli.config', ids: false, attributes: { 'session.id': 's1' } },
      { event: 'gemini_cli.user_prompt', ids: false, at: 1, attributes: { ...GEMINI, prompt: 'List files' } },
      { event: 'gemini_cli.api_request', ids: false, at: 2, attributes: GEMINI },
      {
        event: 'gemini_cli.api_response',
        ids: false,
        at: 3,
        attributes: {
          ...GEMINI,
          duration_ms: 10,
          input_token_count: 120,
          output_token_count: 30,
          thoughts_token_count: 5,
          cached_content_token_count: 64,
          total_token_count: 155,
        },
      },
      {
        event: 'gemini_cli.tool_call',
        ids: false,
        at: 4,
        attributes: {
          ...GEMINI,
          function_name: 'list_directory',
          function_args: '{"path":"/missing"}',
          success: false,
          error: 'no such directory',
          error_type: 'not_found',
          duration_ms: 2,
        },
      },
      { event: 'gemini_cli.api_error', ids: false, at: 5, attributes: { ...GEMINI, error: 'quota', status_code: 429 } },
    ],
    'gemini-cli',
    { 'service.name': 'gemini-cli' },
  );
  const found = spans(records);
  expect(new Set(found.map(({ traceId }) => traceId))).toEqual(new Set(['gemini-cli:s1:p1']));
  expect(found.find(({ kind }) => kind === 'agent')).toMatchObject({
    spanId: 'turn',
    agent: 'gemini-cli',
    input: [{ role: 'user' }],
  });
  expect(found.filter(({ kind }) => kind === 'generation')).toMatchObject([
    { usage: { input: 120, output: 35, cacheRead: 64, reasoning: 5 }, parentId: 'turn', model: 'gemini-3' },
    { status: 'error', error: { type: '429', message: 'quota' } },
  ]);
  expect(found.filter(({ kind }) => kind === 'tool')).toMatchObject([
    { tool: 'list_directory', status: 'error', error: { type: 'not_found', message: 'no such directory' } },
  ]);
  expect(notes(records)).toEqual(['1 log record without a trace.']);
});

test('Gemini CLI inside spans: what a record says goes to the span that it stands in', () => {
  const attributes = { ...GEMINI, input_token_count: 1, output_token_count: 2 };
  const records = decode([{ event: 'gemini_cli.api_response', attributes }], 'gemini-cli');
  expect(spans(records)).toMatchObject([
    { traceId: TRACE, spanId: SPAN, kind: 'generation', usage: { input: 1, output: 2 } },
  ]);
  expect(records.find(({ type }) => type === 'trace')).toMatchObject({ sessionId: 's1' });
});

test('Claude Code: names of tools and ids that look like prototypes are only names', () => {
  const attributes = {
    'session.id': '__proto__',
    'prompt.id': 'constructor',
    tool_name: '__proto__',
    tool_use_id: '__proto__',
  };
  const records = decode(
    [{ event: 'tool_result', ids: false, attributes: { ...attributes, __proto__x: 1, success: 'false' } }],
    'com.anthropic.claude_code.events',
  );
  expect(spans(records).find(({ kind }) => kind === 'tool')).toMatchObject({ tool: '__proto__', status: 'error' });
});

test('a body cut anywhere is refused or read, never a crash', () => {
  const { bytes } = requestOf('otlp-logs/codex-protobuf');
  const context = { name: null, contentType: 'application/x-protobuf', userAgent: null };
  let refused = 0;
  for (let length = 0; length < bytes.length; length += 7) {
    const result = otlpLogs.decode(bytes.subarray(0, length), context);
    if (!result.ok) {
      expect(result.error.code).toBe('bad_request');
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(bytes.length / 8);
});

test.each(['{"resourceLogs":[7,{"scopeLogs":[null,{"logRecords":[1,{"body":7,"attributes":9}]}]}]}', '{}', '[]'])(
  '%s does no harm',
  (text) => {
    const result = otlpLogs.decode(Buffer.from(text), { name: null, contentType: null, userAgent: null });
    expect(result.ok).toBe(true);
  },
);

test('Codex: an answer that streams in follows its request; what a lone one needs comes with it', () => {
  const attributes = {
    'event.kind': 'response.completed',
    'conversation.id': 'talk',
    model: 'gpt-5-codex',
    input_token_count: '120',
    output_token_count: '30',
  };
  const records = decode([{ event: 'codex.sse_event', ids: false, attributes }], 'codex_otel.log_only');
  expect(records).toMatchObject([
    {
      traceId: 'codex:talk',
      kind: 'generation',
      parentId: 'turn:talk',
      usage: { input: 120, output: 30 },
      model: 'gpt-5-codex',
      follows: {
        key: 'codex:talk',
        at: 1795289345904000001n,
        beside: [
          { type: 'trace', traceId: 'codex:talk', sessionId: 'talk' },
          { spanId: 'turn:talk', kind: 'agent', end: 1795289345904000001n },
          { spanId: 'turn:talk', kind: 'agent', start: 1795289345904000001n },
        ],
      },
    },
  ]);
});

test.each([
  ['/responses', 1],
  ['/v1/chat/completions', 1],
  ['/models', 0],
])('Codex: a request to %s leads %i answers', (endpoint, led) => {
  const attributes = { 'conversation.id': 'talk', endpoint, duration_ms: '3' };
  const records = decode([{ event: 'codex.api_request', attributes }], 'codex_otel.log_only');
  const leads = records.filter((record) => record.type === 'span' && record.leads !== undefined);
  expect(leads).toMatchObject(Array.from({ length: led }, () => ({ spanId: SPAN, leads: { key: 'codex:talk' } })));
});

test.each([
  ['Chunk ID: 1\nProcess exited with code 2\nOutput:\nno', 'error'],
  ['Exit code: 127\nWall time: 0.1\nOutput:\nnot found', 'error'],
  ['{"output":"x","metadata":{"exit_code":1,"duration_seconds":0.1}}', 'error'],
  ['Process exited with code 0\nOutput:\nProcess exited with code 9', 'ok'],
  ['a text that says exit code 3', 'ok'],
])('Codex: %j is %s', (output, status) => {
  const attributes = { 'conversation.id': 'talk', call_id: 'c', tool_name: 'exec_command', success: 'true', output };
  const found = spans(decode([{ event: 'codex.tool_result', attributes }], 'codex_otel.log_only'));
  expect(found.find(({ kind }) => kind === 'tool')?.status).toBe(status);
});
