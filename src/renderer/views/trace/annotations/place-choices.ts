/** What could be meant by one place of a trace: the span, the step missing after it, its agent, its time, the trace. */
import type { AnnotationPlace } from '#shared/annotation.ts';
import { placeWords } from '../../../annotate/words.ts';
import type { PlaceChoice } from '../../../annotate/annotation-form.tsx';
import { readRow, type SpanTable } from '../model/span-table.ts';

export function placeChoices(places: readonly AnnotationPlace[], table: SpanTable): readonly PlaceChoice[] {
  const all: AnnotationPlace[] = [...places];
  for (const place of places) all.push(...besides(place, table));
  if (!all.some(({ kind }) => kind === 'trace')) all.push({ kind: 'trace' });
  const known = new Map<string, PlaceChoice>();
  for (const place of all) {
    const id = JSON.stringify(place);
    if (known.has(id)) continue;
    const label = placeWords(place, (spanId) => nameOf(table, spanId));
    known.set(id, { id, label: label.charAt(0).toUpperCase() + label.slice(1), place });
  }
  return [...known.values()];
}

function besides(place: AnnotationPlace, table: SpanTable): AnnotationPlace[] {
  switch (place.kind) {
    case 'span': {
      const span = readRow(table, table.rowOf(place.spanId));
      const more: AnnotationPlace[] = [{ kind: 'absence', afterSpanId: place.spanId, agent: null }];
      if (span && span.agent !== '') more.push({ kind: 'agent', agent: span.agent });
      if (span?.start !== null && span?.start !== undefined && span.end !== null && span.end > span.start) {
        const real = (at: number): number => Math.round(table.folded?.real(at) ?? at);
        if (table.times().timed) more.push({ kind: 'range', startNs: real(span.start), endNs: real(span.end) });
      }
      return more;
    }
    case 'text':
      return [{ kind: 'span', spanId: place.spanId }];
    case 'edge': {
      const { spanId } = place;
      if (spanId === null) return [];
      return [
        { ...place, spanId: null },
        { kind: 'span', spanId },
        { kind: 'absence', afterSpanId: spanId, agent: null },
      ];
    }
    case 'trace':
      return [{ kind: 'absence', afterSpanId: null, agent: null }];
    case 'agent':
      return [{ kind: 'absence', afterSpanId: null, agent: place.agent }];
    case 'range':
    case 'absence':
    case 'pair':
      return [];
  }
}

/** Null = the trace does not hold it. */
export function nameOf(table: SpanTable, spanId: string): string | null {
  return readRow(table, table.rowOf(spanId))?.name ?? null;
}
