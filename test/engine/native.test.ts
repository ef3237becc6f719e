/** LangSmith and Langfuse as their clients speak: recorded requests over real HTTP, in any order and split, and what is shown. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { endpoint, startEngine, temporaryFolder } from '../support/workspace.ts';

type Request = {
  readonly method?: string;
  readonly path: string;
  readonly body: string | Uint8Array;
  readonly type?: string;
};

const FIXTURES = join(import.meta.dirname, '../fixtures/formats');

function fixture(name: string): Buffer {
  return readFileSync(join(FIXTURES, name));
}

const MULTIPART = fixture('langsmith-native/multipart/input.multipart');
const LIVE = fixture('langsmith-native/live/input.multipart');
const BATCH = JSON.parse(fixture('langsmith-native/batch/input.json').toString()) as { post: Run[] };
const EVENTS = JSON.parse(fixture('langfuse-native/scrambled/input.json').toString()) as Events;
const UPDATES = JSON.parse(fixture('langfuse-native/updates/input.json').toString()) as Events;
type Run = Readonly<Record<string, unknown>>;
type Events = { readonly batch: readonly unknown[]; readonly metadata: unknown };

function multipart(body: Uint8Array): Request {
  const boundary = Buffer.from(body).subarray(2, 80).toString('latin1').split('\r\n')[0];
  return { path: '/runs/multipart', body, type: `multipart/form-data; boundary=${boundary}` };
}

function runs(batch: { readonly post?: readonly Run[]; readonly patch?: readonly Run[] }): Request {
  return { path: '/runs/batch', body: JSON.stringify(batch), type: 'application/json' };
}

function events(batch: readonly unknown[], metadata: unknown = EVENTS.metadata): Request {
  return { path: '/api/public/ingestion', body: JSON.stringify({ batch, metadata }), type: 'application/json' };
}

/** The parts of a multipart body, shared out over two, as a client does that batches what it has so far. */
function halves(body: Buffer): Request[] {
  const boundary = body.subarray(0, 80).toString('latin1').split('\r\n')[0] ?? '';
  const parts = body.toString('latin1').split(`${boundary}\r\n`).slice(1);
  parts[parts.length - 1] = parts.at(-1)?.replace(`${boundary}--\r\n`, '') ?? '';
  const ids = [...new Set(parts.map(idOf))];
  return [0, 1].map((half) => {
    const own = parts.filter((part) => ids.indexOf(idOf(part)) % 2 === half);
    return multipart(Buffer.from(`${own.map((part) => `${boundary}\r\n${part}`).join('')}${boundary}--\r\n`, 'latin1'));
  });
}

/** A patch goes apart from its post; fields and attachments with the run. */
function idOf(part: string): string {
  return (/name="((?:[a-z]+)\.[^."]+)/.exec(part)?.[1] ?? '').replace('attachment', 'post');
}

async function send(engine: Engine, { method = 'POST', path, body, type }: Request): Promise<Response> {
  return fetch(endpoint(engine, path), {
    method,
    body: body as BodyInit,
    headers: { 'x-api-key': 'lsv2_fake', authorization: 'Basic cGs6c2s=', ...(type ? { 'content-type': type } : {}) },
    redirect: 'manual',
  });
}

/** Everything that a person can see of the traces, without what tells when it arrived. */
async function shown(requests: readonly Request[]): Promise<unknown> {
  const engine = await startEngine();
  for (const request of requests) expect((await send(engine, request)).status).toBeLessThan(300);
  await engine.settle();
  const { rows } = await engine.call('trace.list', {});
  const traces = [];
  for (const row of [...rows].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const { columns } = await engine.call('trace.open', { traceId: row.id });
    const spans = [];
    for (const spanId of [...columns.ids].sort()) {
      const { input, output, ...rest } = await engine.call('span.get', { traceId: row.id, spanId });
      spans.push({ ...rest, input: input.map((view) => view.item), output: output.map((view) => view.item) });
    }
    traces.push({ ...row, revision: 0, lastReceivedAt: 0, columns: { ...columns, ids: [...columns.ids] }, spans });
  }
  const scores = await engine.call('sql.query', {
    sql: 'SELECT t.trace_id, s.span_id, s.name, s.source, s.value, s.label, s.passed, s.explanation FROM score s JOIN trace t USING (trace_key) ORDER BY 1, 2, 3',
  });
  return { traces, scores };
}

type Shown = { traces: { spans: Row[]; status: string; name: string }[]; scores: Row[] };
type Row = Record<string, unknown>;

