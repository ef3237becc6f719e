/** Frameworks whose spans are known from their source or from files of others, each in one small scenario. */
import { expect, test } from 'vitest';
import { encodeRequest, loadOtlpFixture, type Plain, requestOf } from '../../../../../test/support/otlp.ts';
import type { SpanRecord, TraceRecord } from '#shared/record.ts';
import { decodeJson } from '../json.ts';
import { createMerger } from '../merge.ts';
import { decodeProtobuf } from '../protobuf.ts';
import { compile } from '../table.ts';
import { DIALECTS } from './registry.ts';

type Outcome = { spans: SpanRecord[]; traces: TraceRecord[] };

function decodeFixture(name: string): Outcome {
  const merger = createMerger(compile(DIALECTS));
  expect(decodeJson(loadOtlpFixture(name).bytes, merger.add)).toEqual({ ok: true, value: [] });
  return outcome(merger.records());
}

function outcome(records: ReturnType<ReturnType<typeof createMerger>['records']>): Outcome {
  return {
    spans: records.filter((record) => record.type === 'span'),
    traces: records.filter((record) => record.type === 'trace'),
  };
}

function merge(spans: readonly Plain[], scope = 'test'): Outcome {
  const merger = createMerger(compile(DIALECTS));
  expect(decodeProtobuf(encodeRequest(requestOf(spans, { name: scope })), merger.add).ok).toBe(true);
  return outcome(merger.records());
}

function spanWith(attributes: Plain, scope?: string, name = 'span'): SpanRecord {
  return merge([{ name, attributes }], scope).spans[0]!;
}

function named(spans: readonly SpanRecord[], name: string): SpanRecord {
  return spans.find((span) => span.name === name)!;
}

/** What the README of a capture states: agents, model calls, tool calls and what failed. */
function shape(spans: readonly SpanRecord[]): Plain {
  return {
    agents: [...new Set(spans.flatMap((span) => span.agent ?? []))].sort(),
    generations: spans.filter((span) => span.kind === 'generation').length,
    tools: spans.flatMap((span) => span.tool ?? []),
    failed: spans.filter((span) => span.status === 'error').map((span) => span.error?.message),
  };
}

test.each<[string, string, Plain]>([
  [
    'langsmith-otel',
    'langsmith',
    { agents: ['researcher'], generations: 1, tools: ['lookup_order'], failed: ['order store offline'] },
  ],
  [
    'gemini-cli',
    'gemini_cli',
    {
      agents: ['codebase_investigator', 'gemini-cli'],
      generations: 2,
      tools: ['list_directory', 'read_file'],
      failed: ['File not found: gone', '429 quota'],
    },
  ],
  ['mlflow', 'mlflow', { agents: ['SupportAgent'], generations: 1, tools: ['get_weather'], failed: ['store offline'] }],
  ['pydantic-ai', 'pydantic_ai', { agents: ['agent'], generations: 2, tools: ['get_weather'], failed: [] }],
  ['logfire-pending', 'pydantic_ai', { agents: ['planner'], generations: 1, tools: ['search'], failed: [] }],
  // Each `call_llm` is a model call around a model call: totals count the inner one.
  ['adk', 'adk', { agents: ['math_agent'], generations: 4, tools: ['calculator'], failed: [] }],
  ['adk-transfer', 'adk', { agents: ['booker', 'coordinator'], generations: 1, tools: [], failed: [] }],
  [
    'ms-agent-framework',
    'ms_agent_framework',
    { agents: ['reviewer', 'writer'], generations: 1, tools: ['search'], failed: ['TimeoutError'] },
  ],
  ['autogen', 'autogen', { agents: ['Writer'], generations: 0, tools: ['search'], failed: [] }],
  [
    'semantic-kernel',
    'semantic_kernel',
    { agents: ['Support'], generations: 1, tools: ['orders-lookup'], failed: ['offline'] },
  ],
  [
    'crewai',
    'openinference',
    {
      agents: ['Planner', 'Writer'],
      generations: 1,
      tools: ['Delegate work to coworker', 'Search'],
      failed: ['no network'],
    },
  ],
  ['strands', 'strands', { agents: ['Helper'], generations: 1, tools: ['lookup'], failed: ['store offline'] }],
  [
    'smolagents',
    'openinference',
    { agents: ['CodeAgent'], generations: 2, tools: ['web_search', 'final_answer'], failed: [] },
  ],
])('%s is %s with its agents, model calls, tools and failures', (name, dialect, expected) => {
  const { spans } = decodeFixture(name);
  expect(new Set(spans.map((span) => span.origin.dialect))).toEqual(new Set([dialect]));
  expect(shape(spans)).toEqual(expected);
});

