/** Compaction of received bytes against what happens while it compresses. */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Connection } from '../../src/main/store/database.ts';
import { deleteTraces } from '../../src/main/store/delete-traces.ts';
import { openWorkspace } from '../../src/main/store/open.ts';
import { compactRaw, deleteRawBodies, insertRaw, readRaw } from '../../src/main/store/raw-store.ts';
import { temporaryFolder } from '../support/workspace.ts';

async function open(maxBytes?: number): Promise<Connection> {
  const opened = await openWorkspace(join(temporaryFolder(), 'raw.tracewright'), {
    readOnly: false,
    nativeBinding: null,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  if (!opened.ok || !opened.value.connection) throw new Error('it did not open');
  onTestFinished(() => {
    opened.value.close();
  });
  return opened.value.connection;
}

function put(connection: Connection, bytes: Uint8Array): number {
  const key = connection.transaction((writer) =>
    insertRaw(writer, {
      hash: createHash('sha256').update(bytes).digest(),
      name: null,
      format: 'test',
      contentType: null,
      userAgent: null,
      receivedAt: 0,
      normaliser: 1,
      size: bytes.length,
      packed: { encoding: 'identity', body: bytes },
    }),
  );
  if (key === null) throw new Error('a duplicate');
  return key;
}

function remove(connection: Connection, key: number): void {
  connection.transaction((writer) => {
    deleteRawBodies(writer, [key]);
    writer.run('DELETE FROM raw WHERE raw_key = ?', [key]);
  });
}

test('a body that gets the key of one deleted during a compaction keeps its own bytes', async () => {
  const connection = await open();
  put(connection, randomBytes(2_000));
  const deleted = put(connection, randomBytes(2_000));
  const compacting = compactRaw(connection, { all: true });
  remove(connection, deleted);
  const bytes = randomBytes(1_500);
  expect(put(connection, bytes)).toBe(deleted);
  await compacting;
  expect(readRaw(connection, deleted)).toEqual(bytes);
  while ((await compactRaw(connection, { all: true })) > 0);
  expect(readRaw(connection, deleted)).toEqual(bytes);
});

test('two compactions at once leave every body in one place', async () => {
  const connection = await open();
  const bodies = [randomBytes(2_000), randomBytes(2_000)];
  const keys = [put(connection, bodies[0]!), put(connection, bodies[1]!)];
  await Promise.all([compactRaw(connection, { all: true }), compactRaw(connection, { all: true })]);
  while ((await compactRaw(connection, { all: true })) > 0);
  expect(keys.map((key) => readRaw(connection, key))).toEqual(bodies);
  // A block that nothing refers to could never be deleted.
  expect(connection.rows('SELECT block_key FROM raw_block WHERE block_key NOT IN (SELECT block_key FROM raw)')).toEqual(
    [],
  );
});

test('two deletions at once leave the size limit as it was', async () => {
  const connection = await open(4_096_000);
  await Promise.all([1, 2].map(() => deleteTraces(connection, ['none', 'neither'], 0, () => undefined)));
  expect(connection.pragma('max_page_count')).toBe(1_000);
});
