/**
 * Idempotent upserts of spans. When the same span arrives again with other facts, one of the two wins as a whole, by a
 * total order that does not depend on arrival: ended before running, the later end, then the greater digest.
 */
import { createHash } from 'node:crypto';
import type { Json } from '#shared/json.ts';
import type { SpanError, SpanOrigin, SpanRecord, Usage } from '#shared/record.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';
import type { ContentWriter } from './content-writer.ts';
import { packKeys, unpackKeys } from './content-keys.ts';
import type { SqlValue, Writer } from './database.ts';

const INSERT_SPAN = `INSERT INTO span (trace_key, span_id, parent_id, kind, status, name, subtype, agent, model, tool, start_ns, end_ns,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, reported_usage, cost, handoff_from, handoff_to,
  links, origin_key, raw_key)
  VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (trace_key, span_id) DO NOTHING`;
const UPDATE_SPAN = `UPDATE span SET trace_key=?, span_id=?, parent_id=?, kind=?, status=?, name=?, subtype=?, agent=?, model=?, tool=?, start_ns=?, end_ns=?,
  input_tokens=?, output_tokens=?, cache_read_tokens=?, cache_write_tokens=?, reasoning_tokens=?, reported_usage=?, cost=?, handoff_from=?, handoff_to=?,
  links=?, origin_key=?, raw_key=? WHERE span_key=?`;
const INSERT_BODY =
  'INSERT INTO span_body (span_key, tool_call_id, error_content, input, output, attributes, events, links) VALUES (?,?,?,?,?,?,?,?)';
const UPDATE_BODY =
  'UPDATE span_body SET tool_call_id=?, error_content=?, input=?, output=?, attributes=?, events=?, links=? WHERE span_key=?';

const KIND_INDEX = new Map(SPAN_KINDS.map((kind, index) => [kind, index]));
const STATUS_INDEX = new Map(SPAN_STATUSES.map((status, index) => [status, index]));

/** `again` = exactly this was stored before; `superseded` = what is stored outranks it. */
export type SpanOutcome = 'added' | 'updated' | 'again' | 'superseded';

export type SpanWriter = {
  readonly put: (writer: Writer, span: SpanRecord, traceKey: number, rawKey: number) => SpanOutcome;
  /** Writes the span over whatever is stored under its id. */
  readonly replace: (writer: Writer, span: SpanRecord, traceKey: number, rawKey: number) => void;
  readonly originKey: (writer: Writer, origin: SpanOrigin) => number;
  /** Of two versions of one span, the one whose text is greater wins; the same order that `put` uses. */
  readonly order: (writer: Writer, span: SpanRecord, traceKey: number) => string;
  readonly forget: () => void;
};

export function createSpanWriter(contents: ContentWriter): SpanWriter {
  let origins = new WeakMap<SpanOrigin, number>();

  function originKey(writer: Writer, origin: SpanOrigin): number {
    const known = origins.get(origin);
    if (known !== undefined) return known;
    const resource = origin.resource ? JSON.stringify(origin.resource) : null;
    const hash = createHash('sha256')
      .update(JSON.stringify([origin.dialect, origin.scopeName, origin.scopeVersion, resource]))
      .digest()
      .subarray(0, 16);
    const found = writer.get<{ origin_key: number }>('SELECT origin_key FROM origin WHERE hash = ?', [hash]);
    const key =
      found?.origin_key ??
      writer.run('INSERT INTO origin (hash, dialect, scope_name, scope_version, resource) VALUES (?, ?, ?, ?, ?)', [
        hash,
        origin.dialect,
        origin.scopeName,
        origin.scopeVersion,
        resource,
      ]).rowid;
    origins.set(origin, key);
    return key;
  }

  function bodyValues(writer: Writer, span: SpanRecord, traceKey: number): SqlValue[] {
    return [
      span.toolCallId,
      span.error ? contents.intern(writer, { kind: 'json', value: errorJson(span.error) }, traceKey) : null,
      packKeys(span.input.map((item) => contents.intern(writer, item, traceKey))),
      packKeys(span.output.map((item) => contents.intern(writer, item, traceKey))),
      JSON.stringify(span.attributes),
      span.events.length > 0 ? JSON.stringify(span.events) : null,
      span.links.length > 0 ? JSON.stringify(span.links) : null,
    ];
  }

  return {
    put(writer, span, traceKey, rawKey) {
      const values = spanValues(span, traceKey, originKey(writer, span.origin), rawKey);
      const inserted = writer.run(INSERT_SPAN, values);
      if (inserted.changes > 0) {
        writer.run(INSERT_BODY, [inserted.rowid, ...bodyValues(writer, span, traceKey)]);
        return 'added';
      }
      const body = bodyValues(writer, span, traceKey);
      const stored = readRank(writer, traceKey, span.spanId);
      const offered = rank(values, body, writer);
      if (offered.digest === stored.digest) return 'again';
      if (!outranks(offered, stored)) return 'superseded';
      writer.run(UPDATE_SPAN, [...values, stored.spanKey]);
      writer.run(UPDATE_BODY, [...body, stored.spanKey]);
      return 'updated';
    },
    replace(writer, span, traceKey, rawKey) {
      const values = spanValues(span, traceKey, originKey(writer, span.origin), rawKey);
      const body = bodyValues(writer, span, traceKey);
      const inserted = writer.run(INSERT_SPAN, values);
      if (inserted.changes > 0) {
        writer.run(INSERT_BODY, [inserted.rowid, ...body]);
        return;
      }
      const stored = writer.get<{ span_key: number }>('SELECT span_key FROM span WHERE trace_key = ? AND span_id = ?', [
        traceKey,
        span.spanId,
      ]);
      if (!stored) throw new Error('a conflicting span has vanished');
      writer.run(UPDATE_SPAN, [...values, stored.span_key]);
      writer.run(UPDATE_BODY, [...body, stored.span_key]);
    },
    originKey,
    order(writer, span, traceKey) {
      const values = spanValues(span, traceKey, originKey(writer, span.origin), 0);
      const { ended, end, digest } = rank(values, bodyValues(writer, span, traceKey), writer);
      return `${ended ? 1 : 0}:${(end + 2n ** 63n).toString().padStart(20, '0')}:${digest}`;
    },
    forget() {
      origins = new WeakMap();
    },
  };
}

