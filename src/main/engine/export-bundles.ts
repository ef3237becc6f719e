/** What an export reads: the chosen traces, one after the other, each from the store only as far as its writer asks. */
import type { ExportRest, ExportTrace } from '#shared/format.ts';
import { importedRevisions, revisionsOfTrace, waitingRevisions } from '../review/annotation-book.ts';
import { scoreRevisions } from '../review/received-scores.ts';
import { definitionsNamed } from '../review/travelling-definitions.ts';
import { annotationRowsOf } from '../store/annotation-queries.ts';
import { revisedAnnotations } from '../store/annotation-writer.ts';
import type { Reader } from '../store/database.ts';
import { sessionAt } from '../store/session-facts.ts';
import { placesIn } from '../store/span-places.ts';
import { spanRecordsOf } from '../store/span-records.ts';
import {
  annotationRecordOf,
  issueRecordsOf,
  receivedBodiesOf,
  scoreRecordsOf,
  traceRecordOf,
} from '../store/trace-records.ts';
import { getTrace, listTraces, traceKeyOf, tracesOfSession } from '../store/trace-queries.ts';

export type ExportSelection = { readonly traceIds?: readonly string[]; readonly query?: string };

const PAGE = 1_000;

/** Ids in the order given, else in the order in which the traces first arrived; without a query all of them. */
export function selectedTraceIds(reader: Reader, { traceIds, query }: ExportSelection): string[] {
  // A session stands for its traces.
  if (traceIds !== undefined) {
    return [
      ...new Set(
        traceIds.flatMap((id) => {
          const session = sessionAt(reader, id);
          return session === null ? [id] : tracesOfSession(reader, session).map((trace) => trace.id);
        }),
      ),
    ];
  }
  const found: { readonly id: string; readonly key: number }[] = [];
  let cursor: string | undefined;
  do {
    const page = listTraces(reader, {
      limit: PAGE,
      ...(query === undefined ? {} : { query }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id } of page.rows) found.push({ id, key: traceKeyOf(reader, id) ?? 0 });
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found.sort((a, b) => a.key - b.key).map(({ id }) => id);
}

/** Traces that were deleted meanwhile are left out. `begun` hears of each trace as its turn comes. */
export function* exportTraces(
  reader: Reader,
  traceIds: readonly string[],
  begun: (index: number) => void,
): Generator<ExportTrace> {
  const selected = new Set(traceIds);
  for (const [index, traceId] of traceIds.entries()) {
    begun(index);
    const trace = exportTrace(reader, traceId, selected);
    if (trace) yield trace;
  }
}

/** What waits for traces that are not here goes along when everything does. */
export function exportRest(reader: Reader, { traceIds, query }: ExportSelection): ExportRest {
  return {
    revisions: () => (traceIds === undefined && query === undefined ? waitingRevisions(reader) : []),
    definitions: (names) => definitionsNamed(reader, names),
  };
}

function exportTrace(reader: Reader, traceId: string, selected: ReadonlySet<string>): ExportTrace | null {
  const key = traceKeyOf(reader, traceId);
  const record = key === null ? null : traceRecordOf(reader, key);
  const row = getTrace(reader, traceId);
  if (key === null || !record || !row) return null;
  const annotationRows = annotationRowsOf(reader, key);
  const scores = scoreRecordsOf(reader, key, traceId);
  return {
    record,
    row,
    spans: () => spanRecordsOf(reader, key),
    spanPlaces: (spanIds) => placesIn(reader, key, spanIds),
    annotations: annotationRows.map(annotationRecordOf),
    annotationRows,
    revisions: () => revisionsOfTrace(reader, traceId),
    *imported() {
      const revised = new Set(revisedAnnotations(reader, traceId));
      yield* importedRevisions(annotationRows.filter(({ id }) => !revised.has(id)));
      yield* scoreRevisions(scores);
    },
    scores,
    issues: () => issueRecordsOf(reader, key, traceId),
    received: () => receivedBodiesOf(reader, key, (id) => selected.has(id)),
  };
}
