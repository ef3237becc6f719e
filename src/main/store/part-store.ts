/** Rows of `span_part` and `span_alias`: what each record said about a span that is told in several. */
import type { SpanOrigin, SpanPart, SpanRecord } from '#shared/record.ts';
import type { ContentItem } from '#shared/message.ts';
import type { ContentWriter } from './content-writer.ts';
import { packKeys, unpackKeys } from './content-keys.ts';
import type { Writer } from './database.ts';
import { getContent } from './span-queries.ts';

export type StoredPart = { readonly record: SpanRecord; readonly rawKey: number };

export function hasAnyPart(writer: Writer, traceKey: number): boolean {
  return writer.get('SELECT 1 FROM span_part WHERE trace_key = ? LIMIT 1', [traceKey]) !== undefined;
}

export function hasParts(writer: Writer, traceKey: number, name: string): boolean {
  return (
    writer.get('SELECT 1 FROM span_part WHERE trace_key = ? AND span_id = ? LIMIT 1', [traceKey, name]) !== undefined
  );
}

/** How many parts were told under this name. */
export function countParts(writer: Writer, traceKey: number, name: string): number {
  return (
    writer.get<{ parts: number }>('SELECT count(*) AS parts FROM span_part WHERE trace_key = ? AND span_id = ?', [
      traceKey,
      name,
    ])?.parts ?? 0
  );
}

/** The id of the span that the name means: the span's own id, or what it said that it is also called. */
export function ownerOf(writer: Writer, traceKey: number, name: string): string {
  return (
    writer.get<{ span_id: string }>('SELECT span_id FROM span_alias WHERE trace_key = ? AND alias = ?', [
      traceKey,
      name,
    ])?.span_id ?? name
  );
}

export function namesOf(writer: Writer, traceKey: number, spanId: string): string[] {
  const aliases = writer.rows<[string]>('SELECT alias FROM span_alias WHERE trace_key = ? AND span_id = ?', [
    traceKey,
    spanId,
  ]);
  return [spanId, ...aliases.map(([alias]) => alias)];
}

/** Of two spans that claim one name, the smaller id has it, so that arrival does not count. Returns who lost it, if any. */
export function claimAlias(
  writer: Writer,
  traceKey: number,
  alias: string,
  spanId: string,
): { readonly claimed: boolean; readonly loser: string | null } {
  const owner = writer.get<{ span_id: string }>('SELECT span_id FROM span_alias WHERE trace_key = ? AND alias = ?', [
    traceKey,
    alias,
  ])?.span_id;
  if (owner !== undefined && owner <= spanId) return { claimed: false, loser: null };
  writer.run('INSERT OR REPLACE INTO span_alias (trace_key, alias, span_id) VALUES (?, ?, ?)', [
    traceKey,
    alias,
    spanId,
  ]);
  return { claimed: true, loser: owner ?? null };
}

/** The received body of the span's row; null when there is no such row. */
export function rawKeyOfRow(writer: Writer, traceKey: number, spanId: string): number | null {
  return (
    writer.get<{ raw_key: number }>('SELECT raw_key FROM span WHERE trace_key = ? AND span_id = ?', [traceKey, spanId])
      ?.raw_key ?? null
  );
}

/** Keeps the part under the name that it used. Of two with the same id the greater text wins. */
export function putPart(
  writer: Writer,
  contents: ContentWriter,
  span: SpanRecord,
  keys: {
    readonly traceKey: number;
    readonly originKey: number;
    readonly rawKey: number;
    readonly rank: number;
    readonly partId: string;
  },
): void {
  const { input, output } = span;
  writer.run(
    `INSERT INTO span_part (trace_key, span_id, rank, part_id, body, input, output, origin_key, raw_key)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (trace_key, span_id, rank, part_id) DO UPDATE SET body = excluded.body, input = excluded.input,
       output = excluded.output, origin_key = excluded.origin_key, raw_key = excluded.raw_key WHERE excluded.body > body`,
    [
      keys.traceKey,
      span.spanId,
      keys.rank,
      keys.partId,
      toBody(span),
      packKeys(input.map((item) => contents.intern(writer, item, keys.traceKey))),
      packKeys(output.map((item) => contents.intern(writer, item, keys.traceKey))),
      keys.originKey,
      keys.rawKey,
    ],
  );
}

