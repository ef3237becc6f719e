import type { ExportFormat, ExportPiece, ExportTrace } from '#shared/format.ts';
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

function* write(traces: Iterable<ExportTrace>): Generator<ExportPiece> {
  const written = new Set<string>();
  const unwrap = createUnwrap();
  yield text(line('export', {}));
  for (const trace of traces) {
    const { traceId } = trace.record;
    yield text(line('trace', factToJson(trace.record)));
    for (const lines of spanLines(traceId, trace.spans())) yield text(lines);
    for (const annotation of trace.annotations) yield text(line('annotation', factToJson(annotation)));
    for (const revision of trace.revisions())
      yield text(line('revision', factToJson({ type: 'revision', ...revision })));
    for (const score of trace.scores) yield text(line('score', factToJson(score)));
    for (const issue of trace.issues()) yield text(line('issue', factToJson(issue)));
    for (const body of unwrap(trace.received(), traceId)) {
      if (written.has(body.hash)) continue;
      written.add(body.hash);
      for (const lines of bodyLines(body)) yield text(lines);
    }
  }
}

export const annotationsExport: ExportFormat = {
  id: 'annotations',
  label: 'Annotations only (Tracewright)',
  about: 'What was annotated here, with its history and without the traces: for reviewers who have the same traces.',
  extension: 'annotations.jsonl',
  layout: 'file',
  media: 'application/x-ndjson',
  *write(traces) {
    yield text(line('export', {}));
    for (const trace of traces) {
      for (const revision of trace.revisions())
        yield text(line('revision', factToJson({ type: 'revision', ...revision })));
    }
  },
};

function text(chunk: string): ExportPiece {
  return { type: 'text', path: '', text: chunk };
}
