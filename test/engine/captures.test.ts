/**
 * What real clients sent, through collector, store and analysis, against what their scripted scenarios did: agents, the
 * edges between them, model calls, tool calls and failures. One line for each node and each edge.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { endpoint, startEngine } from '../support/workspace.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/formats/otlp');

async function send(engine: Engine, name: string): Promise<void> {
  const folder = join(FIXTURES, name);
  const file = readdirSync(folder).find((each) => each.startsWith('input.')) ?? '';
  const stored = readFileSync(join(folder, file));
  const body = file.endsWith('.gz') ? gunzipSync(stored) : stored;
  const contentType = body[0] === 0x7b ? 'application/json' : 'application/x-protobuf';
  const response = await fetch(endpoint(engine, '/v1/traces'), {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: body as BodyInit,
  });
  expect(response.status).toBe(200);
}

/** Each trace as lines, by its number of spans and its id, so that the order does not depend on the clock. */
async function pictures(...names: readonly string[]): Promise<string[][]> {
  const engine = await startEngine();
  for (const name of names) await send(engine, name);
  await engine.settle();
  const { rows } = await engine.call('trace.list', { limit: 100 });
  const found = await Promise.all(
    rows.map(async ({ id, status }) => {
      const { nodes, edges } = await engine.call('trace.graph', { traceId: id });
      return [
        status,
        ...nodes.map(
          ({ id: node, generations, toolCalls, errors }) =>
            `${node}: ${generations} generations, ${toolCalls} tool calls, ${errors} errors`,
        ),
        ...edges.map(
          ({ from, kind, to, count, inferred }) => `${from} > ${to}: ${count} ${kind}${inferred ? '?' : ''}`,
        ),
      ];
    }),
  );
  return found.map((lines) => lines.sort()).sort((a, b) => a.length - b.length || (a.join() < b.join() ? -1 : 1));
}

const TRIP = [
  'agent:Booker > tool:book_hotel: 1 tool_call',
  'agent:Booker: 0 generations, 1 tool calls, 1 errors',
  'agent:Planner > agent:Booker: 1 handoff',
  'agent:Planner > tool:get_weather: 1 tool_call',
  'agent:Planner: 1 generations, 1 tool calls, 0 errors',
  'tool:book_hotel: 0 generations, 1 tool calls, 1 errors',
  'tool:get_weather: 0 generations, 1 tool calls, 0 errors',
  'tool_errors',
  'user > agent:Planner: 1 message',
  'user: 0 generations, 0 tool calls, 0 errors',
];

test.each(['otel-sdk-json', 'otel-sdk-protobuf', 'otel-sdk-gzip', 'otel-sdk-grpc'])(
  '%s: Planner hands over to Booker, whose booking fails',
  async (name) => {
    expect(await pictures(name)).toEqual([TRIP]);
  },
);

function loop(agent: string): string[] {
  return [
    `agent:${agent} > tool:get_weather: 1 tool_call`,
    `agent:${agent} > tool:lookup_order: 1 tool_call`,
    `agent:${agent} > user: 1 message`,
    `agent:${agent}: 3 generations, 2 tool calls, 1 errors`,
    'tool:get_weather: 0 generations, 1 tool calls, 0 errors',
    'tool:lookup_order: 0 generations, 1 tool calls, 1 errors',
    'tool_errors',
    `user > agent:${agent}: 1 message`,
    'user: 0 generations, 0 tool calls, 0 errors',
  ];
}

test.each([
  ['aisdk6', 2],
  ['aisdk7', 3],
])('%s: a tool loop, a stream, a failing model, another agent', async (name, failedSpans) => {
  const found = await pictures(name);
  expect(found).toHaveLength(4);
  expect(found).toEqual(expect.arrayContaining([loop('support-agent'), loop('weather-agent')]));
  expect(found.find((lines) => lines.includes('error'))).toContain(
    `agent:failing: 1 generations, 0 tool calls, ${failedSpans} errors`,
  );
  expect(found.find((lines) => lines.includes('ok'))).toContain(
    'agent:chat-stream: 1 generations, 0 tool calls, 0 errors',
  );
});

