/** Annotations of other people: what they said is kept, and shown where their traces are here. */
import type { IssueRecord, NormalisedRecord, RevisionRecord } from '#shared/record.ts';
import { keepRevision, saysTheSame, showSome } from '../review/annotation-book.ts';
import { scoreIn, takeScore } from '../review/received-scores.ts';
import type { Writer } from '../store/database.ts';
import { traceKeyOf } from '../store/trace-queries.ts';

export type Merged = {
  /** Said of annotations, and not known here before. */
  readonly revisions: number;
  /** Annotations of which something new was said. */
  readonly annotations: readonly MergedAnnotation[];
  /** Those that the body speaks of and on which people disagree now. */
  readonly conflicts: readonly MergedAnnotation[];
  /** Revisions of traces that are not here, and those traces. */
  readonly waiting: number;
  readonly waitingTraces: readonly string[];
  /** Scores of data elsewhere that the data here does not tell, and the traces that got them. */
  readonly scores: number;
  readonly scoredKeys: readonly number[];
  /** Traces that are here and of which something new was said. */
  readonly traceIds: readonly string[];
};
export type MergedAnnotation = readonly [traceId: string, annotationId: string];

/** Whether a body holds what people said of annotations, and nothing else: such a one is not kept as bytes. */
export function isMerge(records: readonly NormalisedRecord[]): boolean {
  return (
    records.some(({ type }) => type === 'revision' || type === 'definition') &&
    records.every(({ type }) => type === 'revision' || type === 'definition' || type === 'issue')
  );
}

/** Of a trace that is not here they wait, and make no empty one. */
export function mergeRevisions(
  writer: Writer,
  records: readonly RevisionRecord[],
  note: (issue: IssueRecord) => void,
): Merged {
  const known = new Map<string, Map<string, boolean>>();
  const keys = new Map<string, number | null>();
  const scored = new Map<string, { readonly key: number; readonly count: number }>();
  let revisions = 0;
  let waiting = 0;
  for (const record of records) {
    const { traceId, annotationId } = record;
    let key = keys.get(traceId);
    if (key === undefined) keys.set(traceId, (key = traceKeyOf(writer, traceId)));
    const score = scoreIn(record);
    if (key !== null && score) {
      if (takeScore(writer, key, score)) scored.set(traceId, { key, count: (scored.get(traceId)?.count ?? 0) + 1 });
      continue;
    }
    if (key !== null && 'imported' in record.body && saysTheSame(writer, key, record)) continue;
    const { fresh, sound } = keepRevision(writer, record);
    if (!sound) note(changedRevision(record));
    if (key === null) waiting++;
    if (fresh) revisions++;
    if (score) continue;
    const ids = known.get(traceId) ?? new Map<string, boolean>();
    if (ids.size === 0) known.set(traceId, ids);
    ids.set(annotationId, fresh || ids.get(annotationId) === true);
  }
  const annotations: MergedAnnotation[] = [];
  const conflicts: MergedAnnotation[] = [];
  for (const [traceId, ids] of known) {
    const key = keys.get(traceId) ?? null;
    const fresh = [...ids].flatMap(([id, isFresh]) => (isFresh ? [id] : []));
    for (const id of fresh) annotations.push([traceId, id]);
    if (key === null) continue;
    for (const id of showSome(writer, key, traceId, fresh)) conflicts.push([traceId, id]);
    if (fresh.length === ids.size) continue;
    const known = [...ids].flatMap(([id, isFresh]) => (isFresh ? [] : [id]));
    for (const id of conflictsIn(writer, key, known)) conflicts.push([traceId, id]);
  }
  return {
    revisions,
    annotations,
    conflicts,
    waiting,
    waitingTraces: [...keys].flatMap(([traceId, key]) => (key === null ? [traceId] : [])),
    scores: [...scored.values()].reduce((sum, { count }) => sum + count, 0),
    scoredKeys: [...scored.values()].map(({ key }) => key),
    traceIds: [...new Set([...annotations.map(([traceId]) => traceId), ...scored.keys()])].filter(
      (traceId) => keys.get(traceId) !== null,
    ),
  };
}

function conflictsIn(writer: Writer, traceKey: number, annotationIds: readonly string[]): string[] {
  return writer
    .rows<[string]>(
      `SELECT annotation_id FROM annotation WHERE trace_key = ? AND heads > 1
       AND annotation_id IN (SELECT value FROM json_each(?))`,
      [traceKey, JSON.stringify(annotationIds)],
    )
    .map(([id]) => id);
}

function changedRevision({ traceId, annotationId }: RevisionRecord): IssueRecord {
  return {
    type: 'issue',
    severity: 'warning',
    code: 'invalid_item',
    message: 'Something said of an annotation was changed after it was written; it was taken as it stands.',
    traceId,
    detail: JSON.stringify(annotationId),
  };
}
