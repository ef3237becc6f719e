import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { ErrorCode } from '#shared/result.ts';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { openWorkspace } from '../../src/main/store/open.ts';
import { migrations } from '../../src/main/store/migrations/index.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

async function refusal(workspace: string, readOnly = false): Promise<{ code: ErrorCode; hint: string | undefined }> {
  const created = await createEngine({ workspace, httpPort: null, appVersion: 'test', readOnly });
  if (created.ok) {
    await created.value.close();
    throw new Error('it opened');
  }
  return { code: created.error.code, hint: created.error.hint };
}

test('a file that is no database is refused and left as it is', async () => {
  const file = join(temporaryFolder(), 'notes.tracewright');
  writeFileSync(file, 'These are my notes, not a database. '.repeat(100));
  const before = readFileSync(file);
  const { code, hint } = await refusal(file);
  expect(code).toBe('workspace_corrupt');
  expect(hint).toBeTruthy();
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a database of another program is refused and left as it is', async () => {
  const file = join(temporaryFolder(), 'other.db');
  const db = new Database(file);
  db.exec('CREATE TABLE bookmark (url TEXT)');
  db.close();
  const before = readFileSync(file);
  expect((await refusal(file)).code).toBe('workspace_foreign');
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('an empty database becomes a workspace that opens again; one that another program has marked does not', async () => {
  const folder = temporaryFolder();
  for (const [name, mark] of [
    ['empty', ''],
    ['marked', 'PRAGMA application_id = 77;'],
  ]) {
    const db = new Database(join(folder, `${name}.db`));
    db.exec(`${mark} CREATE TABLE gone (x); DROP TABLE gone`);
    db.close();
  }
  for (let time = 0; time < 2; time++) {
    const engine = await startEngine({ workspace: join(folder, 'empty.db') });
    expect(await engine.call('sql.query', { sql: 'PRAGMA auto_vacuum' })).toEqual([{ auto_vacuum: 2 }]);
    await engine.close();
  }
  expect((await refusal(join(folder, 'marked.db'))).code).toBe('workspace_foreign');
});

test('a workspace of a newer app is refused and left as it is', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'newer.tracewright');
  await (await startEngine({ workspace: file, httpPort: null })).close();
  const db = new Database(file);
  db.pragma(`user_version = ${migrations.length + 1}`);
  db.close();
  const before = readFileSync(file);
  expect((await refusal(file)).code).toBe('workspace_newer');
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a workspace that is damaged in the middle is refused or opens; it is never overwritten', async () => {
  const file = join(temporaryFolder(), 'damaged.tracewright');
  await (await startEngine({ workspace: file, httpPort: null })).close();
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 100, 4_000);
  writeFileSync(file, bytes);
  const before = readFileSync(file);
  expect((await refusal(file)).code).toBe('workspace_corrupt');
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a truncated workspace is refused', async () => {
  const file = join(temporaryFolder(), 'short.tracewright');
  await (await startEngine({ workspace: file, httpPort: null })).close();
  const bytes = readFileSync(file).subarray(0, 1_000);
  writeFileSync(file, bytes);
  expect((await refusal(file)).code).toBe('workspace_corrupt');
  expect(readFileSync(file).equals(bytes)).toBe(true);
});

test('a second writer is told who holds the workspace; a reader gets in', async () => {
  const file = join(temporaryFolder(), 'held.tracewright');
  const first = await startEngine({ workspace: file });
  const { code, hint } = await refusal(file);
  expect(code).toBe('workspace_locked');
  expect(hint).toContain(first.info().httpUrl ?? '?');
  const reader = await startEngine({ workspace: file, httpPort: null, readOnly: true });
  expect(reader.info().readOnly).toBe(true);
  await expect(reader.call('settings.set', { key: 'theme', value: 'dark' })).rejects.toMatchObject({
    error: { code: 'workspace_locked' },
  });
});

test('a holder file that cannot be written stops nobody', async () => {
  const file = join(temporaryFolder(), 'unsaid.tracewright');
  const opened = await openWorkspace(file, { readOnly: false, nativeBinding: null });
  if (!opened.ok) throw new Error(opened.error.message);
  const holder = `${file}-holder.json`;
  rmSync(holder);
  mkdirSync(holder);
  opened.value.lock?.announce('http://127.0.0.1:1');
  expect(() => {
    opened.value.close();
  }).toThrow();
  rmSync(holder, { recursive: true });
  // The lock itself is free again.
  await (await startEngine({ workspace: file })).close();
});

test('closing frees the workspace for the next one', async () => {
  const file = join(temporaryFolder(), 'again.tracewright');
  await (await startEngine({ workspace: file })).close();
  await (await startEngine({ workspace: file })).close();
});

test('reading a workspace that does not exist says so and creates nothing', async () => {
  const file = join(temporaryFolder(), 'none.tracewright');
  expect((await refusal(file, true)).code).toBe('not_found');
  expect(() => statSync(file)).toThrow();
});

test('a folder in place of the file, or a file in place of the folder, is a clear message', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'as-folder.tracewright'));
  expect((await refusal(join(folder, 'as-folder.tracewright'))).code).toBe('workspace_unwritable');
  writeFileSync(join(folder, 'file'), 'x');
  expect((await refusal(join(folder, 'file', 'inside.tracewright'))).code).toBe('workspace_unwritable');
});

test('a folder that may not be written is a clear message', async () => {
  const folder = join(temporaryFolder(), 'locked');
  mkdirSync(folder);
  chmodSync(folder, 0o555);
  // Root writes anywhere; /proc refuses everybody.
  const file = process.getuid?.() === 0 ? '/proc/tracewright/none.tracewright' : join(folder, 'none.tracewright');
  const { code, hint } = await refusal(file);
  expect(code).toBe('workspace_unwritable');
  expect(hint).toBeTruthy();
  chmodSync(folder, 0o755);
});

test('migrations give exactly schema.sql', async () => {
  const file = join(temporaryFolder(), 'schema.tracewright');
  await (await startEngine({ workspace: file, httpPort: null })).close();
  const db = new Database(file, { readonly: true });
  const dump = (
    db
      .prepare(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'content_fts_%' ORDER BY type = 'trigger', tbl_name, type DESC, name",
      )
      .pluck()
      .all() as string[]
  )
    .map((sql) => `${sql};\n`)
    .join('\n');
  db.close();
  const committed = new URL('../../src/main/store/schema.sql', import.meta.url);
  if (process.env['UPDATE_GOLDENS']) writeFileSync(committed, dump);
  expect(dump).toBe(readFileSync(committed, 'utf8'));
});
