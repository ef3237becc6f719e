import { expect, test } from 'vitest';
import type { IssueRecord, SpanRecord, TraceRecord } from '#shared/record.ts';
import { attributesOf, encodeRequest, type Plain, requestOf } from '../../../../test/support/otlp.ts';
import { count } from './dialects/readers.ts';
import { DIALECTS } from './dialects/registry.ts';
import type { Dialect } from './dialects/types.ts';
import { createMerger } from './merge.ts';
import { decodeProtobuf } from './protobuf.ts';
import { compile } from './table.ts';

type Outcome = { spans: SpanRecord[]; traces: TraceRecord[]; issues: IssueRecord[] };

function mergeAll(spans: readonly Plain[], scope?: Plain, dialects: readonly Dialect[] = DIALECTS): Outcome {
  const merger = createMerger(compile(dialects));
  expect(decodeProtobuf(encodeRequest(requestOf(spans, scope)), merger.add).ok).toBe(true);
  const records = merger.records();
  return {
    spans: records.filter((record) => record.type === 'span'),
    traces: records.filter((record) => record.type === 'trace'),
    issues: records.filter((record) => record.type === 'issue'),
  };
}

function merge(span: Plain, scope?: Plain): SpanRecord {
  return mergeAll([span], scope).spans[0]!;
}

function withAttributes(attributes: Plain): SpanRecord {
  return merge({ attributes });
}

const MESSAGE = (role: string, content: string): Plain => ({
  kind: 'message',
  role,
  parts: [{ type: 'text', content }],
});

test.each([
  ['chat', 'generation', null],
  ['text_completion', 'generation', null],
  ['generate_content', 'generation', null],
  ['embeddings', 'generation', 'embedding'],
  ['retrieval', 'retrieval', null],
  ['execute_tool', 'tool', null],
  ['invoke_agent', 'agent', null],
  ['create_agent', 'agent', 'create_agent'],
  ['invoke_workflow', 'chain', 'workflow'],
  ['agent_step', 'chain', 'step'],
  ['something_new', 'custom', 'internal'],
])('gen_ai.operation.name %s is %s/%s', (name, kind, subtype) => {
  expect(withAttributes({ 'gen_ai.operation.name': name })).toMatchObject({ kind, subtype });
});

test.each([
  ['LLM', 'generation', null],
  ['EMBEDDING', 'generation', 'embedding'],
  ['CHAIN', 'chain', null],
  ['RETRIEVER', 'retrieval', null],
  ['RERANKER', 'retrieval', 'rerank'],
  ['TOOL', 'tool', null],
  ['AGENT', 'agent', null],
  ['GUARDRAIL', 'guardrail', null],
  ['EVALUATOR', 'evaluator', null],
  ['PROMPT', 'custom', 'prompt'],
  ['UNKNOWN', 'custom', 'internal'],
])('openinference.span.kind %s is %s/%s', (name, kind, subtype) => {
  expect(withAttributes({ 'openinference.span.kind': name })).toMatchObject({ kind, subtype });
});

test.each([
  [{ 'mcp.method.name': 'tools/call' }, 'tools/call get-weather', 'tool', 'get-weather'],
  [{ 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 1 }, 'call', 'generation', null],
  [{ 'gen_ai.request.model': 'm' }, 'call', 'custom', null],
  [{ 'gen_ai.tool.name': 'search' }, 'x', 'tool', 'search'],
  [{ 'db.vector.query.top_k': 3 }, 'x', 'retrieval', null],
  [{}, 'running tool', 'tool', 'running tool'],
  [{}, 'agent run', 'agent', null],
  [{}, 'search.tool', 'tool', 'search'],
  [{}, 'Step 3', 'chain', null],
  [{}, 'GET /index', 'custom', null],
])('without a kind, %j and the name "%s" make a %s', (attributes, name, kind, tool) => {
  expect(merge({ name, attributes })).toMatchObject({ kind, tool });
});

test('an agent name makes an agent of a root only', () => {
  const attributes = { 'gen_ai.agent.name': 'Planner' };
  expect(merge({ attributes })).toMatchObject({ kind: 'agent', agent: 'Planner' });
  expect(merge({ attributes, parentSpanId: 'ff'.repeat(8) })).toMatchObject({ kind: 'custom', agent: 'Planner' });
});

