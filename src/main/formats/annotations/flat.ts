import type { AnnotationPlace, AnnotationRow } from '#shared/annotation.ts';
import type { ExportTrace } from '#shared/format.ts';
import type { JsonObject } from '#shared/json.ts';
import { nsToIso } from '#shared/time.ts';

/** One annotation without nesting. What is not known is null. */
export type FlatAnnotation = {
  readonly trace_id: string;
  readonly trace_name: string;
  /** Unique within the trace. */
  readonly id: string;
  readonly author: string | null;
  readonly kind: AnnotationRow['kind'];
  /** What it is about: trace, span, edge, agent, range, text, absence, pair. */
  readonly place: AnnotationPlace['kind'];
  /** The span that it is about, or after which something is missing. */
  readonly span_id: string | null;
  /** Which span of the trace that is, in order of time, from 0. */
  readonly step: number | null;
  /** The agent of that span, own or of the nearest span around it: not always the one that is blamed. */
  readonly actor: string | null;
  /** The agent that is blamed, or that the annotation is about. */
  readonly agent: string | null;
  readonly taxonomy: string | null;
  /** As it was written. */
  readonly category: string | null;
  readonly severity: string | null;
  readonly score: number | null;
  readonly passed: boolean | null;
  readonly note: string | null;
  readonly tags: readonly string[];
  readonly is_root_cause: boolean;
  readonly evidence_span_id: string | null;
  readonly correction: string | null;
  readonly preference: string | null;
  readonly answers: JsonObject | null;
  /** What else the place says: ends of an edge or a range, marked characters, the other trace of a pair. */
  readonly place_detail: JsonObject | null;
  /** ISO 8601 UTC. */
  readonly created_at: string | null;
  readonly editor: string | null;
  readonly edited_at: string | null;
  /** Came with the data and was never edited here. */
  readonly imported: boolean;
  readonly conflict: boolean;
};

export function flatAnnotations(
  rows: readonly AnnotationRow[],
  traceName: string,
  spanPlaces: ExportTrace['spanPlaces'],
): FlatAnnotation[] {
  const spans = spanPlaces(rows.flatMap(({ place }) => spanOf(place) ?? []));
  return rows.map((row) => {
    const spanId = spanOf(row.place);
    const span = spanId === null ? undefined : spans.get(spanId);
    return {
      trace_id: row.traceId,
      trace_name: traceName,
      id: row.id,
      author: row.author,
      kind: row.kind,
      place: row.place.kind,
      span_id: spanId,
      step: span?.step ?? null,
      actor: span?.actor ?? null,
      agent: row.agent ?? ('agent' in row.place ? row.place.agent : null),
      taxonomy: row.taxonomy,
      category: row.category,
      severity: row.severity,
      score: row.score,
      passed: row.passed,
      note: row.note,
      tags: row.tags,
      is_root_cause: row.isRootCause,
      evidence_span_id: row.evidenceSpanId,
      correction: row.correction,
      preference: row.preference,
      answers: row.answers,
      place_detail: detailOf(row.place),
      created_at: row.createdAt === null ? null : nsToIso(BigInt(row.createdAt)),
      editor: row.editor,
      edited_at: row.editedAt === null ? null : isoOfMs(row.editedAt),
      imported: row.imported,
      conflict: row.conflict,
    };
  });
}

/** The span that an annotation is about, or after which something is missing. */
function spanOf(place: AnnotationPlace): string | null {
  if ('spanId' in place) return place.spanId;
  return place.kind === 'absence' ? place.afterSpanId : null;
}

function detailOf(place: AnnotationPlace): JsonObject | null {
  const { kind: _kind, ...rest } = place as JsonObject;
  const detail = Object.fromEntries(
    Object.entries(rest).filter(([key, value]) => value !== null && !['spanId', 'afterSpanId', 'agent'].includes(key)),
  );
  return Object.keys(detail).length === 0 ? null : detail;
}

/** Null for a clock that is far off. */
function isoOfMs(ms: number): string | null {
  return Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}
