/** Keeps the full-text index up to date in the background: an acknowledgement never waits for it. */
import type { ContentItem } from '#shared/message.ts';
import { contentText } from '#shared/message.ts';
import type { Connection, Reader, Writer } from './database.ts';

/** Text beyond this is not indexed: a 10 MB string is data, and its beginning is what people search for. */
const INDEXED_LENGTH = 1_000_000;

export function indexedThrough(reader: Reader): number {
  return Number(reader.get<{ value: string }>("SELECT value FROM setting WHERE key = 'fts_through'")?.value ?? 0);
}

/** Indexes the next contents, at most `limit` rows or about 2 MB; returns how many. */
export function indexNext(connection: Connection, limit: number): number {
  const through = indexedThrough(connection);
  const rows = connection.all<{ content_key: number; size: number }>(
    'SELECT content_key, size FROM content WHERE content_key > ? ORDER BY content_key LIMIT ?',
    [through, limit],
  );
  if (rows.length === 0) return 0;
  let bytes = 0;
  let done = 0;
  connection.lazyTransaction((writer) => {
    let last = through;
    for (const row of rows) {
      if (done > 0 && bytes + row.size > 2_000_000) break;
      const body =
        writer.get<{ body: string }>('SELECT body FROM content WHERE content_key = ?', [row.content_key])?.body ??
        'null';
      const text = contentText(JSON.parse(body) as ContentItem).slice(0, INDEXED_LENGTH);
      if (text !== '') writer.run('INSERT INTO content_fts (rowid, text) VALUES (?, ?)', [row.content_key, text]);
      bytes += row.size;
      done++;
      last = row.content_key;
    }
    setThrough(writer, last);
  });
  return done;
}

/**
 * After contents were deleted: SQLite gives the keys of deleted last rows to the next ones, and what is stored under a
 * key that counts as indexed would never be found.
 */
export function keepIndexBehind(writer: Writer): void {
  const newest = writer.get<{ key: number | null }>('SELECT max(content_key) AS key FROM content')?.key ?? 0;
  if (newest < indexedThrough(writer)) setThrough(writer, newest);
}

function setThrough(writer: Writer, contentKey: number): void {
  writer.run(
    "INSERT INTO setting (key, value) VALUES ('fts_through', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    [String(contentKey)],
  );
}
