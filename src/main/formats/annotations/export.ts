/**
 * Annotations as they stand, one a line: a table for spreadsheets and notebooks, and the same as JSON lines. Both are for
 * reading; what travels between reviewers is the label file (`tracewright-jsonl/export.ts`), which has the history too.
 */
import type { ExportFormat, ExportPiece, ExportTrace } from '#shared/format.ts';
import type { JsonObject } from '#shared/json.ts';
import { cellText } from '../csv/export.ts';
import { flatAnnotations, type FlatAnnotation } from './flat.ts';

export const annotationsCsvExport: ExportFormat = {
  id: 'annotations-csv',
  labels: true,
  label: 'Annotations as CSV',
  about: 'One line an annotation, as it stands now, whoever made it: for spreadsheets and notebooks.',
  extension: 'csv',
  layout: 'file',
  media: 'text/csv',
  *write(traces) {
    yield text(`${COLUMNS.join(',')}\r\n`);
    yield* each(traces, (row) => `${COLUMNS.map((column) => cell(row[column])).join(',')}\r\n`);
  },
};

export const annotationsJsonlExport: ExportFormat = {
  id: 'annotations-jsonl',
  labels: true,
  label: 'Annotations as JSONL',
  about: 'The same as the CSV table, one JSON object a line, with nested values as they are.',
  extension: 'jsonl',
  layout: 'file',
  media: 'application/x-ndjson',
  write: (traces) => each(traces, (row) => `${JSON.stringify(row)}\n`),
};

function* each(traces: Iterable<ExportTrace>, line: (row: FlatAnnotation) => string): Generator<ExportPiece> {
  for (const trace of traces) {
    if (trace.annotationRows.length === 0) {
      yield { type: 'skipped', traceId: trace.record.traceId, reason: 'it has no annotations.' };
      continue;
    }
    for (const row of flatAnnotations(trace.annotationRows, trace.row.name, trace.spanPlaces)) yield text(line(row));
    yield { type: 'labels', annotations: trace.annotationRows.length, scores: 0 };
  }
}

const COLUMNS = [
  'trace_id',
  'trace_name',
  'id',
  'author',
  'kind',
  'place',
  'span_id',
  'step',
  'actor',
  'agent',
  'taxonomy',
  'category',
  'severity',
  'score',
  'passed',
  'note',
  'tags',
  'is_root_cause',
  'evidence_span_id',
  'correction',
  'preference',
  'answers',
  'place_detail',
  'created_at',
  'editor',
  'edited_at',
  'imported',
  'conflict',
] as const satisfies readonly (keyof FlatAnnotation)[];

/** Lists of texts are joined with `; `, as in the other tables; anything else that is nested is JSON. */
function cell(value: FlatAnnotation[keyof FlatAnnotation]): string {
  if (value === null || typeof value !== 'object') return cellText(value);
  if (isTexts(value)) return cellText(value.join('; '));
  return cellText(JSON.stringify(value));
}

function isTexts(value: readonly string[] | JsonObject): value is readonly string[] {
  return Array.isArray(value);
}

function text(chunk: string): ExportPiece {
  return { type: 'text', path: '', text: chunk };
}
