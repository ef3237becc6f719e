/** Deriving again from the received bytes: changes nothing by itself, applies rules, and survives whatever comes between. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Rule } from '#shared/rules.ts';
import { connect } from '../../src/main/store/database.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { sendItems, spanItem, toolItem, traceItem } from '../support/agents-items.ts';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import { endpoint, startEngine, temporaryFolder } from '../support/workspace.ts';
import { loadCases } from '../formats/cases.ts';
import { type State, stateOf } from '../support/workspace-state.ts';

function state(engine: Engine): State {
  const reader = connect(engine.info().workspace, { readOnly: true, nativeBinding: null });
  try {
    return stateOf(reader);
  } finally {
    reader.close();
  }
}

function rule(fields: Partial<Rule>): Rule {
  return { id: 'r1', enabled: true, label: 'a rule', match: { name: '*' }, set: { kind: 'tool' }, ...fields };
}

async function importFixtures(engine: Engine): Promise<void> {
  const paths = loadCases().map(({ folder }) =>
    join(
      folder,
      readdirSync(folder).find((file) => file.startsWith('input.'))!,
    ),
  );
  const report = await engine.call('import.run', { jobId: 'fixtures', paths });
  expect(report.traces).toBeGreaterThan(100);
  await engine.settle();
}

async function rebuild(engine: Engine, args: { traceIds?: string[]; query?: string } = {}) {
  const report = await engine.call('rebuild.run', { jobId: 'test', ...args });
  await engine.settle();
  return report;
}

function soundness(engine: Engine): unknown {
  const db = new Database(engine.info().workspace, { readonly: true });
  try {
    return {
      integrity: db.pragma('integrity_check', { simple: true }),
      keys: db.pragma('foreign_key_check'),
      left: ['rebuild_trace', 'rebuild_raw', 'rebuild_span'].map((table) =>
        db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
      ),
      mark: db.prepare("SELECT count(*) FROM setting WHERE key = 'rebuild'").pluck().get(),
    };
  } finally {
    db.close();
  }
}

const SOUND = { integrity: 'ok', keys: [], left: [0, 0, 0], mark: 0 };

test(
  'all fixtures: a rebuild changes nothing; a rule changes it, and without the rule the first state is back',
  { timeout: 240_000 },
  async () => {
    const engine = await startEngine({ httpPort: null });
    await importFixtures(engine);
    const first = state(engine);
    const report = await rebuild(engine);
    expect(state(engine)).toEqual(first);
    expect(report).toMatchObject({ traces: first.traces.length, changed: 0, staying: 0, cancelled: false });
    expect(report.spans).toBeGreaterThan(1_000);

    const rules = [
      rule({ id: 'a', match: { name: '*a*' }, set: { agent: 'By rule {name}', handoff: { to: 'Somebody' } } }),
      rule({ id: 'b', match: { dialect: '*' }, set: { kind: 'chain', tool: 'ruled', session: 'one session' } }),
    ];
    await engine.call('rules.set', { rules });
    expect((await engine.call('rules.get', undefined)).applied).toBe(false);
    const preview = await engine.call('rules.preview', { rules });
    const ruled = await rebuild(engine);
    const second = state(engine);
    expect(ruled.changed).toBe(preview.traces);
    const differing = second.spans.filter(
      (row, index) => JSON.stringify(row) !== JSON.stringify(first.spans[index]),
    ).length;
    expect(differing).toBe(preview.spans);
    expect((await engine.call('rules.get', undefined)).applied).toBe(true);
    expect(await engine.call('rules.preview', { rules })).toMatchObject({ spans: 0, sessions: 0, traces: 0 });

    await engine.call('rules.set', { rules: [] });
    expect(await engine.call('rules.preview', { rules: [] })).toMatchObject({ spans: preview.spans });
    await rebuild(engine);
    expect(state(engine)).toEqual(first);
    expect(soundness(engine)).toEqual(SOUND);
  },
);

test('a rule sets kind, agent, tool, edge and session of what arrives; the graph shows the edge', async () => {
  const engine = await startEngine();
  await engine.call('rules.set', {
    rules: [
      rule({
        id: 'edge',
        match: { name: 'pass*', attributes: [{ key: 'data.to' }] },
        set: { handoff: { from: 'Ann', to: '{data.to}' }, session: 'by rule' },
      }),
      rule({ id: 'agent', match: { name: 'Ann' }, set: { kind: 'agent' } }),
      rule({ id: 'other', match: { name: '{b}' }, set: { kind: 'agent' } }),
      rule({ id: 'bob', match: { name: 'Bob' }, set: { kind: 'agent' } }),
    ],
  });
  const custom = (id: string, name: string, from: number, data: object = {}) =>
    spanItem({
      id,
      span_data: { type: 'custom', name, data },
      started_at: `2026-01-01T00:00:0${from}Z`,
      ended_at: `2026-01-01T00:00:0${from + 1}Z`,
    });
  // Its own session comes after, and is greater as a text.
  await sendItems(engine, [custom('s1', 'Ann', 1), custom('s2', 'pass on', 2, { to: 'Bob' }), custom('s3', 'Bob', 3)]);
  await sendItems(engine, [traceItem({ group_id: 'zzz' })]);
  await engine.settle();
  const { trace, columns } = await engine.call('trace.open', { traceId: 't1' });
  expect(trace.session).toBe('by rule');
  expect(trace.agents).toEqual(['Ann', 'Bob']);
  expect(columns.count).toBe(3);
  expect(await engine.call('span.get', { traceId: 't1', spanId: 's2' })).toMatchObject({
    kind: 'handoff',
    handoff: { from: 'Ann', to: 'Bob' },
  });
  const { edges } = await engine.call('trace.graph', { traceId: 't1' });
  expect(edges.map((edge) => [edge.from, edge.to, edge.kind])).toContainEqual(['agent:Ann', 'agent:Bob', 'handoff']);

  await engine.call('rules.set', { rules: [] });
  expect((await rebuild(engine)).changed).toBe(1);
  expect((await engine.call('trace.get', { traceId: 't1' })).session).toBe('zzz');
  expect(await engine.call('span.get', { traceId: 't1', spanId: 's2' })).toMatchObject({
    kind: 'custom',
    handoff: null,
  });
});

test('only the traces that are asked for are rebuilt, also where they share a body with others', async () => {
  const engine = await startEngine();
  await sendItems(engine, [
    spanItem(),
    spanItem({ trace_id: 't2' }),
    spanItem({ trace_id: 't3', span_data: { type: 'custom', name: 'zebra', data: {} } }),
  ]);
  await sendItems(engine, [spanItem({ id: 's9', trace_id: 't2' })]);
  await engine.settle();
  await engine.call('rules.set', { rules: [rule({})] });
  expect(await rebuild(engine, { traceIds: ['t2'] })).toMatchObject({ traces: 1, changed: 1 });
  const kinds = async () =>
    (
      await engine.call('sql.query', {
        sql: 'SELECT trace_id, kind FROM span JOIN trace USING (trace_key) ORDER BY 1, span_id',
      })
    ).map((row) => `${row.trace_id as string} ${row.kind as number}`);
  expect(await kinds()).toEqual(['t1 8', 't2 2', 't2 2', 't3 8']);
  expect((await engine.call('rules.get', undefined)).applied).toBe(false);
  expect(await rebuild(engine, { query: 'name:zebra' })).toMatchObject({ traces: 1, changed: 1 });
  expect(await kinds()).toEqual(['t1 8', 't2 2', 't2 2', 't3 2']);
  await expect(engine.call('rebuild.run', { jobId: 'x', traceIds: ['t2', 'none'] })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
  expect(soundness(engine)).toEqual(SOUND);
});

test('what arrives during a rebuild is neither lost nor doubled', { timeout: 60_000 }, async () => {
  const engine = await startEngine();
  const spans = makeTrace('swarm', { spans: 1_500 });
  const pieces = Array.from({ length: 15 }, (_, index) => spans.slice(index * 100, index * 100 + 100));
  async function send(piece: typeof spans): Promise<void> {
    const response = await fetch(endpoint(engine, '/v1/traces'), {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: otlpProtobuf(piece) as BodyInit,
    });
    expect(response.status).toBe(200);
  }
  for (const piece of pieces.slice(0, 10)) await send(piece);
  await engine.settle();
  await engine.call('rules.set', { rules: [rule({ match: { dialect: '*' }, set: { tool: 'ruled' } })] });
  const running = engine.call('rebuild.run', { jobId: 'x' });
  for (const piece of pieces.slice(10)) await send(piece);
  // The same again, in other bodies.
  await send(spans.slice(50, 250));
  await running;
  await engine.settle();
  const [row] = await engine.call('sql.query', {
    sql: "SELECT count(*) AS spans, count(DISTINCT span_id) AS ids, sum(tool = 'ruled') AS ruled FROM span",
  });
  expect(row).toEqual({ spans: 1_500, ids: 1_500, ruled: 1_500 });
  expect(soundness(engine)).toEqual(SOUND);
});

test('a rebuild that the end of the program cut off goes on at the next opening', { timeout: 60_000 }, async () => {
  const workspace = join(temporaryFolder(), 'cut.tracewright');
  let engine = await startEngine({ workspace });
  for (let seed = 1; seed <= 12; seed++) {
    await fetch(endpoint(engine, '/v1/traces'), {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: otlpProtobuf(makeTrace('swarm', { seed, spans: 400 })) as BodyInit,
    });
  }
  await engine.settle();
  await engine.call('rules.set', { rules: [rule({ match: { dialect: '*' }, set: { tool: 'ruled' } })] });
  const began = new Promise<void>((resolve) => {
    engine.subscribe('job', ({ done }) => {
      if (done > 0) resolve();
    });
  });
  const running = engine.call('rebuild.run', { jobId: 'x' }).catch((cause: unknown) => cause);
  await began;
  await engine.close();
  expect(await running).toMatchObject({ error: { code: 'cancelled' } });
  const db = new Database(workspace, { readonly: true });
  const left = db.prepare("SELECT count(*) FROM span WHERE tool IS NOT 'ruled'").pluck().get();
  const all = db.prepare('SELECT count(*) FROM span').pluck().get();
  db.close();
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(Number(all));

  engine = await startEngine({ workspace });
  await engine.settle();
  const [row] = await engine.call('sql.query', {
    sql: "SELECT count(*) AS spans, sum(tool = 'ruled') AS ruled FROM span",
  });
  expect(row).toEqual({ spans: all, ruled: all });
  expect((await engine.call('rules.get', undefined)).applied).toBe(true);
  expect(soundness(engine)).toEqual(SOUND);
});

test('cancelling leaves each trace either as it was or rebuilt', { timeout: 60_000 }, async () => {
  const engine = await startEngine();
  for (let seed = 1; seed <= 10; seed++) {
    await fetch(endpoint(engine, '/v1/traces'), {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: otlpProtobuf(makeTrace('swarm', { seed, spans: 400 })) as BodyInit,
    });
  }
  await engine.settle();
  await engine.call('rules.set', { rules: [rule({ match: { dialect: '*' }, set: { tool: 'ruled' } })] });
  const controller = new AbortController();
  engine.subscribe('job', ({ done }) => {
    if (done > 0) controller.abort();
  });
  const report = await engine.call('rebuild.run', { jobId: 'x' }, controller.signal);
  await engine.settle();
  expect(report.cancelled).toBe(true);
  expect(report.traces).toBeGreaterThan(0);
  expect(report.traces).toBeLessThan(10);
  const counts = await engine.call('sql.query', {
    sql: "SELECT count(*) AS spans, sum(tool IS 'ruled') AS ruled FROM span GROUP BY trace_key",
  });
  expect(counts.filter((row) => row.ruled === row.spans)).toHaveLength(report.traces);
  expect(counts.filter((row) => row.ruled === 0)).toHaveLength(10 - report.traces);
  expect(soundness(engine)).toEqual(SOUND);
});

test('spans whose bytes are gone stay as they are, and the ledger says so', async () => {
  const engine = await startEngine();
  await sendItems(engine, [spanItem(), spanItem({ trace_id: 't2' }), traceItem({ id: 't2', workflow_name: 'kept' })]);
  await sendItems(engine, [spanItem({ id: 's2', trace_id: 't2' })]);
  await engine.settle();
  await engine.call('trace.delete', { traceIds: ['t1'] });
  await engine.call('rules.set', { rules: [rule({})] });
  expect(await rebuild(engine)).toMatchObject({ traces: 1, changed: 1, staying: 1 });
  expect(await engine.call('sql.query', { sql: 'SELECT span_id, kind FROM span ORDER BY 1' })).toEqual([
    { span_id: 's1', kind: 8 },
    { span_id: 's2', kind: 2 },
  ]);
  expect((await engine.call('trace.get', { traceId: 't2' })).workflow).toBe('kept');
  expect((await engine.call('issue.list', { traceId: 't2' })).map(({ code }) => code)).toContain('not_rebuilt');
});

test('what a person made stays; rules are not changed under a rebuild, and one runs at a time', async () => {
  const engine = await startEngine();
  await sendItems(engine, [toolItem('a zebra')]);
  await engine.settle();
  const { workspace } = engine.info();
  const db = new Database(workspace);
  db.exec(`INSERT INTO annotation (trace_key, annotation_id, target_kind, is_root_cause, extra, note)
    SELECT trace_key, 'mine', 'trace', 0, '{}', 'a note of mine' FROM trace`);
  db.close();
  const running = engine.call('rebuild.run', { jobId: 'x' });
  await expect(engine.call('rebuild.run', { jobId: 'y' })).rejects.toMatchObject({ error: { code: 'store_busy' } });
  await running;
  await engine.settle();
  expect(await engine.call('sql.query', { sql: 'SELECT note FROM annotation' })).toEqual([{ note: 'a note of mine' }]);
  expect((await engine.call('trace.list', { query: 'zebra' })).rows).toHaveLength(1);
});

test('bodies of an older decoder are counted, and a rebuild brings them up to date', async () => {
  let engine = await startEngine();
  await sendItems(engine, [spanItem()]);
  await engine.settle();
  const db = new Database(engine.info().workspace);
  db.exec('UPDATE raw SET normaliser = 0');
  db.close();
  expect((await engine.call('rules.get', undefined)).olderBodies).toBe(1);
  const { workspace } = engine.info();
  await engine.close();
  engine = await startEngine({ workspace });
  expect(engine.info().notice).toMatch(/older version/);
  await rebuild(engine);
  expect(engine.info().notice).toBeNull();
  expect((await engine.call('rules.get', undefined)).olderBodies).toBe(0);
});

test.each(['not a list', [{ id: 'x' }], [5]])('rules that are none are refused: %j', async (rules) => {
  const engine = await startEngine({ httpPort: null });
  for (const method of ['rules.set', 'rules.preview'] as const)
    await expect(engine.call(method, { rules } as never)).rejects.toMatchObject({ error: { code: 'bad_request' } });
});
