import type { Json, JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { contentText } from '#shared/message.ts';
import type { SpanError, SpanEvent, SpanLink, Usage } from '#shared/record.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';
import type { ContentView, SpanDetail } from '#shared/trace.ts';
import { unpackHexKeys, unpackKeys } from './content-keys.ts';
import type { Reader } from './database.ts';

/** Bodies over this come as a preview. */
const PREVIEW_OVER = 64 * 1024;
const PREVIEW_LENGTH = 4_000;
/** A text attribute over this is cut in `span.get`; Raw shows it whole. */
const ATTRIBUTE_LENGTH = 64 * 1024;

/** In UTF-16 units; at most three bytes each, and twice as many when escaped, are under SQLite's limit of 50,000. */
const PATTERN_LENGTH = 8_000;

/** Structurally the `SpanFact` of analysis, which this room does not import. */
export type StoredSpanFact = {
  readonly spanKey: number;
  readonly traceKey: number;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly kind: (typeof SPAN_KINDS)[number];
  readonly subtype: string | null;
  readonly name: string;
  readonly agent: string | null;
  readonly model: string | null;
  readonly tool: string | null;
  readonly start: number | null;
  readonly end: number | null;
  readonly status: (typeof SPAN_STATUSES)[number];
  readonly usage: Usage | null;
  readonly reportedUsage: Usage | null;
  readonly cost: number | null;
  readonly handoffFrom: string | null;
  readonly handoffTo: string | null;
  readonly links: readonly string[];
  readonly dialect: string;
  readonly seq: number;
};

type FactRow = [
  number,
  string,
  string | null,
  number,
  number,
  string,
  string | null,
  string | null,
  string | null,
  string | null,
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
  string | null,
  number | null,
  string | null,
  string | null,
  string | null,
  number,
  number,
];

export type TraceFacts = { readonly originNs: bigint | null; readonly spans: readonly StoredSpanFact[] };

/** All spans of one trace, or of the traces of a session, times as nanoseconds after the earliest start: exact in a double for 104 days. */
export function readFacts(reader: Reader, traceKeys: number | readonly number[]): TraceFacts {
  const [where, keys] =
    typeof traceKeys === 'number'
      ? ['trace_key = ?', traceKeys]
      : ['trace_key IN (SELECT value FROM json_each(?))', JSON.stringify(traceKeys)];
  const bounds = reader.get<{ origin: string | null }>(
    `SELECT CAST(min(coalesce(start_ns, end_ns)) AS TEXT) AS origin FROM span WHERE ${where}`,
    [keys],
  );
  const origin = bounds?.origin ?? '0';
  const dialects = new Map(reader.rows<[number, string]>('SELECT origin_key, dialect FROM origin'));
  const rows = reader.rows<FactRow>(
    `SELECT span_key, span_id, parent_id, kind, status, name, subtype, agent, model, tool, start_ns - CAST(? AS INTEGER), end_ns - CAST(? AS INTEGER),
       input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, reported_usage, cost, handoff_from, handoff_to, links, origin_key, trace_key
     FROM span WHERE ${where} ORDER BY span_key`,
    [origin, origin, keys],
  );
  const spans = rows.map((row): StoredSpanFact => ({
    spanKey: row[0],
    traceKey: row[23],
    spanId: row[1],
    parentId: row[2],
    kind: SPAN_KINDS[row[3]] ?? 'custom',
    status: SPAN_STATUSES[row[4]] ?? 'unset',
    name: row[5],
    subtype: row[6],
    agent: row[7],
    model: row[8],
    tool: row[9],
    start: row[10],
    end: row[11],
    usage: toUsage(row[12], row[13], row[14], row[15], row[16]),
    reportedUsage: readReported(row[17]),
    cost: row[18],
    handoffFrom: row[19],
    handoffTo: row[20],
    links: row[21] ? (JSON.parse(row[21]) as string[]) : [],
    dialect: dialects.get(row[22]) ?? '',
    seq: row[0],
  }));
  return { originNs: bounds?.origin ? BigInt(bounds.origin) : null, spans };
}

/** The columns of `span` that say what a span is, its times as text. */
export type SpanRow = {
  span_id: string;
  parent_id: string | null;
  kind: number;
  status: number;
  name: string;
  subtype: string | null;
  agent: string | null;
  model: string | null;
  tool: string | null;
  start_ns: string | null;
  end_ns: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  cache_read_tokens: number | null;
  cache_write_tokens: number | null;
  reasoning_tokens: number | null;
  reported_usage: string | null;
  cost: number | null;
  handoff_from: string | null;
  handoff_to: string | null;
};

export type SpanBodyRow = {
  tool_call_id: string | null;
  error_content: number | null;
  input: Uint8Array;
  output: Uint8Array;
  attributes: string;
  events: string | null;
  links: string | null;
};

type DetailRow = SpanRow &
  SpanBodyRow & {
    dialect: string;
    scope_name: string | null;
    scope_version: string | null;
    resource: string | null;
  };

export function getSpan(reader: Reader, traceId: string, spanId: string): SpanDetail | null {
  const row = reader.get<DetailRow>(
    `SELECT s.*, CAST(s.start_ns AS TEXT) AS start_ns, CAST(s.end_ns AS TEXT) AS end_ns, b.tool_call_id, b.error_content, b.input, b.output, b.attributes,
       b.events, b.links, o.dialect, o.scope_name, o.scope_version, o.resource
     FROM trace t JOIN span s ON s.trace_key = t.trace_key JOIN span_body b USING (span_key) JOIN origin o USING (origin_key)
     WHERE t.trace_id = ? AND s.span_id = ?`,
    [traceId, spanId],
  );
  if (!row) return null;
  return {
    traceId,
    id: row.span_id,
    ...saidBy(reader, row, row),
    startNs: row.start_ns,
    endNs: row.end_ns,
    input: viewContents(reader, unpackKeys(row.input)),
    output: viewContents(reader, unpackKeys(row.output)),
    attributes: cutLongTexts(JSON.parse(row.attributes) as JsonObject),
    dialect: row.dialect,
    scope: { name: row.scope_name, version: row.scope_version },
    resource: row.resource ? (JSON.parse(row.resource) as JsonObject) : null,
  };
}

/** What the rows of a span say, but for its contents, attributes and origin. */
export function saidBy(reader: Reader, row: SpanRow, body: SpanBodyRow) {
  return {
    parentId: row.parent_id,
    kind: SPAN_KINDS[row.kind] ?? 'custom',
    subtype: row.subtype,
    name: row.name,
    agent: row.agent,
    model: row.model,
    tool: row.tool,
    toolCallId: body.tool_call_id,
    status: SPAN_STATUSES[row.status] ?? 'unset',
    error: body.error_content === null ? null : readError(reader, body.error_content),
    usage: toUsage(
      row.input_tokens,
      row.output_tokens,
      row.cache_read_tokens,
      row.cache_write_tokens,
      row.reasoning_tokens,
    ),
    reportedUsage: readReported(row.reported_usage),
    cost: row.cost,
    handoff:
      row.handoff_from !== null || row.handoff_to !== null ? { from: row.handoff_from, to: row.handoff_to } : null,
    events: body.events ? (JSON.parse(body.events) as SpanEvent[]) : [],
    links: body.links ? (JSON.parse(body.links) as SpanLink[]) : [],
  };
}

export function rawKeyOfSpan(reader: Reader, traceId: string, spanId: string): number | null {
  return (
    reader.get<{ raw_key: number }>(
      'SELECT s.raw_key FROM trace t JOIN span s USING (trace_key) WHERE t.trace_id = ? AND s.span_id = ?',
      [traceId, spanId],
    )?.raw_key ?? null
  );
}

/** Content keys of every span of the traces that has any, by span key. */
export function readContentKeys(
  reader: Reader,
  traceKeys: readonly number[],
): Map<number, { input: number[]; output: number[]; error: number | null }> {
  const rows = reader.rows<[number, string, string, number | null]>(
    'SELECT b.span_key, hex(b.input), hex(b.output), b.error_content FROM span s JOIN span_body b USING (span_key) WHERE s.trace_key IN (SELECT value FROM json_each(?))',
    [JSON.stringify(traceKeys)],
  );
  return new Map(
    rows.map(([key, input, output, error]) => [
      key,
      { input: unpackHexKeys(input), output: unpackHexKeys(output), error },
    ]),
  );
}

export function viewContents(reader: Reader, keys: readonly number[]): ContentView[] {
  return keys.map((key) => viewContent(reader, key));
}

function viewContent(reader: Reader, key: number): ContentView {
  const size = reader.get<{ size: number }>('SELECT size FROM content WHERE content_key = ?', [key])?.size ?? 0;
  if (size <= PREVIEW_OVER) return { key, size, item: getContent(reader, key), preview: null };
  const item = getContent(reader, key);
  return { key, size, item: null, preview: item ? contentText(item).slice(0, PREVIEW_LENGTH) : '' };
}

export function getContent(reader: Reader, key: number): ContentItem | null {
  const body = reader.get<{ body: string }>('SELECT body FROM content WHERE content_key = ?', [key])?.body;
  return body === undefined ? null : (JSON.parse(body) as ContentItem);
}

/** Keys of the traces' contents whose stored JSON holds the text, letter case aside (ASCII). */
export function findContents(reader: Reader, traceKeys: readonly number[], text: string): Set<number> {
  const inJson = JSON.stringify(text).slice(1, -1);
  // SQLite refuses longer patterns; such a text is looked for as it is.
  const pattern =
    inJson.length <= PATTERN_LENGTH ? `%${inJson.replace(/[!%_]/g, (character) => `!${character}`)}%` : null;
  const rows = reader.rows<[number]>(
    `SELECT c.content_key FROM content c WHERE c.content_key IN (SELECT content_key FROM content_trace WHERE trace_key IN (SELECT value FROM json_each(?)))
       AND (c.body LIKE ? ESCAPE '!' OR instr(c.body, ?) > 0)`,
    [JSON.stringify(traceKeys), pattern, inJson],
  );
  return new Set(rows.map(([key]) => key));
}

export function readError(reader: Reader, key: number): SpanError {
  const item = getContent(reader, key);
  const value = item?.kind === 'json' ? item.value : null;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { type: null, message: '' };
  const { type, message, data } = value as { type?: string | null; message?: string; data?: Json };
  return data === undefined
    ? { type: type ?? null, message: message ?? '' }
    : { type: type ?? null, message: message ?? '', data };
}

function toUsage(
  input: number | null,
  output: number | null,
  cacheRead: number | null,
  cacheWrite: number | null,
  reasoning: number | null,
): Usage | null {
  if (input === null && output === null && cacheRead === null && cacheWrite === null && reasoning === null) return null;
  return { input, output, cacheRead, cacheWrite, reasoning };
}

function readReported(text: string | null): Usage | null {
  if (text === null) return null;
  const [input = null, output = null, cacheRead = null, cacheWrite = null, reasoning = null] = JSON.parse(text) as (
    number | null
  )[];
  return toUsage(input, output, cacheRead, cacheWrite, reasoning);
}

function cutLongTexts(attributes: JsonObject): JsonObject {
  const cut: Record<string, Json> = {};
  for (const [key, value] of Object.entries(attributes)) {
    cut[key] =
      typeof value === 'string' && value.length > ATTRIBUTE_LENGTH
        ? `${value.slice(0, ATTRIBUTE_LENGTH)}… (${value.length.toLocaleString('en')} characters; Raw has them all)`
        : value;
  }
  return cut;
}
