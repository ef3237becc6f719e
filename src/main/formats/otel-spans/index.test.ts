import { expect, test } from 'vitest';
import { agentsOf, decodeFixture, decodeJson, kindsOf } from '../../../../test/support/format-facts.ts';
import { otelSpans } from './index.ts';
import { readId } from './shapes.ts';

test.each<[string, Record<string, number>, string[]]>([
  ['any-agent-agno', { generation: 3, tool: 2, agent: 1 }, ['any_agent']],
  ['any-agent-langchain', { generation: 4, tool: 2, agent: 1 }, ['any_agent']],
  ['any-agent-openai', { generation: 3, tool: 2, agent: 1 }, ['any_agent']],
  ['strands-adk', { tool: 1, generation: 4, agent: 1, chain: 1 }, ['math_agent']],
  ['strands-otel-genai', { agent: 1, generation: 2, tool: 2 }, ['WeatherAssistant']],
  ['strands-pydantic-ai', { generation: 2, tool: 1, agent: 1 }, ['agent']],
  ['strands-smolagents', { generation: 2, tool: 2, chain: 2, agent: 1 }, ['CodeAgent']],
  ['strands-openinference', { generation: 2, tool: 1, agent: 1, chain: 2 }, ['route_to_agent']],
])('%s: kinds and agents', (name, kinds, agents) => {
  const { spans, issues } = decodeFixture(otelSpans, name);
  expect(kindsOf(spans)).toEqual(kinds);
  expect(agentsOf(spans)).toEqual(agents);
  expect(issues).toEqual([]);
});

test('openai-agents: two agents, one called as a tool of the other', () => {
  const { spans } = decodeFixture(otelSpans, 'strands-openai-agents');
  expect(spans.length).toBe(19);
  const by = new Map(spans.map((span) => [span.spanId, span]));
  const specialist = spans.find((span) => span.name === 'math_specialist');
  const path: string[] = [];
  for (let at = specialist; at; at = by.get(at.parentId ?? '')) path.push(at.name);
  expect(path).toEqual([
    'math_specialist',
    'Agent workflow',
    'ask_math_specialist',
    'turn',
    'coordinator',
    'Agent workflow',
    'Agent workflow',
  ]);
  expect(spans.filter((span) => span.kind === 'tool').map((span) => span.tool)).toEqual([
    'multiply_numbers',
    'divide_numbers',
    'divide_numbers',
    'ask_math_specialist',
  ]);
});

test('any-agent: 128-bit ids, exact times, calls and costs of its own keys, the outcome', () => {
  const { spans, traces } = decodeFixture(otelSpans, 'any-agent-openai');
  // 100927429609276267646756448943279827607 and 9295669169508793927.
  expect(spans[0]).toMatchObject({
    traceId: '4bedea77bb33b9c5f280371eae21ea97',
    spanId: '8100d9dbee1f3e47',
    parentId: 'ab08afea3548c547',
    start: 1_758_026_593_210_770_000n,
    end: 1_758_026_593_449_611_000n,
    status: 'ok',
    usage: { input: 269, output: 16 },
    output: [
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', name: 'get_current_time', arguments: { timezone: 'America/New_York' } }],
      },
    ],
  });
  expect(spans[0]?.cost).toBeCloseTo(0.0000317, 10);
  expect(spans[1]).toMatchObject({
    tool: 'get_current_time',
    input: [{ kind: 'json', value: { timezone: 'America/New_York' } }],
  });
  expect(traces.at(-1)?.metadata).toMatchObject({ outcome: { steps: [{ number: 1 }, { number: 2 }] } });
});

test('a failed tool of a span list, and content out of its events', () => {
  const { spans } = decodeFixture(otelSpans, 'strands-otel-genai');
  expect(spans.map((span) => span.status)).toEqual(['ok', 'ok', 'ok', 'error', 'ok']);
  expect(spans[4]?.input.map((item) => (item.kind === 'message' ? item.role : ''))).toEqual([
    'user',
    'assistant',
    'tool',
    'tool',
  ]);
});

test('JavaScript: pairs of seconds and nanoseconds', () => {
  const { spans, traces } = decodeFixture(otelSpans, 'aisdk-js');
  expect(spans.length).toBe(10);
  expect(traces.length).toBe(10);
  expect(spans[0]!.end! - spans[0]!.start!).toBe(1_779_415_667n);
});

test.each(['python-console', 'python-lines'])('%s: spans as Python prints them', (name) => {
  const { spans, issues } = decodeFixture(otelSpans, name);
  expect(spans).toMatchObject([
    {
      spanId: '051581bf3cb55c13',
      parentId: null,
      kind: 'agent',
      agent: 'planner',
      start: 1_714_557_600_000_001_000n,
      origin: { resource: { 'service.name': 'demo' } },
    },
    {
      spanId: '5fb397be34d26b51',
      parentId: '051581bf3cb55c13',
      tool: 'search',
      error: { type: 'ValueError' },
      links: [{ spanId: '051581bf3cb55c13' }],
      attributes: { 'span.kind': 'client' },
    },
  ]);
  expect(issues.map((issue) => issue.message)).toEqual(name === 'python-lines' ? ['Line 3 is not JSON.'] : []);
});

test('Phoenix: nested attributes of its API, columns of its tables', () => {
  const api = decodeFixture(otelSpans, 'phoenix-api').spans;
  expect(api[0]).toMatchObject({
    kind: 'generation',
    model: 'gpt-4o',
    usage: { input: 12, output: 5 },
    parentId: '9a8b7c6d5e4f3021',
    input: [{ role: 'user', parts: [{ content: 'Hi' }] }],
    output: [{ parts: [{ type: 'tool_call', id: 'c1', name: 'look', arguments: { a: 1 } }] }],
  });
  expect(api[1]).toMatchObject({
    kind: 'agent',
    agent: 'helper',
    status: 'error',
    error: { type: 'RuntimeError', message: 'boom' },
  });
  expect(decodeFixture(otelSpans, 'phoenix-rows').spans).toMatchObject([
    {
      kind: 'generation',
      usage: { input: 7, output: 3 },
      start: 1_740_819_600_000_000_000n,
      output: [{ parts: [{ content: 'Hi there' }] }],
    },
  ]);
});

test('ids of all writers', () => {
  expect(readId('0x051581BF3CB55C13', 16)).toBe('051581bf3cb55c13');
  expect(readId('1000000000000001', 16)).toBe('1000000000000001');
  expect(readId('9295669169508793927', 16)).toBe('8100d9dbee1f3e47');
  expect(readId(255, 16)).toBe('00000000000000ff');
  expect(readId('6D9D1A7A-E2A2-D6C4-F3B9-F0A1B2C3D4E5', 32)).toBe('6d9d1a7ae2a2d6c4f3b9f0a1b2c3d4e5');
  expect(readId('llm-1', 16)).toBe('llm-1');
  for (const none of ['0000000000000000', '0x0', '', null, undefined, {}, -1, 1.5]) expect(readId(none, 16)).toBeNull();
});

test('entries that are no spans are issues, and lists without any are not ours', () => {
  const span = { trace_id: 'a', span_id: 'b', name: 'n', start_time: 1, end_time: 2 };
  expect(decodeJson(otelSpans, [span, 3, { name: 'x' }]).issues.length).toBe(2);
  expect(() => decodeJson(otelSpans, [{ name: 'x' }])).toThrow('no list of spans');
});
