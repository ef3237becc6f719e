/**
 * Annotations and scores that came with the data. The same one again replaces itself: the later word of a source counts.
 * What a person made here has no body (`raw_key` NULL): nothing that is received replaces it.
 */
import type { AnnotationKind } from '#shared/annotation.ts';
import type { AnnotationRecord, ScoreRecord } from '#shared/record.ts';
import type { Writer } from './database.ts';

export function putAnnotation(writer: Writer, traceKey: number, annotation: AnnotationRecord, rawKey: number): void {
  writer.run(
    `INSERT INTO annotation (trace_key, annotation_id, target_kind, target_id, annotator, taxonomy, category, severity, score, note, agent,
       is_root_cause, created_ns, extra, raw_key, kind) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (trace_key, annotation_id) DO UPDATE SET target_kind = excluded.target_kind, target_id = excluded.target_id,
       annotator = excluded.annotator, taxonomy = excluded.taxonomy, category = excluded.category, severity = excluded.severity,
       score = excluded.score, note = excluded.note, agent = excluded.agent, is_root_cause = excluded.is_root_cause,
       created_ns = excluded.created_ns, extra = excluded.extra, raw_key = excluded.raw_key, kind = excluded.kind WHERE excluded.raw_key >= annotation.raw_key`,
    [
      traceKey,
      annotation.annotationId,
      annotation.target.kind,
      annotation.target.id,
      annotation.annotator,
      annotation.taxonomy,
      annotation.category,
      annotation.severity,
      finite(annotation.score),
      annotation.note,
      annotation.agent,
      annotation.isRootCause ? 1 : 0,
      annotation.createdAt,
      JSON.stringify(annotation.extra),
      rawKey,
      kindOf(annotation),
    ],
  );
}

export function putScore(writer: Writer, traceKey: number, score: ScoreRecord, rawKey: number): void {
  writer.run(
    `INSERT INTO score (trace_key, span_id, name, source, value, label, passed, explanation, raw_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (trace_key, span_id, name, source) DO UPDATE SET value = excluded.value, label = excluded.label, passed = excluded.passed,
       explanation = excluded.explanation, raw_key = excluded.raw_key WHERE score.raw_key IS NULL OR excluded.raw_key >= score.raw_key`,
    [...scoreValues(traceKey, score), rawKey],
  );
}

/** What a label file tells of a score of the data: it has no body, and gives way when the data comes. */
export function putToldScore(writer: Writer, traceKey: number, score: ScoreRecord): void {
  writer.run(
    `INSERT INTO score (trace_key, span_id, name, source, value, label, passed, explanation) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (trace_key, span_id, name, source) DO UPDATE SET value = excluded.value, label = excluded.label, passed = excluded.passed,
       explanation = excluded.explanation WHERE score.raw_key IS NULL`,
    scoreValues(traceKey, score),
  );
}

function scoreValues(traceKey: number, score: ScoreRecord): (string | number | null)[] {
  return [
    traceKey,
    score.spanId ?? '',
    score.name,
    score.source,
    finite(score.value),
    score.label,
    score.passed === null ? null : score.passed ? 1 : 0,
    score.explanation,
  ];
}

/** Sources do not say what kind of annotation one is. The migration to version 11 says the same in SQL. */
function kindOf(annotation: AnnotationRecord): AnnotationKind {
  if (annotation.category !== null) return 'category';
  if (annotation.agent !== null || annotation.isRootCause) return 'blame';
  return annotation.score === null ? 'note' : 'score';
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
