/** Rows of a rebuild: which traces and received bodies are still to be derived again, and which spans show an old state. */
import type { IssueCode } from '#shared/record.ts';
import type { Reader, Writer } from './database.ts';
import { unpackKeys } from './content-keys.ts';
import { keepIndexBehind } from './search-index.ts';
import { MESSAGES_DIALECT } from './told-calls.ts';

export const PHASE = { waiting: 0, open: 1, done: 2 } as const;

/** A body whose bytes are there. */
const KEPT = '(raw.block_key IS NOT NULL OR EXISTS (SELECT 1 FROM raw_body WHERE raw_body.raw_key = raw.raw_key))';

/**
 * Ledger entries that decoding and storing the same body makes again. Others (what was deleted, what came late) are told
 * once and stay.
 */
const AGAIN: readonly (IssueCode | 'not_stored' | 'not_rebuilt')[] = [
  'unknown_item',
  'invalid_item',
  'invalid_time',
  'truncated_field',
  'unmapped_field',
  'too_deep',
  'negative_duration',
  'not_stored',
  'not_rebuilt',
];
const AGAIN_LIST = [...AGAIN, 'too_many_parts'].map((code) => `'${code}'`).join(', ');

export function isStale(reader: Reader, traceKey: number, spanId: string): boolean {
  return (
    reader.get(
      'SELECT 1 FROM rebuild_span WHERE span_key = (SELECT span_key FROM span WHERE trace_key = ? AND span_id = ?)',
      [traceKey, spanId],
    ) !== undefined
  );
}

export function unmarkStale(writer: Writer, traceKey: number, spanId: string): void {
  writer.run(
    'DELETE FROM rebuild_span WHERE span_key = (SELECT span_key FROM span WHERE trace_key = ? AND span_id = ?)',
    [traceKey, spanId],
  );
}

/** Notes what is to be rebuilt; null = everything, also bodies of which nothing was understood. */
export function beginRebuild(writer: Writer, traceIds: readonly string[] | null): void {
  endRebuild(writer);
  if (traceIds) {
    writer.run(
      'INSERT INTO rebuild_trace (trace_key, phase) SELECT trace_key, 0 FROM trace WHERE trace_id IN (SELECT value FROM json_each(?))',
      [JSON.stringify(traceIds)],
    );
    return;
  }
  writer.run('INSERT INTO rebuild_trace (trace_key, phase) SELECT trace_key, 0 FROM trace');
  writer.run(
    `INSERT INTO rebuild_raw (raw_key) SELECT raw_key FROM raw
     WHERE NOT EXISTS (SELECT 1 FROM raw_trace WHERE raw_trace.raw_key = raw.raw_key) AND ${KEPT}`,
  );
}

export function endRebuild(writer: Writer): void {
  for (const table of ['rebuild_span', 'rebuild_raw', 'rebuild_trace']) writer.run(`DELETE FROM ${table}`);
}

/** Traces that have not been begun are left as they are. */
export function dropWaiting(writer: Writer): void {
  const { changes } = writer.run('DELETE FROM rebuild_trace WHERE phase = 0');
  if (changes === 0) return;
  writer.run(
    'DELETE FROM rebuild_raw WHERE raw_key NOT IN (SELECT raw_key FROM raw_trace JOIN rebuild_trace USING (trace_key) WHERE phase = 1)',
  );
}

/** Whether all traces that the body holds items of take part: then it is decoded again as a whole. */
export function isWholeBody(reader: Reader, rawKey: number): boolean {
  return (
    reader.get(
      'SELECT 1 FROM raw_trace WHERE raw_key = ? AND trace_key NOT IN (SELECT trace_key FROM rebuild_trace) LIMIT 1',
      [rawKey],
    ) === undefined
  );
}

/** Bytes of the bodies that are still to be decoded. */
export function bytesLeft(reader: Reader): number {
  return (
    reader.get<{ bytes: number | null }>(
      `SELECT sum(size) AS bytes FROM raw WHERE raw_key IN (SELECT raw_key FROM rebuild_raw)
         OR raw_key IN (SELECT rt.raw_key FROM rebuild_trace t JOIN raw_trace rt USING (trace_key) WHERE t.phase = 0)`,
    )?.bytes ?? 0
  );
}

export function nextBody(reader: Reader): number | null {
  return reader.get<{ key: number | null }>('SELECT min(raw_key) AS key FROM rebuild_raw')?.key ?? null;
}

export function nextWaiting(reader: Reader): number | null {
  return (
    reader.get<{ trace_key: number }>('SELECT trace_key FROM rebuild_trace WHERE phase = 0 ORDER BY trace_key LIMIT 1')
      ?.trace_key ?? null
  );
}

/** Traces of this rebuild that the body holds items of. */
export function tracesOfBody(
  reader: Reader,
  rawKey: number,
): { readonly traceKey: number; readonly traceId: string; readonly phase: number }[] {
  return reader.all(
    `SELECT trace_key AS traceKey, trace_id AS traceId, phase FROM raw_trace JOIN rebuild_trace USING (trace_key) JOIN trace USING (trace_key)
     WHERE raw_key = ?`,
    [rawKey],
  );
}

