/** What both queues of graders do with a batch: grade it, and write what comes of it, many verdicts in one transaction. */
import type { Grader, GradeRequest, TraceResult } from './grader.ts';

/** Items that are handed to the grader at once. */
export const BATCH = 200;
/** Items whose verdicts are written in one transaction, unless so much time has gone by before. */
const WRITE_ITEMS = 40;
const WRITE_MS = 100;

export type GradeGroup<Finished> = {
  readonly request: GradeRequest;
  /** Of the item at this place of the request; undefined = nothing is to be written. */
  readonly finished: (index: number, result: TraceResult) => Finished | undefined;
};

export type GradeBatch<Finished> = {
  readonly grader: Grader;
  readonly groups: readonly GradeGroup<Finished>[];
  /** False when nobody wants the rest any more. */
  readonly write: (finished: readonly Finished[]) => boolean;
  /** Ends the batch, as somebody who cancels does; what was graded until then is written. */
  readonly controller: AbortController;
  /** The engine stops. */
  readonly stopping: AbortSignal;
};

/** Throws what writing threw, and what grading threw unless the batch was ended. */
export async function gradeAndWrite<Finished>(batch: GradeBatch<Finished>): Promise<void> {
  const { grader, groups, controller, stopping } = batch;
  const waiting: Finished[] = [];
  let failure: { readonly cause: unknown } | null = null;
  let written = performance.now();

  function write(): void {
    written = performance.now();
    if (waiting.length === 0 || failure) return;
    try {
      if (!batch.write(waiting.splice(0))) controller.abort();
    } catch (cause) {
      failure = { cause };
      controller.abort();
    }
  }
  function stop(): void {
    controller.abort();
  }
  const timer = setInterval(write, WRITE_MS);
  stopping.addEventListener('abort', stop, { once: true });
  if (stopping.aborted) stop();
  try {
    for (const { request, finished } of groups) {
      if (controller.signal.aborted) break;
      await grader.grade(
        request,
        (index, result) => {
          const item = finished(index, result);
          if (item !== undefined) waiting.push(item);
          if (waiting.length >= WRITE_ITEMS || performance.now() - written > WRITE_MS) write();
        },
        controller.signal,
      );
    }
  } catch (cause) {
    // Cancelled, or the engine stops: what was graded until then is kept.
    if (!controller.signal.aborted) throw cause;
  } finally {
    clearInterval(timer);
    stopping.removeEventListener('abort', stop);
    write();
  }
  if (failure) throw (failure as { readonly cause: unknown }).cause;
}

/** Before what failed is tried again: a full or busy disk, most likely. Ends at once when the engine stops. */
export function pauseUnless(stopping: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stopping.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
