/** Logs and traces of the coding clients, as they really came, in whatever order: one picture of what happened. */
import { contentText } from '#shared/message.ts';
import type { SpanDetail } from '#shared/trace.ts';
import { expect, test } from 'vitest';
import {
  failed,
  recordByRecord,
  requestOf,
  sendRequest,
  shownAfter,
  spansOf,
  withoutIds,
  type Request,
} from '../support/signals.ts';
import { startEngine } from '../support/workspace.ts';

function said(items: SpanDetail['output']): string {
  return items.map(({ item }) => (item ? contentText(item) : '')).join('\n');
}

async function sameInAnyOrder(requests: readonly Request[]): ReturnType<typeof shownAfter> {
  const shown = await shownAfter(requests);
  expect((await shownAfter([...requests].reverse())).traces).toEqual(shown.traces);
  expect((await shownAfter([...requests, ...requests])).traces).toEqual(shown.traces);
  return shown;
}

const ANSWERS = ['Working.', 'Working.', 'Working.', 'Working.', 'All done.', 'Subagent says done.', 'All done.'];

test.each(['json', 'protobuf'])(
  'Claude Code over %s: logs add cost, answers and failures to spans',
  async (encoding) => {
    const requests = [requestOf(`otlp/claude-code-${encoding}`), requestOf(`otlp-logs/claude-code-${encoding}`)];
    const { traces } = await sameInAnyOrder(requests);
    expect(traces.length).toBe(2);
    expect(new Set(traces.map(({ row }) => row.session)).size).toBe(1);
    expect(traces.map(({ row }) => row.spans).sort((a, b) => a - b)).toEqual([2, 19]);
    const generations = spansOf(traces, 'generation');
    expect(generations.length).toBe(7);
    for (const span of generations) {
      expect(span.usage).toEqual({ input: 200, output: 30, cacheRead: 64, cacheWrite: 16, reasoning: null });
      expect(span.cost).toBeCloseTo(0.0008892, 9);
      expect(span.id).toMatch(/^[0-9a-f]{16}$/);
    }
    expect(generations.map((span) => said(span.output)).sort()).toEqual([...ANSWERS].sort());
    expect(traces.reduce((sum, { row }) => sum + (row.cost ?? 0), 0)).toBeCloseTo(7 * 0.0008892, 9);
    const tools = spansOf(traces, 'tool');
    expect(tools.map((span) => span.tool).sort()).toEqual(['Agent', 'Bash', 'Bash', 'Bash']);
    expect(failed(tools)).toMatchObject([
      { tool: 'Bash', name: 'claude_code.tool', error: { type: 'ShellError', message: 'Shell command failed' } },
    ]);
    expect(tools.map((span) => span.attributes.decision)).toEqual(new Array(4).fill('accept'));
  },
);

test('Claude Code, logs alone: each prompt is a trace with its turn, its sub-agent, its calls', async () => {
  const request = withoutIds(requestOf('otlp-logs/claude-code-json'));
  const { traces, engine } = await sameInAnyOrder([request]);
  expect((await shownAfter(recordByRecord(request))).traces).toEqual(traces);
  expect((await shownAfter(recordByRecord(request).reverse())).traces).toEqual(traces);
  expect(traces.map(({ row }) => row.id)).toEqual([
    expect.stringMatching(/^claude-code:[0-9a-f-]{36}:820e1681-/),
    expect.stringMatching(/^claude-code:[0-9a-f-]{36}:e4956f5b-/),
  ]);
  const [main] = traces;
  expect(main?.row).toMatchObject({ agents: ['main', 'general-purpose'], status: 'tool_errors', errors: 1 });
  expect(main?.row.tokens).toMatchObject({ input: 1200, output: 180, cacheRead: 384 });
  expect(main?.row.cost).toBeCloseTo(6 * 0.0008892, 9);
  const generations = spansOf(traces, 'generation');
  expect(generations.map((span) => said(span.output)).sort()).toEqual([...ANSWERS].sort());
  expect(generations.filter((span) => span.agent === 'general-purpose').length).toBe(2);
  expect(failed(spansOf(traces, 'tool')).map((span) => span.toolCallId)).toEqual(['toolu_0003']);
  const [turn] = main?.spans ?? [];
  expect(turn).toMatchObject({ id: 'turn', kind: 'agent', agent: 'main' });
  expect(said(turn?.input ?? [])).toBe('MAIN_PROMPT do the work');
  const { nodes } = await engine.call('trace.graph', { traceId: main?.row.id ?? '' });
  expect(nodes.map(({ id, generations: calls, toolCalls }) => [id, calls, toolCalls])).toEqual(
    expect.arrayContaining([
      ['agent:main', 4, 3],
      ['agent:general-purpose', 2, 1],
    ]),
  );
  const { entries } = await engine.call('trace.conversation', { traceId: main?.row.id ?? '' });
  expect(entries.filter(({ kind }) => kind === 'generation').length).toBe(6);
});