/** For each open trace, how many of its bodies are still to be decoded. */
export function pendingBodies(reader: Reader): Map<number, number> {
  return new Map(
    reader.rows<[number, number]>(
      `SELECT t.trace_key, count(r.raw_key) FROM rebuild_trace t LEFT JOIN raw_trace rt USING (trace_key) LEFT JOIN rebuild_raw r USING (raw_key)
       WHERE t.phase = 1 GROUP BY t.trace_key`,
    ),
  );
}

/**
 * Opens one trace: its bodies are put down to be decoded again, what it shows counts as old. Spans whose bytes are gone, and
 * with them the trace's facts, stay. Returns how many bodies it has, and how many spans stay.
 */
export function openTrace(
  writer: Writer,
  traceKey: number,
  before: string,
): { readonly bodies: number; readonly staying: number } {
  const bodies = writer.get<{ kept: number; gone: number }>(
    `SELECT count(*) FILTER (WHERE ${KEPT}) AS kept, count(*) FILTER (WHERE NOT ${KEPT}) AS gone
     FROM raw_trace JOIN raw USING (raw_key) WHERE trace_key = ?`,
    [traceKey],
  );
  writer.run(
    `INSERT OR IGNORE INTO rebuild_raw (raw_key) SELECT raw_key FROM raw_trace JOIN raw USING (raw_key) WHERE trace_key = ? AND ${KEPT}`,
    [traceKey],
  );
  writer.run(
    `INSERT OR IGNORE INTO rebuild_span (span_key) SELECT span_key FROM span JOIN origin USING (origin_key)
     WHERE trace_key = ? AND dialect <> '${MESSAGES_DIALECT}' AND raw_key IN (SELECT raw_key FROM rebuild_raw)`,
    [traceKey],
  );
  // Parts are merged with each other, so old ones must not stay beside new ones.
  writer.run('DELETE FROM span_part WHERE trace_key = ? AND raw_key IN (SELECT raw_key FROM rebuild_raw)', [traceKey]);
  writer.run("DELETE FROM issue WHERE trace_key = ? AND raw_key IS NULL AND code = 'not_rebuilt'", [traceKey]);
  writer.run(
    "DELETE FROM resend WHERE trace_key = ? AND span_id <> '' AND raw_key IN (SELECT raw_key FROM rebuild_raw)",
    [traceKey],
  );
  writer.run('UPDATE content_trace SET stale = 1 WHERE trace_key = ?', [traceKey]);
  const facts = writer.get<{ facts: string }>(
    `SELECT json_object('name', name, 'workflow', workflow, 'user_id', user_id, 'metadata', metadata, 'tags', tags,
       'session_id', CASE WHEN trace_key IN (SELECT trace_key FROM trace_rule) THEN NULL ELSE session_id END) AS facts
     FROM trace WHERE trace_key = ?`,
    [traceKey],
  );
  if (bodies?.gone === 0) {
    writer.run(
      "UPDATE trace SET name = NULL, workflow = NULL, session_id = NULL, user_id = NULL, metadata = NULL, tags = '[]' WHERE trace_key = ?",
      [traceKey],
    );
  } else {
    // Which session the source named is not known any more.
    writer.run(
      'UPDATE trace SET session_id = NULL WHERE trace_key = ? AND trace_key IN (SELECT trace_key FROM trace_rule)',
      [traceKey],
    );
  }
  writer.run('DELETE FROM trace_rule WHERE trace_key = ?', [traceKey]);
  writer.run('UPDATE rebuild_trace SET phase = 1, before = ?, facts = ? WHERE trace_key = ?', [
    before,
    facts?.facts ?? null,
    traceKey,
  ]);
  const staying =
    bodies?.gone === 0
      ? 0
      : (writer.get<{ spans: number }>(
          `SELECT count(*) AS spans FROM span JOIN raw USING (raw_key) WHERE trace_key = ? AND NOT ${KEPT}`,
          [traceKey],
        )?.spans ?? 0);
  return { bodies: bodies?.kept ?? 0, staying };
}

export type KeptBody = {
  readonly raw_key: number;
  readonly hash: Uint8Array;
  readonly format: string;
  readonly name: string | null;
  readonly content_type: string | null;
  readonly user_agent: string | null;
  readonly received_at: number;
  readonly size: number;
};

export function bodyOf(reader: Reader, rawKey: number): KeptBody | null {
  return (
    reader.get<KeptBody>(
      'SELECT raw_key, hash, format, name, content_type, user_agent, received_at, size FROM raw WHERE raw_key = ?',
      [rawKey],
    ) ?? null
  );
}