/** Keeps only the greatest version of a span that was told as a whole. */
export function keepGreatest(writer: Writer, traceKey: number, spanId: string, rank: number): void {
  writer.run(
    `DELETE FROM span_part WHERE trace_key = ? AND span_id = ? AND rank = ?
       AND part_id < (SELECT max(part_id) FROM span_part WHERE trace_key = ? AND span_id = ? AND rank = ?)`,
    [traceKey, spanId, rank, traceKey, spanId, rank],
  );
}

type PartRow = {
  readonly rank: number;
  readonly part_id: string;
  readonly body: string;
  readonly input: Uint8Array;
  readonly output: Uint8Array;
  readonly raw_key: number;
  readonly dialect: string;
  readonly scope_name: string | null;
  readonly scope_version: string | null;
  readonly resource: string | null;
};

export function partsOf(writer: Writer, traceKey: number, traceId: string, names: readonly string[]): StoredPart[] {
  return names.flatMap((name) =>
    writer
      .all<PartRow>(
        `SELECT p.rank, p.part_id, p.body, p.input, p.output, p.raw_key, o.dialect, o.scope_name, o.scope_version, o.resource
           FROM span_part p JOIN origin o USING (origin_key) WHERE p.trace_key = ? AND p.span_id = ?`,
        [traceKey, name],
      )
      .map((row) => ({ record: fromRow(writer, row, traceId, name), rawKey: row.raw_key })),
  );
}

/** Removes the row of a span that turned out to be a part of another. Its parts stay. */
export function removeSpanRow(writer: Writer, traceKey: number, spanId: string): void {
  writer.run(
    'DELETE FROM span_body WHERE span_key IN (SELECT span_key FROM span WHERE trace_key = ? AND span_id = ?)',
    [traceKey, spanId],
  );
  writer.run('DELETE FROM span WHERE trace_key = ? AND span_id = ?', [traceKey, spanId]);
}

export function deletePart(writer: Writer, traceKey: number, name: string, part: SpanPart): void {
  writer.run('DELETE FROM span_part WHERE trace_key = ? AND span_id = ? AND rank = ? AND part_id = ?', [
    traceKey,
    name,
    part.rank,
    part.id,
  ]);
}

export function deleteParts(writer: Writer, traceKey: number): void {
  writer.run('DELETE FROM span_part WHERE trace_key = ?', [traceKey]);
  writer.run('DELETE FROM span_alias WHERE trace_key = ?', [traceKey]);
}

type Body = Omit<
  SpanRecord,
  | 'type'
  | 'traceId'
  | 'spanId'
  | 'start'
  | 'end'
  | 'input'
  | 'output'
  | 'origin'
  | 'part'
  | 'aliases'
  | 'leads'
  | 'follows'
> & {
  readonly start: string | null;
  readonly end: string | null;
};

function toBody(span: SpanRecord): string {
  const body: Body = {
    parentId: span.parentId,
    kind: span.kind,
    subtype: span.subtype,
    name: span.name,
    agent: span.agent,
    model: span.model,
    tool: span.tool,
    toolCallId: span.toolCallId,
    start: span.start?.toString() ?? null,
    end: span.end?.toString() ?? null,
    status: span.status,
    error: span.error,
    usage: span.usage,
    reportedUsage: span.reportedUsage,
    cost: span.cost,
    handoff: span.handoff,
    attributes: span.attributes,
    events: span.events,
    links: span.links,
  };
  return JSON.stringify(body);
}

function fromRow(writer: Writer, row: PartRow, traceId: string, spanId: string): SpanRecord {
  const { start, end, ...body } = JSON.parse(row.body) as Body;
  const origin: SpanOrigin = {
    dialect: row.dialect,
    scopeName: row.scope_name,
    scopeVersion: row.scope_version,
    resource: row.resource === null ? null : (JSON.parse(row.resource) as SpanOrigin['resource']),
  };
  return {
    ...body,
    type: 'span',
    traceId,
    spanId,
    start: start === null ? null : BigInt(start),
    end: end === null ? null : BigInt(end),
    input: readContents(writer, row.input),
    output: readContents(writer, row.output),
    origin,
    part: { id: row.part_id, rank: row.rank },
  };
}

function readContents(writer: Writer, packed: Uint8Array): ContentItem[] {
  return unpackKeys(packed).flatMap((key) => getContent(writer, key) ?? []);
}
