import type { ExportFormat, ExportPiece, ExportRest, ExportTrace } from '#shared/format.ts';
import type { RevisionRecord } from '#shared/record.ts';
import { factToJson } from '../record-json.ts';
import { line, spanLines } from './lines.ts';
import { bodyLines, createUnwrap, OWN_ID } from './received.ts';

export const tracewrightJsonlExport: ExportFormat = {
  id: OWN_ID,
  label: 'Tracewright JSONL',
  about: 'Everything that is known, with the bytes as they were received: for another Tracewright, or to keep.',
  extension: 'jsonl',
  layout: 'file',
  media: 'application/x-ndjson',
  write,
};

function* write(traces: Iterable<ExportTrace>, rest: ExportRest): Generator<ExportPiece> {
  const written = new Set<string>();
  const unwrap = createUnwrap();
  const names = new Set<string>();
  yield text(line('export', {}));
  for (const trace of traces) {
    const { traceId } = trace.record;
    yield text(line('trace', factToJson(trace.record)));
    for (const lines of spanLines(traceId, trace.spans())) yield text(lines);
    // All of them, so that their order stays; what was said of those that were edited follows and counts.
    for (const annotation of trace.annotations) yield text(line('annotation', factToJson(annotation)));
    yield* revisionLines(trace.revisions());
    addNames(names, trace.annotationRows);
    for (const score of trace.scores) yield text(line('score', factToJson(score)));
    for (const issue of trace.issues()) yield text(line('issue', factToJson(issue)));
    for (const body of unwrap(trace.received(), traceId)) {
      if (written.has(body.hash)) continue;
      written.add(body.hash);
      for (const lines of bodyLines(body)) yield text(lines);
    }
  }
  yield* revisionLines(rest.revisions());
  yield* definitionLines(rest, names);
}

export const annotationsExport: ExportFormat = {
  id: 'annotations',
  labels: true,
  label: 'Annotations only (Tracewright)',
  about:
    'Every annotation with its history, and the scores, without the traces: for reviewers who have the same traces.',
  extension: 'annotations.jsonl',
  layout: 'file',
  media: 'application/x-ndjson',
  *write(traces, rest) {
    yield text(line('export', {}));
    const names = new Set<string>();
    for (const trace of traces) {
      addNames(names, trace.annotationRows);
      yield* revisionLines(trace.revisions());
      yield* revisionLines(trace.imported());
      yield { type: 'labels', annotations: trace.annotationRows.length, scores: trace.scores.length };
    }
    const waiting = new Set<string>();
    for (const revision of rest.revisions()) {
      waiting.add(JSON.stringify([revision.traceId, revision.annotationId]));
      yield* revisionLines([revision]);
    }
    yield* definitionLines(rest, names);
    if (waiting.size > 0) yield { type: 'labels', annotations: waiting.size, scores: 0 };
  },
};

function* revisionLines(revisions: Iterable<RevisionRecord>): Generator<ExportPiece> {
  for (const revision of revisions) yield text(line('revision', factToJson(revision)));
}

function addNames(names: Set<string>, rows: ExportTrace['annotationRows']): void {
  for (const { taxonomy } of rows) if (taxonomy !== null) names.add(taxonomy);
}

/** So that labels have names where they arrive. */
function* definitionLines(rest: ExportRest, names: ReadonlySet<string>): Generator<ExportPiece> {
  for (const definition of rest.definitions(names)) yield text(line('definition', factToJson(definition)));
}

function text(chunk: string): ExportPiece {
  return { type: 'text', path: '', text: chunk };
}
