/** A digest of everything that is derived of a trace: equal before and after a rebuild when nothing changed. */
import { createHash } from 'node:crypto';
import type { Reader, SqlValue } from './database.ts';

type Row = Readonly<Record<string, SqlValue>>;

/** Keys of rows and marks of arrival: they say nothing about the trace. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'trace_key',
  'span_key',
  'raw_key',
  'revision',
  'dirty',
  'first_received',
  'last_received',
  'live_until',
  'annotation_key',
  'score_key',
]);
const PAGE = 1_000;

/** Yields between pages, so that a large trace can be read in slices; returns the digest in hex. */
export function* digestTrace(reader: Reader, traceKey: number): Generator<null, string> {
  const hash = createHash('sha256');
  function add(rows: readonly Row[]): void {
    for (const row of rows) hash.update(lineOf(row));
  }
  add(reader.all<Row>('SELECT * FROM trace WHERE trace_key = ?', [traceKey]));
  add(reader.all<Row>('SELECT * FROM annotation WHERE trace_key = ? ORDER BY annotation_id', [traceKey]));
  add(reader.all<Row>('SELECT * FROM score WHERE trace_key = ? ORDER BY span_id, name, source', [traceKey]));
  add(
    reader.all<Row>(
      "SELECT severity, code, message, span_id FROM issue WHERE trace_key = ? AND code <> 'not_rebuilt' ORDER BY fingerprint",
      [traceKey],
    ),
  );
  for (let after = ''; ;) {
    const rows = reader.all<Row & { span_id: string }>(
      `SELECT * FROM span s JOIN span_body b USING (span_key) WHERE s.trace_key = ? AND s.span_id > ? ORDER BY s.span_id LIMIT ${PAGE}`,
      [traceKey, after],
    );
    add(rows);
    if (rows.length < PAGE) break;
    after = rows.at(-1)?.span_id ?? '';
    yield null;
  }
  return hash.digest('hex');
}

function lineOf(row: Row): string {
  const values: unknown[] = [];
  for (const name of Object.keys(row)) {
    if (LEFT_OUT.has(name)) continue;
    const value = row[name];
    values.push(value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);
  }
  return `${JSON.stringify(values)}\n`;
}
