/**
 * Has reading calls answered by a thread of their own, so that a large trace that is analysed keeps no sender waiting.
 * Here is the queue: one call is in the thread at a time, so that one which is cancelled before its turn never runs, and
 * so that there are moments in which the thread reads nothing.
 */
import { Worker } from 'node:worker_threads';
import type { AppError } from '#shared/result.ts';
import { AppFailure } from '#shared/result.ts';
import type { ReadMethod } from '../api/reads.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';
import { threadFile } from './thread-file.ts';

export type Reading = {
  /** Answers in the thread, or by `here` in this one. Rejects with an AppFailure, or with the error of a bug. */
  readonly run: (method: ReadMethod, args: unknown, signal: AbortSignal, here: () => unknown) => unknown;
  /** Runs `work` while the thread reads nothing: what a reader still needs cannot be taken out of the file's log. */
  readonly between: <T>(work: () => T) => Promise<T>;
  /** The thread reads nothing at this moment. */
  readonly isIdle: () => boolean;
  /** How reading calls are answered, for a person; `ok` is false when the thread was to be there and is not. */
  readonly state: () => { readonly ok: boolean; readonly detail: string };
  readonly close: () => Promise<void>;
};

/** Answers of a few rows. They do not wait for an analysis, which may take seconds: then this thread gives them. */
const SMALL: ReadonlySet<ReadMethod> = new Set<ReadMethod>([
  'trace.get',
  'trace.list',
  'trace.facets',
  'session.get',
  'session.list',
  'session.place',
  'session.traces',
  'span.get',
  'content.get',
  'issue.list',
]);

/** Half of what a process may have in Electron, where all its threads share 4 GB. */
const HEAP_MB = 2_048;
/** Analysis makes and drops many small objects: with room for them, they need not be looked through as often. */
const YOUNG_MB = 192;
/** A thread that ends this often within a minute is not started again. */
const CRASHES = 3;
const CRASH_WINDOW_MS = 60_000;

type Call = {
  readonly id: number;
  readonly method: ReadMethod;
  readonly args: unknown;
  readonly here: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (cause: unknown) => void;
  /** Times that it went into a thread. */
  tries: number;
};

export type ReadingOptions = ThreadData & {
  /** The thread's code; where it lies unless given. */
  readonly file?: string | null;
  readonly heapMb?: number;
};