test('Claude Code: a request that failed is one span, with and without its span', async () => {
  const logs = requestOf('otlp-logs/claude-code-error');
  for (const requests of [[requestOf('otlp/claude-code-error'), logs], [logs], [withoutIds(logs)]]) {
    const { traces } = await sameInAnyOrder(requests);
    expect(spansOf(traces, 'generation')).toMatchObject([
      { status: 'error', error: { message: 'bad thing' }, model: 'claude-sonnet-4-5' },
    ]);
  }
});

async function codexGenerations(
  engine: Awaited<ReturnType<typeof shownAfter>>['engine'],
  traceId: string,
): Promise<number> {
  const { nodes } = await engine.call('trace.graph', { traceId });
  return nodes.reduce((sum, { kind, generations }) => sum + (kind === 'agent' ? generations : 0), 0);
}

const TURN = { input: 360, output: 90, cacheRead: 192, reasoning: 15 };

test.each(['json', 'protobuf'])('Codex over %s: its logs are the run, its spans the times', async (encoding) => {
  const spans = [requestOf(`otlp/codex-${encoding}-1`), requestOf(`otlp/codex-${encoding}-2`)];
  const { traces, engine } = await sameInAnyOrder([...spans, requestOf(`otlp-logs/codex-${encoding}`)]);
  expect(traces.length).toBe(18);
  const session = new Set(traces.flatMap(({ row }) => row.session ?? []));
  expect(session.size).toBe(1);
  const turn = traces.find(({ row }) => row.spans > 400);
  expect(turn?.row.tokens).toMatchObject(TURN);
  expect(await codexGenerations(engine, turn?.row.id ?? '')).toBe(3);
  const tools = spansOf(turn ? [turn] : [], 'tool');
  expect(tools.map((span) => [span.tool, span.status])).toEqual([
    ['exec_command', 'ok'],
    ['exec_command', 'error'],
  ]);
  expect(tools[1]?.error).toEqual({ type: 'exit_code', message: 'The process exited with code 2.' });
  expect(said(tools[0]?.output ?? [])).toContain('hello-otel');
  const agents = spansOf(turn ? [turn] : [], 'agent');
  expect(agents.map((span) => [span.agent, said(span.input)])).toEqual([['codex', 'do the work']]);
});

test('Codex, logs alone: the turn with three model calls and two tool calls', async () => {
  const logs = requestOf('otlp-logs/codex-json');
  for (const request of [logs, withoutIds(logs)]) {
    const { traces, engine } = await sameInAnyOrder([request]);
    const run = traces.find(({ row }) => row.tools.length > 0);
    expect(run?.row).toMatchObject({ agents: ['codex'], tools: ['exec_command'], tokens: TURN, errors: 1 });
    expect(run?.row.session).toBe('01a1ff96-ad70-7d11-89fc-0449021878c8');
    expect(await codexGenerations(engine, run?.row.id ?? '')).toBe(3);
    for (const span of spansOf(traces, 'generation')) expect(span.usage).toMatchObject({ input: 120, output: 30 });
    expect(failed(spansOf(traces, 'tool')).map((span) => span.toolCallId)).toEqual(['call_2']);
  }
});

test('all signals may come to the root path, and the answer names the items of its signal', async () => {
  const engine = await startEngine();
  for (const fixture of [
    'otlp/claude-code-protobuf',
    'otlp-logs/claude-code-protobuf',
    'otlp-metrics/claude-code-protobuf',
    'otlp-logs/codex-json',
    'otlp-metrics/codex-json',
  ]) {
    const { bytes } = requestOf(fixture);
    expect((await sendRequest(engine, { path: '/', bytes })).status, fixture).toBe(200);
  }
  await engine.settle();
  const { rows } = await engine.call('trace.list', {});
  expect(rows.length).toBe(4);
  expect((await engine.call('metrics.list', { measure: 'cost' })).length).toBe(2);
  const body = { resourceLogs: [{ scopeLogs: [{ logRecords: ['no record'] }] }] };
  const answer = await sendRequest(engine, { path: '/v1/logs', bytes: Buffer.from(JSON.stringify(body)) });
  expect(await answer.json()).toMatchObject({ partialSuccess: { rejectedLogRecords: '1' } });
  const points = { resourceMetrics: [{ scopeMetrics: [{ metrics: [7] }] }] };
  const refused = await sendRequest(engine, { path: '/v1/metrics', bytes: Buffer.from(JSON.stringify(points)) });
  expect(await refused.json()).toMatchObject({ partialSuccess: { rejectedDataPoints: '1' } });
});
