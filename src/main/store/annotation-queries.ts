/** Annotations as they stand now, those that came with the data and those made here. */
import type { AnnotationKind, AnnotationPlace, AnnotationRow, AnnotationState } from '#shared/annotation.ts';
import type { JsonObject } from '#shared/json.ts';
import type { Reader } from './database.ts';

type Stored = {
  readonly trace_id: string;
  readonly annotation_id: string;
  readonly target_kind: string;
  readonly target_id: string | null;
  readonly annotator: string | null;
  readonly taxonomy: string | null;
  readonly category: string | null;
  readonly severity: string | null;
  readonly score: number | null;
  readonly note: string | null;
  readonly agent: string | null;
  readonly is_root_cause: number;
  readonly created_ns: string | null;
  readonly extra: string;
  readonly kind: string;
  readonly state: string | null;
  readonly editor: string | null;
  readonly edited_at: number | null;
  readonly heads: number;
};

const COLUMNS = `t.trace_id, a.annotation_id, a.target_kind, a.target_id, a.annotator, a.taxonomy, a.category, a.severity, a.score, a.note, a.agent,
  a.is_root_cause, CAST(a.created_ns AS TEXT) AS created_ns, a.extra, a.kind, a.state, a.editor, a.edited_at, a.heads`;

/** In the order in which they were made, at most `limit`. */
export function annotationsOf(reader: Reader, traceKeys: readonly number[], limit: number): AnnotationRow[] {
  return reader
    .all<Stored>(
      `SELECT ${COLUMNS} FROM annotation a JOIN trace t USING (trace_key)
       WHERE a.trace_key IN (SELECT value FROM json_each(?)) AND a.removed = 0 ORDER BY a.created_ns, a.annotation_id LIMIT ?`,
      [JSON.stringify(traceKeys), limit],
    )
    .map(rowOf);
}

/** All of a trace, in the order in which they were first read. */
export function annotationRowsOf(reader: Reader, traceKey: number): AnnotationRow[] {
  return reader
    .all<Stored>(
      `SELECT ${COLUMNS} FROM annotation a JOIN trace t USING (trace_key) WHERE a.trace_key = ? AND a.removed = 0 ORDER BY a.annotation_key`,
      [traceKey],
    )
    .map(rowOf);
}

export function annotationOf(reader: Reader, traceKey: number, annotationId: string): AnnotationRow | null {
  const row = reader.get<Stored>(
    `SELECT ${COLUMNS} FROM annotation a JOIN trace t USING (trace_key) WHERE a.trace_key = ? AND a.annotation_id = ? AND a.removed = 0`,
    [traceKey, annotationId],
  );
  return row ? rowOf(row) : null;
}

/** The annotation as the data has it; null also when somebody said something of it. */
export function receivedAnnotation(reader: Reader, traceKey: number, annotationId: string): AnnotationRow | null {
  const row = reader.get<Stored>(
    `SELECT ${COLUMNS} FROM annotation a JOIN trace t USING (trace_key)
     WHERE a.trace_key = ? AND a.annotation_id = ? AND a.state IS NULL`,
    [traceKey, annotationId],
  );
  return row ? rowOf(row) : null;
}

export function countAnnotations(
  reader: Reader,
  traceIds: readonly string[],
): { readonly count: number; readonly scores: number } {
  const keys = 'SELECT trace_key FROM trace WHERE trace_id IN (SELECT value FROM json_each(?))';
  const ids = JSON.stringify(traceIds);
  return (
    reader.get<{ count: number; scores: number }>(
      `SELECT (SELECT count(*) FROM annotation WHERE trace_key IN (${keys}) AND removed = 0) AS count,
         (SELECT count(*) FROM score WHERE trace_key IN (${keys})) AS scores`,
      [ids, ids],
    ) ?? { count: 0, scores: 0 }
  );
}

function rowOf(row: Stored): AnnotationRow {
  const made = row.state === null ? null : (JSON.parse(row.state) as AnnotationState);
  return {
    ...(made ?? receivedState(row)),
    id: row.annotation_id,
    traceId: row.trace_id,
    author: row.annotator,
    createdAt: row.created_ns,
    editor: row.editor,
    editedAt: row.edited_at,
    imported: row.edited_at === null,
    conflict: row.heads > 1,
  };
}

function receivedState(row: Stored): AnnotationState {
  return {
    place: receivedPlace(row.target_kind, row.target_id),
    kind: row.kind as AnnotationKind,
    taxonomy: row.taxonomy,
    category: row.category,
    severity: row.severity,
    score: row.score,
    passed: null,
    note: row.note,
    tags: [],
    agent: row.agent,
    isRootCause: row.is_root_cause === 1,
    evidenceSpanId: null,
    correction: null,
    answers: null,
    preference: null,
    extra: JSON.parse(row.extra) as JsonObject,
  };
}

function receivedPlace(kind: string, id: string | null): AnnotationPlace {
  if (kind === 'span' && id !== null) return { kind: 'span', spanId: id };
  if (kind === 'agent' && id !== null) return { kind: 'agent', agent: id };
  return { kind: 'trace' };
}
