import type { AnnotationState } from '../../src/shared/annotation.ts';

/** A note of a span, for tests to change. */
export const emptyState: AnnotationState = {
  place: { kind: 'span', spanId: 's1' },
  kind: 'note',
  taxonomy: null,
  category: null,
  severity: null,
  score: null,
  passed: null,
  note: 'first',
  tags: [],
  agent: null,
  isRootCause: false,
  evidenceSpanId: null,
  correction: null,
  answers: null,
  preference: null,
  extra: {},
};
