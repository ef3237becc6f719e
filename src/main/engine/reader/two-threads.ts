/**
 * A second reading thread for what is asked unasked and takes seconds: rules over every content of a trace. So a click on
 * a picture never waits for them. It is started when it is first needed, and ends when it has not been for a while: it
 * keeps the trace that it read last.
 */
import { AppFailure } from '#shared/result.ts';
import type { ReadMethod } from '../api/reads.ts';
import { createReading, type Reading, type ReadingOptions } from './reading.ts';

const LONG: ReadonlySet<ReadMethod> = new Set<ReadMethod>([
  'trace.detect',
  'trace.waste',
  'trace.findings',
  'pattern.search',
]);
/** All threads share what Electron allows a process. What needs more is answered by the first thread. */
const HEAP_MB = 1_024;
const IDLE_MS = 60_000;

export type TwoThreadOptions = ReadingOptions & { readonly idleMs?: number };

export function createTwoThreads({ idleMs = IDLE_MS, ...options }: TwoThreadOptions): Reading {
  const front = createReading(options);
  const heapMb = Math.min(HEAP_MB, options.heapMb ?? HEAP_MB);
  let back: Reading | null = null;
  let running = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let ending: Promise<void> = Promise.resolve();
  let closed = false;

  function end(): void {
    const old = back;
    back = null;
    if (old) ending = Promise.all([ending, old.close()]).then(() => undefined);
  }

  async function runLong(...call: Parameters<Reading['run']>): Promise<unknown> {
    const [method, args, signal, here] = call;
    clearTimeout(idle);
    running++;
    try {
      back ??= createReading({ ...options, heapMb });
      return await back.run(method, args, signal, here);
    } catch (cause) {
      if (!(cause instanceof AppFailure) || cause.error.code !== 'too_large' || signal.aborted) throw cause;
      return await front.run(method, args, signal, here);
    } finally {
      running--;
      if (running === 0 && !closed) {
        idle = setTimeout(end, idleMs);
        idle.unref();
      }
    }
  }

  async function between<T>(work: () => T): Promise<T> {
    for (;;) {
      // Each is told while it reads nothing; what counts is a moment at which that is true of both.
      for (const [first, second] of [[back, front] as const, [front, back] as const]) {
        if (!first) continue;
        const done = await first.between(() => (second === null || second.isIdle() ? { value: work() } : null));
        if (done) return done.value;
      }
    }
  }

  return {
    run: (method, args, signal, here) =>
      LONG.has(method) && !closed ? runLong(method, args, signal, here) : front.run(method, args, signal, here),
    between,
    isIdle: () => front.isIdle() && (back === null || back.isIdle()),
    state: () => (front.state().ok && back !== null ? back.state() : front.state()),
    async close() {
      closed = true;
      clearTimeout(idle);
      end();
      await Promise.all([front.close(), ending]);
    },
  };
}
