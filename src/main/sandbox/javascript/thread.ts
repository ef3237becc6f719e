/**
 * The thread in which JavaScript graders run, so that one which is stuck where no deadline reaches can be ended with it.
 * Each grader has a module of its own, for as long as its grades go well.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { QuickJSWASMModule } from 'quickjs-emscripten-core';
import type { FromJavaScript, JavaScriptData, ToJavaScript } from './messages.ts';
import type { CompiledModule, RunRequest } from './run.ts';
import { loadModule, runInModule } from './run.ts';
import { serverFault } from '../answers.ts';
import type { CodeAnswer } from '../../graders/types.ts';

if (!parentPort) throw new Error('This file runs as a thread of the app.');
const port = parentPort;
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: { readonly Module: new (bytes: Uint8Array) => CompiledModule };
};
const compiled = new WebAssembly.Module(readFileSync((workerData as JavaScriptData).wasm));

/** A module's memory never shrinks, so it is replaced now and then. */
const GRADES_PER_MODULE = 500;
/** Graders that take turns keep their modules; each is a few megabytes. */
const MODULES = 8;
type Loaded = { readonly module: QuickJSWASMModule; grades: number };
const modules = new Map<string, Loaded>();

async function moduleFor(source: string): Promise<Loaded> {
  const key = createHash('sha256').update(source).digest('base64');
  const known = modules.get(key);
  modules.delete(key);
  const loaded = known && known.grades < GRADES_PER_MODULE ? known : { module: await loadModule(compiled), grades: 0 };
  modules.set(key, loaded);
  const oldest = modules.keys().next().value;
  if (modules.size > MODULES && oldest !== undefined) modules.delete(oldest);
  return loaded;
}

function drop(loaded: Loaded): void {
  for (const [key, each] of modules) if (each === loaded) modules.delete(key);
}

async function answer(request: RunRequest): Promise<CodeAnswer> {
  const loaded = await moduleFor(request.source);
  loaded.grades++;
  const ran = runInModule(loaded.module, request);
  if (ran.spent) drop(loaded);
  return ran.answer;
}

port.on('message', ({ id, request }: ToJavaScript) => {
  answer(request)
    .catch((cause: unknown) =>
      serverFault(`The sandbox did not start: ${cause instanceof Error ? cause.message : String(cause)}`),
    )
    .then((given) => port.postMessage({ id, answer: given } satisfies FromJavaScript))
    .catch((cause: unknown) => {
      throw cause;
    });
});
