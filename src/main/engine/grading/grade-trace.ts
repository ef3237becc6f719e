/** Grades one stored trace with several graders at once: what they look at is read once. */
import type { Grade, GraderDefinition, Subject } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { checkOnce, needsOf } from '../../graders/definition.ts';
import { gradeSubject } from '../../graders/grade.ts';
import { completeSample } from '../../graders/sample.ts';
import { gradeInScope } from '../../graders/scope.ts';
import type { GradeServices } from '../../graders/types.ts';
import type { Reader } from '../../store/database.ts';
import type { Prices } from '../prices.ts';
import { buildSubject } from './subject.ts';
import { createTaskIndex, createTrialIndex, type TaskIndex } from './task-index.ts';

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
  /** Beginning of what it was asked, with plain spaces; null unless asked for, or when nobody said anything. */
  readonly input: string | null;
};

export type GradeOptions = {
  /** That part alone. */
  readonly spanId?: string;
  /** Fields of `item` over those of the trace. */
  readonly item?: Json;
  readonly inputs?: boolean;
};

const INPUT = 200;

export type TraceGrader = {
  /** Throws an AppFailure of `not_found`. */
  readonly grade: (
    traceId: string,
    definitions: readonly GraderDefinition[],
    signal: AbortSignal,
    options?: GradeOptions,
  ) => Promise<GradedTrace>;
  /** Grades an answer that has no trace. */
  readonly gradeRow: (
    row: { readonly item: Json; readonly sample: Json },
    definitions: readonly GraderDefinition[],
    signal: AbortSignal,
  ) => Promise<GradedTrace>;
  readonly subject: (traceId: string, spanId?: string, item?: Json) => Subject;
  /** Other traces may be there by now: to be called before each round of work. Of an eval run, by its key, they are frozen. */
  readonly refresh: (evalRun?: number) => void;
};

export function createTraceGrader(
  reader: Reader,
  prices: Pick<Prices, 'estimator'>,
  services: GradeServices,
): TraceGrader {
  let tasks: TaskIndex = createTaskIndex(reader);
  let within: number | undefined;
  const estimator = (): ReturnType<Prices['estimator']> => prices.estimator();

  return {
    refresh(evalRun) {
      if (evalRun !== undefined && evalRun === within) return;
      within = evalRun;
      tasks = evalRun === undefined ? createTaskIndex(reader) : createTrialIndex(reader, evalRun);
    },
    async grade(traceId, definitions, signal, { spanId, item, inputs } = {}) {
      const checked = definitions.map((definition) => checkOnce(definition).definition ?? definition);
      const needs = { findings: false, transcript: false };
      for (const definition of checked) {
        const { findings, transcript } = needsOf(definition);
        needs.findings ||= findings;
        needs.transcript ||= transcript;
      }
      const { row, subject, parts } = buildSubject({ reader, estimator, needs, tasks }, traceId, item);
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
      const input = inputs === true ? (subject.trace?.input ?? '').slice(0, 4 * INPUT) : '';
      return { revision: row.revision, results, input: beginning(input) };
    },
    async gradeRow({ item, sample }, definitions, signal) {
      const subject: Subject = { item: item ?? {}, sample: completeSample(sample ?? {}) };
      const results: GradedWith[] = [];
      for (const definition of definitions)
        results.push({ grade: await gradeSubject(definition, subject, services, signal), parts: [] });
      return { revision: 0, results, input: null };
    },
    subject(traceId, spanId, item) {
      const needs = { findings: true, transcript: true };
      const { subject, parts } = buildSubject({ reader, estimator, needs, tasks }, traceId, item);
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

function beginning(text: string): string | null {
  const words = text.replaceAll(/\s+/gu, ' ').trim().slice(0, INPUT);
  return words === '' ? null : words;
}
