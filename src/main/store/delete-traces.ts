/**
 * Deleting really deletes: rows, contents that no other trace uses, search entries and received bytes. A received body
 * that also holds items of other traces is removed too; those traces keep what was derived and get a ledger entry.
 */
import type { Connection, Reader, Writer } from './database.ts';
import { deleteFindings } from './finding-store.ts';
import { putIssue } from './issue-writer.ts';
import { deleteParts } from './part-store.ts';
import { deleteRawBodies } from './raw-store.ts';
import { keepIndexBehind } from './search-index.ts';
import { deleteStrays } from './stray-store.ts';

/**
 * `gone` is called right after each trace, before anything else can be written: keys that a writer remembers may point to
 * what was deleted. One transaction a trace, so that senders are served in between and a full disk gains room with each.
 * `unread` runs work in a moment in which no other thread reads the file: what one still needs stays in the log.
 */
export async function deleteTraces(
  connection: Connection,
  traceIds: readonly string[],
  now: number,
  gone: (traceId: string) => void,
  unread: (work: () => unknown) => Promise<unknown> = (work) => Promise.resolve(work()),
): Promise<number> {
  let deleted = 0;
  for (const traceId of traceIds) {
    deleted += withRoom(connection, () => connection.transaction((writer) => deleteTrace(writer, traceId, now)));
    gone(traceId);
    await new Promise((resolve) => setImmediate(resolve));
  }
  connection.exec('PRAGMA incremental_vacuum');
  await unread(() => connection.pragma('wal_checkpoint(TRUNCATE)'));
  return deleted;
}

/** Deleting needs some room of its own: a size limit must not keep people from making space. */
function withRoom<T>(connection: Connection, work: () => T): T {
  const limit = Number(connection.pragma('max_page_count'));
  connection.pragma('max_page_count = 2147483646');
  try {
    return work();
  } finally {
    connection.pragma(`max_page_count = ${limit}`);
  }
}

function deleteTrace(writer: Writer, traceId: string, now: number): number {
  const key = writer.get<{ trace_key: number }>('SELECT trace_key FROM trace WHERE trace_id = ?', [traceId])?.trace_key;
  if (key === undefined) return 0;
  // Every body with an item of the trace, also those whose version of a span was superseded: were one kept, the same
  // bytes sent again would count as stored and be acknowledged without being there.
  const raws = writer.rows<[number]>('SELECT raw_key FROM raw_trace WHERE trace_key = ?', [key]).map(([raw]) => raw);
  deleteRawBodies(writer, raws);

  deleteRows(writer, key);
  writer.run('DELETE FROM annotation_revision WHERE trace_id = ?', [traceId]);
  writer.run('DELETE FROM raw_trace WHERE trace_key = ?', [key]);
  for (const raw of raws) {
    const others = writer.all<{ trace_key: number; trace_id: string }>(
      'SELECT trace_key, trace_id FROM raw_trace JOIN trace USING (trace_key) WHERE raw_key = ?',
      [raw],
    );
    if (others.length === 0 && !writer.get('SELECT 1 FROM issue WHERE raw_key = ?', [raw])) {
      writer.run('DELETE FROM raw WHERE raw_key = ?', [raw]);
      continue;
    }
    for (const other of others) {
      putIssue(
        writer,
        {
          type: 'issue',
          severity: 'info',
          code: 'raw_deleted',
          message: 'Received bytes of this trace were deleted together with another trace in the same request.',
          traceId: other.trace_id,
        },
        other.trace_key,
        raw,
        now,
      );
    }
  }
  writer.run('DELETE FROM trace WHERE trace_key = ?', [key]);
  return 1;
}

/** Whether the trace has neither spans nor verdicts. */
export function isEmptyTrace(reader: Reader, key: number): boolean {
  return ['span', 'span_part', 'annotation', 'score'].every(
    (table) => reader.get(`SELECT 1 FROM ${table} WHERE trace_key = ? LIMIT 1`, [key]) === undefined,
  );
}

/** Removes a trace of which nothing is left to show; received bytes stay. */
export function deleteEmptyTrace(writer: Writer, key: number): void {
  deleteRows(writer, key);
  writer.run('DELETE FROM raw_trace WHERE trace_key = ?', [key]);
  writer.run('DELETE FROM trace WHERE trace_key = ?', [key]);
}

/** All that hangs on a trace but its row and its received bytes. */
function deleteRows(writer: Writer, key: number): void {
  const facets = writer.rows<[number]>('SELECT facet_key FROM trace_facet WHERE trace_key = ?', [key]);
  writer.run('DELETE FROM trace_facet WHERE trace_key = ?', [key]);
  writer.run('DELETE FROM annotation WHERE trace_key = ?', [key]);
  writer.run('DELETE FROM score WHERE trace_key = ?', [key]);
  // Names that no other trace has are content of this one.
  for (const [facet] of facets) writer.run('DELETE FROM facet WHERE facet_key = ? AND traces = 0', [facet]);
  writer.run('DELETE FROM issue WHERE trace_key = ?', [key]);
  writer.run('DELETE FROM span_body WHERE span_key IN (SELECT span_key FROM span WHERE trace_key = ?)', [key]);
  writer.run('DELETE FROM span WHERE trace_key = ?', [key]);
  deleteParts(writer, key);
  deleteStrays(writer, key);
  writer.run('DELETE FROM resend WHERE trace_key = ?', [key]);
  writer.run('DELETE FROM trace_ledger WHERE trace_key = ?', [key]);
  writer.run('DELETE FROM told_call WHERE trace_key = ?', [key]);
  deleteFindings(writer, key);
  const contents = writer.rows<[number]>('SELECT content_key FROM content_trace WHERE trace_key = ?', [key]);
  writer.run('DELETE FROM content_trace WHERE trace_key = ?', [key]);
  for (const [content] of contents) {
    if (writer.get('SELECT 1 FROM content_trace WHERE content_key = ?', [content])) continue;
    writer.run('DELETE FROM content_fts WHERE rowid = ?', [content]);
    writer.run('DELETE FROM content WHERE content_key = ?', [content]);
  }
  keepIndexBehind(writer);
}