/** Before a body is stored again: what it gave these traces and does not replace itself goes. */
export function clearBody(writer: Writer, rawKey: number, traceKeys: readonly number[]): void {
  const keys = JSON.stringify(traceKeys);
  const ours = 'trace_key IN (SELECT value FROM json_each(?))';
  for (const table of ['annotation', 'score'])
    writer.run(`DELETE FROM ${table} WHERE raw_key = ? AND ${ours}`, [rawKey, keys]);
  writer.run(`DELETE FROM issue WHERE raw_key = ? AND (trace_key IS NULL OR ${ours}) AND code IN (${AGAIN_LIST})`, [
    rawKey,
    keys,
  ]);
}

/** The body could not be decoded again: what came from it stays as it is. Returns how many spans that are. */
export function keepBody(writer: Writer, rawKey: number, traceKeys: readonly number[]): number {
  return writer.run(
    `DELETE FROM rebuild_span WHERE span_key IN (SELECT span_key FROM span
       WHERE trace_key IN (SELECT value FROM json_each(?)) AND raw_key = ?)`,
    [JSON.stringify(traceKeys), rawKey],
  ).changes;
}

export function finishBody(writer: Writer, rawKey: number, normaliser: number | null): void {
  writer.run('DELETE FROM rebuild_raw WHERE raw_key = ?', [rawKey]);
  if (normaliser !== null) writer.run('UPDATE raw SET normaliser = ? WHERE raw_key = ?', [normaliser, rawKey]);
}

/** Removes what no body tells any more. True when contents were removed: then remembered keys may be gone. */
export function closeTrace(writer: Writer, traceKey: number): boolean {
  const left = `SELECT s.span_key FROM rebuild_span r JOIN span s USING (span_key) WHERE s.trace_key = ?`;
  // A span of which a part remains is still told.
  const gone = `${left} AND NOT EXISTS (SELECT 1 FROM span_part p WHERE p.trace_key = s.trace_key AND p.span_id = s.span_id)`;
  writer.run(`DELETE FROM span_body WHERE span_key IN (${gone})`, [traceKey]);
  writer.run(`DELETE FROM span WHERE span_key IN (${gone})`, [traceKey]);
  writer.run(`DELETE FROM rebuild_span WHERE span_key IN (${left})`, [traceKey]);
  writer.run(
    `DELETE FROM span_alias WHERE trace_key = ?
       AND NOT EXISTS (SELECT 1 FROM span s WHERE s.trace_key = span_alias.trace_key AND s.span_id = span_alias.span_id)`,
    [traceKey],
  );
  writer.run('UPDATE rebuild_trace SET phase = 2 WHERE trace_key = ?', [traceKey]);
  return dropUnusedContents(writer, traceKey);
}

/** Contents that no body tells any more; those of spans whose bytes are gone stay. */
function dropUnusedContents(writer: Writer, traceKey: number): boolean {
  const stale = writer.rows<[number]>('SELECT content_key FROM content_trace WHERE trace_key = ? AND stale = 1', [
    traceKey,
  ]);
  if (stale.length === 0) return false;
  const used = new Set<number>();
  for (const sql of [
    'SELECT b.input, b.output, b.error_content FROM span s JOIN span_body b USING (span_key) WHERE s.trace_key = ?',
    'SELECT input, output, NULL FROM span_part WHERE trace_key = ?',
  ]) {
    for (const [input, output, error] of writer.rows<[Uint8Array, Uint8Array, number | null]>(sql, [traceKey])) {
      for (const key of unpackKeys(input)) used.add(key);
      for (const key of unpackKeys(output)) used.add(key);
      if (error !== null) used.add(error);
    }
  }
  const unused = stale.filter(([key]) => !used.has(key));
  for (const [key] of unused) {
    writer.run('DELETE FROM told_call WHERE trace_key = ? AND content_key = ?', [traceKey, key]);
    writer.run('DELETE FROM content_trace WHERE content_key = ? AND trace_key = ?', [key, traceKey]);
    if (writer.get('SELECT 1 FROM content_trace WHERE content_key = ?', [key])) continue;
    writer.run('DELETE FROM content_fts WHERE rowid = ?', [key]);
    writer.run('DELETE FROM content WHERE content_key = ?', [key]);
  }
  writer.run('UPDATE content_trace SET stale = 0 WHERE trace_key = ? AND stale = 1', [traceKey]);
  if (unused.length > 0) keepIndexBehind(writer);
  return unused.length > 0;
}

/** What the trace was called and held before, for a trace of which a body could not be decoded again. */
export function factsBefore(reader: Reader, traceKey: number): string | null {
  return (
    reader.get<{ facts: string | null }>('SELECT facts FROM rebuild_trace WHERE trace_key = ?', [traceKey])?.facts ??
    null
  );
}

export function finishedTraces(reader: Reader): { readonly traceKey: number; readonly before: string | null }[] {
  return reader.all('SELECT trace_key AS traceKey, before FROM rebuild_trace WHERE phase = 2 ORDER BY trace_key');
}

/** Bodies that were decoded by an older version of this program. */
export function olderBodies(reader: Reader, normaliser: number): number {
  return (
    reader.get<{ bodies: number }>(`SELECT count(*) AS bodies FROM raw WHERE normaliser < ? AND ${KEPT}`, [normaliser])
      ?.bodies ?? 0
  );
}