test.each([
  [{ 'gen_ai.agent.name': 'A', 'agent.name': 'B', 'graph.node.id': 'C' }, 'A'],
  [{ 'agent.name': 'B', 'graph.node.name': 'D', 'graph.node.id': 'C' }, 'B'],
  [{ 'graph.node.id': 'C', 'graph.node.name': 'D' }, 'D'],
  [{ 'graph.node.id': 'C' }, 'C'],
  [{}, 'Planner'],
  [{ 'gen_ai.agent.name': '' }, 'Planner'],
])('an agent span with %j is %s', (attributes, agent) => {
  expect(
    merge({ name: 'invoke_agent Planner', attributes: { 'openinference.span.kind': 'AGENT', ...attributes } }).agent,
  ).toBe(agent);
});

test('a swarm is a group, not an agent', () => {
  expect(withAttributes({ 'gen_ai.operation.name': 'invoke_swarm', 'gen_ai.agent.name': 'team' })).toMatchObject({
    kind: 'chain',
    subtype: 'swarm',
    agent: null,
  });
});

/** The published order of sources, for the dialects that exist; a new dialect's keys appear at their place. */
test('per field, sources rank in the published order', () => {
  const orderOf = (field: string): string[] =>
    DIALECTS.flatMap(({ facts = [], content = [], lists = [], events = [] }) => [
      ...facts.map((source) => ({ ...source, name: source.key })),
      ...content.map((source) => ({ ...source, name: source.key })),
      ...lists.map((source) => ({ ...source, name: `${source.prefix}*` })),
      ...events.map((source) => ({ ...source, name: source.events[0]! })),
    ])
      .filter((source) => source.field === field)
      .sort((a, b) => a.rank - b.rank)
      .map((source) => source.name);
  expect(orderOf('kind')).toEqual([
    'langfuse.observation.type',
    'messaging.message.type',
    'tool.name',
    'metadata',
    'openinference.span.kind',
    'openinference.span.kind',
    'user_prompt',
    'span.type',
    'gen_ai.operation.name',
    'ai.operationId',
    'gen_ai.tool.name',
    'langsmith.metadata.langgraph_node',
    'langsmith.span.kind',
    'gen_ai.operation.name',
    'gen_ai.operation.name',
    'gen_ai.operation.name',
    'traceloop.span.kind',
    'llm.request.type',
    'langsmith.span.kind',
    'mlflow.spanType',
    'mcp.method.name',
    'db.vector.query.top_k',
    'gen_ai.request.model',
    'gen_ai.tool.name',
    'gen_ai.agent.name',
  ]);
  expect(orderOf('model')).toEqual([
    'gen_ai.response.model',
    'llm.response.model_name',
    'ai.response.model',
    'gen_ai.request.model',
    'llm.model_name',
    'embedding.model_name',
    'reranker.model_name',
    'llm.request.model_name',
    'ai.model.id',
    'langfuse.observation.model.name',
    'mlflow.llm.model',
    'model',
    'model',
    'model',
    'langsmith.metadata.ls_model_name',
    'llm.invocation_parameters',
  ]);
  expect(orderOf('inputTokens')).toEqual([
    'gen_ai.usage.input_tokens',
    'gen_ai.aggregated_usage.input_tokens',
    'llm.token_count.prompt',
    'ai.usage.inputTokens',
    'gen_ai.usage.prompt_tokens',
    'llm.usage.prompt_tokens',
    'ai.usage.promptTokens',
    'ai.usage.tokens',
    'langfuse.observation.usage_details',
    'gcp.vertex.agent.llm_response',
    'langsmith.usage_metadata',
    'langsmith.metadata.usage_metadata',
    'mlflow.chat.tokenUsage',
    'input_tokens',
    'codex.turn.token_usage.input_tokens',
    'input_token_count',
  ]);
  expect(orderOf('session')).toEqual([
    'session.id',
    'gen_ai.conversation.id',
    'session.id',
    'langfuse.session.id',
    'langsmith.metadata.thread_id',
    'langsmith.metadata.session_id',
    'langsmith.metadata.conversation_id',
    'traceloop.association.properties.session_id',
    'traceloop.association.properties.chat_id',
    'traceloop.association.properties.thread_id',
    'ai.telemetry.metadata.sessionId',
    'ai.telemetry.metadata.chatId',
    'ai.telemetry.metadata.threadId',
    'ai.settings.context.sessionId',
    'ai.settings.context.chatId',
    'ai.settings.context.threadId',
    'gcp.vertex.agent.session_id',
    'conversation.id',
    'thread_id',
    'thread.id',
    'metadata',
    'mlflow.trace.session',
  ]);
  expect(orderOf('toolCallId')).toEqual([
    'gen_ai.tool.call.id',
    'ai.toolCall.id',
    'tool_use_id',
    'call_id',
    'gen_ai.tool.call_id',
    'tool.id',
    'message.tool_call_id',
  ]);
  expect(orderOf('input')).toEqual([
    'gen_ai.tool.call.arguments',
    'ai.toolCall.args',
    'gen_ai.tool.args',
    'tool_arguments',
    'gcp.vertex.agent.tool_call_args',
    'full_command',
    'file_path',
    'input.value',
    'function_args',
    'tool.parameters',
    'gen_ai.input.messages',
    'gen_ai.input.messages',
    'gen_ai.retrieval.query.text',
    'llm.input_messages.*',
    'reranker.input_documents.*',
    'llm.prompts.*',
    'embedding.embeddings.*',
    'gen_ai.prompt.*',
    'ai.prompt.messages',
    'ai.prompt',
    'ai.value',
    'ai.values',
    'gen_ai.system.message',
    'gen_ai.system.message',
    'gen_ai.content.prompt',
    'gen_ai.client.inference.operation.details',
    'pydantic_ai.all_messages',
    'all_messages_events',
    'events',
    'gcp.vertex.agent.llm_request',
    'langfuse.observation.input',
    'langfuse.trace.input',
    'gen_ai.prompt',
    'gen_ai.prompt',
    'mlflow.spanInputs',
    'traceloop.entity.input',
    'input.value',
    'user_prompt',
  ]);
});

