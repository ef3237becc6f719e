/**
 * Grades in a thread of its own, so that neither senders nor views wait for it. The thread is started with the first work
 * and ends when there has been none for a while. When it ends by itself, those that it was at are graded alone, one after the
 * other; one in which it ends again is told to have failed.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { AppError } from '#shared/result.ts';
import { AppFailure } from '#shared/result.ts';
import type { GradeServices } from '../../graders/types.ts';
import type { GradeRow, Grader, GradeRequest, TraceResult } from './grader.ts';
import { CANCELLED } from './grader.ts';
import type { Ask, FromGrader, GraderThreadData, ToGrader } from './messages.ts';

const HEAP_MB = 1_024;
const YOUNG_MB = 128;
const IDLE_MS = 60_000;
/** Traces that may have been under way when it ended. */
const UNDER_WAY = 16;

export type GraderThreadOptions = GraderThreadData & {
  /** The thread's code; where it lies unless given. */
  readonly file?: string;
  readonly idleMs?: number;
};

type Work = {
  readonly id: number;
  readonly request: GradeRequest;
  readonly graded: (index: number, result: TraceResult) => void;
  readonly resolve: () => void;
  readonly reject: (cause: Error) => void;
  /** Places in the request that are not graded yet, those of the message that is under way in its order. */
  left: number[];
  /** So many of them are sent alone. */
  alone: number;
};

/** Null where the thread's code is not beside the app: then this thread has to do the work. */
export function graderFile(): string | null {
  const here = fileURLToPath(import.meta.url);
  const folder = dirname(here);
  const places = here.endsWith('.ts')
    ? [join(folder, 'thread.ts')]
    : [join(folder, 'grader.js'), join(folder, '..', 'grader.js')];
  return places.find((path) => existsSync(path)) ?? null;
}