test('LangSmith: the recorded multipart request shows what its client did', async () => {
  const { traces } = (await shown([multipart(MULTIPART)])) as Shown;
  const spans = traces.flatMap((trace) => trace.spans);
  expect(traces.map(({ name, status }) => [name, status])).toEqual([
    ['SupportAgent', 'tool_errors'],
    ['SupportAgent', 'error'],
  ]);
  expect(spans.map(({ kind, tool, status }) => [kind, tool, status])).toEqual([
    ['chain', null, 'unset'],
    ['generation', null, 'unset'],
    ['tool', 'get_weather', 'unset'],
    ['generation', null, 'unset'],
    ['generation', null, 'unset'],
    ['tool', 'lookup_order', 'error'],
    ['chain', null, 'error'],
    ['generation', null, 'error'],
  ]);
  expect(spans[5]).toMatchObject({ error: { type: 'TypeError', message: 'order store offline' } });
  expect(spans[1]).toMatchObject({
    model: 'gpt-4o-mini',
    usage: { input: 43, output: 17, cacheRead: 8, reasoning: 3 },
  });
  expect(traces[0]).toMatchObject({ session: 'thread-7', workflow: 'demo-proj', tags: ['smoke'], issues: 0 });
});

test('LangSmith: a run is running until its patch comes, whatever else is known', async () => {
  const { traces, scores } = (await shown([multipart(LIVE)])) as Shown;
  expect(traces).toMatchObject([{ name: 'LangGraph', status: 'running', session: 'thread-9', user: 'u-2' }]);
  expect(traces[0]?.spans).toMatchObject([
    { name: 'LangGraph', kind: 'chain', status: 'running' },
    { name: 'researcher', kind: 'agent', agent: 'researcher', status: 'unset', output: [{ role: 'assistant' }] },
    { name: 'ChatOpenAI', kind: 'generation', model: 'gpt-4o-mini', usage: { input: 20, output: 4 }, status: 'unset' },
    {
      name: 'lookup_order',
      status: 'running',
      attributes: { 'langsmith.attachments': [{ name: 'photo', bytes: 28 }] },
    },
  ]);
  expect(scores).toMatchObject([{ name: 'correctness', value: 1, passed: 1, source: 'langsmith api' }]);
  const id = (traces[0]?.spans[0] as { id: string }).id;
  const patch = { id, trace_id: id, dotted_order: `20261121T192218911001Z${id}`, end_time: 1795288941000, error: null };
  const ended = (await shown([multipart(LIVE), runs({ patch: [patch] })])) as Shown;
  expect(ended.traces[0]?.spans[0]).toMatchObject({ status: 'unset', endNs: '1795288941000000000' });
});

test('LangSmith: order, repetition and splitting do not count', async () => {
  const live = await shown([multipart(LIVE)]);
  expect(await shown([...halves(LIVE), multipart(LIVE)])).toEqual(live);
  expect(await shown(halves(LIVE).reverse())).toEqual(live);
  const whole = await shown([multipart(MULTIPART)]);
  expect(await shown(halves(MULTIPART).reverse())).toEqual(whole);
  const batch = await shown([runs(BATCH)]);
  expect(await shown(BATCH.post.map((run) => runs({ post: [run] })).reverse())).toEqual(batch);
  // The same run as a post and a patch, in either order.
  const [posts, patches] = [BATCH.post.map(withoutEnd), BATCH.post.map(onlyEnd)];
  const told = await shown([runs({ post: posts }), runs({ patch: patches })]);
  expect(await shown([runs({ patch: patches }), runs({ post: posts })])).toEqual(told);
  expect(await shown([runs({ post: posts, patch: patches })])).toEqual(told);
  expect(outcome(told)).toEqual(outcome(batch));
});

function withoutEnd(run: Run): Run {
  return { ...run, end_time: null, outputs: null, error: null };
}
function onlyEnd({
  id,
  trace_id,
  dotted_order,
  parent_run_id,
  run_type,
  name,
  extra,
  end_time,
  outputs,
  error,
}: Run): Run {
  return { id, trace_id, dotted_order, parent_run_id, run_type, name, extra, end_time, outputs, error };
}

function outcome(state: unknown): unknown {
  return (state as Shown).traces.map(({ name, status, spans }) => [
    name,
    status,
    spans.map((span) => [span.kind, span.status, span.error, span.usage, span.input, span.output, span.startNs]),
  ]);
}