test('langsmith: its own kind where the operation name lies, OK with an exception is a failure', () => {
  const { spans, traces } = decodeFixture('langsmith-otel');
  expect(spans.map(({ kind, subtype }) => [kind, subtype])).toEqual([
    ['chain', null],
    ['agent', 'node'],
    ['custom', 'prompt'],
    ['retrieval', null],
    ['generation', null],
    ['tool', null],
    ['chain', 'parser'],
  ]);
  expect(named(spans, 'ChatOpenAI')).toMatchObject({
    model: 'gpt-4o-mini',
    usage: { input: 120, output: 18, cacheRead: 64, cacheWrite: null, reasoning: 5 },
    output: [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'call_1', name: 'lookup_order' }] }],
  });
  expect(named(spans, 'lookup_order')).toMatchObject({
    error: { type: 'TypeError', message: 'order store offline' },
    input: [{ kind: 'json', value: { order_id: 'A-17' } }],
  });
  expect(traces[0]).toMatchObject({
    workflow: 'shop-prod',
    sessionId: 'thread-7',
    userId: 'u-1',
    tags: ['smoke', 'eu'],
    metadata: { tier: 'gold' },
  });
});

test('gemini-cli: one session over its traces; thoughts are added to the output; a failure inside the output', () => {
  const { spans, traces } = decodeFixture('gemini-cli');
  expect(traces.length).toBe(4);
  expect(new Set(traces.map((trace) => trace.sessionId))).toEqual(new Set(['gem-session-1']));
  expect(spans[0]).toMatchObject({
    usage: { input: 120, output: 35, reasoning: 5 },
    output: [{ role: 'assistant', parts: [{ name: 'list_directory' }, { name: 'read_file', id: 'rd-1' }] }],
  });
  const [list, read] = spans.filter((span) => span.kind === 'tool');
  expect(list).toMatchObject({ toolCallId: 'ls-1', status: 'ok', input: [{ kind: 'json', value: { path: '.' } }] });
  expect(read).toMatchObject({ toolCallId: 'rd-1', status: 'error', agent: null });
  // The model's words are no verdict about the model call.
  const words = { 'gen_ai.operation.name': 'llm_call', 'gen_ai.output.messages': '{"status":"error"}' };
  expect(spanWith(words, 'gemini-cli').status).toBe('unset');
});

test('mlflow: quotes are stripped from names, not from what was said', () => {
  const { spans, traces } = decodeFixture('mlflow');
  expect(named(spans, 'Completions')).toMatchObject({
    model: 'gpt-4o-mini',
    cost: 0.3,
    usage: { input: 40, output: 7 },
  });
  expect(named(spans, 'SupportAgent').output).toMatchObject([
    { role: 'assistant', parts: [{ type: 'text', content: 'Sunny.' }] },
  ]);
  expect(named(spans, 'get_weather_1').output).toEqual([{ kind: 'text', text: '21 C' }]);
  expect(named(spans, 'lookup').attributes['mlflow.spanOutputs']).toBe('null');
  expect(named(spans, 'helper').kind).toBe('custom');
  expect(traces).toMatchObject([{ sessionId: 'sess-3', userId: 'u-9' }]);
});

test('pydantic-ai: the conversation of the agent, totals as a report', () => {
  const agent = named(decodeFixture('pydantic-ai').spans, 'invoke_agent agent');
  expect(agent.input.map((item) => (item.kind === 'message' ? item.role : item.kind))).toEqual([
    'system',
    'user',
    'assistant',
    'tool',
  ]);
  expect(agent.output).toMatchObject([{ role: 'assistant', finishReason: 'stop' }]);
  expect(agent).toMatchObject({ usage: null, reportedUsage: { input: 1251, output: 78 } });
  // The result says the last message again.
  expect(Object.keys(agent.attributes)).not.toContain('final_result');
});

