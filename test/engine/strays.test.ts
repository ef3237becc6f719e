/**
 * Records that do not name their span (streamed answers of Codex and Gemini CLI, Claude Code behind a gateway) reach it all
 * the same, in whatever bodies and order they come: every model call is there once, and so are its tokens.
 */
import { expect, test } from 'vitest';
import { random } from '../support/make-trace.ts';
import {
  recordByRecord,
  requestOf,
  sendRequest,
  shownAfter,
  spansOf,
  withoutIds,
  type Request,
  type ShownTrace,
} from '../support/signals.ts';

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const next = random(seed);
  return items
    .map((item) => ({ item, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

async function sameInAnyOrder(whole: readonly Request[], pieces: readonly Request[]): Promise<ShownTrace[]> {
  const { traces } = await shownAfter(whole);
  for (const order of [pieces, [...pieces].reverse(), shuffled(pieces, 1), [...shuffled(pieces, 2), ...whole]]) {
    expect((await shownAfter(order)).traces).toEqual(traces);
  }
  return traces;
}

function sum(traces: readonly ShownTrace[]): { input: number; output: number } {
  const add = (key: 'input' | 'output'): number => traces.reduce((all, { row }) => all + (row.tokens[key] ?? 0), 0);
  return { input: add('input'), output: add('output') };
}

test('Codex with spans: each answer is told in a body of its own, and no token counts twice', async () => {
  const spans = [requestOf('otlp/codex-json-1'), requestOf('otlp/codex-json-2')];
  const logs = requestOf('otlp-logs/codex-json');
  const traces = await sameInAnyOrder([...spans, logs], [...spans, ...recordByRecord(logs)]);
  expect(traces.length).toBe(18);
  expect(sum(traces)).toEqual({ input: 360, output: 90 });
  expect(spansOf(traces, 'generation').filter((span) => span.usage !== null).length).toBe(3);
});

test.each([
  ['with the ids of spans that never came', (logs: Request) => logs],
  ['without ids', withoutIds],
])('Codex, logs alone, %s: one record a body', async (_name, edit) => {
  const logs = edit(requestOf('otlp-logs/codex-json'));
  const traces = await sameInAnyOrder([logs], recordByRecord(logs));
  const run = traces.find(({ row }) => row.tools.length > 0);
  expect(run?.row.tokens).toMatchObject({ input: 360, output: 90 });
  expect(sum(traces)).toEqual({ input: 360, output: 90 });
  expect(spansOf(traces, 'generation').map(({ usage }) => usage?.input)).toEqual([120, 120, 120]);
});

const GEMINI = { 'session.id': 's1', prompt_id: 's1########1', model: 'gemini-3' };
const BASE = 1_795_289_345_000_000_000n;

type Given = { readonly event: string; readonly ms: number; readonly span?: string; readonly attributes?: object };

function geminiLogs(given: readonly Given[]): Request {
  const logRecords = given.map(({ event, ms, span, attributes }) => ({
    timeUnixNano: String(BASE + BigInt(ms) * 1_000_000n),
    ...(span === undefined ? {} : { traceId: span.repeat(32), spanId: span.repeat(16) }),
    attributes: Object.entries({ 'event.name': `gemini_cli.${event}`, ...GEMINI, ...attributes }).map(
      ([key, value]: [string, unknown]) => ({
        key,
        value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
      }),
    ),
  }));
  const body = { resourceLogs: [{ scopeLogs: [{ scope: { name: 'gemini-cli' }, logRecords }] }] };
  return { path: '/v1/logs', bytes: Buffer.from(JSON.stringify(body)) };
}

function geminiSpan(span: string, ms: number, took: number): Request {
  const attributes = [
    { key: 'gen_ai.operation.name', value: { stringValue: 'llm_call' } },
    { key: 'gen_ai.conversation.id', value: { stringValue: 's1' } },
    { key: 'gen_ai.usage.input_tokens', value: { intValue: 50 } },
    { key: 'gen_ai.usage.output_tokens', value: { intValue: 17 } },
  ];
  const told = {
    traceId: span.repeat(32),
    spanId: span.repeat(16),
    name: 'llm_call',
    startTimeUnixNano: String(BASE + BigInt(ms) * 1_000_000n),
    endTimeUnixNano: String(BASE + BigInt(ms + took) * 1_000_000n),
    attributes,
  };
  const body = { resourceSpans: [{ scopeSpans: [{ scope: { name: 'gemini-cli' }, spans: [told] }] }] };
  return { path: '/v1/traces', bytes: Buffer.from(JSON.stringify(body)) };
}

test('Gemini CLI: a streamed answer belongs to the request that began with it, and its thoughts count', async () => {
  const answer = { input_token_count: 50, output_token_count: 17, thoughts_token_count: 3, response_text: 'Sunny.' };
  const logs = geminiLogs([
    { event: 'user_prompt', ms: 0, attributes: { prompt: 'Say hello' } },
    { event: 'api_request', ms: 10, span: 'a', attributes: { request_text: 'Say hello' } },
    { event: 'api_response', ms: 132, attributes: { ...answer, duration_ms: 124 } },
    { event: 'api_request', ms: 200, span: 'b', attributes: { request_text: 'Go on' } },
    { event: 'api_response', ms: 209, attributes: { ...answer, duration_ms: 9 } },
  ]);
  const spans = [geminiSpan('a', 9, 125), geminiSpan('b', 199, 12)];
  const traces = await sameInAnyOrder([...spans, logs], [...spans, ...recordByRecord(logs)]);
  expect(traces.map(({ row }) => row.id.slice(0, 4))).toEqual(['aaaa', 'bbbb', 'gemi']);
  const generations = spansOf(traces, 'generation');
  expect(generations.map(({ id, usage }) => [id.slice(0, 2), usage?.output])).toEqual([
    ['aa', 20],
    ['bb', 20],
  ]);
  for (const { input, output } of generations) expect([input.length, output.length]).toEqual([1, 1]);
  expect(sum(traces)).toEqual({ input: 100, output: 40 });
});

function withoutRequestIds({ path, bytes }: Request): Request {
  const text = Buffer.from(bytes).toString('utf8');
  const body = JSON.parse(text, (key, value: unknown) =>
    key === 'attributes' && Array.isArray(value)
      ? value.filter((each: { key: string }) => each.key !== 'request_id')
      : value,
  ) as unknown;
  return { path, bytes: Buffer.from(JSON.stringify(body)) };
}

test('Claude Code behind a gateway that names no request: cost and answer reach the span of their call', async () => {
  const spans = withoutRequestIds(requestOf('otlp/claude-code-json'));
  const logs = withoutRequestIds(requestOf('otlp-logs/claude-code-json'));
  const traces = await sameInAnyOrder([spans, logs], [spans, ...recordByRecord(logs)]);
  const generations = spansOf(traces, 'generation');
  expect(generations.length).toBe(7);
  for (const span of generations) {
    expect(span.id).toMatch(/^[0-9a-f]{16}$/);
    expect(span.cost).toBeCloseTo(0.0008892, 9);
    expect(span.output.length).toBe(1);
  }
  const alone = spansOf(await sameInAnyOrder([withoutIds(logs)], recordByRecord(withoutIds(logs))), 'generation');
  expect(alone.map(({ cost, output }) => [cost !== null, output.length])).toEqual(new Array(7).fill([true, 1]));
});

test('a rebuild gives the same again; a trace that is deleted takes its answers along', async () => {
  const spans = [requestOf('otlp/codex-json-1'), requestOf('otlp/codex-json-2')];
  const { engine, traces } = await shownAfter([
    ...shuffled(recordByRecord(requestOf('otlp-logs/codex-json')), 3),
    ...spans,
  ]);
  const [turn] = traces.filter(({ row }) => row.spans > 400);
  const state = async (): Promise<unknown> =>
    engine.call('sql.query', {
      sql: 'SELECT trace_id, span_id, s.name, kind, s.input_tokens, s.output_tokens, s.start_ns, s.end_ns FROM span s JOIN trace USING (trace_key) ORDER BY 1, 2',
    });
  const before = await state();
  for (const traceIds of [undefined, [turn?.row.id ?? '']]) {
    await engine.call('rebuild.run', { jobId: `r${traceIds?.length ?? 0}`, ...(traceIds ? { traceIds } : {}) });
    await engine.settle();
    expect(await state()).toEqual(before);
  }
  await engine.call('trace.delete', { traceIds: [turn?.row.id ?? ''] });
  await engine.settle();
  expect((await engine.call('trace.list', { limit: 100 })).rows.length).toBe(17);
  expect(await engine.call('sql.query', { sql: 'SELECT count(*) AS n FROM stray' })).toEqual([{ n: 0 }]);
  expect((await sendRequest(engine, requestOf('otlp-logs/codex-json'))).status).toBe(200);
});
