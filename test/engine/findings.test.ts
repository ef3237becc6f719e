/** Findings of traces that nobody opened: looked for in the background, kept, filtered by, and looked for again. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { DetectorEdits } from '#shared/detect.ts';
import type { AppFailure } from '#shared/result.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { createFindingSearch } from '../../src/main/engine/finding-search.ts';
import { connect } from '../../src/main/store/database.ts';
import { migrations } from '../../src/main/store/migrations/index.ts';
import { endpoint, startEngine, temporaryFolder } from '../support/workspace.ts';

/** A trace of an agent that calls a tool with these arguments, one call after the other, each with the same result. */
async function send(engine: Engine, trace: number, calls: readonly string[], session?: string): Promise<string> {
  const traceId = trace.toString(16).padStart(32, '0');
  const attributes = (all: Readonly<Record<string, string>>) =>
    Object.entries(all).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const span = (id: number, name: string, all: Readonly<Record<string, string>>) => ({
    traceId,
    spanId: `${trace}${id}`.padStart(16, '0'),
    ...(id === 1 ? {} : { parentSpanId: `${trace}1`.padStart(16, '0') }),
    name,
    startTimeUnixNano: `${1_700_000_000 + trace * 100 + id}000000000`,
    endTimeUnixNano: `${1_700_000_000 + trace * 100 + (id === 1 ? 90 : id)}500000000`,
    attributes: attributes(all),
  });
  const spans = [
    span(1, 'invoke_agent A', {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'A',
      ...(session === undefined ? {} : { 'gen_ai.conversation.id': session }),
    }),
    ...calls.map((q, k) =>
      span(k + 2, 'execute_tool search', {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'search',
        'gen_ai.tool.call.arguments': JSON.stringify({ q }),
        'gen_ai.tool.call.result': 'nothing',
      }),
    ),
  ];
  await fetch(endpoint(engine, '/v1/traces'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  });
  return traceId;
}

async function ids(engine: Engine, query: string): Promise<string[]> {
  return (await engine.call('trace.list', { query })).rows.map(({ id }) => id).sort();
}

async function findings(engine: Engine, traceId: string) {
  return (await engine.call('trace.get', { traceId })).findings;
}

const ALIKE = { detector: 'repeated-call', severity: 'medium', count: 1 };

test('traces are filtered by what detectors find in them, and counted', async () => {
  const engine = await startEngine();
  const healthy = await send(engine, 1, ['a', 'b']);
  const faulty = await send(engine, 2, ['a', 'a'], 'conversation');
  await engine.settle();
  expect(await findings(engine, healthy)).toEqual([]);
  expect(await findings(engine, faulty)).toEqual([ALIKE]);
  expect(await ids(engine, 'finding:any')).toEqual([faulty]);
  expect(await ids(engine, '-finding:any')).toEqual([healthy]);
  expect(await ids(engine, 'finding:repeated-call')).toEqual([faulty]);
  expect(await ids(engine, 'finding:REPEATED')).toEqual([faulty]);
  expect(await ids(engine, 'finding:medium')).toEqual([faulty]);
  expect(await ids(engine, 'finding:high')).toEqual([]);
  expect(await ids(engine, 'finding:stall')).toEqual([]);
  const counts = [
    { value: 'any', count: 1 },
    { value: 'repeated-call', count: 1 },
  ];
  expect(await engine.call('trace.facets', {})).toMatchObject({ finding: counts, findingsDue: 0 });
  expect(await engine.call('trace.facets', { query: 'agent:A' })).toMatchObject({ finding: counts });
  expect(await engine.call('trace.facets', { query: '-finding:any' })).toMatchObject({ finding: [] });
  const sessions = await engine.call('session.list', { query: 'finding:repeated-call' });
  expect(sessions.rows.map(({ id }) => id)).toEqual(['conversation']);
  expect((await engine.call('session.list', { query: '-finding:any' })).rows).toEqual([]);
});

