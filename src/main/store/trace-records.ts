/** Reads back what is known of a trace beside its spans, as the records that ingest accepts, and the bodies it came in. */
import type { AnnotationPlace, AnnotationRow } from '#shared/annotation.ts';
import type { ExportTrace, ReceivedBody } from '#shared/format.ts';
import type { JsonObject } from '#shared/json.ts';
import type { AnnotationRecord, AnnotationTarget, IssueCode, IssueRecord, ScoreRecord } from '#shared/record.ts';
import type { Reader } from './database.ts';
import { readRaw, tracesOfRaw } from './raw-store.ts';

const PAGE = 500;

type TraceFacts = {
  trace_id: string;
  name: string | null;
  workflow: string | null;
  session_id: string | null;
  user_id: string | null;
  metadata: string | null;
  tags: string;
  source: string;
};

export function traceRecordOf(reader: Reader, traceKey: number): ExportTrace['record'] | null {
  const row = reader.get<TraceFacts>(
    'SELECT trace_id, name, workflow, session_id, user_id, metadata, tags, source FROM trace WHERE trace_key = ?',
    [traceKey],
  );
  if (!row) return null;
  const tags = (JSON.parse(row.tags) as unknown[]).map(String);
  return {
    type: 'trace',
    traceId: row.trace_id,
    ...(row.name === null ? {} : { name: row.name }),
    ...(row.workflow === null ? {} : { workflow: row.workflow }),
    ...(row.session_id === null ? {} : { sessionId: row.session_id }),
    ...(row.user_id === null ? {} : { userId: row.user_id }),
    ...(row.metadata === null ? {} : { metadata: JSON.parse(row.metadata) as JsonObject }),
    ...(tags.length === 0 ? {} : { tags }),
    source: row.source,
  };
}

/** What formats say of an annotation: one about a part of a span, or about what a span shows, is about the span. */
export function annotationRecordOf(row: AnnotationRow): AnnotationRecord {
  return {
    type: 'annotation',
    traceId: row.traceId,
    annotationId: row.id,
    target: targetOf(row.place),
    annotator: row.author,
    taxonomy: row.taxonomy,
    category: row.category,
    severity: row.severity,
    score: row.score,
    note: row.note,
    agent: row.agent,
    isRootCause: row.isRootCause,
    createdAt: row.createdAt === null ? null : BigInt(row.createdAt),
    extra: row.extra,
  };
}

function targetOf(place: AnnotationPlace): AnnotationTarget {
  if (place.kind === 'agent') return { kind: 'agent', id: place.agent };
  const spanId = 'spanId' in place ? place.spanId : place.kind === 'absence' ? place.afterSpanId : null;
  return spanId === null ? { kind: 'trace', id: null } : { kind: 'span', id: spanId };
}

type ScoreFacts = {
  span_id: string;
  name: string;
  source: string;
  value: number | null;
  label: string | null;
  passed: number | null;
  explanation: string | null;
};

export function scoreRecordsOf(reader: Reader, traceKey: number, traceId: string): ScoreRecord[] {
  const rows = reader.all<ScoreFacts>(
    'SELECT span_id, name, source, value, label, passed, explanation FROM score WHERE trace_key = ? ORDER BY score_key',
    [traceKey],
  );
  return rows.map((row) => scoreOf(row, traceId));
}

type KnownScore = {
  readonly score: ScoreRecord;
  /** Data that is here tells it. */
  readonly received: boolean;
};

/** The score of the same place, name and source. */
export function scoreRecordOf(reader: Reader, traceKey: number, like: ScoreRecord): KnownScore | null {
  const row = reader.get<ScoreFacts & { raw_key: number | null }>(
    `SELECT span_id, name, source, value, label, passed, explanation, raw_key FROM score
     WHERE trace_key = ? AND span_id = ? AND name = ? AND source = ?`,
    [traceKey, like.spanId ?? '', like.name, like.source],
  );
  return row ? { score: scoreOf(row, like.traceId), received: row.raw_key !== null } : null;
}

function scoreOf(row: ScoreFacts, traceId: string): ScoreRecord {
  return {
    type: 'score',
    traceId,
    spanId: row.span_id === '' ? null : row.span_id,
    name: row.name,
    value: row.value,
    label: row.label,
    passed: row.passed === null ? null : row.passed === 1,
    explanation: row.explanation,
    source: row.source,
  };
}

type IssueFacts = {
  issue_key: number;
  severity: IssueRecord['severity'];
  code: string;
  message: string;
  span_id: string | null;
  detail: string | null;
};

export function* issueRecordsOf(reader: Reader, traceKey: number, traceId: string): Generator<IssueRecord> {
  for (let after = -1; ;) {
    const rows = reader.all<IssueFacts>(
      `SELECT issue_key, severity, code, message, span_id, detail FROM issue WHERE trace_key = ? AND issue_key > ?
       ORDER BY issue_key LIMIT ${PAGE}`,
      [traceKey, after],
    );
    for (const row of rows) {
      after = row.issue_key;
      yield {
        type: 'issue',
        severity: row.severity,
        code: row.code as IssueCode,
        message: row.message,
        traceId,
        ...(row.span_id === null ? {} : { spanId: row.span_id }),
        ...(row.detail === null ? {} : { detail: row.detail }),
      };
    }
    if (rows.length < PAGE) return;
  }
}

type RawFacts = {
  raw_key: number;
  format: string;
  name: string | null;
  content_type: string | null;
  user_agent: string | null;
  received_at: number;
  hash: Uint8Array;
};

/**
 * Bodies whose bytes were deleted together with another trace are left out.
 * @param isExported of the traces that share a body, the ones to name
 */
export function* receivedBodiesOf(
  reader: Reader,
  traceKey: number,
  isExported: (traceId: string) => boolean,
): Generator<ReceivedBody> {
  for (let after = -1; ;) {
    const rows = reader.all<RawFacts>(
      `SELECT r.raw_key, r.format, r.name, r.content_type, r.user_agent, r.received_at, r.hash FROM raw_trace rt JOIN raw r USING (raw_key)
       WHERE rt.trace_key = ? AND rt.raw_key > ? AND (r.block_key IS NOT NULL OR EXISTS (SELECT 1 FROM raw_body b WHERE b.raw_key = r.raw_key))
       ORDER BY rt.raw_key LIMIT ${PAGE}`,
      [traceKey, after],
    );
    for (const row of rows) {
      after = row.raw_key;
      yield {
        format: row.format,
        name: row.name,
        contentType: row.content_type,
        userAgent: row.user_agent,
        receivedAt: row.received_at,
        hash: Buffer.from(row.hash).toString('hex'),
        traceIds: tracesOfRaw(reader, row.hash).flatMap(({ trace_id }) => (isExported(trace_id) ? [trace_id] : [])),
        bytes: () => readRaw(reader, row.raw_key) ?? new Uint8Array(),
      };
    }
    if (rows.length < PAGE) return;
  }
}