test('no two sources of a field share a rank and a key', () => {
  const seen = new Set<string>();
  for (const { id, facts = [], content = [] } of DIALECTS) {
    for (const { field, rank, key, bare } of [...facts, ...content]) {
      // Bare keys count for the spans of their dialect alone.
      const name = `${field} ${rank} ${key} ${bare ? id : ''}`;
      expect(seen.has(name)).toBe(false);
      seen.add(name);
    }
  }
});

test('fields are merged one by one when two dialects describe a span', () => {
  const span = withAttributes({
    'openinference.span.kind': 'LLM',
    'gen_ai.operation.name': 'chat',
    'llm.model_name': 'asked-for',
    'gen_ai.response.model': 'served',
    'llm.token_count.prompt': 9,
    'gen_ai.usage.output_tokens': 4,
    'llm.input_messages.0.message.role': 'user',
    'llm.input_messages.0.message.content': 'hi',
    'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: 'hello' }] }]),
  });
  expect(span).toMatchObject({
    kind: 'generation',
    model: 'served',
    usage: { input: 9, output: 4, cacheRead: null, cacheWrite: null, reasoning: null },
    input: [MESSAGE('user', 'hi')],
    output: [MESSAGE('assistant', 'hello')],
    origin: { dialect: 'openinference' },
  });
  expect(Object.keys(span.attributes).sort()).toEqual([
    'gen_ai.operation.name',
    'gen_ai.response.model',
    'gen_ai.usage.output_tokens',
    'llm.model_name',
    'llm.token_count.prompt',
    'openinference.span.kind',
  ]);
});

test('the model may be in the invocation parameters only', () => {
  expect(withAttributes({ 'llm.invocation_parameters': '{"model":"m"}' }).model).toBe('m');
  expect(withAttributes({ 'llm.invocation_parameters': '{"model":{}}' }).model).toBeNull();
  expect(withAttributes({ 'llm.invocation_parameters': '{"mod' }).model).toBeNull();
});