test('LangSmith: single runs, with the id of an update in its path alone', async () => {
  const engine = await startEngine();
  const post = { id: 'run-1', name: 'root', run_type: 'chain', inputs: { q: 1 }, start_time: 1795288938911 };
  const other = { ...post, id: 'run-2' };
  const end = JSON.stringify({ outputs: { a: 2 }, end_time: 1795288939911 });
  const answers = [
    await send(engine, { path: '/runs', body: JSON.stringify(post) }),
    await send(engine, { path: '/runs', body: JSON.stringify(other) }),
    // Equal bytes, which are not the same update.
    await send(engine, { method: 'PATCH', path: '/runs/run-1', body: end }),
    await send(engine, { method: 'PATCH', path: '/proxy/runs/run-2?x=1', body: end }),
    await send(engine, { path: '/feedback', body: JSON.stringify({ run_id: 'run-1', key: 'ok', score: 0.5 }) }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
  await engine.settle();
  for (const id of ['run-1', 'run-2']) {
    expect(await engine.call('span.get', { traceId: id, spanId: id })).toMatchObject({
      name: 'root',
      kind: 'chain',
      status: 'unset',
      endNs: '1795288939911000000',
    });
  }
  expect(await engine.call('sql.query', { sql: 'SELECT name, value FROM score' })).toEqual([
    { name: 'ok', value: 0.5 },
  ]);
});

test('LangSmith: the path of an update is kept, for a rebuild and in recorded requests', async () => {
  const post = { id: 'run-1', name: 'root', run_type: 'chain', inputs: { q: 1 }, start_time: 1795288938911 };
  const requests = [
    { method: 'POST', path: '/runs', body: JSON.stringify({ post: [post, { ...post, id: 'run-2' }] }) },
    { method: 'PATCH', path: '/runs/run-1', body: '{"end_time":1795288939911}' },
    { method: 'PATCH', path: '/runs/run-2', body: '{"end_time":1795288939911}' },
  ];
  const live = await startEngine();
  for (const request of requests) expect((await send(live, request)).status).toBe(202);
  const file = join(temporaryFolder(), 'recorded.jsonl');
  const lines = requests.map(({ method, path, body }) => JSON.stringify({ method, url: path, headers: {}, body }));
  writeFileSync(file, lines.join('\n'));
  const imported = await startEngine({ httpPort: null });
  expect((await imported.call('import.run', { jobId: 'x', paths: [file] })).issues).toEqual([]);
  await live.settle();
  expect(await live.call('rebuild.run', { jobId: 'x' })).toMatchObject({ traces: 2, changed: 0 });
  for (const engine of [live, imported]) {
    await engine.settle();
    for (const id of ['run-1', 'run-2']) {
      expect(await engine.call('span.get', { traceId: id, spanId: id })).toMatchObject({
        name: 'root',
        endNs: '1795288939911000000',
      });
    }
  }
});

test('Langfuse: the recorded batch, and an answer for each of its events', async () => {
  const engine = await startEngine();
  const response = await send(engine, events(EVENTS.batch));
  expect(response.status).toBe(207);
  const ids = EVENTS.batch.map((event) => (event as { id: string }).id);
  expect(await response.json()).toEqual({ successes: ids.map((id) => ({ id, status: 201 })), errors: [] });
  const { traces, scores } = (await shown([events(EVENTS.batch)])) as Shown;
  expect(traces).toMatchObject(
    [{ name: 'trip-run', session: 'sess-42', user: 'u-1', tags: ['smoke'], spans: [] }].map(
      ({ spans: _, ...rest }) => rest,
    ),
  );
  const byName = new Map(traces[0]?.spans.map((span) => [span.name, span]));
  expect([...byName.keys()].sort()).toEqual(['Planner', 'get_weather', 'handoff', 'llm', 'lookup_order']);
  expect(traces[0]?.spans.filter(({ status }) => status === 'error')).toMatchObject([
    { name: 'lookup_order', error: { message: 'order store offline' } },
  ]);
  expect(byName.get('llm')).toMatchObject({
    kind: 'generation',
    model: 'gpt-4o-mini',
    usage: { input: 50, output: 12, cacheRead: 8 },
    cost: 0.0003,
    status: 'unset',
    parentId: byName.get('Planner')?.id,
    output: [{ role: 'assistant', parts: [{ type: 'tool_call', name: 'get_weather' }] }],
  });
  expect(traces[0]).toMatchObject({ metadata: { task: { q: 'Weather in Paris?' }, outcome: 'sunny', tier: 'gold' } });
  expect(scores).toMatchObject([{ name: 'helpfulness', value: 0.4, explanation: 'meh', span_id: '' }]);
});

test('Langfuse: the last of several updates counts, and what cannot be taken is answered so', async () => {
  const engine = await startEngine();
  const response = await send(engine, events(UPDATES.batch, UPDATES.metadata));
  expect(response.status).toBe(207);
  const answer = (await response.json()) as { successes: { id: string }[]; errors: { id: string; status: number }[] };
  expect(answer.errors.map(({ id, status }) => [id, status])).toEqual([
    ['event-10', 400],
    ['event-11', 400],
  ]);
  expect(answer.successes.length).toBe(9);
  const state = await shown([events(UPDATES.batch, UPDATES.metadata)]);
  expect((state as Shown).traces[0]?.spans).toMatchObject([
    { id: 'a', kind: 'agent', agent: 'Forecaster', status: 'unset', output: [{ kind: 'text', text: 'It is sunny.' }] },
    {
      id: 'g',
      status: 'unset',
      usage: { input: 10, output: 5 },
      cost: 0.002,
      output: [{ parts: [{ content: 'It is sunny.' }] }],
      attributes: { metadata: { first: 1 }, 'langfuse.observation.metadata.second': 2 },
    },
    { id: 'r', name: 'goes on', status: 'running' },
  ]);
});

test('Langfuse: order, repetition and splitting do not count', async () => {
  for (const { batch, metadata } of [EVENTS, UPDATES]) {
    const taken = batch.filter(
      (event) => !['event-10', 'event-11'].includes((event as { id?: string } | null)?.id ?? ''),
    );
    const state = await shown([events(taken, metadata)]);
    const reversed = [...taken].reverse();
    for (const requests of [
      [events(reversed, metadata)],
      taken.map((event) => events([event], metadata)),
      reversed.map((event) => events([event], metadata)),
      [events(taken.slice(5), metadata), events(taken.slice(0, 5), metadata), events(taken, metadata)],
    ]) {
      expect(await shown(requests)).toEqual(state);
    }
  }
});

test('a rebuild of what both sent changes nothing', async () => {
  const engine = await startEngine();
  for (const request of [multipart(LIVE), multipart(MULTIPART), events(EVENTS.batch), events(UPDATES.batch)]) {
    expect((await send(engine, request)).status).toBeLessThan(300);
  }
  await engine.settle();
  expect(await engine.call('rebuild.run', { jobId: 'x' })).toMatchObject({ traces: 5, changed: 0 });
});

test('what clients ask for first is answered, other places are not there', async () => {
  const engine = await startEngine();
  const info = (await (await fetch(endpoint(engine, '/info'))).json()) as {
    batch_ingest_config: { use_multipart_endpoint: boolean; size_limit_bytes: number };
    instance_flags: object;
  };
  expect(info.batch_ingest_config.use_multipart_endpoint).toBe(true);
  expect(info.batch_ingest_config.size_limit_bytes).toBeGreaterThan(1_000_000);
  // No zstd: it is not advertised, because not every Node reads it.
  expect(JSON.stringify(info)).not.toContain('zstd');
  expect((await fetch(endpoint(engine, '/api/public/health'))).status).toBe(200);
  expect((await fetch(endpoint(engine, '/api/public/v2/prompts/greeting'))).status).toBe(404);
  expect((await fetch(endpoint(engine, '/sessions?name=x'))).status).toBe(404);
  const wrong = await fetch(endpoint(engine, '/runs/some-id'));
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'PATCH']);
  expect((await send(engine, { method: 'PATCH', path: '/runs/multipart', body: '{}' })).status).toBe(405);
  const preflight = await fetch(endpoint(engine, '/runs/some-id'), {
    method: 'OPTIONS',
    headers: { origin: 'http://localhost:5173' },
  });
  expect(preflight.headers.get('access-control-allow-methods')).toBe('PATCH');
  expect((await fetch(endpoint(engine, '/info'), { headers: { origin: 'https://example.com' } })).status).toBe(403);
});