test('openinference-openai: the loop, and a run whose model span never comes', async () => {
  const found = await pictures('openinference-openai');
  expect(found).toHaveLength(5);
  expect(found).toEqual(expect.arrayContaining([loop('SupportAgent')]));
  expect(found.find((lines) => lines.includes('error'))).toContain(
    'agent:SupportAgent: 0 generations, 0 tool calls, 1 errors',
  );
});

test('langgraph: supervisor, researcher, supervisor, writer, supervisor, as each said itself', async () => {
  const found = await pictures('langgraph');
  expect(found).toHaveLength(2);
  expect(found[1]).toEqual([
    'agent:researcher > agent:supervisor: 1 handoff',
    'agent:researcher > tool:get_weather: 1 tool_call',
    'agent:researcher > tool:lookup_order: 1 tool_call',
    'agent:researcher: 3 generations, 2 tool calls, 1 errors',
    'agent:supervisor > agent:researcher: 1 handoff',
    'agent:supervisor > agent:writer: 1 handoff',
    'agent:supervisor: 0 generations, 0 tool calls, 0 errors',
    'agent:writer > agent:supervisor: 1 handoff',
    'agent:writer: 1 generations, 0 tool calls, 0 errors',
    'tool:get_weather: 0 generations, 1 tool calls, 0 errors',
    'tool:lookup_order: 0 generations, 1 tool calls, 1 errors',
    'tool_errors',
    'user > agent:supervisor: 1 message',
    'user: 0 generations, 0 tool calls, 0 errors',
  ]);
  expect(found[0]).toContain('agent:researcher: 1 generations, 0 tool calls, 5 errors');
});

test('langfuse5: an agent inside an agent is a call that returns', async () => {
  expect(await pictures('langfuse5')).toEqual([
    [
      'agent:Booker > agent:Planner: 1 return',
      'agent:Booker > tool:book_hotel: 1 tool_call',
      'agent:Booker: 0 generations, 1 tool calls, 1 errors',
      'agent:Planner > agent:Booker: 1 agent_call',
      'agent:Planner > guardrail:pii: 1 guardrail',
      // Its one model call asks for a tool and is no answer.
      'agent:Planner > tool:get_weather: 1 tool_call',
      'agent:Planner: 1 generations, 1 tool calls, 0 errors',
      'guardrail:pii: 0 generations, 0 tool calls, 0 errors',
      'tool:book_hotel: 0 generations, 1 tool calls, 1 errors',
      'tool:get_weather: 0 generations, 1 tool calls, 0 errors',
      'tool_errors',
      'user > agent:Planner: 1 message',
      'user: 0 generations, 0 tool calls, 0 errors',
    ],
  ]);
});

test('traceloop: the failing tool, whose span never comes, is told by the messages', async () => {
  const [lines] = await pictures('traceloop');
  expect(lines).toContain('agent:support_agent: 3 generations, 2 tool calls, 0 errors');
  expect(lines).toContain('agent:support_agent > tool:lookup_order: 1 tool_call?');
});

test('openai-agents through OpenInference: the handoff, both tools, and a run that fails', async () => {
  const found = await pictures('openai-agents');
  expect(found).toHaveLength(2);
  expect(found[0]).toContain('agent:OrderAgent: 1 generations, 0 tool calls, 3 errors');
  expect(found[1]).toEqual([
    'agent:OrderAgent > guardrail:pii: 1 guardrail',
    'agent:OrderAgent > tool:get_weather: 1 tool_call',
    'agent:OrderAgent > tool:lookup_order: 1 tool_call',
    'agent:OrderAgent > user: 1 message',
    'agent:OrderAgent: 3 generations, 2 tool calls, 1 errors',
    'agent:Triage > agent:OrderAgent: 1 handoff',
    'agent:Triage > guardrail:jailbreak: 1 guardrail',
    'agent:Triage: 1 generations, 0 tool calls, 0 errors',
    'guardrail:jailbreak: 0 generations, 0 tool calls, 0 errors',
    'guardrail:pii: 0 generations, 0 tool calls, 0 errors',
    'tool:get_weather: 0 generations, 1 tool calls, 0 errors',
    'tool:lookup_order: 0 generations, 1 tool calls, 1 errors',
    'tool_errors',
    'user > agent:Triage: 1 message',
    'user: 0 generations, 0 tool calls, 0 errors',
  ]);
});
