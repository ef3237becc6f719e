/** What is stored of contents and received bytes: once, verbatim, and gone when deleted. */
import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { agentsSdk, otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import { endpoint, startEngine } from '../support/workspace.ts';

async function send(engine: Engine, path: string, body: Uint8Array, type: string): Promise<void> {
  const response = await fetch(endpoint(engine, path), {
    method: 'POST',
    headers: { 'content-type': type },
    body: body as BodyInit,
  });
  expect(response.ok).toBe(true);
}

test('a repeated history is stored once and takes little room; each span still shows all of it', async () => {
  const engine = await startEngine();
  const spans = makeTrace('conversation', { spans: 61 });
  let received = 0;
  for (const span of spans) {
    const body = otlpProtobuf([span]);
    received += body.length;
    await send(engine, '/v1/traces', body, 'application/x-protobuf');
  }
  await engine.settle();
  const [row] = (await engine.call('sql.query', { sql: 'SELECT count(*) AS contents FROM content' })) as {
    contents: number;
  }[];
  // 60 questions, 60 answers as output (with a finish reason), 59 answers as history, one system message.
  expect(row?.contents).toBeLessThanOrEqual(181);
  const trace = (await engine.call('trace.list', {})).rows[0]?.id ?? '';
  const last = await engine.call('span.get', { traceId: trace, spanId: spans.at(-1)?.spanId ?? '' });
  expect(last.input.length).toBe(120);
  expect(statSync(engine.info().workspace).size / received).toBeLessThan(0.5);
});

test('received bytes come back byte for byte, before and after they are packed', async () => {
  const engine = await startEngine();
  const bodies = [1, 2, 3].map((seed) => agentsSdk(makeTrace('swarm', { seed, spans: 50 })));
  for (const body of bodies) await send(engine, '/v1/traces/ingest', body, 'application/json');
  const spans = [1, 2, 3].map((seed) => makeTrace('swarm', { seed, spans: 50 })[0]);
  async function raws(): Promise<(string | null)[]> {
    return Promise.all(
      spans.map(
        async (span) =>
          (await engine.call('span.raw', { traceId: `trace_${span?.traceId}`, spanId: `span_${span?.spanId}` })).text,
      ),
    );
  }
  expect(await raws()).toEqual(bodies.map((body) => body.toString()));
  await engine.settle();
  const [packed] = (await engine.call('sql.query', {
    sql: "SELECT count(*) AS n FROM raw WHERE encoding = 'block'",
  })) as { n: number }[];
  expect(packed?.n).toBe(3);
  expect(await raws()).toEqual(bodies.map((body) => body.toString()));
});

test('deleting leaves no trace of the text in the file, and the same bytes can be received again', async () => {
  const engine = await startEngine();
  const secret = 'Xylophone-4711-Confidential';
  const spans = makeTrace('handoff-chain', { seed: 5 }).map((span) => ({
    ...span,
    attributes: { ...span.attributes, note: secret },
  }));
  const body = otlpProtobuf(spans);
  await send(engine, '/v1/traces', body, 'application/x-protobuf');
  await send(engine, '/v1/traces', otlpProtobuf(makeTrace('swarm', { seed: 6, spans: 30 })), 'application/x-protobuf');
  await engine.settle();
  const file = engine.info().workspace;
  expect(readFileSync(file).includes(secret)).toBe(true);
  const id = spans[0]?.traceId ?? '';
  expect(await engine.call('trace.delete', { traceIds: [id] })).toEqual({ deleted: 1 });
  await engine.settle();
  expect(readFileSync(file).includes(secret)).toBe(false);
  expect((await engine.call('trace.list', {})).rows.length).toBe(1);
  await expect(engine.call('trace.open', { traceId: id })).rejects.toMatchObject({ error: { code: 'not_found' } });
  await send(engine, '/v1/traces', body, 'application/x-protobuf');
  await engine.settle();
  expect((await engine.call('trace.get', { traceId: id })).spans).toBe(spans.length);
});

test('deleting one of two traces of one request keeps the other, and says that its raw bytes are gone', async () => {
  const engine = await startEngine();
  const a = makeTrace('handoff-chain', { seed: 1 });
  const b = makeTrace('retry-loop', { seed: 2 });
  const body = otlpProtobuf([...a, ...b]);
  await send(engine, '/v1/traces', body, 'application/x-protobuf');
  await engine.settle();
  await engine.call('trace.delete', { traceIds: [a[0]?.traceId ?? ''] });
  const kept = b[0];
  expect((await engine.call('trace.open', { traceId: kept?.traceId ?? '' })).columns.count).toBe(b.length);
  await expect(
    engine.call('span.raw', { traceId: kept?.traceId ?? '', spanId: kept?.spanId ?? '' }),
  ).rejects.toMatchObject({ error: { code: 'not_found' } });
  expect((await engine.call('issue.list', { traceId: kept?.traceId ?? '' })).map((issue) => issue.code)).toEqual([
    'raw_deleted',
  ]);
  // Sent again, both are whole again.
  await send(engine, '/v1/traces', body, 'application/x-protobuf');
  await engine.settle();
  expect(engine.info().traces).toBe(2);
  expect((await engine.call('span.raw', { traceId: kept?.traceId ?? '', spanId: kept?.spanId ?? '' })).bytes).toBe(
    body.length,
  );
});

const HOSTILE = {
  html: '<script>alert(1)</script><img src=x onerror=alert(1)>',
  ansi: '\u001b[31mred\u001b[0m \u0007',
  nul: 'before\0after',
  surrogate: 'lone \ud800 surrogate',
  bidi: '\u202Eevil\u202C',
  emoji: '👩‍👩‍👧‍👦'.repeat(60),
  huge: 'x'.repeat(10_000_000),
};

test.each(Object.keys(HOSTILE) as (keyof typeof HOSTILE)[])(
  'hostile text (%s) in every place is stored, listed and shown',
  async (kind) => {
    const engine = await startEngine();
    const text = HOSTILE[kind];
    const body = JSON.stringify({
      data: [
        {
          object: 'trace',
          id: 'trace_hostile',
          workflow_name: text.slice(0, 100_000),
          group_id: text.slice(0, 1_000),
          metadata: { [text.slice(0, 100)]: text.slice(0, 1_000) },
        },
        {
          object: 'trace.span',
          id: 'span_hostile',
          trace_id: 'trace_hostile',
          parent_id: null,
          started_at: '2026-11-21T19:19:50.422Z',
          ended_at: '2026-11-21T19:19:51.422Z',
          span_data: {
            type: 'generation',
            model: text,
            input: [{ role: 'user', content: text }],
            output: [{ role: 'assistant', content: text }],
            usage: { input_tokens: 1e300, output_tokens: -1 },
          },
          error: { message: text, data: { [text.slice(0, 50)]: text.slice(0, 50) } },
        },
        {
          object: 'trace.span',
          id: 'span_tool',
          trace_id: 'trace_hostile',
          parent_id: 'span_hostile',
          started_at: 'never',
          ended_at: null,
          span_data: { type: 'function', name: text, input: text, output: text },
        },
      ],
    });
    await send(engine, '/v1/traces/ingest', Buffer.from(body), 'application/json');
    await engine.settle();
    const [row] = (await engine.call('trace.list', {})).rows;
    expect(row?.spans).toBe(2);
    expect(JSON.stringify(row).length).toBeLessThan(300_000);
    const detail = await engine.call('trace.open', { traceId: 'trace_hostile' });
    expect(detail.columns.count).toBe(2);
    const span = await engine.call('span.get', { traceId: 'trace_hostile', spanId: 'span_hostile' });
    const item = await engine.call('content.get', { key: span.input[0]?.key ?? 0 });
    // Lone surrogates cannot be sent in UTF-8 by fetch: the body already holds the replacement character or its escape.
    if (kind !== 'surrogate') expect(JSON.stringify(item)).toContain(JSON.stringify(text).slice(1, -1));
    for (const query of [text.slice(0, 200), `agent:${text.slice(0, 20)}`]) await engine.call('trace.list', { query });
    await engine.call('trace.graph', { traceId: 'trace_hostile' });
    await engine.call('trace.conversation', { traceId: 'trace_hostile' });
    await engine.call('trace.find', { traceId: 'trace_hostile', text: text.slice(0, 100) });
  },
);