test('a trace that is not looked at yet says so; one that grows is looked at again', async () => {
  const engine = await startEngine();
  const traceId = await send(engine, 3, ['a']);
  await expect.poll(() => findings(engine, traceId)).toBeNull();
  expect((await engine.call('trace.facets', {})).findingsDue).toBe(1);
  await engine.settle();
  expect(await findings(engine, traceId)).toEqual([]);
  await send(engine, 3, ['a', 'a', 'a', 'a', 'a']);
  await engine.settle();
  expect(await findings(engine, traceId)).toEqual([{ ...ALIKE, severity: 'high' }]);
  await engine.call('trace.delete', { traceIds: [traceId] });
  expect(
    await engine.call('sql.query', {
      sql: 'SELECT * FROM finding UNION ALL SELECT trace_key, 1, 1, 1 FROM finding_due',
    }),
  ).toEqual([]);
});

test('settings change what is found, in an open trace at once and in lists in the background; reset undoes', async () => {
  const engine = await startEngine();
  const traceId = await send(engine, 4, ['a', 'a']);
  await engine.settle();
  const before = await engine.call('trace.detect', { traceId });
  expect(before.findings.map(({ detector }) => detector)).toEqual(['repeated-call']);
  const changes: string[] = [];
  engine.subscribe('changed', ({ tables }) => changes.push(...tables));

  const sheet = await engine.call('detectors.set', { edits: { 'repeated-call': { parameters: { alike: 3 } } } });
  expect(sheet.edits).toEqual({ 'repeated-call': { parameters: { alike: 3 } } });
  expect(sheet.detectors.find(({ id }) => id === 'repeated-call')?.parameters.alike).toMatchObject({
    value: 3,
    standard: 2,
  });
  expect((await engine.call('trace.detect', { traceId })).findings).toEqual([]);
  // Shown until it was looked for again.
  expect(await findings(engine, traceId)).toEqual([ALIKE]);
  expect((await engine.call('trace.facets', {})).findingsDue).toBe(1);
  await engine.settle();
  expect(await findings(engine, traceId)).toEqual([]);
  await expect.poll(() => changes).toEqual(expect.arrayContaining(['setting.detectors', 'finding']));

  // For one time only.
  const tried = { traceId, edits: { 'repeated-call': { parameters: { alike: 2 }, severity: 'low' } } } as const;
  expect((await engine.call('trace.detect', tried)).findings.map(({ severity }) => severity)).toEqual(['low']);
  expect((await engine.call('trace.detect', { traceId })).findings).toEqual([]);

  await engine.call('detectors.set', { edits: null });
  await engine.settle();
  expect(await findings(engine, traceId)).toEqual([ALIKE]);
  expect((await engine.call('detectors.get', undefined)).edits).toEqual({});
});

test('a detector that is off can be tried, and bad values change nothing', async () => {
  const engine = await startEngine();
  const traceId = await send(engine, 5, ['a', 'a']);
  await engine.settle();
  await engine.call('detectors.set', { edits: { 'repeated-call': { enabled: false } } });
  expect((await engine.call('trace.detect', { traceId })).findings).toEqual([]);
  const on = { traceId, edits: { 'repeated-call': { enabled: true } } };
  expect((await engine.call('trace.detect', on)).findings).toHaveLength(1);
  const wrong: readonly DetectorEdits[] = [{ 'no-such': {} }, { stall: { parameters: { gapSeconds: -1 } } }];
  for (const edits of wrong) {
    for (const work of [engine.call('detectors.set', { edits }), engine.call('trace.detect', { traceId, edits })])
      await expect(work).rejects.toSatisfy(({ error }: AppFailure) => error.code === 'bad_request');
  }
  expect((await engine.call('detectors.get', undefined)).edits).toEqual({ 'repeated-call': { enabled: false } });
});

