/**
 * Deleting really deletes: rows, contents that no other trace uses, search entries and received bytes. A received body
 * that also holds items of other traces is removed too; those traces keep what was derived and get a ledger entry.
 */
import type { Connection, Writer } from './database.ts';
import { putIssue } from './issue-writer.ts';
import { deleteRawBodies } from './raw-store.ts';

/**
 * `gone` is called right after each trace, before anything else can be written: keys that a writer remembers may point to
 * what was deleted. One transaction a trace, so that senders are served in between and a full disk gains room with each.
 */
export async function deleteTraces(
  connection: Connection,
  traceIds: readonly string[],
  now: number,
  gone: (traceId: string) => void,
): Promise<number> {
  const limit = Number(connection.pragma('max_page_count'));
  // Deleting needs some room of its own: a size limit must not keep people from making space.
  connection.pragma('max_page_count = 2147483646');
  try {
    let deleted = 0;
    for (const traceId of traceIds) {
      deleted += connection.transaction((writer) => deleteTrace(writer, traceId, now));
      gone(traceId);
      await new Promise((resolve) => setImmediate(resolve));
    }
    connection.exec('PRAGMA incremental_vacuum');
    connection.pragma('wal_checkpoint(TRUNCATE)');
    return deleted;
  } finally {
    connection.pragma(`max_page_count = ${limit}`);
  }
}

function deleteTrace(writer: Writer, traceId: string, now: number): number {
  const key = writer.get<{ trace_key: number }>('SELECT trace_key FROM trace WHERE trace_id = ?', [traceId])?.trace_key;
  if (key === undefined) return 0;
  const raws = writer.all<{ raw_key: number; trace_keys: string }>(
    'SELECT raw_key, trace_keys FROM raw WHERE raw_key IN (SELECT DISTINCT raw_key FROM span WHERE trace_key = ?) OR raw_key IN (SELECT raw_key FROM issue WHERE trace_key = ?)',
    [key, key],
  );
  deleteRawBodies(
    writer,
    raws.map((raw) => raw.raw_key),
  );

  writer.run('DELETE FROM trace_facet WHERE trace_key = ?', [key]);
  writer.run('DELETE FROM issue WHERE trace_key = ?', [key]);
  writer.run('DELETE FROM span_body WHERE span_key IN (SELECT span_key FROM span WHERE trace_key = ?)', [key]);
  writer.run('DELETE FROM span WHERE trace_key = ?', [key]);
  const contents = writer.rows<[number]>('SELECT content_key FROM content_trace WHERE trace_key = ?', [key]);
  writer.run('DELETE FROM content_trace WHERE trace_key = ?', [key]);
  for (const [content] of contents) {
    if (writer.get('SELECT 1 FROM content_trace WHERE content_key = ?', [content])) continue;
    writer.run('DELETE FROM content_fts WHERE rowid = ?', [content]);
    writer.run('DELETE FROM content WHERE content_key = ?', [content]);
  }
  for (const raw of raws) {
    const others = (JSON.parse(raw.trace_keys) as number[]).filter((other) => other !== key);
    writer.run('UPDATE raw SET trace_keys = ? WHERE raw_key = ?', [JSON.stringify(others), raw.raw_key]);
    if (others.length === 0 && !writer.get('SELECT 1 FROM issue WHERE raw_key = ?', [raw.raw_key])) {
      writer.run('DELETE FROM raw WHERE raw_key = ?', [raw.raw_key]);
      continue;
    }
    for (const other of others) {
      const id = writer.get<{ trace_id: string }>('SELECT trace_id FROM trace WHERE trace_key = ?', [other])?.trace_id;
      if (id === undefined) continue;
      putIssue(
        writer,
        {
          type: 'issue',
          severity: 'info',
          code: 'raw_deleted',
          message: 'Received bytes of this trace were deleted together with another trace in the same request.',
          traceId: id,
        },
        other,
        raw.raw_key,
        now,
      );
    }
  }
  writer.run('DELETE FROM trace WHERE trace_key = ?', [key]);
  return 1;
}
