import { expect, test } from 'vitest';
import { isJsonObject, type Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { agentsOf, decodeFixture, decodeJson, fixtureBytes, kindsOf } from '../../../../test/support/format-facts.ts';
import { langfuseExport } from './index.ts';

/** Langfuse's own reading of an observation: `{ success, data: [{ role, content, tool_calls }] }` for either side. */
type Chatml = Record<string, Record<'input' | 'output', { success: boolean; data?: readonly Json[] } | undefined>>;

/** Role, text and called tools: what must be equal whatever the shape of parts. */
function gist(role: string, text: string, calls: readonly string[]): string {
  return JSON.stringify([role === 'model' ? 'assistant' : role, text.trim(), calls]);
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function expected(message: Json): string | null {
  if (!isJsonObject(message) || typeof message.role !== 'string' || message.role === 'tool') return null;
  const { content } = message;
  const parts: readonly Json[] = Array.isArray(content) ? content : [];
  const text =
    typeof content === 'string' ? content : parts.map((part) => (isJsonObject(part) ? textOf(part.text) : '')).join('');
  if (typeof content !== 'string' && parts.length === 0 && content !== null && content !== undefined) return null;
  const calls: readonly Json[] = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  return gist(
    message.role,
    text,
    calls.map((call) => (isJsonObject(call) ? textOf(call.name) : '')),
  );
}

function found(item: ContentItem): string {
  if (item.kind !== 'message') return '';
  // What Gemini sends back as the user's is the tool's here.
  const [response] = item.parts;
  if (response?.type === 'tool_call_response') {
    const given = response.response;
    return gist(
      'user',
      JSON.stringify(typeof given === 'string' && given.startsWith('{') ? JSON.parse(given) : given),
      [],
    );
  }
  const text = item.parts.map((part) => (part.type === 'text' ? part.content : '')).join('');
  return gist(
    item.role,
    text,
    item.parts.flatMap((part) => (part.type === 'tool_call' ? [part.name] : [])),
  );
}

test.each([
  ['aisdk', 2],
  ['crewai', 2],
  ['google-adk', 5],
  ['langgraph', 15],
  ['openai-agents', 5],
  ['pydantic-ai', 4],
  ['pydantic-ai-tools', 16],
])('%s: messages are those that Langfuse reads', (name, count) => {
  const chatml = JSON.parse(new TextDecoder().decode(fixtureBytes('langfuse', name, 'chatml.'))) as Chatml;
  const { spans } = decodeFixture(langfuseExport, name);
  let compared = 0;
  for (const [id, sides] of Object.entries(chatml)) {
    const span = spans.find((each) => each.spanId === id);
    for (const side of ['input', 'output'] as const) {
      // Langfuse puts a whole conversation of an agent into its output; here its last message is the output.
      const has = [...(span?.input ?? []), ...(span?.output ?? [])].map(found);
      for (const message of sides[side]?.data ?? []) {
        const wanted = expected(message);
        if (wanted === null) continue;
        expect(has, `${id} ${side}`).toContain(wanted);
        compared++;
      }
    }
  }
  expect(compared).toBeGreaterThanOrEqual(count);
});

test.each<[string, Record<string, number>, string[]]>([
  ['openai-agents', { chain: 1, agent: 1, generation: 2, tool: 1 }, ['Hello world']],
  ['google-adk', { chain: 1, agent: 1, generation: 2, tool: 1 }, ['hello_agent']],
  ['langgraph', { agent: 2, generation: 2, custom: 5 }, ['agent']],
  ['pydantic-ai-tools', { custom: 1, agent: 3, generation: 4, tool: 3, chain: 1 }, ['joke_agent', 'evaluator_agent']],
  ['aisdk', { chain: 1, generation: 1, tool: 1 }, []],
  ['autogen', { custom: 1, generation: 1 }, []],
])('%s: kinds and agents', (name, kinds, agents) => {
  const { spans, traces, issues } = decodeFixture(langfuseExport, name);
  expect(kindsOf(spans)).toEqual(kinds);
  expect(agentsOf(spans)).toEqual(agents);
  expect(new Set(traces.map((trace) => trace.traceId)).size).toBe(1);
  expect(issues).toEqual([]);
});

test('langgraph: scores of the trace, usage, tool definitions apart from messages', () => {
  const { spans, scores, traces } = decodeFixture(langfuseExport, 'langgraph');
  expect(scores.map(({ name, value, spanId, source }) => [name, value, spanId, source])).toEqual([
    ['hallucination', 0.1, null, 'langfuse eval'],
    ['toxicity', 0, null, 'langfuse eval'],
  ]);
  const model = spans.find((span) => span.spanId === '4f6535aaebcda355');
  expect(model).toMatchObject({ model: 'gpt-4o-2024-08-06', usage: { input: 60, output: 15 }, cost: 0.000075 });
  expect(model?.input.map((item) => (item.kind === 'message' ? item.role : item.kind))).toEqual(['user', 'user']);
  expect(model?.attributes['gen_ai.tool.definitions']).toHaveLength(1);
  expect(model!.end! - model!.start!).toBe(848_000_000n);
  expect(traces.at(-1)).toMatchObject({ name: 'LangGraph', traceId: 'e1fde3efec57ce8a69bafd3fb928a7eb' });
});

test('a trace as the API gives it', () => {
  const { spans, traces, scores, issues } = decodeFixture(langfuseExport, 'api-trace');
  expect(traces.at(-1)).toMatchObject({
    name: 'api',
    sessionId: 's',
    userId: 'u',
    tags: ['a'],
    metadata: { task: 'ask', outcome: 'answer' },
  });
  expect(spans.map(({ spanId, status }) => [spanId, status])).toEqual([
    ['o1', 'unset'],
    ['o2', 'error'],
    ['o3', 'unset'],
    ['o4', 'running'],
  ]);
  expect(spans[1]).toMatchObject({ error: { message: '429' }, usage: { input: 10, output: 2 }, cost: 0.001 });
  // An event is a point in time.
  expect(spans[2]?.end).toBe(spans[2]?.start);
  expect(scores).toMatchObject([
    { name: 'quality', spanId: 'o2', value: 1, passed: true },
    { name: 'tone', spanId: null, value: null, label: 'rude', explanation: 'why' },
  ]);
  expect(issues.map(({ code, spanId }) => [code, spanId])).toEqual([
    ['invalid_time', 'o4'],
    ['invalid_item', undefined],
  ]);
});

test('lists, pages and lines of traces; a bad line loses nothing else', () => {
  const trace = (id: string): object => ({
    trace: { id, projectId: 'p', timestamp: '', scores: [], environment: 'e' },
    observations: [{ id: 'o', type: 'SPAN', startTime: '2025-01-01T00:00:00Z' }],
  });
  for (const value of [
    [trace('a'), trace('b')],
    { data: [trace('a'), trace('b')] },
    `${JSON.stringify(trace('a'))}\nx\n${JSON.stringify(trace('b'))}`,
  ]) {
    const { spans, issues } = decodeJson(langfuseExport, value);
    expect(spans.map((span) => span.traceId)).toEqual(['a', 'b']);
    expect(issues.length).toBe(typeof value === 'string' ? 1 : 0);
  }
});

test('observations once, when they stand beside the trace and without content inside it', () => {
  const base = { id: 'o', type: 'SPAN', startTime: '2025-01-01T00:00:00Z' };
  const { spans } = decodeJson(langfuseExport, {
    trace: { id: 't', projectId: 'p', scores: [], latency: 1, observations: [{ ...base, input: null, name: 'inner' }] },
    observations: [{ ...base, input: 'x', name: null }],
  });
  expect(spans).toMatchObject([{ name: 'inner', input: [{ text: 'x' }] }]);
});
