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
  yield text(line('export', {}));
  for (const trace of traces) {
    const { traceId } = trace.record;
    yield text(line('trace', factToJson(trace.record)));
    for (const lines of spanLines(traceId, trace.spans())) yield text(lines);
    // All of them, so that their order stays; what was said of those that were edited follows and counts.
    for (const annotation of trace.annotations) yield text(line('annotation', factToJson(annotation)));
    yield* revisionLines(trace.revisions());
    for (const score of trace.scores) yield text(line('score', factToJson(score)));
    for (const issue of trace.issues()) yield text(line('issue', factToJson(issue)));
    for (const body of unwrap(trace.received(), traceId)) {
      if (written.has(body.hash)) continue;
      written.add(body.hash);
      for (const lines of bodyLines(body)) yield text(lines);
    }
  }
  yield* revisionLines(rest.revisions());
}

export const annotationsExport: ExportFormat = {
  id: 'annotations',
  label: 'Annotations only (Tracewright)',
  about: 'What was annotated here, with its history and without the traces: for reviewers who have the same traces.',
  extension: 'annotations.jsonl',
  layout: 'file',
  media: 'application/x-ndjson',
  *write(traces, rest) {
    yield text(line('export', {}));
    for (const trace of traces) yield* revisionLines(trace.revisions());
    yield* revisionLines(rest.revisions());
  },
};

function* revisionLines(revisions: Iterable<RevisionRecord>): Generator<ExportPiece> {
  for (const revision of revisions) yield text(line('revision', factToJson(revision)));
}

function text(chunk: string): ExportPiece {
  return { type: 'text', path: '', text: chunk };
}
