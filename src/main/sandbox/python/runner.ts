/**
 * Runs Python graders in interpreters that somebody opens for it. Each source has an interpreter of its own for as long as
 * its grades go well, so that no grader can change what another one finds; one that was stopped is ended with its process.
 */
import type { CodeAnswer, CodeRequest } from '../../graders/types.ts';
import { outOfMemory, readAnswer, runtimeFault, serverFault, timedOut } from '../answers.ts';
import type { CodeRunner } from '../runner.ts';
import type { FromPython } from './messages.ts';
import type { OpenPython, PythonPort } from './open.ts';

/** Sources that have one at the same time; each is a process of about 200 MB. */
export const INTERPRETERS = 4;
/** To start one on a busy machine. */
const START_MS = 60_000;
/** An interpreter that nobody asked for that long is ended. */
const IDLE_MS = 60_000;
/** After a start that failed. */
const REST_MS = 10_000;
/** What a page with Python takes before any grader runs. */
const PAGE_MB = 600;
/** A grade whose interpreter ended without its doing is tried once more. */
const MOST_TRIES = 2;
/** Memory that a grader took stays with its interpreter, so that it is replaced now and then. */
const GRADES_PER_INTERPRETER = 5_000;

type Waiting = {
  readonly id: number;
  readonly request: CodeRequest;
  readonly settle: (answer: CodeAnswer) => void;
  tries: number;
};

type Interpreter = {
  port: PythonPort | null;
  state: 'starting' | 'idle' | 'busy' | 'gone';
  /** Null until a grader has been in it. */
  source: string | null;
  readonly memoryMb: number;
  environment: string;
  call: Waiting | null;
  timer: NodeJS.Timeout | undefined;
  lastUsed: number;
  grades: number;
};

