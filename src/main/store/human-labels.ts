/** What people decided about traces, in few columns; what was decided anew is left out, as the decision counts. */
import type { AnnotationKind } from '#shared/annotation.ts';
import type { Reader } from './database.ts';
import { adjudicated } from './insight-queries.ts';

export type HumanRow = {
  readonly traceId: string;
  readonly annotator: string | null;
  readonly kind: AnnotationKind;
  /** Kind of the place: trace, span… */
  readonly place: string;
  readonly taxonomy: string | null;
  readonly category: string | null;
  readonly passed: boolean | null;
};

type Row = readonly [
  key: number,
  traceId: string,
  annotator: string | null,
  kind: AnnotationKind,
  place: string,
  taxonomy: string | null,
  category: string | null,
  passed: number | null,
];

/** In the order in which they were made; of verdicts alone, or also of labels of any kind. */
export function humanRows(reader: Reader, only: 'verdict' | null): HumanRow[] {
  const where = only === null ? "a.kind IN ('verdict', 'category', 'blame')" : "a.kind = 'verdict'";
  const decided = adjudicated(reader);
  return reader
    .rows<Row>(
      `SELECT a.annotation_key, t.trace_id, a.annotator, a.kind, a.target_kind, a.taxonomy, a.category, a.passed
       FROM annotation a JOIN trace t USING (trace_key) WHERE a.removed = 0 AND ${where} ORDER BY coalesce(a.created_ns, 0), a.annotation_key`,
    )
    .flatMap(([key, traceId, annotator, kind, place, taxonomy, category, passed]) =>
      decided.has(key)
        ? []
        : [{ traceId, annotator, kind, place, taxonomy, category, passed: passed === null ? null : passed === 1 }],
    );
}

const MOST_NOTES = 2_000;
const MOST_EXAMPLES = 20;

/** What people wrote where they gave a category of one taxonomy, the newest first, with the text that they marked. */
export function categoryNotes(
  reader: Reader,
  taxonomy: string,
  isIt: (spelling: string) => boolean,
): { readonly note: string; readonly quote: string }[] {
  return reader
    .rows<[string, string | null, string | null]>(
      `SELECT a.category, a.note, a.state ->> '$.place.quote' FROM annotation a
       WHERE a.removed = 0 AND a.taxonomy = ? AND a.category IS NOT NULL AND a.kind <> 'score' AND (a.note <> '' OR a.target_kind = 'text')
       ORDER BY a.annotation_key DESC LIMIT ${MOST_NOTES}`,
      [taxonomy],
    )
    .filter(([category]) => isIt(category))
    .slice(0, MOST_EXAMPLES)
    .map(([, note, quote]) => ({ note: note ?? '', quote: quote ?? '' }));
}
