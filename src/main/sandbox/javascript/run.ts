/**
 * Runs one grader in a QuickJS module: a runtime and context of its own, with a deadline, a limit of memory and of stack.
 * Nothing of the host is handed in but JSON texts, and nothing comes out but one text.
 */
import {
  Scope,
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';
import releaseVariant from '@jitl/quickjs-wasmfile-release-sync';
import type { CodeAnswer, CodeRequest } from '../../graders/types.ts';
import { LONGEST_PRINTED, LONGEST_VALUE, outOfMemory, readAnswer, runtimeFault, timedOut } from '../answers.ts';
import { PRELUDE } from './prelude.ts';

/** With twice as much, an overflow left the module in a state that ended it. */
const STACK_BYTES = 256 * 1024;
/** Of what a guest hands out: a value of full length, each character of it escaped, and what it printed. */
const LONGEST_OUTCOME = LONGEST_VALUE * 7;
const LONGEST_MESSAGE = 100_000;
/** The engine's own faults: of memory, of the stack. */
const INTERNAL = 'InternalError';
const JOBS_AT_A_TIME = 1_000;
const MODULE_WORDS = /\b(?:export|import|await)\b/;

/** A `WebAssembly.Module`: Node's types do not name it. */
export type CompiledModule = object;

export type RunRequest = Omit<CodeRequest, 'language'>;
export type Ran = {
  readonly answer: CodeAnswer;
  /** The module may be in any state: it must not be used again. */
  readonly spent: boolean;
};

/** A fresh instance of the compiled module. */
export function loadModule(compiled: CompiledModule): Promise<QuickJSWASMModule> {
  const silent = { print: () => undefined, printErr: () => undefined };
  const variant: QuickJSSyncVariant = newVariant(releaseVariant, {
    wasmModule: compiled,
    emscriptenModule: silent as never,
  });
  return newQuickJSWASMModuleFromVariant(variant);
}

export function runInModule(module: QuickJSWASMModule, request: RunRequest): Ran {
  let ran: Ran | null = null;
  try {
    // Everything that the guest made is let go before its runtime is: one that still holds something ends the module.
    Scope.withScope((scope) => {
      const runtime = scope.manage(module.newRuntime());
      runtime.setMemoryLimit(request.memoryMb * 1024 * 1024);
      runtime.setMaxStackSize(STACK_BYTES);
      const deadline = performance.now() + request.timeoutMs;
      const late = (): boolean => performance.now() > deadline;
      runtime.setInterruptHandler(late);
      const context = scope.manage(runtime.newContext());
      ran = grade({ scope, runtime, context, request, late });
    });
    if (ran) return ran;
    throw new Error('there is no answer');
  } catch (cause) {
    // An abort of the module, or an overflow of the stack around it. What is left of both is dropped with the module.
    return { answer: failed(ran) ?? runtimeFault(`The grader broke its sandbox: ${firstLine(cause)}`), spent: true };
  }
}

/** Why the guest was stopped says more than that the module ended with it. */
function failed(ran: Ran | null): CodeAnswer | null {
  return ran?.answer.ok === false ? ran.answer : null;
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}

type Guest = {
  readonly scope: Scope;
  readonly runtime: QuickJSRuntime;
  readonly context: QuickJSContext;
  readonly request: RunRequest;
  readonly late: () => boolean;
};
type Step = { readonly value: QuickJSHandle } | { readonly error: QuickJSHandle };

function grade(guest: Guest): Ran {
  const { runtime, request, late } = guest;
  const prelude = evaluate(guest, PRELUDE, 'prelude.js');
  if ('error' in prelude) return limited(guest);
  const own = prelude.value;

  const begun = callOwn(guest, own, 'begin', [text(guest, request.globals ?? '{}')]);
  if ('error' in begun) return stopped(guest, begun.error, own);
  const exported = load(guest, own);
  if ('error' in exported) return stopped(guest, exported.error, own);
  if (exported.value === null) return { answer: runtimeFault('The source awaits what never comes.'), spent: true };
  const found = evaluate(guest, "typeof grade === 'undefined' ? undefined : grade", 'find.js');
  if ('error' in found) return stopped(guest, found.error, own);
  const called = callOwn(guest, own, 'call', [
    found.value,
    exported.value,
    text(guest, request.sample),
    text(guest, request.item),
  ]);
  if ('error' in called) return stopped(guest, called.error, own);

  let outcome = outcomeOf(guest, own);
  while (outcome === '' && runtime.hasPendingJob()) {
    if (late()) return limited(guest);
    const ran = runtime.executePendingJobs(JOBS_AT_A_TIME);
    if (ran.error) return stopped(guest, managed(guest, ran.error), own);
    outcome = outcomeOf(guest, own);
  }
  if (outcome === null) return { answer: runtimeFault('The grader broke its own answer.'), spent: true };
  if (outcome === '' && late()) return limited(guest);
  if (outcome === '') return { answer: runtimeFault('grade() returned a promise that never settles.'), spent: true };
  const answer = readAnswer(outcome);
  const internal = !answer.ok && answer.message.startsWith(INTERNAL);
  if (internal && isMemory(answer.message)) return limited(guest);
  return { answer, spent: internal || runtime.hasPendingJob() };
}

/**
 * The source as a script, and where that is no script, as the module that people write by habit. Its value is what the
 * module exports, undefined of a script, and null of a module that waits for ever.
 */
function load(guest: Guest, own: QuickJSHandle): Step | { readonly value: null } {
  const { context, runtime, request, late } = guest;
  const script = evaluate(guest, request.source, 'grader.js');
  if (!('error' in script)) return { value: context.undefined };
  if (late() || !MODULE_WORDS.test(request.source) || !isSyntax(guest, script.error)) return script;
  const evaluated = evaluate(guest, request.source, 'grader.js', 'module');
  if ('error' in evaluated) return evaluated;
  for (;;) {
    const settling = context.getPromiseState(evaluated.value);
    if (settling.type === 'fulfilled') return { value: managed(guest, settling.value) };
    if (settling.type === 'rejected') return { error: managed(guest, settling.error) };
    // Stopped in the middle of its last job, it has none left either.
    if (late()) return { error: own };
    if (!runtime.hasPendingJob()) return { value: null };
    const ran = runtime.executePendingJobs(JOBS_AT_A_TIME);
    if (ran.error) return { error: managed(guest, ran.error) };
  }
}

/** Nothing of the source ran yet where it is one, so that its name is the engine's. */
function isSyntax(guest: Guest, error: QuickJSHandle): boolean {
  const { context } = guest;
  const name = managed(guest, context.getProp(error, 'name'));
  return context.typeof(name) === 'string' && textWithin(guest, name, 20) === 'SyntaxError';
}

/** What the guest said so far: '' = nothing yet, null = no text, or one that is too long. */
function outcomeOf(guest: Guest, own: QuickJSHandle): string | null {
  const { context } = guest;
  const said = callOwn(guest, own, 'outcome', []);
  if ('error' in said || context.typeof(said.value) !== 'string') return null;
  return textWithin(guest, said.value, LONGEST_OUTCOME);
}

/** An error that the guest did not or could not catch: a syntax error, a throw at top level, a limit. */
function stopped(guest: Guest, error: QuickJSHandle, own: QuickJSHandle): Ran {
  const { context, late } = guest;
  if (late()) return limited(guest);
  const described = callOwn(guest, own, 'describe', [error]);
  if ('error' in described || context.typeof(described.value) !== 'string') return limited(guest);
  const message = textWithin(guest, described.value, LONGEST_MESSAGE) ?? 'It threw a very long message.';
  if (late() || isMemory(message)) return limited(guest);
  const printed = callOwn(guest, own, 'printed', []);
  const shown = 'error' in printed ? null : textWithin(guest, printed.value, LONGEST_PRINTED * 2);
  return { answer: runtimeFault(message, shown ?? ''), spent: message.startsWith(INTERNAL) };
}

/** `null` is thrown when there is no memory left for an error. */
function isMemory(message: string): boolean {
  return message === 'It threw null' || message.startsWith(`${INTERNAL}: out of memory`);
}

/** Stopped for its time, or else for its memory: the only two that leave no error to read. */
function limited({ late, request }: Guest): Ran {
  return { answer: late() ? timedOut(request.timeoutMs) : outOfMemory(request.memoryMb), spent: true };
}

function evaluate(guest: Guest, code: string, file: string, type: 'global' | 'module' = 'global'): Step {
  return settled(guest, guest.context.evalCode(code, file, { type }));
}

function callOwn(guest: Guest, own: QuickJSHandle, name: string, args: QuickJSHandle[]): Step {
  const { context } = guest;
  return settled(guest, context.callFunction(managed(guest, context.getProp(own, name)), own, ...args));
}

function settled(guest: Guest, result: ReturnType<QuickJSContext['evalCode']>): Step {
  return result.error ? { error: managed(guest, result.error) } : { value: managed(guest, result.value) };
}

function text(guest: Guest, content: string): QuickJSHandle {
  return managed(guest, guest.context.newString(content));
}

function managed<T extends QuickJSHandle>({ scope }: Guest, handle: T): T {
  return scope.manage(handle);
}

function textWithin(guest: Guest, handle: QuickJSHandle, most: number): string | null {
  const { context } = guest;
  const length = context.getNumber(managed(guest, context.getProp(handle, 'length')));
  return length > most ? null : context.getString(handle);
}
