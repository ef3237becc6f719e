/** The grading thread: reads traces on a connection of its own and grades them; models and sandboxes are asked by message. */
import { parentPort, workerData } from 'node:worker_threads';
import { AppFailure, toAppError } from '#shared/result.ts';
import type { GradeServices } from '../../graders/types.ts';
import { connectReader } from '../../store/open.ts';
import { writeFailure } from '../../store/sqlite-error.ts';
import { createPrices } from '../prices.ts';
import { createTraceGrader } from './grade-trace.ts';
import { gradeAll } from './grader.ts';
import type { Ask, FromGrader, GraderThreadData, ToGrader } from './messages.ts';

if (!parentPort) throw new Error('This file runs as a thread of the engine.');
const port = parentPort;
const { workspace, nativeBinding } = workerData as GraderThreadData;
const connection = connectReader(workspace, nativeBinding);

type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (cause: Error) => void };
const asked = new Map<number, Waiting>();
const running = new Map<number, AbortController>();
let nextAsk = 1;

function tell(message: FromGrader): void {
  port.postMessage(message);
}

function askEngine(ask: Ask, signal: AbortSignal): Promise<unknown> {
  const id = nextAsk++;
  return new Promise((resolve, reject) => {
    function drop(): void {
      asked.delete(id);
      tell({ type: 'drop', id });
      reject(new AppFailure({ code: 'cancelled', message: 'Cancelled.' }));
    }
    if (signal.aborted) {
      reject(new AppFailure({ code: 'cancelled', message: 'Cancelled.' }));
      return;
    }
    signal.addEventListener('abort', drop, { once: true });
    asked.set(id, {
      resolve(value) {
        signal.removeEventListener('abort', drop);
        resolve(value);
      },
      reject(cause) {
        signal.removeEventListener('abort', drop);
        reject(cause);
      },
    });
    tell({ type: 'ask', id, ask });
  });
}

type Answer<Name extends 'judge' | 'embed' | 'runCode'> = ReturnType<GradeServices[Name]>;
const services: GradeServices = {
  judge: (request, signal) => askEngine({ service: 'judge', request }, signal) as Answer<'judge'>,
  embed: (request, signal) => askEngine({ service: 'embed', request }, signal) as Answer<'embed'>,
  runCode: (request, signal) => askEngine({ service: 'runCode', request }, signal) as Answer<'runCode'>,
  now: () => performance.now(),
};
const grader = createTraceGrader(connection, createPrices(connection), services);

async function grade({ id, request }: Extract<ToGrader, { type: 'grade' }>): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    await gradeAll(
      grader,
      request,
      (index, result) => {
        tell({ type: 'graded', id, index, result });
      },
      controller.signal,
    );
    tell({ type: 'done', id, error: null, bug: null });
  } catch (cause) {
    const failure = writeFailure(cause);
    const bug = failure || cause instanceof AppFailure ? null : cause instanceof Error ? (cause.stack ?? '') : '';
    tell({ type: 'done', id, error: failure ?? toAppError(cause), bug });
  } finally {
    running.delete(id);
  }
}

function served({ id, value, error }: Extract<ToGrader, { type: 'served' }>): void {
  const waiting = asked.get(id);
  asked.delete(id);
  if (error === null) waiting?.resolve(value);
  else waiting?.reject(new Error(error));
}

port.on('message', (message: ToGrader) => {
  switch (message.type) {
    case 'grade':
      void grade(message);
      return;
    case 'cancel':
      running.get(message.id)?.abort();
      return;
    case 'served':
      served(message);
      return;
    case 'close':
      connection.close();
      port.close();
      return;
  }
});
tell({ type: 'ready' });