test('what was not looked at before the engine was closed is looked at afterwards', async () => {
  const workspace = join(temporaryFolder(), 'again.tracewright');
  const first = await startEngine({ workspace });
  const traceId = await send(first, 6, ['a', 'a']);
  await first.close();
  const second = await startEngine({ workspace });
  await second.settle();
  expect(await findings(second, traceId)).toEqual([ALIKE]);
});

test('a workspace from before has all its traces due', () => {
  const db = new Database(':memory:');
  const at = migrations.findIndex(({ name }) => name === 'findings');
  for (const { sql } of migrations.slice(0, at)) db.exec(sql);
  db.exec(
    `INSERT INTO trace (trace_id, tags, source, dialect, first_received, last_received, live_until, revision, dirty, sort_ns, status, spans, errors, agents, tools, models, issues)
     VALUES ('t', '[]', '', '', 0, 0, 0, 1, 0, 0, 'ok', 1, 0, '[]', '[]', '[]', 0)`,
  );
  db.exec(migrations[at]!.sql);
  expect(db.prepare('SELECT count(*) FROM finding_due').pluck().get()).toBe(1);
  db.close();
});

test('one trace that cannot be looked at does not keep the others waiting, and is given up after some attempts', async () => {
  const workspace = join(temporaryFolder(), 'search.tracewright');
  const engine = await startEngine({ workspace, httpPort: 0 });
  const bad = await send(engine, 7, ['a', 'a']);
  const good = await send(engine, 8, ['a', 'a']);
  await engine.close();
  const connection = connect(workspace, { readOnly: false, nativeBinding: null });
  onTestFinished(() => connection.close());
  connection.run('DELETE FROM finding');
  const rules = 'as they are';
  const asked: string[] = [];
  const logged = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => logged.mockRestore());
  const search = createFindingSearch(connection, { busy: () => false, rules: () => rules, found: () => undefined });
  search.start((traceId) => {
    asked.push(traceId);
    if (traceId === bad) throw new Error('a bug');
    const { revision } = connection.get<{ revision: number }>('SELECT revision FROM trace WHERE trace_id = ?', [
      traceId,
    ])!;
    return Promise.resolve({ revision, rules, found: [{ detector: 'stall', severity: 'low', count: 2 }] });
  });
  await search.finish();
  expect(connection.rows('SELECT trace_id, detector, findings FROM finding JOIN trace USING (trace_key)')).toEqual([
    [good, 'stall', 2],
  ]);
  await search.finish();
  await search.finish();
  await search.finish();
  expect(asked.filter((traceId) => traceId === bad)).toHaveLength(3);
  expect(logged).toHaveBeenCalledTimes(3);
  expect(connection.get('SELECT count(*) AS n FROM finding_due')).toEqual({ n: 0 });
  await search.stop();
});

test('counts of rules that are no longer in use are not written', async () => {
  const workspace = join(temporaryFolder(), 'old.tracewright');
  const engine = await startEngine({ workspace });
  const traceId = await send(engine, 9, ['a']);
  await engine.close();
  const connection = connect(workspace, { readOnly: false, nativeBinding: null });
  onTestFinished(() => connection.close());
  let rules = 'old';
  const search = createFindingSearch(connection, { busy: () => false, rules: () => rules, found: () => undefined });
  search.start(() => {
    const { revision } = connection.get<{ revision: number }>('SELECT revision FROM trace WHERE trace_id = ?', [
      traceId,
    ])!;
    const summary = { revision, rules, found: [{ detector: rules, severity: 'low', count: 1 }] } as const;
    if (rules === 'old') {
      rules = 'new';
      search.rulesChanged();
    }
    return Promise.resolve(summary);
  });
  await search.finish();
  expect(connection.rows('SELECT detector FROM finding')).toEqual([]);
  await search.finish();
  expect(connection.rows('SELECT detector FROM finding')).toEqual([['new']]);
  await search.stop();
});