test('logfire: a pending span becomes the span it announces, unless that has come', () => {
  const { spans, traces } = decodeFixture('logfire-pending');
  expect(spans.length).toBe(4);
  const root = named(spans, 'agent run');
  expect(root).toMatchObject({ parentId: null, status: 'unset', kind: 'agent', agent: 'planner' });
  expect(root.output).toMatchObject([{ role: 'assistant', parts: [{ content: 'Go by train.' }] }]);
  expect(named(spans, 'running tool')).toMatchObject({
    parentId: root.spanId,
    kind: 'tool',
    tool: 'search',
    status: 'running',
    end: null,
  });
  expect(named(spans, 'chat gpt-4o')).toMatchObject({
    cost: 0.002,
    usage: { input: 50, output: 9, reasoning: 4 },
    input: [{ role: 'system' }, { role: 'user' }],
    output: [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', arguments: { q: 'Rome' } }] }],
  });
  expect(named(spans, 'running 1 tool')).toMatchObject({ kind: 'chain', subtype: 'step' });
  expect(traces).toMatchObject([{ tags: ['nightly'] }]);
});

test.each(['zz', '', '00', '0'.repeat(16), {}, 7])('a pending span with the parent %j announces a root', (parent) => {
  const marker = {
    spanId: 'aa'.repeat(8),
    parentSpanId: 'bb'.repeat(8),
    attributes: { 'logfire.span_type': 'pending_span', 'logfire.pending_parent_id': parent },
  };
  const { spans } = merge([marker, marker]);
  expect(spans).toMatchObject([{ spanId: 'bb'.repeat(8), parentId: null, status: 'running' }]);
});

test('adk: thoughts are in the count of version 2 and beside that of version 1', () => {
  const { spans } = decodeFixture('adk');
  expect(spans.filter((span) => span.name === 'call_llm').map((span) => span.usage)).toEqual([
    { input: 157, output: 51, cacheRead: null, cacheWrite: null, reasoning: 32 },
    { input: 222, output: 33, cacheRead: null, cacheWrite: null, reasoning: 20 },
  ]);
  const [first] = spans.filter((span) => span.name === 'call_llm');
  expect(first!.input).toMatchObject([{ role: 'system' }, { role: 'user' }, { kind: 'json', value: { config: {} } }]);
  expect(first!.output[0]).toMatchObject({
    role: 'assistant',
    parts: [{ type: 'tool_call', id: 'uwpsprd2', name: 'calculator', arguments: { expression: '15 * 37' } }],
  });
  expect(named(spans, 'execute_tool calculator')).toMatchObject({
    input: [{ kind: 'json', value: { expression: '15 * 37' } }],
    output: [{ kind: 'json', value: { result: '555' } }],
  });
  const older = decodeFixture('adk-transfer');
  expect(named(older.spans, 'call_llm').usage).toMatchObject({ input: 10, output: 10, reasoning: 6 });
  expect(named(older.spans, 'execute_tool transfer_to_agent').handoff).toEqual({ from: null, to: 'booker' });
  expect(named(older.spans, 'execute_tool (merged tools)')).toMatchObject({ kind: 'custom', subtype: 'merged_tools' });
  expect(older.traces).toMatchObject([{ sessionId: 'adk-session-1' }]);
});

test('ms-agent-framework: executors, messages and the links between them', () => {
  const { spans, traces } = decodeFixture('ms-agent-framework');
  expect(spans.map(({ kind, subtype, agent }) => [kind, subtype, agent])).toEqual([
    ['chain', 'workflow', null],
    ['chain', 'executor', 'writer'],
    ['agent', null, 'writer'],
    ['generation', null, null],
    ['tool', null, null],
    ['custom', 'message', null],
    ['custom', 'edge_group', null],
    ['chain', 'executor', 'reviewer'],
  ]);
  expect(spans.at(-1)!.links).toMatchObject([{ spanId: named(spans, 'message.send').spanId }]);
  expect(traces).toMatchObject([{ workflow: 'review', sessionId: 'conv-1' }]);
});

test('autogen: who processed a message, and the handoff to another agent', () => {
  const { spans } = decodeFixture('autogen');
  expect(spans.map(({ kind, subtype }) => [kind, subtype])).toEqual([
    ['custom', 'create'],
    ['custom', 'publish'],
    ['chain', 'process'],
    ['handoff', null],
    ['agent', null],
    ['tool', null],
  ]);
  expect(named(spans, 'autogen send Editor.(team)-A').handoff).toEqual({ from: null, to: 'Editor' });
});

test('semantic-kernel: its names for model calls; a function is a tool only where it says so', () => {
  const { spans } = decodeFixture('semantic-kernel');
  expect(named(spans, 'chat.completions gpt-4o')).toMatchObject({
    kind: 'generation',
    input: [{ role: 'user' }],
    output: [{ role: 'assistant' }],
  });
  expect(named(spans, 'AutoFunctionInvocationLoop')).toMatchObject({ kind: 'chain', subtype: 'step' });
  expect(named(spans, 'summarise')).toMatchObject({ kind: 'chain', subtype: 'function' });
});

test('crewai: a crew is a workflow, delegation is a tool call', () => {
  const { spans, traces } = decodeFixture('crewai');
  expect(named(spans, 'TripCrew.kickoff')).toMatchObject({ kind: 'chain', subtype: 'workflow' });
  expect(named(spans, 'Delegate work to coworker.run')).toMatchObject({ kind: 'tool', subtype: 'delegation' });
  expect(traces).toMatchObject([{ workflow: 'TripCrew' }]);
  expect(spanWith({}, 'crewai.telemetry', 'Crew Created').subtype).toBe('usage_figures');
});

test('strands: content in events and Converse blocks, a failed tool with status OK', () => {
  const { spans } = decodeFixture('strands');
  const chat = named(spans, 'chat');
  expect(chat.input).toMatchObject([
    { role: 'system', parts: [{ content: 'Help.' }] },
    { role: 'user', parts: [{ type: 'text', content: 'Order A-17?' }] },
    { role: 'assistant', parts: [{ type: 'tool_call', id: 'tu_0', name: 'lookup', arguments: { id: 'A' } }] },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'tu_0', response: { is_error: true } }] },
  ]);
  expect(chat.output).toMatchObject([
    {
      role: 'assistant',
      finishReason: 'tool_use',
      parts: [
        { type: 'reasoning', content: 'Try again.' },
        { type: 'text', content: 'Looking.' },
        { type: 'tool_call', id: 'tu_1' },
      ],
    },
  ]);
  // Counts under the older and the newer name are one count.
  expect(chat.usage).toEqual({ input: 110, output: 20, cacheRead: 32, cacheWrite: 0, reasoning: null });
  expect(named(spans, 'execute_tool lookup')).toMatchObject({
    error: { message: 'store offline' },
    input: [{ kind: 'json', value: { id: 'A-17' } }],
    output: [{ kind: 'json', value: [{ text: 'store offline' }] }],
  });
  expect(named(spans, 'invoke_agent Helper')).toMatchObject({
    agent: 'Helper',
    usage: null,
    reportedUsage: { input: 220 },
    output: [{ role: 'assistant', parts: [{ content: 'Lost.' }], finishReason: 'end_turn' }],
  });
  expect(named(spans, 'execute_event_loop_cycle').subtype).toBe('step');
  expect(named(spans, 'invoke_swarm team')).toMatchObject({ kind: 'chain', subtype: 'swarm', agent: null });
});

