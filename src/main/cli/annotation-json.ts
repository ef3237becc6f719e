/** How an annotation looks in JSON answers. */
import type { AnnotationPlace, AnnotationRow } from '#shared/annotation.ts';
import type { ScoreRow } from '#shared/trace.ts';
import type { Engine } from '../engine/create-engine.ts';
import { isoOrNull } from './trace-json.ts';

export type AnnotationJson = {
  /** Unique within the trace. */
  readonly id: string;
  readonly traceId: string;
  /** `id` is that of a span, an agent's name, or the other trace of a pair; null for what has none. */
  readonly target: { readonly kind: AnnotationPlace['kind']; readonly id: string | null };
  readonly annotator: string | null;
  readonly taxonomy: string | null;
  readonly category: string | null;
  readonly severity: string | null;
  readonly score: number | null;
  readonly note: string | null;
  readonly isRootCause: boolean;
  readonly createdAt: string | null;
  readonly kind: AnnotationRow['kind'];
  readonly passed: boolean | null;
  readonly tags: readonly string[];
  /** The blamed agent, and the one whose span it is about. */
  readonly agent: string | null;
  readonly actor: string | null;
  /** Which span of the trace, in order of time, from 0. */
  readonly step: number | null;
  readonly evidenceSpanId: string | null;
  readonly correction: string | null;
  readonly answers: AnnotationRow['answers'];
  readonly preference: AnnotationRow['preference'];
  readonly place: AnnotationPlace;
  readonly editor: string | null;
  readonly editedAt: string | null;
  readonly imported: boolean;
  readonly conflict: boolean;
  readonly extra: AnnotationRow['extra'];
};

/** @param scores also the scores of the trace, as annotations of that kind */
export async function annotationsJson(engine: Engine, traceId: string, scores: boolean): Promise<AnnotationJson[]> {
  const rows = [
    ...(await engine.call('annotation.list', { traceId })),
    ...(scores ? (await engine.call('score.list', { traceId })).map(scoreAsAnnotation) : []),
  ];
  if (rows.length === 0) return [];
  const spanIds = rows.flatMap(({ place }) => targetOf(place).spanId ?? []);
  const places = spanIds.length === 0 ? [] : await engine.call('annotation.places', { traceId, spanIds });
  const spans = new Map(places.map((span) => [span.spanId, span]));
  return rows.map((row) => {
    const { spanId, ...target } = targetOf(row.place);
    const span = spanId === null ? undefined : spans.get(spanId);
    return {
      id: row.id,
      traceId: row.traceId,
      target,
      annotator: row.author,
      taxonomy: row.taxonomy,
      category: row.category,
      severity: row.severity,
      score: row.score,
      note: row.note,
      isRootCause: row.isRootCause,
      createdAt: isoOrNull(row.createdAt),
      kind: row.kind,
      passed: row.passed,
      tags: row.tags,
      agent: row.agent,
      actor: span?.actor ?? null,
      step: span?.step ?? null,
      evidenceSpanId: row.evidenceSpanId,
      correction: row.correction,
      answers: row.answers,
      preference: row.preference,
      place: row.place,
      editor: row.editor,
      editedAt: row.editedAt === null ? null : isoOrNull(`${row.editedAt}000000`),
      imported: row.imported,
      conflict: row.conflict,
      extra: row.extra,
    };
  });
}

/** A verdict of the data in the same columns: its name stands where an annotation names its schema. */
function scoreAsAnnotation(score: ScoreRow): AnnotationRow {
  const { traceId, spanId, name, source, value, label, passed, explanation } = score;
  return {
    id: ['score', name, source, ...(spanId === null ? [] : [spanId])].join(':'),
    traceId,
    place: spanId === null ? { kind: 'trace' } : { kind: 'span', spanId },
    kind: 'score',
    author: source,
    taxonomy: name,
    category: label,
    severity: null,
    score: value,
    passed,
    note: explanation,
    tags: [],
    agent: null,
    isRootCause: false,
    evidenceSpanId: null,
    correction: null,
    answers: null,
    preference: null,
    extra: {},
    createdAt: null,
    editor: null,
    editedAt: null,
    imported: true,
    conflict: false,
  };
}

function targetOf(place: AnnotationPlace): AnnotationJson['target'] & { readonly spanId: string | null } {
  const { kind } = place;
  if ('spanId' in place) return { kind, id: place.spanId, spanId: place.spanId };
  if (place.kind === 'absence') return { kind, id: place.afterSpanId, spanId: place.afterSpanId };
  if (place.kind === 'agent') return { kind, id: place.agent, spanId: null };
  return { kind, id: place.kind === 'pair' ? place.otherTraceId : null, spanId: null };
}
