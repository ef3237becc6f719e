/**
 * Reads spans back as the records that ingest accepts: what every exporter and the merging of parts start from. Spans come
 * in the order in which they were stored, a page of light rows at a time and their bodies one by one, so that a trace
 * of 100,000 spans is never held twice. Between two pages other work may run: a span that changes meanwhile comes as it is then.
 */
import type { JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanOrigin, SpanRecord } from '#shared/record.ts';
import { unpackKeys } from './content-keys.ts';
import type { Reader } from './database.ts';
import type { SpanBodyRow, SpanRow } from './span-queries.ts';
import { saidBy } from './span-queries.ts';

const PAGE = 500;
/** A conversation is repeated by each of its model calls: parsing its messages once per call would be quadratic. */
const CACHE_BYTES = 16 * 1024 * 1024;

type Row = SpanRow & { span_key: number; origin_key: number };

const COLUMNS = `span_key, span_id, parent_id, kind, status, name, subtype, agent, model, tool, CAST(start_ns AS TEXT) AS start_ns,
  CAST(end_ns AS TEXT) AS end_ns, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, reported_usage,
  cost, handoff_from, handoff_to, origin_key`;

/** The span as it is stored now, whole contents included; null when there is none. */
export function readSpanRecord(reader: Reader, traceKey: number, spanId: string): SpanRecord | null {
  const row = reader.get<Row & { trace_id: string }>(
    `SELECT t.trace_id, s.* FROM (SELECT trace_key, ${COLUMNS} FROM span WHERE trace_key = ? AND span_id = ?) s JOIN trace t USING (trace_key)`,
    [traceKey, spanId],
  );
  return row ? toRecord(reader, row.trace_id, row, createCaches(reader)) : null;
}

/** All spans of the trace in the order in which they were stored. Spans of one origin share the same object. */
export function* spanRecordsOf(reader: Reader, traceKey: number): Generator<SpanRecord> {
  const trace = reader.get<{ trace_id: string }>('SELECT trace_id FROM trace WHERE trace_key = ?', [traceKey]);
  if (!trace) return;
  const caches = createCaches(reader);
  let after = -1;
  for (;;) {
    const rows = reader.all<Row>(
      `SELECT ${COLUMNS} FROM span WHERE trace_key = ? AND span_key > ? ORDER BY span_key LIMIT ${PAGE}`,
      [traceKey, after],
    );
    for (const row of rows) {
      after = row.span_key;
      const record = toRecord(reader, trace.trace_id, row, caches);
      if (record) yield record;
    }
    if (rows.length < PAGE) return;
  }
}

type Caches = {
  readonly origin: (key: number) => SpanOrigin;
  readonly contents: (keys: Uint8Array) => readonly ContentItem[];
};

function createCaches(reader: Reader): Caches {
  const origins = new Map<number, SpanOrigin>();
  const items = new Map<number, ContentItem>();
  let held = 0;

  function content(key: number): ContentItem | null {
    const known = items.get(key);
    if (known) return known;
    const body = reader.get<{ body: string }>('SELECT body FROM content WHERE content_key = ?', [key])?.body;
    if (body === undefined) return null;
    const item = JSON.parse(body) as ContentItem;
    if (held > CACHE_BYTES) {
      items.clear();
      held = 0;
    }
    if (body.length <= CACHE_BYTES / 8) {
      items.set(key, item);
      held += body.length;
    }
    return item;
  }

  return {
    origin(key) {
      let origin = origins.get(key);
      if (!origin) {
        origin = readOrigin(reader, key);
        origins.set(key, origin);
      }
      return origin;
    },
    contents: (keys) =>
      unpackKeys(keys)
        .map(content)
        .filter((item) => item !== null),
  };
}

function toRecord(reader: Reader, traceId: string, row: Row, caches: Caches): SpanRecord | null {
  const body = reader.get<SpanBodyRow>(
    'SELECT tool_call_id, error_content, input, output, attributes, events, links FROM span_body WHERE span_key = ?',
    [row.span_key],
  );
  // Deleted since the page was read.
  if (!body) return null;
  return {
    type: 'span',
    traceId,
    spanId: row.span_id,
    ...saidBy(reader, row, body),
    start: row.start_ns === null ? null : BigInt(row.start_ns),
    end: row.end_ns === null ? null : BigInt(row.end_ns),
    input: caches.contents(body.input),
    output: caches.contents(body.output),
    attributes: JSON.parse(body.attributes) as JsonObject,
    origin: caches.origin(row.origin_key),
  };
}

function readOrigin(reader: Reader, key: number): SpanOrigin {
  const row = reader.get<{
    dialect: string;
    scope_name: string | null;
    scope_version: string | null;
    resource: string | null;
  }>('SELECT dialect, scope_name, scope_version, resource FROM origin WHERE origin_key = ?', [key]);
  return {
    dialect: row?.dialect ?? '',
    scopeName: row?.scope_name ?? null,
    scopeVersion: row?.scope_version ?? null,
    resource: row?.resource ? (JSON.parse(row.resource) as JsonObject) : null,
  };
}