test.each<[string, Request]>([
  ['/runs/multipart without a boundary', { path: '/runs/multipart', body: '--\r\n' }],
  ['/runs/multipart of something else', { path: '/runs/multipart', body: '--b\r\n\r\nx\r\n--b--\r\n' }],
  ['/runs/batch cut off', { path: '/runs/batch', body: '{"post":[{"id":"x"' }],
  ['/runs of no run', { path: '/runs', body: '{"a":1}' }],
  ['/api/public/ingestion of no batch', { path: '/api/public/ingestion', body: '{"events":[]}' }],
])('garbage is 400: %s', async (_, request) => {
  const engine = await startEngine();
  const response = await send(engine, request);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { error: { message: string } }).error.message).not.toBe('');
});

test('a workspace that is full answers 503 with Retry-After here too', async () => {
  const engine = await startEngine({ maxBytes: 1_500_000 });
  let refused: Response | null = null;
  for (let at = 0; at < 200 && !refused; at++) {
    const inputs = { text: Array.from({ length: 2_000 }, (_, word) => `${at}-${word * 7919}`).join(' ') };
    const run = { id: `run-${at}`, run_type: 'chain', name: 'filler', inputs, start_time: 1795288938911 };
    const response = await send(engine, runs({ post: [run] }));
    if (response.status !== 202) refused = response;
  }
  expect(refused?.status).toBe(503);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
});
