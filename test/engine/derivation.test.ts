/** Derivation of one trace never costs another: not by failing, not by there always being more. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createDerivation } from '../../src/main/ingest/derivation.ts';
import { openWorkspace } from '../../src/main/store/open.ts';
import { sendItems, spanItem } from '../support/agents-items.ts';
import { endpoint, startEngine, temporaryFolder } from '../support/workspace.ts';

test('a trace that spans all of 64 bits is derived', async () => {
  const engine = await startEngine();
  const span = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'eternity',
    startTimeUnixNano: '1',
    endTimeUnixNano: (2n ** 63n - 1n).toString(),
  };
  await fetch(endpoint(engine, '/v1/traces'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  await engine.settle();
  expect((await engine.call('trace.get', { traceId: span.traceId })).spans).toBe(1);
});

test('a trace that cannot be derived does not keep its neighbours from it', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  onTestFinished(() => {
    log.mockRestore();
  });
  const file = join(temporaryFolder(), 'poisoned.tracewright');
  const first = await startEngine({ workspace: file });
  for (const id of ['t1', 't2', 't3']) await sendItems(first, [spanItem({ trace_id: id })]);
  await first.close();
  const db = new Database(file);
  db.exec("UPDATE span SET links = 'no JSON' WHERE trace_key = 2; UPDATE trace SET dirty = 1, spans = 0");
  db.close();
  const second = await startEngine({ workspace: file });
  await second.settle();
  const rows = await second.call('sql.query', { sql: 'SELECT trace_id, spans, dirty FROM trace ORDER BY 1' });
  expect(rows).toEqual([
    { trace_id: 't1', spans: 1, dirty: 0 },
    { trace_id: 't2', spans: 0, dirty: 1 },
    { trace_id: 't3', spans: 1, dirty: 0 },
  ]);
});

test('flush ends while more keeps arriving', async () => {
  const file = join(temporaryFolder(), 'busy.tracewright');
  const engine = await startEngine({ workspace: file });
  await sendItems(engine, [spanItem()]);
  await engine.close();
  const opened = await openWorkspace(file, { readOnly: false, nativeBinding: null });
  if (!opened.ok || !opened.value.connection) throw new Error('it did not open');
  const { connection, close } = opened.value;
  onTestFinished(close);
  connection.run('UPDATE trace SET dirty = 1');
  let derived = 0;
  const derivation = createDerivation(connection, {
    nextRevision: () => 1,
    derived: () => {
      derived++;
      if (derived < 1_000) connection.run('UPDATE trace SET dirty = 1');
    },
  });
  onTestFinished(derivation.stop);
  await derivation.flush();
  expect(derived).toBe(1);
});
