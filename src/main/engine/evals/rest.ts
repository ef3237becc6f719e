/** For long loops in the engine's own thread: senders and views are served between two slices of work. */
import { AppFailure } from '#shared/result.ts';
import { CANCELLED } from '../grading/grader.ts';

export type Rest = () => Promise<void> | undefined;

const SLICE_MS = 12;

/** Throws an AppFailure of `cancelled`. */
export function resting(signal: AbortSignal): Rest {
  let rested = performance.now();
  return () => {
    if (signal.aborted) throw new AppFailure(CANCELLED);
    if (performance.now() - rested < SLICE_MS) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        rested = performance.now();
        resolve();
      }),
    );
  };
}
