import { expect, test } from 'vitest';
import type { AnnotationPlace, AnnotationRow } from '#shared/annotation.ts';
import { annotatedRows, annotationMarks } from './annotation-marks.ts';
import { annotationSource, annotationTitle } from '../../../annotate/words.ts';

function annotation(place: AnnotationPlace, more: Partial<AnnotationRow> = {}): AnnotationRow {
  return {
    id: 'a',
    traceId: 't',
    place,
    kind: 'note',
    taxonomy: null,
    category: null,
    severity: null,
    score: null,
    passed: null,
    note: null,
    tags: [],
    agent: null,
    isRootCause: false,
    evidenceSpanId: null,
    correction: null,
    answers: null,
    preference: null,
    extra: {},
    author: null,
    createdAt: null,
    editor: null,
    editedAt: null,
    imported: true,
    conflict: false,
    ...more,
  };
}

test('annotations stand at their span, those of the trace as a whole at none', () => {
  const marks = annotationMarks([
    annotation({ kind: 'span', spanId: 'b' }),
    annotation({ kind: 'trace' }),
    annotation({ kind: 'absence', afterSpanId: 'a', agent: null }),
    annotation({ kind: 'agent', agent: 'Writer' }, { evidenceSpanId: 'b' }),
    annotation({ kind: 'span', spanId: 'gone' }),
  ]);
  expect([...marks].map(([id, rows]) => `${id} ${rows.length}`)).toEqual(['b 2', 'a 1', 'gone 1']);
  expect([...annotatedRows(marks, (id) => ['a', '', '', '', '', '', '', '', '', '', 'b'].indexOf(id))]).toEqual([
    0, 10,
  ]);
});

test('annotations say what, and where they come from', () => {
  const trace = { kind: 'trace' } as const;
  expect(annotationTitle(annotation(trace))).toBe('Note');
  expect(annotationTitle(annotation(trace, { isRootCause: true }))).toBe('Root cause');
  expect(annotationTitle(annotation(trace, { category: 'Tool misuse', severity: 'HIGH', isRootCause: true }))).toBe(
    'Root cause: Tool misuse, HIGH',
  );
  expect(annotationTitle(annotation(trace, { score: 0.5, passed: false }))).toBe('score 0.5, failed');
  expect(annotationSource(annotation(trace, { taxonomy: 'who_and_when' }))).toBe('who_and_when · imported');
});
