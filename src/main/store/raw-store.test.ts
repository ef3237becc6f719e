import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connection } from './database.ts';
import { openWorkspace } from './open.ts';
import { compactRaw, deleteRawBodies, insertRaw, rawHash, readRaw } from './raw-store.ts';

let folder = '';
let connection: Connection;
let close: () => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracewright-raw-'));
  const opened = await openWorkspace(join(folder, 'w.tracewright'), { readOnly: false, nativeBinding: null });
  if (!opened.ok || !opened.value.connection) throw new Error('no workspace');
  connection = opened.value.connection;
  close = opened.value.close;
});
afterEach(() => {
  close();
  rmSync(folder, { recursive: true, force: true });
});

const body = (seed: number): Buffer => Buffer.alloc(50_000, `body ${seed} `);

function store(bytes: Buffer): number {
  const row = {
    hash: rawHash('otlp', null, bytes),
    format: 'otlp',
    name: null,
    contentType: null,
    userAgent: null,
    receivedAt: 0,
    normaliser: 1,
    size: bytes.length,
  };
  return insertRaw(connection, { ...row, packed: { encoding: 'identity', body: bytes } }) ?? -1;
}

test('packing gives the room back to the disk, and every body stays readable', async () => {
  const keys = [1, 2, 3, 4].map((seed) => store(body(seed)));
  const before = Number(connection.pragma('page_count'));
  expect(await compactRaw(connection, { all: true })).toBe(4);
  expect(connection.pragma('freelist_count')).toBe(0);
  expect(Number(connection.pragma('page_count'))).toBeLessThan(before - 40);
  for (const [index, key] of keys.entries())
    expect(Buffer.from(readRaw(connection, key) ?? [])).toEqual(body(index + 1));
});

test('a body that is deleted while it is being packed does not come back in the block', async () => {
  const [kept, gone] = [store(body(1)), store(body(2))];
  const packing = compactRaw(connection, { all: true });
  connection.transaction((writer) => deleteRawBodies(writer, [gone]));
  await packing;
  expect(connection.get('SELECT 1 FROM raw_block')).toBeUndefined();
  await compactRaw(connection, { all: true });
  expect(readRaw(connection, gone)).toBeNull();
  expect(Buffer.from(readRaw(connection, kept) ?? [])).toEqual(body(1));
});

test('work that can be done again is atomic and leaves the next commit as safe as before', () => {
  expect(connection.pragma('synchronous')).toBe(2);
  expect(() =>
    connection.lazyTransaction((writer) => {
      writer.run("INSERT INTO setting (key, value) VALUES ('a', 'b')");
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(connection.get("SELECT 1 FROM setting WHERE key = 'a'")).toBeUndefined();
  expect(connection.pragma('synchronous')).toBe(2);
});
