/** What agreement and overview count: annotations in few columns, as there may be hundreds of thousands. */
import type { AnnotationKind } from '#shared/annotation.ts';
import type { Reader, SqlParams } from './database.ts';

export type LabelRow = readonly [
  annotationKey: number,
  traceKey: number,
  kind: AnnotationKind,
  taxonomy: string | null,
  category: string | null,
  agent: string | null,
  /** The span that it marks, or that shows it. */
  spanId: string | null,
  /** The agent that it is about as a whole. */
  about: string | null,
  passed: number | null,
];

export type ReviewedTrace = readonly [
  traceKey: number,
  traceId: string,
  name: string,
  workflow: string | null,
  /** Milliseconds since the Unix epoch. */
  start: number | null,
];

/** Null = all traces. */
export type TraceChoice = readonly string[] | null;

/** Annotations of the traces chosen, trace by trace; what was decided anew is left out, as the decision counts. */
export function labelRows(reader: Reader, traces: TraceChoice): LabelRow[] {
  const [where, params] = ofTraces(traces);
  // An index that holds all of it, in the order of traces: with the rows themselves it would take several times as long.
  const index = traces === null ? 'INDEXED BY annotation_overview' : '';
  const rows = reader.rows<LabelRow>(
    `SELECT a.annotation_key, a.trace_key, a.kind, a.taxonomy, a.category, a.agent, a.marks,
       CASE a.target_kind WHEN 'agent' THEN a.target_id END, a.passed
     FROM annotation a ${index} WHERE a.removed = 0 ${where} ORDER BY a.trace_key`,
    params,
  );
  const decided = adjudicated(reader);
  return decided.size === 0 ? rows : rows.filter(([key]) => !decided.has(key));
}

/** Annotations that a later decision names. */
export function adjudicated(reader: Reader): ReadonlySet<number> {
  return new Set(
    reader
      .rows<[number]>(
        `SELECT o.annotation_key FROM annotation a, json_each(a.extra, '$.adjudicates') d
         JOIN annotation o ON o.trace_key = a.trace_key AND o.annotation_id = d.value
         WHERE a.removed = 0 AND instr(a.extra, '"adjudicates"') > 0 AND a.raw_key IS NULL`,
      )
      .map(([key]) => key),
  );
}

export function reviewedTraces(reader: Reader, traces: TraceChoice): ReviewedTrace[] {
  const [where, params] = ofTraces(traces);
  return reader.rows<ReviewedTrace>(
    `SELECT t.trace_key, t.trace_id, coalesce(t.name, t.root_name, t.trace_id), t.workflow, t.start_ns / 1000000
     FROM trace t WHERE t.trace_key IN (SELECT a.trace_key FROM annotation a WHERE a.removed = 0 ${where})`,
    params,
  );
}

export function countTraces(reader: Reader): number {
  return reader.get<{ n: number }>('SELECT count(*) AS n FROM trace')?.n ?? 0;
}

/** One annotation as it is compared with others. */
export type JudgementRow = readonly [
  annotationKey: number,
  traceKey: number,
  traceId: string,
  annotationId: string,
  annotator: string | null,
  editor: string | null,
  kind: AnnotationKind,
  taxonomy: string | null,
  category: string | null,
  score: number | null,
  passed: number | null,
  agent: string | null,
  isRootCause: number,
  /** '' = the trace. */
  place: string,
  spanId: string | null,
  /** People said different things of it, or somebody edited what another one made. */
  several: number,
  /** It decides what others disagreed about. */
  decides: number,
];

/** In the order in which they were made. */
export function judgementRows(reader: Reader, traces: TraceChoice): JudgementRow[] {
  const [where, params] = ofTraces(traces);
  return reader.rows<JudgementRow>(
    `SELECT a.annotation_key, a.trace_key, t.trace_id, a.annotation_id, a.annotator, a.editor, a.kind, a.taxonomy, a.category, a.score, a.passed, a.agent,
       a.is_root_cause, ${PLACE}, a.marks, a.heads > 1 OR (a.editor IS NOT NULL AND a.editor IS NOT a.annotator),
       a.raw_key IS NULL AND instr(a.extra, '"adjudicates"') > 0
     FROM annotation a JOIN trace t USING (trace_key) WHERE a.removed = 0 AND a.kind IN ('category', 'score', 'verdict', 'blame') ${where}
     ORDER BY a.created_ns, a.annotation_id, a.annotation_key`,
    params,
  );
}

/** Marks on a text of a span are about the span. */
const PLACE = `CASE a.target_kind WHEN 'trace' THEN '' WHEN 'span' THEN 'span ' || a.target_id WHEN 'text' THEN 'span ' || a.target_id
  WHEN 'agent' THEN 'agent ' || lower(a.target_id) ELSE coalesce(a.state ->> '$.place', a.target_kind || ' ' || coalesce(a.target_id, '')) END`;

function ofTraces(traces: TraceChoice): [where: string, params: SqlParams] {
  if (traces === null) return ['', []];
  return [
    'AND a.trace_key IN (SELECT trace_key FROM trace WHERE trace_id IN (SELECT value FROM json_each(?)))',
    [JSON.stringify(traces)],
  ];
}
