/** Contents of a trace as the JSON that is stored, for what looks through all of them: in one go where they are few. */
import { unpackKeys } from './content-keys.ts';
import type { Reader } from './database.ts';

/** Bytes of distinct contents that are kept in memory; more are read one by one. */
const KEPT = 64 * 1024 * 1024;
/** Larger ones are left out. */
const LARGEST = 32 * 1024 * 1024;
/** Keys of a span, up to which they are kept unpacked. */
const SHORT = 16;

type SpanContents = {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly error: number | null;
  readonly callId: string | null;
};

/** By span key. */
export type TraceBodies = {
  readonly of: (spanKey: number) => SpanContents;
  /** Null when it is gone or too large. */
  readonly body: (key: number) => string | null;
  readonly complete: boolean;
};

const NOTHING: SpanContents = { input: [], output: [], error: null, callId: null };

export function readTraceBodies(reader: Reader, traceKeys: readonly number[]): TraceBodies {
  const traces = JSON.stringify(traceKeys);
  const rows = new Map(
    reader
      .rows<[number, Uint8Array, Uint8Array, number | null, string | null]>(
        'SELECT b.span_key, b.input, b.output, b.error_content, b.tool_call_id FROM span s JOIN span_body b USING (span_key) WHERE s.trace_key IN (SELECT value FROM json_each(?))',
        [traces],
      )
      .map((row) => [row[0], row]),
  );
  const ofTraces =
    'content WHERE content_key IN (SELECT content_key FROM content_trace WHERE trace_key IN (SELECT value FROM json_each(?)))';
  const { total, largest } = reader.get<{ total: number | null; largest: number | null }>(
    `SELECT sum(size) AS total, max(size) AS largest FROM ${ofTraces}`,
    [traces],
  ) ?? { total: 0, largest: 0 };
  const bodies =
    (total ?? 0) <= KEPT
      ? new Map(reader.rows<[number, string]>(`SELECT content_key, body FROM ${ofTraces}`, [traces]))
      : null;
  const unpacked = new Map<number, SpanContents>();
  return {
    complete: (largest ?? 0) <= LARGEST,
    of(spanKey) {
      const known = unpacked.get(spanKey);
      if (known) return known;
      const row = rows.get(spanKey);
      if (!row) return NOTHING;
      const contents = { input: unpackKeys(row[1]), output: unpackKeys(row[2]), error: row[3], callId: row[4] };
      if (contents.input.length + contents.output.length <= SHORT) unpacked.set(spanKey, contents);
      return contents;
    },
    body(key) {
      if (bodies) return bodies.get(key) ?? null;
      return (
        reader.get<{ body: string }>('SELECT body FROM content WHERE content_key = ? AND size <= ?', [key, LARGEST])
          ?.body ?? null
      );
    },
  };
}
