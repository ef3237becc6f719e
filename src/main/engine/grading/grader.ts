/** Who grades stored traces: in this thread, or in one of their own (`grader-thread.ts`). */
import type { GraderDefinition } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import type { AppError } from '#shared/result.ts';
import { AppFailure, toAppError } from '#shared/result.ts';
import type { GradedTrace, TraceGrader } from './grade-trace.ts';
import { runsOf } from './runs.ts';

export type GradeRequest = {
  readonly traceIds: readonly string[];
  readonly definitions: readonly GraderDefinition[];
  /** That part of each trace alone. */
  readonly spanId?: string;
  /** What goes with each trace, in the same order. */
  readonly rows?: readonly GradeRow[];
  /** Tell also what each trace was asked. */
  readonly inputs?: boolean;
  /** Key of an eval run: runs of a task are those of its items. */
  readonly evalRun?: number;
};

/** Null = none. */
export type GradeRow = {
  /** The row of a dataset: `item`, where the trace knows of the same fields too. */
  readonly item: Json;
  /** OpenAI's `sample`: with the row, all there is to grade where the trace's id is empty. */
  readonly sample: Json;
};

export type TraceResult =
  | { readonly ok: true; readonly value: GradedTrace }
  /** `not_found`: the trace was deleted meanwhile. */
  | { readonly ok: false; readonly error: AppError };

export type Grader = {
  /** Tells of each trace by its place in the request as soon as it is graded; rejects with an AppFailure when cancelled. */
  readonly grade: (
    request: GradeRequest,
    graded: (index: number, result: TraceResult) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Traces that are looked at together: what waits for others has others beside it. */
const AT_ONCE = { pure: 1, code: 8, endpoint: 16 } as const;

/** Work that goes on before senders and views are served, in the engine's own thread. */
const SLICE_MS = 12;

export function createLocalGrader(grader: TraceGrader): Grader {
  return {
    grade: (request, graded, signal) => gradeAll(grader, request, graded, signal),
    close: () => Promise.resolve(),
  };
}

export async function gradeAll(
  grader: TraceGrader,
  { traceIds, definitions, spanId, rows, inputs, evalRun }: GradeRequest,
  graded: (index: number, result: TraceResult) => void,
  signal: AbortSignal,
): Promise<void> {
  grader.refresh(evalRun);
  let next = 0;
  let rested = performance.now();
  async function work(): Promise<void> {
    for (let index = next++; index < traceIds.length; index = next++) {
      if (performance.now() - rested > SLICE_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        rested = performance.now();
      }
      if (signal.aborted) throw new AppFailure(CANCELLED);
      graded(index, await one(traceIds[index] ?? '', rows?.[index]));
    }
  }
  async function one(traceId: string, row: GradeRow | undefined): Promise<TraceResult> {
    try {
      const value =
        traceId === '' && row
          ? await grader.gradeRow(row, definitions, signal)
          : await grader.grade(traceId, definitions, signal, {
              ...(spanId === undefined ? {} : { spanId }),
              ...(row ? { item: row.item } : {}),
              ...(inputs === undefined ? {} : { inputs }),
            });
      return { ok: true, value };
    } catch (cause) {
      if (signal.aborted) throw new AppFailure(CANCELLED);
      if (!(cause instanceof AppFailure)) console.error('grading a trace:', cause);
      return { ok: false, error: toAppError(cause) };
    }
  }
  const atOnce = definitions.reduce((most, definition) => Math.max(most, AT_ONCE[runsOf(definition)]), 1);
  await Promise.all(Array.from({ length: Math.min(atOnce, traceIds.length) }, work));
}

export const CANCELLED: AppError = { code: 'cancelled', message: 'Cancelled.' };
