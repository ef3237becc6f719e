/**
 * Runs JavaScript graders in a thread of their own, one after the other. The guest is stopped by its own deadline; where
 * that does not reach it (a regular expression, a very long string), the thread is ended and the next grade gets a new one.
 */
import { Worker } from 'node:worker_threads';
import type { CodeAnswer, CodeRequest } from '../../graders/types.ts';
import { runtimeFault, serverFault, timedOut } from '../answers.ts';
import type { CodeRunner } from '../runner.ts';
import { javaScriptFiles, type JavaScriptFiles } from '../sandbox-files.ts';
import type { FromJavaScript, JavaScriptData, ToJavaScript } from './messages.ts';

/** Over the guest's own deadline: for what a thread takes to start, and to notice. */
const GRACE_MS = 2_000;
/** A thread that answered nothing and ended this often in a row is not started again for this grade. */
const MOST_TRIES = 2;

type Waiting = {
  readonly id: number;
  readonly request: CodeRequest;
  readonly settle: (answer: CodeAnswer) => void;
  tries: number;
};

export function createJavaScriptRunner(files: JavaScriptFiles | null = javaScriptFiles()): CodeRunner {
  let worker: Worker | null = null;
  let current: Waiting | null = null;
  let watchdog: NodeJS.Timeout | undefined;
  let waiting: Waiting[] = [];
  let closed = false;
  let nextId = 1;

  function start(found: JavaScriptFiles): Worker {
    const started = new Worker(found.thread, {
      name: 'Tracewright JavaScript graders',
      workerData: { wasm: found.wasm } satisfies JavaScriptData,
      env: {},
      stdin: false,
      // The guest's memory is not in it: this is for the few texts that go in and out.
      resourceLimits: { maxOldGenerationSizeMb: 512 },
      execArgv: found.thread.endsWith('.ts') ? ['--disable-warning=ExperimentalWarning'] : [],
    });
    let cause: unknown = null;
    started.on('message', ({ id, answer }: FromJavaScript) => {
      if (current?.id === id) finish(current, answer);
    });
    started.on('error', (error) => {
      cause = error;
    });
    started.on('exit', () => {
      if (worker !== started) return;
      worker = null;
      ended(cause);
    });
    // Work that is asked for keeps the process; an idle sandbox does not.
    started.unref();
    return started;
  }

  function ended(cause: unknown): void {
    const call = current;
    if (!call) return;
    const reason = cause instanceof Error ? cause.message : 'it ended by itself';
    if (call.tries >= MOST_TRIES) return finish(call, runtimeFault(`The grader ended its sandbox: ${reason}.`));
    current = null;
    clearTimeout(watchdog);
    waiting.unshift(call);
    next();
  }

  function next(): void {
    if (current || closed) return;
    const call = waiting.shift();
    if (!call) return;
    current = call;
    call.tries++;
    if (!files) return finish(call, serverFault('The sandbox for JavaScript is not beside the app: build it again.'));
    worker ??= start(files);
    worker.ref();
    const { source, sample, item, globals = '{}', timeoutMs, memoryMb } = call.request;
    worker.postMessage({
      id: call.id,
      request: { source, sample, item, globals, timeoutMs, memoryMb },
    } satisfies ToJavaScript);
    watchdog = setTimeout(() => {
      void endThread();
      finish(call, timedOut(timeoutMs));
    }, timeoutMs + GRACE_MS);
  }

  function finish(call: Waiting, answer: CodeAnswer): void {
    clearTimeout(watchdog);
    current = null;
    worker?.unref();
    call.settle(answer);
    next();
  }

  function endThread(): Promise<unknown> {
    const ending = worker;
    worker = null;
    return ending ? ending.terminate() : Promise.resolve();
  }

  return {
    run(request, signal) {
      if (closed) return Promise.resolve(serverFault('The app is closing.'));
      return new Promise((resolve, reject) => {
        const call: Waiting = {
          id: nextId++,
          request,
          tries: 0,
          settle(answer) {
            signal.removeEventListener('abort', abort);
            resolve(answer);
          },
        };
        function abort(): void {
          waiting = waiting.filter((each) => each !== call);
          reject(signal.reason instanceof Error ? signal.reason : new Error('Cancelled.'));
          if (current !== call) return;
          void endThread();
          finish(call, runtimeFault('Cancelled.'));
        }
        if (signal.aborted) return abort();
        signal.addEventListener('abort', abort, { once: true });
        waiting.push(call);
        next();
      });
    },
    async close() {
      closed = true;
      const left = [...(current ? [current] : []), ...waiting];
      waiting = [];
      current = null;
      clearTimeout(watchdog);
      for (const call of left) call.settle(serverFault('The app is closing.'));
      await endThread();
    },
  };
}
