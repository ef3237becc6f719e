/** Deleting takes everything, and what is sent afterwards is stored and found as if it were new. */
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { sendItems, spanItem, toolItem, traceItem } from '../support/agents-items.ts';
import { startEngine } from '../support/workspace.ts';

test('bodies whose span was superseded and bodies without a span go too, and count as new when sent again', async () => {
  const engine = await startEngine();
  const secrets = ['metadata-4711-secret', 'running-4712-secret'];
  const facts = [traceItem({ metadata: { note: secrets[0] } })];
  const running = [
    spanItem({ ended_at: null, span_data: { type: 'custom', name: 'step', data: { note: secrets[1] } } }),
  ];
  for (const items of [facts, running, [spanItem()]]) expect(await sendItems(engine, items)).toBe(204);
  await engine.settle();
  expect(await engine.call('trace.delete', { traceIds: ['t1'] })).toEqual({ deleted: 1 });
  await engine.settle();
  expect(await engine.call('sql.query', { sql: 'SELECT * FROM raw' })).toEqual([]);
  const bytes = readFileSync(engine.info().workspace);
  for (const secret of secrets) expect(bytes.includes(secret)).toBe(false);

  for (const items of [facts, running]) expect(await sendItems(engine, items)).toBe(204);
  await engine.settle();
  const trace = await engine.call('trace.get', { traceId: 't1' });
  expect([trace.spans, trace.metadata]).toEqual([1, { note: secrets[0] }]);
});

test('names that only the deleted trace had leave the file', async () => {
  const engine = await startEngine();
  const name = 'Agent-Zyxwvut-4713';
  await sendItems(engine, [traceItem({ workflow_name: name }), spanItem({ span_data: { type: 'agent', name } })]);
  await sendItems(engine, [spanItem({ trace_id: 't2' })]);
  await engine.settle();
  expect(readFileSync(engine.info().workspace).includes(name)).toBe(true);
  await engine.call('trace.delete', { traceIds: ['t1'] });
  await engine.settle();
  expect(readFileSync(engine.info().workspace).includes(name)).toBe(false);
  expect((await engine.call('trace.facets', {})).source.map((facet) => facet.count)).toEqual([1]);
});

test('what arrives after a deletion is found by its words, indexed or not when the deletion came', async () => {
  const engine = await startEngine();
  await sendItems(engine, [toolItem('an old zebra')]);
  await engine.settle();
  await sendItems(engine, [toolItem('a never indexed okapi', { id: 's2' })]);
  await engine.call('trace.delete', { traceIds: ['t1'] });
  await sendItems(engine, [toolItem('a new giraffe', { trace_id: 't2' })]);
  await engine.settle();
  const hits = await Promise.all(
    ['giraffe', 'zebra', 'okapi'].map(async (query) => (await engine.call('trace.list', { query })).rows.length),
  );
  expect(hits).toEqual([1, 0, 0]);
  const file = engine.info().workspace;
  await engine.close();
  const db = new Database(file);
  db.exec("INSERT INTO content_fts (content_fts) VALUES ('integrity-check')");
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.pragma('foreign_key_check')).toEqual([]);
  db.close();
});
