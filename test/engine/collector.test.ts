import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { agentsSdk, otlpJson, otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import { endpoint, startEngine } from '../support/workspace.ts';

const spans = makeTrace('handoff-chain');

function post(url: string, body: Uint8Array | string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body: body as BodyInit, headers, redirect: 'manual' });
}

test('the Agents SDK endpoint answers 2xx and the spans are there', async () => {
  const engine = await startEngine();
  const response = await post(endpoint(engine, '/v1/traces/ingest'), agentsSdk(spans), {
    'content-type': 'application/json',
    authorization: 'Bearer sk-secret-token',
  });
  expect(response.status).toBe(204);
  const { traces, spans: stored } = await settled(engine);
  expect({ traces, stored }).toEqual({ traces: 1, stored: spans.length });
  // The bearer token is nowhere in the workspace.
  const rows = await engine.call('sql.query', { sql: 'SELECT content_type, user_agent FROM raw' });
  expect(JSON.stringify(rows)).not.toContain('sk-secret-token');
});

test.each([
  ['/v1/traces', 'application/x-protobuf', () => otlpProtobuf(spans)],
  ['/v1/traces', 'application/json', () => otlpJson(spans)],
  ['/api/public/otel/v1/traces', 'application/x-protobuf', () => otlpProtobuf(spans)],
  ['/v1/traces/v1/traces', 'application/json; charset=utf-8', () => otlpJson(spans)],
  ['/', 'application/x-protobuf', () => otlpProtobuf(spans)],
])('OTLP at %s as %s is answered in kind', async (path, type, body) => {
  const engine = await startEngine();
  const response = await post(endpoint(engine, path), body(), { 'content-type': type });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type.split(';')[0]);
  expect(await response.text()).toBe(type.includes('json') ? '{}' : '');
  expect((await settled(engine)).spans).toBe(spans.length);
});

test('gzip and chunked bodies are read', async () => {
  const engine = await startEngine();
  const zipped = await post(endpoint(engine, '/v1/traces'), gzipSync(otlpProtobuf(spans)), {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'gzip',
  });
  expect(zipped.status).toBe(200);
  const json = otlpJson(makeTrace('parallel-tools', { seed: 2 }));
  const chunked = await fetch(endpoint(engine, '/v1/traces'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new ReadableStream({
      start(controller) {
        for (let at = 0; at < json.length; at += 1_000) controller.enqueue(json.subarray(at, at + 1_000));
        controller.close();
      },
    }),
    duplex: 'half',
  } as RequestInit);
  expect(chunked.status).toBe(200);
  expect((await settled(engine)).traces).toBe(2);
});

test('the same body twice, the batch split and the batches reversed give the same state', async () => {
  const states: unknown[] = [];
  const first = spans.slice(0, 6);
  const rest = spans.slice(6);
  for (const order of [[spans], [spans, spans], [rest, first], [first, rest, spans]]) {
    const engine = await startEngine();
    for (const part of order)
      expect(
        (await post(endpoint(engine, '/v1/traces'), otlpProtobuf(part), { 'content-type': 'application/x-protobuf' }))
          .status,
      ).toBe(200);
    await engine.settle();
    const [row] = (await engine.call('trace.list', {})).rows;
    const { columns } = await engine.call('trace.open', { traceId: row?.id ?? '' });
    states.push({
      ...row,
      revision: 0,
      lastReceivedAt: 0,
      columns,
      graph: await engine.call('trace.graph', { traceId: row?.id ?? '' }),
    });
  }
  for (const state of states.slice(1)) expect(state).toEqual(states[0]);
});

test('bad items are quarantined and shown, their neighbours stored', async () => {
  const engine = await startEngine();
  const { data } = JSON.parse(agentsSdk(spans).toString()) as { data: unknown[] };
  const body = JSON.stringify({
    data: [null, 42, { object: 'mystery', id: 'x' }, { object: 'trace.span', id: 7 }, ...data],
  });
  expect((await post(endpoint(engine, '/v1/traces/ingest'), body)).status).toBe(204);
  expect((await settled(engine)).spans).toBe(spans.length);
  const issues = await engine.call('issue.list', {});
  expect(issues.filter((issue) => issue.severity === 'error').length).toBe(4);
  expect(issues.some((issue) => issue.detail?.includes('mystery'))).toBe(true);
});

test('what cannot be decoded is 400 and says why, in the shape of the client', async () => {
  const engine = await startEngine();
  const agents = await post(endpoint(engine, '/v1/traces/ingest'), '{"data": [');
  expect(agents.status).toBe(400);
  expect(((await agents.json()) as { error: { message: string } }).error.message).not.toBe('');
  const json = await post(endpoint(engine, '/v1/traces'), '{"resourceSpans": [', {
    'content-type': 'application/json',
  });
  expect(json.status).toBe(400);
  expect(((await json.json()) as { message: string }).message).not.toBe('');
  expect(
    (
      await post(endpoint(engine, '/v1/traces'), otlpProtobuf(spans).subarray(0, 100), {
        'content-type': 'application/x-protobuf',
      })
    ).status,
  ).toBe(400);
  expect((await post(endpoint(engine, '/v1/traces'), 'not gzip', { 'content-encoding': 'gzip' })).status).toBe(400);
  expect((await post(endpoint(engine, '/nowhere'), '{}')).status).toBe(404);
  expect((await fetch(endpoint(engine, '/v1/traces'), { method: 'PUT', body: '{}' })).status).toBe(405);
  expect((await settled(engine)).traces).toBe(0);
});