export function createThreadGrader(path: string, options: GraderThreadOptions, services: GradeServices): Grader {
  const { idleMs = IDLE_MS } = options;
  let worker: Worker | null = null;
  let closing: Promise<void> | null = null;
  let idle: NodeJS.Timeout | undefined;
  let nextId = 1;
  const works = new Map<number, Work>();
  const asks = new Map<number, AbortController>();

  function start(): Worker {
    const started = new Worker(path, {
      name: 'Tracewright grader',
      workerData: {
        workspace: options.workspace,
        nativeBinding: options.nativeBinding,
      } satisfies GraderThreadData,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
      execArgv: path.endsWith('.ts') ? ['--disable-warning=ExperimentalWarning'] : [],
    });
    let cause: unknown = null;
    started.on('message', (message: FromGrader) => {
      if (worker === started) hear(message);
    });
    started.on('error', (error) => {
      cause = error;
    });
    started.on('exit', () => {
      if (worker !== started) return;
      worker = null;
      ended(cause);
    });
    return started;
  }

  function hear(message: FromGrader): void {
    switch (message.type) {
      case 'ready':
        return;
      case 'graded': {
        const work = works.get(message.id);
        const place = work?.left[message.index];
        if (!work || place === undefined) return;
        told(work, place, message.result);
        return;
      }
      case 'done': {
        const work = works.get(message.id);
        if (!work) return;
        if (message.bug !== null) console.error(message.bug);
        if (message.error === null && work.alone > 0) {
          work.alone--;
          goOn(work);
        } else finish(work, message.error);
        return;
      }
      case 'ask':
        void serve(message.id, message.ask);
        return;
      case 'drop':
        asks.get(message.id)?.abort();
        return;
    }
  }

  const done = new WeakMap<Work, Set<number>>();
  function told(work: Work, place: number, result: TraceResult): void {
    const known = done.get(work) ?? new Set();
    done.set(work, known.add(place));
    work.graded(place, result);
  }

  function finish(work: Work, error: AppError | null): void {
    works.delete(work.id);
    rest();
    if (error) work.reject(new AppFailure(error));
    else work.resolve();
  }

  /** The thread ended by itself: what it had not told of is begun again, but not for ever. */
  function ended(cause: unknown): void {
    for (const controller of asks.values()) controller.abort();
    asks.clear();
    const reason = cause instanceof Error ? cause.message : 'it ended by itself';
    console.error(`The grading thread ended: ${reason}`);
    for (const work of [...works.values()]) {
      const [first] = untold(work);
      if (work.alone === 0) work.alone = UNDER_WAY;
      else {
        if (first !== undefined) told(work, first, { ok: false, error: endedAt(reason) });
        work.alone = 0;
      }
      goOn(work);
    }
  }

  function untold(work: Work): number[] {
    return work.left.filter((place) => !done.get(work)?.has(place));
  }

  function goOn(work: Work): void {
    work.left = untold(work);
    if (work.left.length === 0) finish(work, null);
    else send(work);
  }

  function send(work: Work): void {
    worker ??= start();
    const { request, id } = work;
    const places = work.alone > 0 ? work.left.slice(0, 1) : work.left;
    const traceIds = places.map((place) => request.traceIds[place] ?? '');
    const rows = request.rows ? { rows: places.map((place) => request.rows?.[place] ?? NO_ROW) } : {};
    post({ type: 'grade', id, request: { ...request, traceIds, ...rows } });
  }

  async function serve(id: number, ask: Ask): Promise<void> {
    const controller = new AbortController();
    asks.set(id, controller);
    const asker = worker;
    try {
      const value = await answer(ask, controller.signal);
      if (worker === asker) post({ type: 'served', id, value, error: null });
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause);
      if (worker === asker) post({ type: 'served', id, value: null, error });
    } finally {
      if (asks.get(id) === controller) asks.delete(id);
    }
  }

  function answer(ask: Ask, signal: AbortSignal): Promise<unknown> {
    switch (ask.service) {
      case 'judge':
        return services.judge(ask.request, signal);
      case 'embed':
        return services.embed(ask.request, signal);
      case 'runCode':
        return services.runCode(ask.request, signal);
    }
  }

  function post(message: ToGrader): void {
    worker?.postMessage(message);
  }

  function rest(): void {
    clearTimeout(idle);
    if (works.size > 0 || closing) return;
    idle = setTimeout(() => {
      void end();
    }, idleMs);
    idle.unref();
  }

  async function end(): Promise<void> {
    const open = worker;
    worker = null;
    if (!open) return;
    const exited = new Promise<void>((resolve) => open.once('exit', () => resolve()));
    if (works.size > 0) await open.terminate();
    else open.postMessage({ type: 'close' } satisfies ToGrader);
    await exited;
  }

  return {
    grade(request, graded, signal) {
      if (closing || signal.aborted) return Promise.reject(new AppFailure(CANCELLED));
      clearTimeout(idle);
      return new Promise((resolve, reject) => {
        const id = nextId++;
        function abort(): void {
          post({ type: 'cancel', id });
          finish(work, CANCELLED);
        }
        const settle = (end: () => void): void => {
          signal.removeEventListener('abort', abort);
          end();
        };
        const work: Work = {
          id,
          request,
          graded,
          resolve: () => {
            settle(resolve);
          },
          reject: (cause) => {
            settle(() => {
              reject(cause);
            });
          },
          left: [...request.traceIds.keys()],
          alone: 0,
        };
        works.set(id, work);
        signal.addEventListener('abort', abort, { once: true });
        send(work);
      });
    },
    close() {
      clearTimeout(idle);
      closing ??= (async () => {
        const stopped = end();
        for (const controller of asks.values()) controller.abort();
        for (const work of [...works.values()]) finish(work, CANCELLED);
        await stopped;
      })();
      return closing;
    },
  };
}

const NO_ROW: GradeRow = { item: null, sample: null };

function endedAt(reason: string): AppError {
  return {
    code: 'internal',
    message: `The thread that grades ended at this trace: ${reason}.`,
    hint: 'Stored traces are safe. Grade it alone, or with another grader.',
  };
}
