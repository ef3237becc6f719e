/** The evidence of a verdict on its way into the trace that it rests on, where its span is selected and its text marked. */
import { create } from 'zustand';
import type { Grade, GradeEvidence } from '#shared/grader.ts';
import { go } from './place.ts';

export type ShownEvidence = GradeEvidence & {
  readonly traceId: string;
  /** Name of the grader. */
  readonly grader: string;
  readonly grade: Grade;
  /** Name of the eval run that says so; null = no run does. */
  readonly run: string | null;
};

export const useGradeEvidence = create<{ readonly shown: ShownEvidence | null }>()(() => ({ shown: null }));

/** Opens the trace at the evidence; without one, at the first that the verdict has. */
export function openEvidence(
  traceId: string,
  grader: string,
  grade: Grade,
  evidence?: GradeEvidence,
  run: string | null = null,
): void {
  const chosen = evidence ?? grade.evidence.find(({ spanId }) => spanId !== null) ?? grade.evidence[0];
  const place: GradeEvidence = chosen ?? { spanId: null, quote: null, note: null };
  const where = place.traceId ?? traceId;
  useGradeEvidence.setState({ shown: { ...place, traceId: where, grader, grade, run } });
  go({ view: 'trace', traceId: where, span: place.spanId });
}