test('bodies over the limit are 413, before and after decompression, and the collector goes on', async () => {
  const engine = await startEngine({ bodyLimits: { received: 100_000, decompressed: 1_000_000 } });
  const url = endpoint(engine, '/v1/traces');
  expect((await post(url, Buffer.alloc(100_001, '{'))).status).toBe(413);
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  expect(bomb.length).toBeLessThan(100_000);
  expect((await post(url, bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
  // A sender that never stops gets its answer and is then cut off.
  expect(await sendWithoutEnd(url, '/v1/traces')).toMatch(/^HTTP\/1.1 413/);
  expect(await sendWithoutEnd(url, '/nowhere')).toMatch(/^HTTP\/1.1 404/);
  expect((await post(url, otlpProtobuf(spans.slice(0, 3)), { 'content-type': 'application/x-protobuf' })).status).toBe(
    200,
  );
});

test('other hosts and other sites are refused; pages of this computer may send', async () => {
  const engine = await startEngine();
  const url = endpoint(engine, '/v1/traces');
  expect((await post(url, '{}', { origin: 'https://evil.example', 'content-type': 'application/json' })).status).toBe(
    403,
  );
  expect((await post(url, '{}', { origin: 'null', 'content-type': 'application/json' })).status).toBe(403);
  const local = await post(url, otlpJson(spans), {
    origin: 'http://localhost:5173',
    'content-type': 'application/json',
  });
  expect([local.status, local.headers.get('access-control-allow-origin')]).toEqual([200, 'http://localhost:5173']);
  const preflight = await fetch(url, {
    method: 'OPTIONS',
    headers: { origin: 'http://localhost:5173', 'access-control-request-headers': 'content-type,x-key' },
  });
  expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
    204,
    'content-type,x-key',
  ]);
  expect(
    await rawRequest(
      engine.info().httpUrl ?? '',
      'POST /v1/traces HTTP/1.1\r\nHost: rebound.example\r\nContent-Length: 2\r\n\r\n{}',
    ),
  ).toContain('403');
});

test('logs and metrics are answered with success, so that SDKs with one endpoint stay quiet', async () => {
  const engine = await startEngine();
  expect((await post(endpoint(engine, '/v1/logs'), '{}', { 'content-type': 'application/json' })).status).toBe(200);
  expect((await post(endpoint(engine, '/v1/metrics'), '', { 'content-type': 'application/x-protobuf' })).status).toBe(
    200,
  );
});

test('a taken port: the next free one, with a notice', async () => {
  const first = await startEngine();
  const port = Number(new URL(first.info().httpUrl ?? '').port);
  const second = await startEngine({ httpPort: port });
  expect(second.info().httpUrl).not.toBe(first.info().httpUrl);
  expect(second.info().notice).toContain(String(port));
});

test('a full workspace answers 503 with Retry-After, keeps what it acknowledged, and recovers', async () => {
  const engine = await startEngine({ maxBytes: 1_500_000 });
  const url = endpoint(engine, '/v1/traces');
  let acknowledged = 0;
  let refused: Response | null = null;
  for (let seed = 1; seed < 400 && !refused; seed++) {
    const response = await post(url, otlpProtobuf(makeTrace('parallel-tools', { seed, spans: 40 })), {
      'content-type': 'application/x-protobuf',
    });
    if (response.status === 200) acknowledged += 40;
    else refused = response;
  }
  expect(refused?.status).toBe(503);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(acknowledged).toBeGreaterThan(0);
  const [stored] = (await engine.call('sql.query', { sql: 'SELECT count(*) AS n FROM span' })) as { n: number }[];
  expect(stored?.n).toBe(acknowledged);
  const { rows } = await engine.call('trace.list', { limit: 50 });
  await engine.call('trace.delete', { traceIds: rows.map((row) => row.id) });
  expect((await post(url, otlpProtobuf(spans), { 'content-type': 'application/x-protobuf' })).status).toBe(200);
});

async function settled(engine: Awaited<ReturnType<typeof startEngine>>): Promise<{ traces: number; spans: number }> {
  await engine.settle();
  const { traces, spans: count } = engine.info();
  return { traces, spans: count };
}

function rawRequest(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.once('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

/** What was answered until the other side closed the connection. */
function sendWithoutEnd(url: string, path: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`);
      const chunk = `2710\r\n${'{'.repeat(10_000)}\r\n`;
      function more(): void {
        if (!socket.writable) return;
        socket.write(chunk, () => setImmediate(more));
      }
      more();
    });
    socket.on('data', (data: Buffer) => {
      text += data.toString();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      resolve(text);
    });
    // Not a time out of silence: the sender is never silent.
    setTimeout(() => {
      reject(new Error('the connection was never closed'));
      socket.destroy();
    }, 10_000).unref();
  });
}