test.each([
  ['Cycle 1f', 'chain'],
  ['Model invoke', 'generation'],
  ['Tool: search', 'tool'],
])('strands of early 2025 names a span "%s"', (name, kind) => {
  expect(spanWith({ 'tool.status': 'error' }, 'strands.telemetry.tracer', name)).toMatchObject({
    kind,
    status: 'error',
  });
  expect(spanWith({ 'tool.status': 'error' }, 'other', name)).toMatchObject({ kind: 'custom', status: 'unset' });
});

test('smolagents: steps, and the arguments of a tool where its parameters are a schema', () => {
  const { spans } = decodeFixture('smolagents');
  expect(named(spans, 'Step 1')).toMatchObject({ kind: 'chain', subtype: 'step' });
  expect(named(spans, 'DuckDuckGoSearchTool').input).toEqual([
    { kind: 'json', value: { query: 'population of Tokyo' } },
  ]);
  expect(named(spans, 'CodeAgent.run')).toMatchObject({ usage: null, reportedUsage: { input: 6256, output: 163 } });
});

test('mcp: a call is a tool call, another method is none', () => {
  const { spans } = decodeFixture('mcp');
  expect(spans.map(({ kind, subtype, tool, status }) => [kind, subtype, tool, status])).toEqual([
    ['tool', null, 'get-weather', 'unset'],
    ['tool', null, 'get-weather', 'unset'],
    ['tool', null, 'lookup', 'error'],
    ['custom', 'internal', null, 'unset'],
    ['retrieval', 'resource', null, 'unset'],
  ]);
  expect(spans.slice(1).every((span) => span.origin.dialect === 'mcp')).toBe(true);
});

test.each<[Plain, Plain]>([
  [
    { input: 50, output: 12, total: 62 },
    { input: 50, output: 12, cacheRead: null },
  ],
  // Langfuse and Anthropic count the cache beside the input.
  [
    { input: 50, output: 12, input_cached_tokens: 30 },
    { input: 80, output: 12, cacheRead: 30 },
  ],
  [
    { input: 50, output: 12, input_cached_tokens: 30, total: 92 },
    { input: 80, cacheRead: 30 },
  ],
  [
    { input: 50, output: 12, input_cached_tokens: 30, total: 62 },
    { input: 50, cacheRead: 30 },
  ],
  [
    { input_tokens: 5, output_tokens: 2, cache_read_input_tokens: 7, cache_creation_input_tokens: 1 },
    { input: 13, output: 2, cacheRead: 7, cacheWrite: 1 },
  ],
  // OpenAI counts it in.
  [
    {
      prompt_tokens: 50,
      completion_tokens: 12,
      prompt_tokens_details: { cached_tokens: 30 },
      completion_tokens_details: { reasoning_tokens: 4 },
    },
    { input: 50, output: 12, cacheRead: 30, reasoning: 4 },
  ],
  [
    { output: 12, output_reasoning_tokens: 4 },
    { input: null, output: 16, reasoning: 4 },
  ],
])('the usage map %j is %j', (map, expected) => {
  const attributes = {
    'langfuse.observation.type': 'generation',
    'langfuse.observation.usage_details': JSON.stringify(map),
  };
  expect(spanWith(attributes, 'langfuse-sdk').usage).toMatchObject(expected);
});

