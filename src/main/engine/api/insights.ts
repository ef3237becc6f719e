/** What all annotations say together: agreement of those who made them, and the overview of failures. */
import { writeFile } from 'node:fs/promises';
import { ADJUDICATION } from '#shared/agreement.ts';
import type { AgreementArgs } from '#shared/agreement.ts';
import type { Revision } from '#shared/annotation.ts';
import { AppFailure, toAppError } from '#shared/result.ts';
import { loadRevisions } from '../../review/annotation-book.ts';
import { agreementOf } from '../../review/agreement.ts';
import type { Facts } from '../../review/failures.ts';
import type { Judgement } from '../../review/judgements.ts';
import { overviewOf, overviewTraces } from '../../review/overview.ts';
import { overviewCsv } from '../../review/overview-csv.ts';
import { overviewSvg } from '../../review/overview-svg.ts';
import { taxonomiesOf } from '../../review/taxonomies.ts';
import type { Reader } from '../../store/database.ts';
import type { JudgementRow, TraceChoice } from '../../store/insight-queries.ts';
import { countTraces, judgementRows, labelRows, reviewedTraces } from '../../store/insight-queries.ts';
import { spanPlaces } from '../../store/span-places.ts';
import { selectedTraceIds } from '../export-bundles.ts';
import type { DomainHandlers } from './types.ts';

export const insightHandlers: DomainHandlers<'agreement'> & DomainHandlers<'overview'> = {
  'agreement.get': ({ reader }, args) => agreement(reader, args),
  'overview.get': ({ reader }, { query, taxonomy, by }) => overviewOf(factsOf(reader, query), taxonomy, by),
  'overview.export': async ({ reader }, { path, format, query, taxonomy, by }) => {
    const found = overviewOf(factsOf(reader, query), taxonomy, by);
    try {
      await writeFile(path, format === 'svg' ? overviewSvg(found) : overviewCsv(found));
    } catch (cause) {
      throw new AppFailure({
        code: 'unwritable_file',
        message: `The file could not be written: ${toAppError(cause).message}`,
        hint: 'Choose another folder.',
      });
    }
    return null;
  },
  'overview.traces': ({ reader }, { query, pick, ...rest }) => overviewTraces(factsOf(reader, query), pick, rest),
};

function chosen(reader: Reader, query: string | undefined): TraceChoice {
  return query === undefined || query.trim() === '' ? null : selectedTraceIds(reader, { query });
}

function factsOf(reader: Reader, query: string | undefined): Facts {
  const traces = chosen(reader, query);
  const labels = labelRows(reader, traces);
  const marked = new Map<number, Set<string>>();
  for (const [, key, , , , , spanId] of labels) if (spanId !== null) mark(marked, key, spanId);
  return {
    labels,
    reviewed: reviewedTraces(reader, traces),
    traceCount: traces === null ? countTraces(reader) : traces.length,
    placeOf: spanPlaces(reader, marked),
    taxonomies: taxonomiesOf(reader),
  };
}

function mark(marked: Map<number, Set<string>>, traceKey: number, spanId: string): void {
  const spans = marked.get(traceKey);
  if (spans) spans.add(spanId);
  else marked.set(traceKey, new Set([spanId]));
}

const TOLERANCE = 1;
const SEED = 42;

function agreement(reader: Reader, { annotators, taxonomy, query, tolerance = TOLERANCE, seed = SEED }: AgreementArgs) {
  const rows = judgementRows(reader, chosen(reader, query));
  const marked = new Map<number, Set<string>>();
  for (const row of rows) {
    const [traceKey, spanId] = [row[1], row[14]];
    if (spanId !== null) mark(marked, traceKey, spanId);
  }
  const placeOf = spanPlaces(reader, marked);
  const judgements = rows.flatMap((row) => {
    const [, traceKey, , , , , , , , , , , , , spanId] = row;
    const step = spanId === null ? null : (placeOf(traceKey, spanId)?.step ?? null);
    const judged = judgementOf(row, step);
    return row[15] === 1 ? lastWords(reader, row, judged) : [judged];
  });
  return agreementOf(judgements, { annotators, taxonomy, taxonomies: taxonomiesOf(reader), tolerance, seed });
}

function judgementOf(row: JudgementRow, step: number | null): Judgement {
  const [, , traceId, , annotator, , kind, taxonomy, category, score, passed, agent, isRootCause, place] = row;
  return {
    annotator: row[16] === 1 ? ADJUDICATION : annotatorOf(annotator, taxonomy),
    traceId,
    place,
    step,
    kind,
    taxonomy,
    category,
    score,
    passed: passed === null ? null : passed === 1,
    agent,
    isRootCause: isRootCause === 1,
  };
}

/** Published labels often name nobody: then the label set stands for who made it. */
function annotatorOf(author: string | null, taxonomy: string | null): string {
  return author ?? taxonomy ?? 'imported';
}

/**
 * Who edits what another one said says something else of the same thing: each author's last word counts. What replaces
 * several words at once decides between them.
 */
function lastWords(reader: Reader, row: JudgementRow, judged: Judgement): Judgement[] {
  const [, , traceId, annotationId] = row;
  const last = new Map<string, Revision>();
  const revisions = [...loadRevisions(reader, traceId, annotationId)].sort(
    ([a, one], [b, other]) => one.madeAt - other.madeAt || (a < b ? -1 : 1),
  );
  for (const [, revision] of revisions) {
    const taxonomy = revision.state?.taxonomy ?? judged.taxonomy;
    const who = revision.parents.length > 1 ? ADJUDICATION : annotatorOf(revision.author, taxonomy);
    last.set(who, revision);
  }
  if (last.size === 0) return [judged];
  return [...last].flatMap(([annotator, { state }]): Judgement[] => {
    if (state === null) return [];
    const { kind, taxonomy, category, score, passed, agent, isRootCause } = state;
    return [{ ...judged, annotator, kind, taxonomy, category, score, passed, agent, isRootCause }];
  });
}