export function createReading(options: ReadingOptions): Reading {
  const file = options.file === undefined ? threadFile() : options.file;
  let worker: Worker | null = null;
  /** The thread has opened the file and takes calls. */
  let ready = false;
  let closing: Promise<void> | null = null;
  /** Why there is no thread, and will be none. */
  let problem: string | null = null;
  let current: Call | null = null;
  let waiting: Call[] = [];
  let pauses: (() => void)[] = [];
  let crashes: number[] = [];
  let nextId = 1;

  if (file === null) giveUp('its code is not beside the app');

  /** With the first call: who only collects needs no thread. */
  function begin(): void {
    if (file !== null && worker === null) start(file);
  }

  function start(path: string): void {
    ready = false;
    let cause: unknown = null;
    const started = new Worker(path, {
      name: 'Tracewright reader',
      workerData: { workspace: options.workspace, nativeBinding: options.nativeBinding } satisfies ThreadData,
      resourceLimits: { maxOldGenerationSizeMb: options.heapMb ?? HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
      // Options of this process, a test runner's loaders say, are not meant for it.
      execArgv: path.endsWith('.ts') ? ['--disable-warning=ExperimentalWarning'] : [],
    });
    worker = started;
    started.on('message', (message: FromThread) => {
      hear(message);
    });
    started.on('error', (error) => {
      cause = error;
    });
    started.on('exit', () => {
      worker = null;
      if (!closing) ended(path, cause);
    });
  }

  function hear(message: FromThread): void {
    if (message.type === 'ready') {
      ready = true;
      next();
      return;
    }
    const call = current?.id === message.id ? current : null;
    if (!call) return;
    current = null;
    if (message.type === 'answer') call.resolve(message.value);
    else call.reject(message.bug === null ? new AppFailure(message.error) : bugOf(message.error, message.bug));
    next();
  }

  function ended(path: string, cause: unknown): void {
    const began = ready;
    ready = false;
    const call = current;
    current = null;
    const full = isOutOfMemory(cause);
    if (call && full) call.reject(new AppFailure(TOO_LARGE));
    else if (call && call.tries > 1) call.reject(new AppFailure(ENDED));
    // It need not have been this call's fault.
    else if (call) waiting.unshift(call);
    const reason = cause instanceof Error ? cause.message : 'it ended by itself';
    console.error(`The reading thread ended: ${reason}`);
    const now = Date.now();
    // Memory is a matter of what is read; without the thread, the whole engine would have to do with less.
    if (!full) crashes = [...crashes.filter((time) => time > now - CRASH_WINDOW_MS), now];
    if ((!began && !full) || crashes.length > CRASHES) giveUp(reason);
    else if (waiting.length > 0) start(path);
    next();
  }

  function giveUp(reason: string): void {
    problem = reason;
    const left = waiting;
    waiting = [];
    for (const call of left) answerHere(call);
  }

  function answerHere(call: Call): void {
    new Promise((resolve) => {
      resolve(call.here());
    }).then(call.resolve, call.reject);
  }

  /** To be called whenever the thread may have become free. */
  function next(): void {
    if (current) return;
    const paused = pauses;
    pauses = [];
    for (const work of paused) work();
    if (!ready || closing) return;
    const call = waiting.shift();
    if (!call) return;
    current = call;
    call.tries++;
    post({ type: 'call', id: call.id, method: call.method, args: call.args });
  }

  function post(message: ToThread): void {
    worker?.postMessage(message);
  }

  function enqueue(call: Call): void {
    const behind = SMALL.has(call.method) ? waiting.findIndex(({ method }) => !SMALL.has(method)) : -1;
    waiting.splice(behind < 0 ? waiting.length : behind, 0, call);
    next();
  }

  return {
    run(method, args, signal, here) {
      if (problem !== null || closing) return here();
      begin();
      if (SMALL.has(method) && (!ready || (current !== null && !SMALL.has(current.method)))) return here();
      if (signal.aborted) throw new AppFailure(CANCELLED);
      return new Promise<unknown>((resolve, reject) => {
        const call: Call = {
          id: nextId++,
          method,
          args,
          here,
          tries: 0,
          resolve(value) {
            signal.removeEventListener('abort', abort);
            resolve(value);
          },
          reject(cause) {
            signal.removeEventListener('abort', abort);
            reject(cause instanceof Error ? cause : new Error(String(cause)));
          },
        };
        function abort(): void {
          waiting = waiting.filter((each) => each !== call);
          if (current === call) post({ type: 'cancel', id: call.id });
          call.reject(new AppFailure(CANCELLED));
        }
        signal.addEventListener('abort', abort, { once: true });
        enqueue(call);
      });
    },
    between(work) {
      return new Promise((resolve) => {
        pauses.push(() => {
          resolve(
            new Promise((done) => {
              done(work());
            }),
          );
        });
        next();
      });
    },
    isIdle: () => current === null,
    state() {
      return problem === null
        ? { ok: true, detail: 'Traces are read in a thread of their own.' }
        : { ok: false, detail: `Traces are read in the thread that collects: ${problem}.` };
    },
    close() {
      closing ??= stop();
      return closing;
    },
  };

  async function stop(): Promise<void> {
    const gone = new AppFailure(CLOSED);
    for (const call of waiting) call.reject(gone);
    waiting = [];
    const open = worker;
    if (!open) return;
    const exited = new Promise<void>((resolve) => open.once('exit', () => resolve()));
    if (current || !ready) {
      current?.reject(gone);
      current = null;
      await open.terminate();
    } else {
      post({ type: 'close' });
    }
    await exited;
    next();
  }
}

const CANCELLED: AppError = { code: 'cancelled', message: 'Cancelled.' };
const CLOSED: AppError = { code: 'engine_restarted', message: 'The engine stopped before it answered.' };
const ENDED: AppError = {
  code: 'internal',
  message: 'The thread that reads traces ended twice while it answered this.',
  hint: 'Stored traces are safe. If this repeats, start the app from a terminal and read what it prints.',
};
const TOO_LARGE: AppError = {
  code: 'too_large',
  message: 'This takes more memory to analyse than there is for reading traces.',
  hint: 'Stored traces are safe. Open a smaller trace, or export this one and look at a part of it.',
};

function isOutOfMemory(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** As it would have been thrown here: a bug, whose stack belongs in the log. */
function bugOf(error: AppError, stack: string): Error {
  const cause = new Error(error.message);
  cause.stack = stack;
  return cause;
}
