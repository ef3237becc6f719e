/**
 * One OTLP/JSON trace request. Whatever has a place in OTLP or a standard attribute stands there, for every other tool;
 * everything else stands in our own attributes, so that importing the file gives what was exported (`own.ts`).
 */
import type { ExportFormat, ExportPiece, ExportTrace } from '#shared/format.ts';
import type { JsonObject } from '#shared/json.ts';
import type { SpanOrigin } from '#shared/record.ts';
import { factToJson } from '../record-json.ts';
import { toAnyValue, toKeyValues } from './any-value.ts';
import { OWN } from './own.ts';
import { carrierSpan, wireSpan } from './wire-span.ts';

export const otlpExport: ExportFormat = {
  id: 'otlp',
  label: 'OpenTelemetry (OTLP JSON)',
  about: 'One trace request that every OpenTelemetry tool reads; imports to exactly what was exported.',
  extension: 'json',
  layout: 'file',
  media: 'application/json',
  write,
};

function* write(traces: Iterable<ExportTrace>): Generator<ExportPiece> {
  const frame = createFrame();
  yield text('{"resourceSpans":[');
  for (const trace of traces) {
    let carried = false;
    for (const span of trace.spans()) {
      const wire = wireSpan(span, trace.record);
      const attributes = carried ? wire.attributes : [...wire.attributes, factsOf(trace)];
      carried = true;
      yield text(frame.open(span.origin) + JSON.stringify({ ...wire, attributes }));
    }
    // Annotations may have come without their trace.
    if (!carried) yield text(frame.open(NO_ORIGIN) + JSON.stringify(carrierSpan(trace.record.traceId, factsOf(trace))));
  }
  yield text(`${frame.close()}\n]}\n`);
}

const NO_ORIGIN: SpanOrigin = { dialect: 'tracewright', scopeName: 'tracewright', scopeVersion: null, resource: null };

function factsOf(trace: ExportTrace): JsonObject {
  const annotations = [...trace.annotations, ...trace.revisions()];
  const facts = [trace.record, ...annotations, ...trace.scores, ...trace.issues()];
  return { key: OWN.records, value: toAnyValue(facts.map((fact) => JSON.stringify(factToJson(fact)))) };
}

/** Spans of one resource and scope that follow each other share their frame, so that their order is kept. */
function createFrame(): { readonly open: (origin: SpanOrigin) => string; readonly close: () => string } {
  const heads = new WeakMap<SpanOrigin, { readonly resource: string; readonly scope: string }>();
  let resource: string | null = null;
  let scope: string | null = null;

  function headOf(origin: SpanOrigin): { readonly resource: string; readonly scope: string } {
    let head = heads.get(origin);
    if (!head) {
      const { scopeName, scopeVersion } = origin;
      head = {
        resource: JSON.stringify({ attributes: toKeyValues(origin.resource ?? {}) }),
        scope: JSON.stringify({
          ...(scopeName === null ? {} : { name: scopeName }),
          ...(scopeVersion === null ? {} : { version: scopeVersion }),
        }),
      };
      heads.set(origin, head);
    }
    return head;
  }

  return {
    open(origin) {
      const head = headOf(origin);
      if (resource === head.resource && scope === head.scope) return ',\n';
      const first = resource === null;
      const same = resource === head.resource;
      ({ resource, scope } = head);
      const scoped = `{"scope":${head.scope},"spans":[\n`;
      if (same) return `\n]},${scoped}`;
      return `${first ? '\n' : '\n]}]},\n'}{"resource":${head.resource},"scopeSpans":[${scoped}`;
    },
    close: () => (resource === null ? '' : '\n]}]}'),
  };
}

function text(chunk: string): ExportPiece {
  return { type: 'text', path: '', text: chunk };
}
