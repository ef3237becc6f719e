/** Rows of `stray` and `stray_lead`; see migration 9. */
import type { SpanRecord } from '#shared/record.ts';
import type { Writer } from './database.ts';

export type Lead = { readonly traceKey: number; readonly traceId: string; readonly spanId: string };

export type Stray = {
  readonly at: string;
  readonly partId: string;
  /** Without `follows`. */
  readonly span: SpanRecord;
  readonly beside: readonly Beside[];
  readonly rawKey: number;
  /** Where it is shown; null = nowhere yet. */
  readonly shown: Lead | null;
};

const DIGITS = 20;
/** A model call has one answer; whoever sends thousands must not have them moved again with each request. */
const MAX_MOVED = 2_000;

/** Sorts like the time. */
export function timeText(at: bigint): string {
  return (at < 0n ? 0n : at).toString().padStart(DIGITS, '0');
}

export function putLead(writer: Writer, key: string, at: string, traceKey: number, spanId: string): void {
  writer.run('INSERT OR IGNORE INTO stray_lead (key, at, trace_key, span_id) VALUES (?, ?, ?, ?)', [
    key,
    at,
    traceKey,
    spanId,
  ]);
}

/** The span that leads at this time: the last one before. Ties go to the greater ids, whichever came first. */
export function leadAt(writer: Writer, key: string, at: string): Lead | null {
  return (
    writer.get<Lead>(
      `SELECT trace_key AS traceKey, trace_id AS traceId, span_id AS spanId FROM stray_lead JOIN trace USING (trace_key)
       WHERE key = ? AND at = (SELECT max(at) FROM stray_lead WHERE key = ? AND at <= ?)
       ORDER BY trace_id DESC, span_id DESC LIMIT 1`,
      [key, key, at],
    ) ?? null
  );
}

/** Of two with the same id the greater text wins. */
export function putStray(writer: Writer, key: string, at: string, span: SpanRecord, rawKey: number): void {
  writer.run(
    `INSERT INTO stray (key, at, part_id, body, raw_key) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (key, at, part_id) DO UPDATE SET body = excluded.body, raw_key = excluded.raw_key WHERE excluded.body >= body`,
    [key, at, span.part?.id ?? '', toText(span), rawKey],
  );
}

type Row = {
  readonly at: string;
  readonly partId: string;
  readonly body: string;
  readonly rawKey: number;
  readonly traceKey: number | null;
  readonly traceId: string | null;
  readonly spanId: string | null;
};

const SELECT = `SELECT at, part_id AS partId, body, raw_key AS rawKey, trace_key AS traceKey, trace_id AS traceId, span_id AS spanId
  FROM stray LEFT JOIN trace USING (trace_key)`;

export function strayAt(writer: Writer, key: string, at: string, partId: string): Stray | null {
  const row = writer.get<Row>(`${SELECT} WHERE key = ? AND at = ? AND part_id = ?`, [key, at, partId]);
  return row ? fromRow(row) : null;
}

/** Those that follow the lead of this time: up to the next one. */
export function straysAfter(writer: Writer, key: string, at: string): Stray[] {
  return writer
    .all<Row>(
      `${SELECT} WHERE key = ? AND at >= ?
         AND at < coalesce((SELECT min(at) FROM stray_lead WHERE key = ? AND at > ?), '~') ORDER BY at, part_id LIMIT ${MAX_MOVED}`,
      [key, at, key, at],
    )
    .map(fromRow);
}

export function showStray(writer: Writer, key: string, { at, partId }: Stray, where: Lead): void {
  writer.run('UPDATE stray SET trace_key = ?, span_id = ? WHERE key = ? AND at = ? AND part_id = ?', [
    where.traceKey,
    where.spanId,
    key,
    at,
    partId,
  ]);
}

export function deleteStrays(writer: Writer, traceKey: number): void {
  writer.run('DELETE FROM stray_lead WHERE trace_key = ?', [traceKey]);
  writer.run('DELETE FROM stray WHERE trace_key = ?', [traceKey]);
}

type Texts<T> = Omit<T, 'start' | 'end'> & { readonly start: string | null; readonly end: string | null };

function toText(span: SpanRecord): string {
  const { follows, ...plain } = span;
  const beside = follows?.beside.map((record) => (record.type === 'span' ? withTexts(record) : record)) ?? [];
  return JSON.stringify({ span: withTexts(plain), beside } satisfies Body);
}

function withTexts(span: SpanRecord): Texts<SpanRecord> {
  return { ...span, start: span.start?.toString() ?? null, end: span.end?.toString() ?? null };
}

function fromTexts({ start, end, ...rest }: Texts<SpanRecord>): SpanRecord {
  return { ...rest, start: start === null ? null : BigInt(start), end: end === null ? null : BigInt(end) };
}

type Beside = NonNullable<SpanRecord['follows']>['beside'][number];
type Body = {
  readonly span: Texts<SpanRecord>;
  readonly beside: readonly (Texts<SpanRecord> | Exclude<Beside, SpanRecord>)[];
};

function fromRow({ body, traceKey, traceId, spanId, ...row }: Row): Stray {
  const told = JSON.parse(body) as Body;
  return {
    ...row,
    span: fromTexts(told.span),
    beside: told.beside.map((record) => (record.type === 'span' ? fromTexts(record) : record)),
    shown: traceKey === null || traceId === null || spanId === null ? null : { traceKey, traceId, spanId },
  };
}
