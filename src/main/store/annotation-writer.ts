/** What was said of annotations, revision by revision, and the newest word on each, which lists and counts read. */
import type { AnnotationState } from '#shared/annotation.ts';
import type { Reader, Writer } from './database.ts';

export type StoredRevision = { readonly hash: string; readonly body: string };

/** False when it is there already. */
export function putRevision(
  writer: Writer,
  revision: StoredRevision & { readonly traceId: string; readonly annotationId: string },
): boolean {
  const { hash, traceId, annotationId, body } = revision;
  return (
    writer.run(
      'INSERT INTO annotation_revision (hash, trace_id, annotation_id, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      [hash, traceId, annotationId, body],
    ).changes > 0
  );
}

export function revisionsOf(reader: Reader, traceId: string, annotationId: string): StoredRevision[] {
  return reader.all<StoredRevision>(
    'SELECT hash, body FROM annotation_revision WHERE trace_id = ? AND annotation_id = ?',
    [traceId, annotationId],
  );
}

export function dropRevision(writer: Writer, hash: string): void {
  writer.run('DELETE FROM annotation_revision WHERE hash = ?', [hash]);
}

const PAGE = 1_000;

/** A page at a time, so that a trace with very many is told without holding them all. */
export function* revisionBodies(
  reader: Reader,
  traceId: string,
): Generator<StoredRevision & { readonly annotationId: string }> {
  let after = ['', ''];
  for (;;) {
    const rows = reader.rows<[annotationId: string, hash: string, body: string]>(
      `SELECT annotation_id, hash, body FROM annotation_revision WHERE trace_id = ? AND (annotation_id, hash) > (?, ?)
       ORDER BY annotation_id, hash LIMIT ${PAGE}`,
      [traceId, ...after],
    );
    for (const [annotationId, hash, body] of rows) {
      after = [annotationId, hash];
      yield { annotationId, hash, body };
    }
    if (rows.length < PAGE) return;
  }
}

/** Ids of traces that are not here and of which something was said. */
export function waitingTraces(reader: Reader): string[] {
  return reader
    .rows<[string]>(
      'SELECT DISTINCT trace_id FROM annotation_revision r WHERE NOT EXISTS (SELECT 1 FROM trace t WHERE t.trace_id = r.trace_id) ORDER BY trace_id',
    )
    .map(([id]) => id);
}

/** Ids of the annotations of a trace that were made or edited here; also of a trace that is not in the workspace. */
export function revisedAnnotations(reader: Reader, traceId: string): string[] {
  return reader
    .rows<[string]>('SELECT DISTINCT annotation_id FROM annotation_revision WHERE trace_id = ?', [traceId])
    .map(([id]) => id);
}

/** Whether something was said of a trace before it, or its own annotation, came. */
export function awaitsRevisions(reader: Reader, traceKey: number, traceId: string): boolean {
  return (
    reader.get(
      `SELECT 1 FROM annotation_revision r LEFT JOIN annotation a ON a.trace_key = ? AND a.annotation_id = r.annotation_id
       WHERE r.trace_id = ? AND a.state IS NULL LIMIT 1`,
      [traceKey, traceId],
    ) !== undefined
  );
}

/** `state` null = removed: the row stays, so that what is received again does not bring it back. */
export type ShownAnnotation = {
  readonly annotationId: string;
  readonly state: AnnotationState | null;
  readonly author: string | null;
  /** Nanoseconds since the Unix epoch. */
  readonly createdNs: bigint | null;
  /** Who spoke last, and when (milliseconds since the Unix epoch); null = it is as it came with the data. */
  readonly editor: string | null;
  readonly editedAt: number | null;
  readonly heads: number;
};

export function showAnnotation(writer: Writer, traceKey: number, shown: ShownAnnotation): void {
  const { state } = shown;
  const { kind, id } = targetOf(state);
  writer.run(
    `INSERT INTO annotation (trace_key, annotation_id, target_kind, target_id, annotator, taxonomy, category, severity, score, note, agent,
       is_root_cause, created_ns, extra, raw_key, kind, passed, state, editor, edited_at, heads, removed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (trace_key, annotation_id) DO UPDATE SET target_kind = excluded.target_kind, target_id = excluded.target_id,
       annotator = excluded.annotator, taxonomy = excluded.taxonomy, category = excluded.category, severity = excluded.severity,
       score = excluded.score, note = excluded.note, agent = excluded.agent, is_root_cause = excluded.is_root_cause,
       created_ns = excluded.created_ns, extra = excluded.extra, raw_key = NULL, kind = excluded.kind, passed = excluded.passed,
       state = excluded.state, editor = excluded.editor, edited_at = excluded.edited_at, heads = excluded.heads, removed = excluded.removed`,
    [
      traceKey,
      shown.annotationId,
      kind,
      id,
      shown.author,
      state?.taxonomy ?? null,
      state?.category ?? null,
      state?.severity ?? null,
      state?.score ?? null,
      state?.note ?? null,
      state?.agent ?? null,
      state?.isRootCause === true ? 1 : 0,
      shown.createdNs,
      JSON.stringify(state?.extra ?? {}),
      state?.kind ?? 'note',
      state?.passed === true ? 1 : state?.passed === false ? 0 : null,
      JSON.stringify(state),
      shown.editor,
      shown.editedAt,
      shown.heads,
      state === null ? 1 : 0,
    ],
  );
}

/** What the columns hold, for those who look annotations up by span or agent. */
function targetOf(state: AnnotationState | null): { kind: string; id: string | null } {
  const place = state?.place;
  switch (place?.kind) {
    case 'span':
    case 'text':
      return { kind: place.kind, id: place.spanId };
    case 'edge':
      return { kind: 'edge', id: place.spanId };
    case 'agent':
      return { kind: 'agent', id: place.agent };
    case 'absence':
      return { kind: 'absence', id: place.afterSpanId };
    case 'pair':
      return { kind: 'pair', id: place.otherTraceId };
    case 'range':
      return { kind: 'range', id: null };
    case 'trace':
    case undefined:
      return { kind: 'trace', id: null };
  }
}
