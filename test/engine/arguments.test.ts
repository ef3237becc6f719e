/** What another process sends over the contract is checked: a clear refusal, never a stack or a hang. */
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Method } from '#shared/rpc/contract.ts';
import type { ClientMessage, ServerMessage } from '#shared/rpc/wire.ts';
import { sendItems, toolItem } from '../support/agents-items.ts';
import { startEngine } from '../support/workspace.ts';

const WITH_ARGUMENTS: readonly Method[] = [
  'trace.get',
  'trace.open',
  'trace.graph',
  'trace.edge',
  'trace.conversation',
  'trace.find',
  'trace.delete',
  'span.get',
  'span.raw',
  'content.get',
  'import.run',
  'settings.get',
  'settings.set',
  'sql.query',
];

test.each(WITH_ARGUMENTS)('%s refuses what is no argument of it', async (method) => {
  const engine = await startEngine({ httpPort: null });
  for (const args of [null, undefined, 5, 'x', [], {}, { traceId: 5, key: {}, sql: 7, paths: 'x', traceIds: 'abc' }]) {
    await expect(engine.call(method, args as never), JSON.stringify(args)).rejects.toMatchObject({
      error: { code: 'bad_request' },
    });
  }
});

test.each([
  ['trace.list', 'no number', { limit: NaN }],
  ['trace.list', 'no text', { query: 5 }],
  ['trace.list', 'too many terms', { query: 'a '.repeat(500) }],
  ['trace.list', 'too long a query', { query: 'a'.repeat(60_000) }],
  ['trace.facets', 'too many terms', { query: '-x '.repeat(1_000) }],
  ['issue.list', 'a negative limit', { limit: -1 }],
  ['trace.conversation', 'a fraction', { traceId: 't1', cursor: 1.5 }],
  ['trace.edge', 'a negative offset', { traceId: 't1', from: 'a', to: 'b', kind: 'handoff', offset: -5 }],
  ['import.run', 'a path that is no text', { jobId: 'x', paths: [5] }],
  ['settings.set', 'a value that is no text', { key: 'x', value: 5 }],
  ['sql.query', 'an answer of 70 MB', { sql: 'SELECT zeroblob(70000000)' }],
  ['__proto__', 'no call', {}],
  ['toString', 'no call', {}],
])('%s refuses %s', async (method, _what, args) => {
  const engine = await startEngine();
  await sendItems(engine, [toolItem('x')]);
  await expect(engine.call(method as Method, args as never)).rejects.toMatchObject({ error: { code: 'bad_request' } });
});

test('a text longer than a pattern of SQLite is found in a trace', async () => {
  const engine = await startEngine();
  const long = 'äöü 100%_ '.repeat(8_000);
  await sendItems(engine, [toolItem(`before ${long} after`)]);
  expect(await engine.call('trace.find', { traceId: 't1', text: long })).toEqual({ spanIds: ['s1'] });
});

test('a write while another program holds the file is "busy", not a bug', async () => {
  const engine = await startEngine();
  const other = new Database(engine.info().workspace);
  other.exec('BEGIN IMMEDIATE');
  await expect(engine.call('settings.set', { key: 'theme', value: 'dark' })).rejects.toMatchObject({
    error: { code: 'store_busy' },
  });
  other.close();
  expect(await engine.call('settings.set', { key: 'theme', value: 'dark' })).toBeNull();
});

test('a message that is none is passed over; the port goes on', async () => {
  const engine = await startEngine({ httpPort: null });
  let receive: (message: ClientMessage) => void = () => undefined;
  const answer = new Promise<ServerMessage>((resolve) => {
    engine.connect({
      send: resolve,
      onMessage: (listener) => {
        receive = listener;
      },
      onClose: () => undefined,
      close: () => undefined,
    });
  });
  for (const message of [null, undefined, 5, 'call', {}, { verb: 'cancel', id: 99 }, { verb: 'unsubscribe' }])
    receive(message as never);
  receive({ verb: 'call', id: 1, method: 'engine.formats', args: undefined });
  expect(await answer).toMatchObject({ verb: 'answer', id: 1 });
});