/** @param starts is told whether grades wait for an interpreter to start, whenever that changes */
export function createPythonRunner(
  open: OpenPython,
  files: Readonly<Record<string, string>> | null,
  starts: (waiting: boolean) => void = () => undefined,
): CodeRunner {
  let interpreters: Interpreter[] = [];
  let waiting: Waiting[] = [];
  let closed = false;
  let nextId = 1;
  /** Until when no other start is tried: whoever grades a thousand traces would wait a thousand times. */
  let restUntil = 0;
  let problem = '';
  let saidStarting = false;
  /** Of the last minute. More than one: somebody edits a grader, or several take turns. */
  const sources = new Map<string, number>();

  function next(): void {
    if (closed) return;
    for (const call of [...waiting]) {
      const free = interpreters.find((each) => each.state === 'idle' && fits(each, call.request));
      if (free) {
        waiting = waiting.filter((each) => each !== call);
        begin(free, call);
      } else {
        makeRoomFor(call);
      }
    }
    keepSpare();
    sayStarting();
  }

  /** Who waits only for one that grades is not told of a start. */
  function sayStarting(): void {
    const isStarting = waiting.some(({ request }) => {
      const fitting = interpreters.filter((each) => fits(each, request));
      return fitting.length > 0 && fitting.every(({ state }) => state === 'starting');
    });
    if (isStarting === saidStarting) return;
    saidStarting = isStarting;
    starts(isStarting);
  }

  /** The same source, or no source yet; and as much memory as it asks for. */
  function fits(one: Interpreter, { source, memoryMb }: CodeRequest): boolean {
    return one.memoryMb === memoryMb && (one.source === source || one.source === null);
  }

  function makeRoomFor({ request }: Waiting): void {
    // One that has this source, or none yet, will be free soon.
    if (interpreters.some((each) => fits(each, request))) return;
    if (interpreters.length >= INTERPRETERS) {
      const [oldest] = interpreters
        .filter(({ state }) => state === 'idle')
        .sort((one, other) => one.lastUsed - other.lastUsed);
      if (!oldest) return;
      end(oldest);
    }
    void start(request.memoryMb);
  }

  /** Whoever edits a grader has a new source with each key: the next interpreter is made ready meanwhile. */
  function keepSpare(): void {
    const last = interpreters.at(-1);
    const spare = interpreters.some(({ source }) => source === null);
    if (last && !spare && sources.size > 1 && interpreters.length < INTERPRETERS && !resting())
      void start(last.memoryMb);
  }

  function resting(): boolean {
    return performance.now() < restUntil;
  }

  function note(source: string): void {
    const now = performance.now();
    sources.set(source, now);
    for (const [each, seen] of sources) if (now - seen > IDLE_MS) sources.delete(each);
  }

  async function start(memoryMb: number): Promise<void> {
    const one: Interpreter = {
      port: null,
      state: 'starting',
      source: null,
      memoryMb,
      environment: '',
      call: null,
      timer: undefined,
      lastUsed: performance.now(),
      grades: 0,
    };
    interpreters.push(one);
    one.timer = setTimeout(() => failStart(one, 'it did not start in time'), START_MS);
    if (!files) return failStart(one, 'its files are not beside the app: build it again');
    const opened = await open(memoryMb + PAGE_MB, {
      message: (message) => hear(one, message),
      gone: (end) => gone(one, end === 'memory'),
    });
    if (!opened.ok) return failStart(one, opened.error);
    if (one.state === 'gone') return opened.value.close();
    one.port = opened.value;
    one.port.send({ type: 'begin', files, memoryMb });
  }

  function hear(one: Interpreter, message: FromPython): void {
    switch (message.type) {
      case 'ready':
        if (one.state !== 'starting') return;
        clearTimeout(one.timer);
        restUntil = 0;
        one.environment = String(message.environment).slice(0, 200);
        rest(one);
        return next();
      case 'failed':
        return failStart(one, String(message.message).slice(0, 500));
      case 'answer':
        if (one.state === 'busy' && one.call?.id === message.id) return answered(one, one.call, message);
    }
  }

  function answered(one: Interpreter, call: Waiting, said: Extract<FromPython, { type: 'answer' }>): void {
    clearTimeout(one.timer);
    const answer = typeof said.text === 'string' ? readAnswer(said.text) : broken(said.message);
    const full = !answer.ok && answer.message === 'MemoryError';
    one.call = null;
    if (full || typeof said.text !== 'string' || one.grades >= GRADES_PER_INTERPRETER) end(one);
    else rest(one);
    if (full) call.settle(outOfMemory(call.request.memoryMb));
    else call.settle(answer.ok ? { ...answer, environment: one.environment } : answer);
    next();
  }

  function begin(one: Interpreter, call: Waiting): void {
    clearTimeout(one.timer);
    const { source, sample, item, globals = '{}', timeoutMs } = call.request;
    one.state = 'busy';
    one.source = source;
    one.call = call;
    one.grades++;
    call.tries++;
    one.timer = setTimeout(() => {
      one.call = null;
      end(one);
      call.settle(timedOut(timeoutMs));
      next();
    }, timeoutMs);
    one.port?.send({ type: 'grade', id: call.id, request: { source, sample, item, globals } });
  }

  function rest(one: Interpreter): void {
    one.state = 'idle';
    one.lastUsed = performance.now();
    one.timer = setTimeout(() => end(one), IDLE_MS);
    one.timer.unref();
  }

  /** It ended without being asked to. */
  function gone(one: Interpreter, memory: boolean): void {
    const { call, state } = one;
    if (state === 'gone') return;
    if (state === 'starting') return failStart(one, memory ? 'it needs more memory than it may have' : 'it ended');
    one.call = null;
    end(one);
    if (call && memory) call.settle(outOfMemory(call.request.memoryMb));
    else if (call && call.tries >= MOST_TRIES) call.settle(broken('its process ended'));
    else if (call) waiting.unshift(call);
    next();
  }

  function failStart(one: Interpreter, why: string): void {
    if (one.state === 'gone') return;
    end(one);
    problem = why;
    restUntil = performance.now() + REST_MS;
    // Nobody waits for a spare one; and another may still come.
    if (interpreters.some(({ state }) => state !== 'gone')) return;
    const left = waiting;
    waiting = [];
    for (const call of left) call.settle(noStart(why));
    sayStarting();
  }

  function end(one: Interpreter): void {
    clearTimeout(one.timer);
    one.state = 'gone';
    interpreters = interpreters.filter((each) => each !== one);
    one.port?.close();
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
          const at = interpreters.find((each) => each.call === call);
          if (at) {
            at.call = null;
            end(at);
          }
          reject(signal.reason instanceof Error ? signal.reason : new Error('Cancelled.'));
          next();
        }
        if (signal.aborted) return abort();
        if (resting() && interpreters.length === 0) return resolve(noStart(problem));
        signal.addEventListener('abort', abort, { once: true });
        note(request.source);
        waiting.push(call);
        next();
      });
    },
    async close() {
      closed = true;
      const left = [...waiting, ...interpreters.flatMap(({ call }) => (call ? [call] : []))];
      waiting = [];
      for (const one of [...interpreters]) end(one);
      for (const call of left) call.settle(serverFault('The app is closing.'));
    },
  };
}

function noStart(why: string): CodeAnswer {
  return serverFault(`The sandbox for Python did not start: ${why}.`);
}

function broken(why: string): CodeAnswer {
  return runtimeFault(`The grader broke its sandbox: ${why}`);
}
