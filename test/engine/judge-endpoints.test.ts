/** Judge endpoints in a workspace: kept, confirmed on one computer, asked, and forgotten with the traces they were asked about. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { EndpointDraft } from '../../src/shared/endpoint.ts';
import { ENDPOINT_PRESETS, parseEndpoint } from '../../src/shared/endpoint.ts';
import { createJudges } from '../../src/main/engine/judge/judges.ts';
import { openWorkspace } from '../../src/main/store/open.ts';
import { startJudgeServer } from '../support/judge-server.ts';
import { json, says } from '../support/scripted-judge.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const DRAFT: EndpointDraft = {
  label: 'Local',
  baseUrl: 'http://127.0.0.1:11434/v1',
  style: 'openai',
  apiVersion: null,
  model: 'judge-1',
  alwaysOwnModel: true,
  embeddingModel: 'embed-1',
  concurrency: 2,
  timeoutMs: 5_000,
  apiKeyEnv: null,
  isDefault: false,
};
const REMOTE: EndpointDraft = { ...DRAFT, label: 'Remote', baseUrl: 'https://api.example.com/v1/' };

test('endpoints are made, changed and removed; one of them is the default', async () => {
  const engine = await startEngine({ httpPort: null });
  const changed: (readonly string[])[] = [];
  engine.subscribe('changed', ({ tables }) => changed.push(tables));
  const first = await engine.call('endpoint.save', { endpoint: DRAFT });
  expect(first).toMatchObject({ ...DRAFT, isDefault: true, confirmed: true, loopback: true, hasKey: false });
  const second = await engine.call('endpoint.save', { endpoint: REMOTE });
  expect(second).toMatchObject({ baseUrl: 'https://api.example.com/v1', isDefault: false, confirmed: false });
  await engine.call('endpoint.save', { endpoint: { ...second, isDefault: true } });
  expect((await engine.call('endpoint.list', undefined)).map(({ label, isDefault }) => [label, isDefault])).toEqual([
    ['Remote', true],
    ['Local', false],
  ]);
  await engine.call('endpoint.remove', { id: second.id });
  expect(await engine.call('endpoint.list', undefined)).toMatchObject([{ label: 'Local', isDefault: true }]);
  await expect(engine.call('endpoint.remove', { id: second.id })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
  await expect(engine.call('endpoint.save', { endpoint: { ...DRAFT, id: 'x' } })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
  await expect.poll(() => changed.flat()).toContain('endpoint');
  await engine.close();
});

test('a confirmation is of one host and key, on one computer', async () => {
  const workspace = join(temporaryFolder(), 'confirm.tracewright');
  const engine = await startEngine({ workspace, httpPort: null });
  const saved = await engine.call('endpoint.save', { endpoint: REMOTE, confirm: true });
  expect(saved.confirmed).toBe(true);
  expect((await engine.call('endpoint.save', { endpoint: { ...saved, model: 'other' } })).confirmed).toBe(true);
  const moved = { ...saved, baseUrl: 'https://evil.example.net/v1' };
  expect((await engine.call('endpoint.save', { endpoint: moved })).confirmed).toBe(false);
  expect((await engine.call('endpoint.save', { endpoint: { ...saved, apiKeyEnv: 'OTHER_API_KEY' } })).confirmed).toBe(
    false,
  );
  expect((await engine.call('endpoint.save', { endpoint: saved })).confirmed).toBe(true);
  expect(
    await engine.call('endpoint.test', { id: (await engine.call('endpoint.save', { endpoint: moved })).id }),
  ).toMatchObject({ ok: false, message: expect.stringContaining('Nothing was sent') as string });
  expect(await engine.call('outbound.list', {})).toEqual({ rows: [], requests: 0, elsewhere: 0, bytesSent: 0 });
  await engine.close();
  // As if the file came from elsewhere.
  const db = new Database(workspace);
  db.exec(`UPDATE judge_endpoint SET base_url = 'https://api.example.com/v1', confirmed_for = 'of another computer'`);
  db.close();
  const other = await startEngine({ workspace, httpPort: null });
  expect(await other.call('endpoint.list', undefined)).toMatchObject([{ confirmed: false }]);
  await other.close();
});

test('testing lists models and is a row of the ledger; a key is used and never kept', async () => {
  const server = await startJudgeServer(json({ data: [{ id: 'llama' }] }));
  const workspace = join(temporaryFolder(), 'ledger.tracewright');
  const engine = await startEngine({ workspace, httpPort: null });
  const saved = await engine.call('endpoint.save', { endpoint: { ...DRAFT, baseUrl: server.baseUrl } });
  const key = 'sk-very-secret-123456';
  engine.setKey({ endpointId: saved.id, origin: new URL(server.baseUrl).origin, key, place: 'session' });
  expect(await engine.call('endpoint.list', undefined)).toMatchObject([{ hasKey: true, keyPlace: 'session' }]);
  expect(await engine.call('endpoint.test', { id: saved.id })).toMatchObject({ ok: true, models: ['llama'] });
  expect(server.asked[0]?.headers.authorization).toBe(`Bearer ${key}`);
  const { host } = new URL(server.baseUrl);
  expect(await engine.call('outbound.list', { limit: 5 })).toMatchObject({
    rows: [{ host, loopback: true, purpose: 'models', bytesSent: 0, status: 200, error: null }],
    requests: 1,
  });
  await engine.close();
  const db = new Database(workspace, { readonly: true });
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
    .pluck()
    .all();
  for (const table of tables as string[])
    expect(JSON.stringify(db.prepare(`SELECT * FROM "${table}"`).all()), table).not.toContain(key);
  db.close();
});

test('answers and embeddings survive a restart, and go with their trace', async () => {
  const server = await startJudgeServer(says({ steps: [], result: 1 }));
  const path = join(temporaryFolder(), 'cache.tracewright');
  const request = {
    model: 'judge-1',
    messages: [{ role: 'user' as const, content: 'secret of the trace' }],
    parameters: {},
    schema: { type: 'object', required: ['result'] },
    graderHash: 'h',
    traceIds: ['t1'],
  };
  const { signal } = new AbortController();

  async function within<T>(
    work: (judges: ReturnType<typeof createJudges>, sql: (text: string) => void) => Promise<T>,
  ): Promise<T> {
    const opened = await openWorkspace(path, { readOnly: false, nativeBinding: null });
    if (!opened.ok) throw new Error(opened.error.message);
    const judges = createJudges(opened.value, {
      prices: () => ({ asOf: '', rowFor: () => null, rowsFor: () => [] }),
      env: {},
      sent: () => undefined,
    });
    try {
      return await work(judges, (text) => opened.value.connection?.exec(text));
    } finally {
      opened.value.close();
    }
  }

  await within(async ({ book, services }, sql) => {
    sql(
      `INSERT INTO judge_endpoint VALUES ('e', 'Local', '${server.baseUrl}', 'openai', NULL, 'judge-1', 1, 'embed-1', 1, 2000, NULL, 1, NULL, 0)`,
    );
    expect(book.list()).toHaveLength(1);
    expect(await services.judge(request, signal)).toMatchObject({ ok: true });
    server.script(json({ data: [{ embedding: [0.5, -1.25, 3] }] }));
    await services.embed({ model: null, texts: ['a'], traceIds: ['t1'] }, signal);
  });
  expect(server.asked).toHaveLength(2);
  await within(async ({ services }, sql) => {
    expect(await services.judge(request, signal)).toMatchObject({
      ok: true,
      value: { result: 1 },
      usage: [{ cached: true }],
    });
    const embedded = await services.embed({ model: null, texts: ['a'] }, signal);
    expect(embedded.ok && embedded.value.vectors).toEqual([new Float32Array([0.5, -1.25, 3])]);
    expect(server.asked).toHaveLength(2);
    sql("CREATE TEMP TABLE kept AS SELECT 1; INSERT INTO model_cache_trace VALUES ('t2', x'00')");
  });
  const db = new Database(path);
  const columns = db
    .prepare('SELECT name, type, "notnull" AS needed, dflt_value FROM pragma_table_info(?)')
    .all('trace') as {
    name: string;
    type: string;
    needed: number;
    dflt_value: string | null;
  }[];
  const filled = columns.filter(
    ({ name, needed, dflt_value }) => name === 'trace_id' || (needed === 1 && dflt_value === null),
  );
  const values = filled.map(({ name, type }) => (name === 'trace_id' ? "'t1'" : type === 'TEXT' ? "'x'" : '1'));
  db.exec(`INSERT INTO trace (${filled.map(({ name }) => name).join()}) VALUES (${values.join()})`);
  db.exec("DELETE FROM trace WHERE trace_id = 't1'");
  const left = ['judge_answer', 'embedding', 'model_cache_trace'].map((table) =>
    db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
  );
  expect(left).toEqual([0, 0, 1]);
  db.close();
});

test.each([
  ['no name', { label: ' ' }],
  ['no address', { baseUrl: 'ollama' }],
  ['another protocol', { baseUrl: 'ftp://127.0.0.1/v1' }],
  ['a key in it', { baseUrl: 'https://me:secret@api.example.com/v1' }],
  ['a query', { baseUrl: 'https://api.example.com/v1?key=1' }],
  ['a style', { style: 'soap' }],
  ['no version', { style: 'azure', apiVersion: '' }],
  ['too much at once', { concurrency: 1_000 }],
  ['half a request', { concurrency: 1.5 }],
  ['no time', { timeoutMs: 0 }],
  ['another secret', { apiKeyEnv: 'HOME' }],
  ['a path', { apiKeyEnv: '../KEY' }],
])('an endpoint with %s is refused', (_name, changes) => {
  expect(parseEndpoint({ ...DRAFT, ...changes }).ok).toBe(false);
});

test('what is offered to begin with is valid, and on this computer but for two', () => {
  for (const { draft } of ENDPOINT_PRESETS) expect(parseEndpoint(draft)).toEqual({ ok: true, value: draft });
  expect(ENDPOINT_PRESETS.filter(({ draft }) => !draft.baseUrl.includes('127.0.0.1')).map(({ id }) => id)).toEqual([
    'openai',
    'azure',
  ]);
});