function spanValues(span: SpanRecord, traceKey: number, origin: number, rawKey: number): SqlValue[] {
  const links = span.links.filter((link) => link.traceId === span.traceId).map((link) => link.spanId);
  return [
    traceKey,
    span.spanId,
    span.parentId,
    KIND_INDEX.get(span.kind) ?? 0,
    STATUS_INDEX.get(span.status) ?? 0,
    span.name,
    span.subtype,
    span.agent,
    span.model,
    span.tool,
    span.start,
    span.end,
    count(span.usage?.input),
    count(span.usage?.output),
    count(span.usage?.cacheRead),
    count(span.usage?.cacheWrite),
    count(span.usage?.reasoning),
    span.reportedUsage ? JSON.stringify(usageList(span.reportedUsage)) : null,
    span.cost,
    span.handoff?.from ?? null,
    span.handoff?.to ?? null,
    links.length > 0 ? JSON.stringify(links) : null,
    origin,
    rawKey,
  ];
}

/** Token counts are INTEGER columns of a STRICT table: a fraction or an absurd number from outside becomes unknown. */
function count(value: number | null | undefined): number | null {
  return value === null || value === undefined || !Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER
    ? null
    : Math.round(value);
}

function usageList(usage: Usage): (number | null)[] {
  return [usage.input, usage.output, usage.cacheRead, usage.cacheWrite, usage.reasoning].map(count);
}

function errorJson(error: SpanError): Json {
  return { type: error.type, message: error.message, ...(error.data === undefined ? {} : { data: error.data }) };
}

type Rank = { readonly ended: boolean; readonly end: bigint; readonly digest: string };

/** `values` without the key that depends on arrival (raw), with origin and contents by hash instead of key. */
function rank(values: readonly SqlValue[], body: readonly SqlValue[], writer: Writer): Rank {
  const end = values[11];
  const facts = values.slice(1, 22).map((value) => (typeof value === 'bigint' ? value.toString() : value));
  const origin = writer.get<{ hash: Uint8Array }>('SELECT hash FROM origin WHERE origin_key = ?', [values[22] ?? null]);
  const [toolCallId, errorContent, input, output, ...rest] = body;
  const hashes = [
    errorContent === null ? [] : [Number(errorContent)],
    unpackKeys(input as Uint8Array),
    unpackKeys(output as Uint8Array),
  ].map((keys) =>
    keys.map((key) =>
      Buffer.from(
        writer.get<{ hash: Uint8Array }>('SELECT hash FROM content WHERE content_key = ?', [key])?.hash ?? [],
      ).toString('hex'),
    ),
  );
  return {
    ended: end !== null && end !== undefined,
    end: typeof end === 'bigint' ? end : 0n,
    digest: createHash('sha256')
      .update(JSON.stringify([facts, Buffer.from(origin?.hash ?? []).toString('hex'), toolCallId, hashes, rest]))
      .digest('hex'),
  };
}

function outranks(a: Rank, b: Rank): boolean {
  if (a.ended !== b.ended) return a.ended;
  if (a.end !== b.end) return a.end > b.end;
  return a.digest > b.digest;
}

function readRank(writer: Writer, traceKey: number, spanId: string): Rank & { spanKey: number } {
  const row = writer.rows<SqlValue[]>(
    `SELECT s.span_key, s.trace_key, s.span_id, s.parent_id, s.kind, s.status, s.name, s.subtype, s.agent, s.model, s.tool,
       CAST(s.start_ns AS TEXT), CAST(s.end_ns AS TEXT), s.input_tokens, s.output_tokens, s.cache_read_tokens, s.cache_write_tokens,
       s.reasoning_tokens, s.reported_usage, s.cost, s.handoff_from, s.handoff_to, s.links, s.origin_key,
       b.tool_call_id, b.error_content, b.input, b.output, b.attributes, b.events, b.links
     FROM span s JOIN span_body b USING (span_key) WHERE s.trace_key = ? AND s.span_id = ?`,
    [traceKey, spanId],
  )[0];
  if (!row) throw new Error('a conflicting span has vanished');
  const [spanKey, ...columns] = row;
  const values = columns
    .slice(0, 23)
    .map((value, index) => ((index === 10 || index === 11) && typeof value === 'string' ? BigInt(value) : value));
  return { spanKey: Number(spanKey), ...rank(values, columns.slice(23), writer) };
}
