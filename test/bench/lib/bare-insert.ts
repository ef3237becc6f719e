/**
 * The baseline of ingest: the rows that a run produced, inserted by nothing but better-sqlite3 into a fresh file with the
 * same schema and pragmas. No HTTP, no decoding, no upsert logic, no look-ups: the least that storing these rows costs.
 */
import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SCHEMA = join(import.meta.dirname, '..', '..', '..', 'src', 'main', 'store', 'schema.sql');
/** Parents before children, so that foreign keys hold. */
const TABLES = [
  'origin',
  'trace',
  'content',
  'raw_block',
  'raw',
  'raw_body',
  'raw_trace',
  'content_trace',
  'told_call',
  'span',
  'span_body',
] as const;

/** Equal parts by count do not end at the same span in each table: parents go ahead of their children by this much. */
const AHEAD: Readonly<Partial<Record<(typeof TABLES)[number], number>>> = {
  origin: 1,
  // Received bodies that were packed already, on a slow machine.
  raw_block: 1_000,
  trace: 8,
  raw: 8,
  content: 2_000,
};

type Rows = { readonly insert: string; readonly ahead: number; readonly rows: readonly (readonly unknown[])[] };

/** Seconds to insert the rows of `source`, in `transactions` transactions of equal size. */
export function bareInsert(source: string, target: string, transactions: number): number {
  const from = new Database(source, { readonly: true });
  const tables = TABLES.map((table) => readTable(from, table));
  from.close();
  const db = new Database(target);
  for (const pragma of [
    'auto_vacuum = INCREMENTAL',
    'journal_mode = WAL',
    'wal_autocheckpoint = 16000',
    'journal_size_limit = 134217728',
    'synchronous = FULL',
    'foreign_keys = ON',
    'cache_size = -65536',
    'temp_store = MEMORY',
  ])
    db.pragma(pragma);
  db.exec(readFileSync(SCHEMA, 'utf8'));
  const writers = tables.map((table) => createWriter(db.prepare(table.insert), table));
  const started = performance.now();
  for (let part = 1; part <= transactions; part++) {
    db.exec('BEGIN IMMEDIATE');
    for (const writer of writers) writer.insertTo(Math.floor((writer.rows * part) / transactions));
    db.exec('COMMIT');
  }
  const seconds = (performance.now() - started) / 1_000;
  db.close();
  return seconds;
}

function readTable(db: Database.Database, table: (typeof TABLES)[number]): Rows {
  const columns = (db.prepare(`SELECT name FROM pragma_table_info('${table}')`).all() as { name: string }[]).map(
    (column) => column.name,
  );
  // Rows in the order of arrival, which is the order of keys: of the trace's key where there is one.
  const order =
    columns.includes('trace_key') && !columns.includes('span_id') && table !== 'trace' ? 'ORDER BY trace_key' : '';
  const rows = db
    .prepare(`SELECT ${columns.join(', ')} FROM ${table} ${order}`)
    .safeIntegers()
    .raw()
    .all() as unknown[][];
  const marks = columns.map(() => '?').join(', ');
  return { insert: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`, ahead: AHEAD[table] ?? 0, rows };
}

type RowWriter = { readonly rows: number; readonly insertTo: (end: number) => void };

function createWriter(statement: Database.Statement, { rows, ahead }: Rows): RowWriter {
  let at = 0;
  return {
    rows: rows.length,
    insertTo(end) {
      for (; at < Math.min(end + ahead, rows.length); at++) statement.run(rows[at]);
    },
  };
}