test('maps that are none, or that use the names of prototypes, say nothing', () => {
  for (const map of ['[]', '7', '{"input":{}}', '{"__proto__":{"input":9}}', '{"constructor":1', 'x'.repeat(100)]) {
    const attributes = { 'langfuse.observation.type': 'generation', 'langfuse.observation.usage_details': map };
    expect(spanWith(attributes, 'langfuse-sdk')).toMatchObject({ usage: null, kind: 'generation' });
  }
  const root = { 'langfuse.trace.metadata.__proto__': 'x', 'langfuse.trace.metadata.constructor': 'y' };
  const { traces } = merge([{ attributes: root }], 'langfuse-sdk');
  expect(Object.entries(traces[0]!.metadata!)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

test('a cost without a total is the sum of its parts', () => {
  const attributes = {
    'langfuse.observation.type': 'generation',
    'langfuse.observation.cost_details': '{"input":0.25,"output":0.5}',
  };
  expect(spanWith(attributes).cost).toBe(0.75);
});

test.each([
  [{ 'ai.operationId': 'ai.generateText' }, 'chain', 'generateText'],
  [{ 'ai.operationId': 'ai.generateText', 'ai.telemetry.functionId': 'f' }, 'agent', 'generateText'],
  [{ 'ai.operationId': 'ai.generateObject', 'ai.telemetry.functionId': 'f' }, 'chain', 'generateObject'],
  [{ 'ai.operationId': 'ai.embed' }, 'chain', 'embed'],
  [{ 'ai.operationId': 'ai.embedMany.doEmbed' }, 'generation', 'embedding'],
  [{ 'ai.operationId': 'ai.rerank.doRerank' }, 'retrieval', 'rerank'],
  [{ 'ai.operationId': 'ai.streamObject.doStream' }, 'generation', null],
])('the AI SDK operation in %j is %s/%s', (attributes, kind, subtype) => {
  expect(spanWith(attributes, 'ai')).toMatchObject({ kind, subtype });
});

test('the AI SDK of version 4: results and arguments under their older names', () => {
  const span = spanWith({
    'ai.operationId': 'ai.generateText.doGenerate',
    'ai.finishReason': 'tool-calls',
    'ai.result.text': 'One moment.',
    'ai.result.toolCalls': '[{"toolCallId":"c1","toolName":"search","args":"{\\"q\\":1}"}]',
    'ai.usage.promptTokens': 9,
    'ai.usage.completionTokens': 4,
  });
  expect(span).toMatchObject({
    usage: { input: 9, output: 4 },
    output: [
      {
        finishReason: 'tool-calls',
        parts: [
          { type: 'text', content: 'One moment.' },
          { type: 'tool_call', id: 'c1', name: 'search', arguments: { q: 1 } },
        ],
      },
    ],
  });
});

test.each([
  ['requests', 'generic'],
  ['openai', 'traceloop'],
  ['openai.v1', 'traceloop'],
  ['openai_v2', 'generic'],
])('the scope opentelemetry.instrumentation.%s is %s', (name, dialect) => {
  expect(spanWith({}, `opentelemetry.instrumentation.${name}`).origin.dialect).toBe(dialect);
});

test('bare keys and names count under their own scope only', () => {
  const bare = { 'span.type': 'tool', success: 'false', tool_name: 'x', call_id: 'c', input_tokens: 3, model: 'm' };
  expect(spanWith(bare, 'mine', 'session_task.turn')).toMatchObject({ kind: 'custom', status: 'unset', model: null });
  expect(spanWith(bare, 'codex_exec', 'session_task.turn')).toMatchObject({
    kind: 'agent',
    status: 'error',
    model: 'm',
  });
  expect(spanWith(bare, 'com.anthropic.claude_code.tracing')).toMatchObject({
    kind: 'tool',
    tool: 'x',
    status: 'error',
  });
});
