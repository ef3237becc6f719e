/** What people say about the open trace, by span, for every pane that marks spans: the tree reads one entry per row on show. */
import { useEffect, useMemo } from 'react';
import { create } from 'zustand';
import type { AnnotationRow } from '#shared/annotation.ts';
import { useLoadedTitles } from '../../../annotate/label-titles.ts';
import { useEngine } from '../../../data/engine.ts';

export type AnnotationMarks = ReadonlyMap<string, readonly AnnotationRow[]>;

const NO_MARKS: AnnotationMarks = new Map();
const NO_ROWS: readonly AnnotationRow[] = [];

export const useAnnotationMarks = create<{
  readonly rows: readonly AnnotationRow[];
  readonly marks: AnnotationMarks;
}>()(() => ({ rows: NO_ROWS, marks: NO_MARKS }));

/** Asks for the annotations of a trace, and marks its spans while it is open. */
export function useAnnotations(traceId: string): void {
  const { data } = useEngine('annotation.list', { traceId });
  useLoadedTitles();
  const marks = useMemo(() => annotationMarks(data ?? NO_ROWS), [data]);
  useEffect(() => {
    useAnnotationMarks.setState({ rows: data ?? NO_ROWS, marks });
  }, [data, marks]);
  useEffect(() => () => useAnnotationMarks.setState({ rows: NO_ROWS, marks: NO_MARKS }), []);
}

export function annotationMarks(rows: readonly AnnotationRow[]): AnnotationMarks {
  const marks = new Map<string, AnnotationRow[]>();
  for (const row of rows) {
    const id = spanOf(row);
    if (id === null) continue;
    const known = marks.get(id);
    if (known) known.push(row);
    else marks.set(id, [row]);
  }
  return marks;
}

/** The span that an annotation stands at, null = the trace, an agent or a time as a whole. */
export function spanOf({ place, evidenceSpanId }: Pick<AnnotationRow, 'place' | 'evidenceSpanId'>): string | null {
  switch (place.kind) {
    case 'span':
    case 'text':
      return place.spanId;
    case 'edge':
      return place.spanId ?? evidenceSpanId;
    case 'absence':
      return place.afterSpanId ?? evidenceSpanId;
    case 'trace':
    case 'agent':
    case 'range':
    case 'pair':
      return evidenceSpanId;
  }
}

/** Rows of annotated spans, ascending. */
export function annotatedRows(marks: AnnotationMarks, rowOf: (spanId: string) => number): Int32Array {
  return Int32Array.from([...marks.keys()].map(rowOf).filter((row) => row >= 0)).sort();
}
