/** Grades one stored trace with several graders at once: what they look at is read once. */
import type { Grade, GraderDefinition, Subject } from '#shared/grader.ts';
import { checkOnce, needsOf } from '../../graders/definition.ts';
import { gradeInScope } from '../../graders/scope.ts';
import type { GradeServices } from '../../graders/types.ts';
import type { Reader } from '../../store/database.ts';
import type { Prices } from '../prices.ts';
import { buildSubject } from './subject.ts';
import { createTaskIndex, type TaskIndex } from './task-index.ts';

export type GradedWith = {
  /** Of the trace as a whole. */
  readonly grade: Grade;
  readonly parts: readonly { readonly spanId: string | null; readonly grade: Grade }[];
};

export type GradedTrace = {
  /** Of the trace when it was read. */
  readonly revision: number;
  /** In the order of the definitions. */
  readonly results: readonly GradedWith[];
};

export type TraceGrader = {
  /** Throws an AppFailure of `not_found`. `spanId` = that part alone. */
  readonly grade: (
    traceId: string,
    definitions: readonly GraderDefinition[],
    signal: AbortSignal,
    spanId?: string,
  ) => Promise<GradedTrace>;
  readonly subject: (traceId: string, spanId?: string) => Subject;
  /** Other traces may be there by now: to be called before each round of work. */
  readonly refresh: () => void;
};

export function createTraceGrader(
  reader: Reader,
  prices: Pick<Prices, 'estimator'>,
  services: GradeServices,
): TraceGrader {
  let tasks: TaskIndex = createTaskIndex(reader);
  const estimator = (): ReturnType<Prices['estimator']> => prices.estimator();

  return {
    refresh() {
      tasks = createTaskIndex(reader);
    },
    async grade(traceId, definitions, signal, spanId) {
      const checked = definitions.map((definition) => checkOnce(definition).definition ?? definition);
      const needs = { findings: false, transcript: false };
      for (const definition of checked) {
        const { findings, transcript } = needsOf(definition);
        needs.findings ||= findings;
        needs.transcript ||= transcript;
      }
      const { row, subject, parts } = buildSubject({ reader, estimator, needs, tasks }, traceId);
      const results: GradedWith[] = [];
      for (const definition of definitions)
        results.push(
          await gradeInScope(
            definition,
            subject,
            parts,
            services,
            signal,
            spanId === undefined ? {} : { only: spanId },
          ),
        );
      return { revision: row.revision, results };
    },
    subject(traceId, spanId) {
      const needs = { findings: true, transcript: true };
      const { subject, parts } = buildSubject({ reader, estimator, needs, tasks }, traceId);
      const span = spanId === undefined ? undefined : subject.trace?.spans.find(({ id }) => id === spanId);
      if (!span || !subject.trace) return subject;
      const edge = subject.trace.handoffs.find(({ span_id: id }) => id === spanId);
      return {
        item: subject.item,
        sample: parts.spanSample(span),
        trace: subject.trace,
        span,
        ...(edge ? { handoff: { ...edge, payload: parts.payload(edge) } } : {}),
      };
    },
  };
}