test.each([
  [
    { 'gen_ai.usage.input_tokens': 5, 'gen_ai.usage.output_tokens': 0 },
    { input: 5, output: 0 },
  ],
  [{ 'gen_ai.usage.input_tokens': 0 }, null],
  [{ 'gen_ai.usage.output_tokens': 0, 'gen_ai.usage.cache_read.input_tokens': 0 }, null],
  [
    { 'gen_ai.usage.prompt_tokens': '12', 'gen_ai.usage.completion_tokens': 3 },
    { input: 12, output: 3 },
  ],
  [{ 'gen_ai.usage.input_tokens': -1 }, null],
  [{ 'gen_ai.usage.input_tokens': 'many' }, null],
  // Fewer tokens in all than from the cache: this source counts the cache apart.
  [
    { 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.cache_read_input_tokens': 64, 'gen_ai.usage.output_tokens': 1 },
    { input: 74, cacheRead: 64 },
  ],
])('the usage in %j is %j', (attributes, expected) => {
  const { usage } = withAttributes({ 'gen_ai.operation.name': 'chat', ...attributes });
  if (expected === null) expect(usage).toBeNull();
  else expect(usage).toMatchObject(expected);
});

test('usage and cost are own on a model call, a report on an agent or a chain', () => {
  const numbers = { 'gen_ai.usage.input_tokens': 5, 'gen_ai.usage.output_tokens': 2, 'gen_ai.usage.cost': 0.5 };
  const own = { input: 5, output: 2, cacheRead: null, cacheWrite: null, reasoning: null };
  expect(withAttributes({ 'gen_ai.operation.name': 'chat', ...numbers })).toMatchObject({
    usage: own,
    reportedUsage: null,
    cost: 0.5,
  });
  for (const operation of ['invoke_agent', 'invoke_workflow', 'execute_tool']) {
    expect(withAttributes({ 'gen_ai.operation.name': operation, ...numbers })).toMatchObject({
      usage: null,
      reportedUsage: own,
      cost: null,
    });
  }
});

test('a convention that counts the cache or reasoning apart is brought to one meaning', () => {
  const dialect: Dialect = {
    id: 'apart',
    scopes: [/^apart$/],
    tells: [],
    facts: [
      count('inputTokens', 5, 'input_tokens', { bare: true }),
      count('outputTokens', 5, 'output_tokens', { bare: true }),
      count('cacheRead', 5, 'cache_read_tokens', { bare: true }),
      count('reasoning', 5, 'thoughts', { bare: true }),
    ],
    tokens: { inputExcludesCache: true, outputExcludesReasoning: true },
  };
  const attributes = {
    'gen_ai.operation.name': 'chat',
    input_tokens: 100,
    output_tokens: 10,
    cache_read_tokens: 30,
    thoughts: 5,
  };
  const dialects = [dialect, ...DIALECTS];
  expect(mergeAll([{ attributes }], { name: 'apart' }, dialects).spans[0]).toMatchObject({
    usage: { input: 130, output: 15, cacheRead: 30, reasoning: 5 },
    origin: { dialect: 'apart' },
  });
  // Bare keys say nothing under any other scope.
  expect(mergeAll([{ attributes }], { name: 'other' }, dialects).spans[0]!.usage).toBeNull();
});

test.each([
  [{ status: { code: 2, message: 'boom' } }, 'error', { type: null, message: 'boom' }],
  [{ status: { code: 2 } }, 'error', { type: null, message: 'The span failed and does not say why.' }],
  [{ status: { code: 1 } }, 'ok', null],
  [{}, 'unset', null],
  [{ endTimeUnixNano: '0' }, 'running', null],
  [{ endTimeUnixNano: '0', status: { code: 2, message: 'x' } }, 'error', { type: null, message: 'x' }],
  [{ attributes: { 'error.type': 'timeout' } }, 'error', { type: 'timeout', message: 'timeout' }],
  [{ attributes: { error: true } }, 'error', { type: null, message: 'The span failed and does not say why.' }],
  [{ attributes: { error: 'bad thing' } }, 'error', { type: null, message: 'bad thing' }],
  [{ attributes: { error: false } }, 'unset', null],
  [{ attributes: { error: 'false' } }, 'unset', null],
  [{ attributes: { error: '' } }, 'unset', null],
  [{ attributes: { 'error.message': 'no' } }, 'error', { type: null, message: 'no' }],
  [{ attributes: { 'rpc.response.status_code': '-32601' } }, 'error', { type: null }],
  [{ attributes: { 'rpc.response.status_code': 0 } }, 'unset', null],
])('%j is %s', (span, status, error) => {
  const record = merge(span);
  expect(record.status).toBe(status);
  if (error === null) expect(record.error).toBeNull();
  else expect(record.error).toMatchObject(error);
});

function exception(type: string | null, message: string): Plain {
  const attributes = { ...(type === null ? {} : { 'exception.type': type }), 'exception.message': message };
  return { name: 'exception', attributes: attributesOf(attributes) };
}

test('an exception event is a failure, whatever the status', () => {
  expect(merge({ status: { code: 1 }, events: [exception('ValueError', 'no rooms')] })).toMatchObject({
    status: 'error',
    error: { type: 'ValueError', message: 'no rooms' },
  });
});

test.each(['GraphInterrupt', 'langgraph.errors.ParentCommand', 'GeneratorExit', 'AgentRunInterrupted'])(
  '%s steers, it does not fail',
  (type) => {
    expect(merge({ status: { code: 1 }, events: [exception(type, 'x')] }).status).toBe('ok');
    expect(merge({ status: { code: 2 }, events: [exception(type, 'x')] })).toMatchObject({
      status: 'unset',
      error: null,
    });
    const both = merge({ status: { code: 2 }, events: [exception(type, 'x'), exception('KeyError', 'y')] });
    expect(both).toMatchObject({ status: 'error', error: { type: 'KeyError', message: 'y' } });
  },
);

test.each([
  [
    'execute_tool transfer_to_booking_agent',
    { 'gen_ai.tool.name': 'transfer_to_booking_agent' },
    null,
    'booking_agent',
  ],
  ['x', { 'gen_ai.tool.name': 'handoff_to_Writer' }, null, 'Writer'],
  [
    'x',
    { 'gen_ai.tool.name': 'transfer_to_agent', 'gen_ai.tool.call.arguments': '{"agent_name":"Writer"}' },
    null,
    'Writer',
  ],
  ['x', { 'gen_ai.tool.name': 'handoff' }, null, null],
  [
    'handoff to Order Agent',
    { 'tool.name': 'handoff_to_Order_Agent', 'input.value': '{"from_agent":"Triage"}' },
    'Triage',
    'Order Agent',
  ],
  ['handoff to B', { 'input.value': '{"from_agent":"A"}', 'output.value': '{"to_agent":"Bee"}' }, 'A', 'Bee'],
])('the tool span "%s" with %j is a handoff', (name, attributes, from, to) => {
  const span = merge({ name, attributes: { 'openinference.span.kind': 'TOOL', ...attributes } });
  expect(span).toMatchObject({ kind: 'handoff', tool: null, handoff: { from, to } });
});

test.each(['transfer_money', 'my_handoff', 'handoffs'])('the tool %s is no handoff', (tool) => {
  expect(withAttributes({ 'gen_ai.tool.name': tool })).toMatchObject({ kind: 'tool', tool, handoff: null });
});

test('facts about the trace: names, session, user, tags, metadata', () => {
  const { traces } = mergeAll([
    {
      name: 'child',
      spanId: 'aa'.repeat(8),
      parentSpanId: 'bb'.repeat(8),
      attributes: {
        'session.id': 'weaker',
        'gen_ai.conversation.id': 'stronger',
        'enduser.id': 'u2',
        'tag.tags': ['red', 'blue'],
        metadata: '{"about":"the child"}',
      },
    },
    {
      name: 'root',
      spanId: 'bb'.repeat(8),
      attributes: { 'user.id': 'u1', 'tag.tags': '["red","green"]', metadata: '{"about":"the trace"}' },
    },
    { name: 'elsewhere', traceId: '99'.repeat(16), spanId: 'cc'.repeat(8), parentSpanId: 'dd'.repeat(8) },
  ]);
  expect(traces).toEqual([
    {
      type: 'trace',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      // The root's name is no fact of its own: it is derived, whichever of several roots came first.
      workflow: 'svc',
      sessionId: 'stronger',
      userId: 'u1',
      tags: ['red', 'blue', 'green'],
      metadata: { about: 'the trace' },
    },
    // A batch without its root says only which trace it is about.
    { type: 'trace', traceId: '99'.repeat(16) },
  ]);
});

test('a named workflow wins over the service', () => {
  const { traces } = mergeAll([
    { name: 'root' },
    { spanId: 'aa'.repeat(8), parentSpanId: 'b7ad6b7169203331', attributes: { 'gen_ai.workflow.name': 'trip' } },
  ]);
  expect(traces).toMatchObject([{ workflow: 'trip' }]);
});

test('an end before the start is kept and noted', () => {
  const { spans, issues } = mergeAll([{ startTimeUnixNano: '900', endTimeUnixNano: '100' }]);
  expect(spans[0]).toMatchObject({ start: 900n, end: 100n });
  expect(issues).toMatchObject([{ code: 'negative_duration', severity: 'warning', spanId: 'b7ad6b7169203331' }]);
});

test('fields of the span beside its attributes become attributes, and hide none', () => {
  const span = merge(
    { kind: 4, traceState: 'a=b', droppedEventsCount: 2, attributes: { 'w3c.tracestate': 'own', keep: 1 } },
    { name: 's', attributes: attributesOf({ team: 'red' }) },
  );
  expect(span.attributes).toEqual({
    keep: 1,
    'span.kind': 'producer',
    'w3c.tracestate': 'own',
    'otel.dropped_events_count': 2,
    'otel.scope.team': 'red',
  });
});

test('a __proto__ attribute stays an attribute', () => {
  const span = merge({ attributes: [{ key: '__proto__', value: { stringValue: 'x' } }] });
  expect(Object.entries(span.attributes)).toEqual([['__proto__', 'x']]);
});
