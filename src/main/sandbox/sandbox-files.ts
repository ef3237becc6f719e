/** Where the sandboxes' files lie: beside this file and in node_modules when run from source, else beside the bundle. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export type JavaScriptFiles = { readonly thread: string; readonly wasm: string };

/** Null when they are not there: then there is no sandbox. */
export function javaScriptFiles(): JavaScriptFiles | null {
  const here = fileURLToPath(import.meta.url);
  const folder = dirname(here);
  if (here.endsWith('.ts')) {
    const wasm = createRequire(here).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
    return { thread: join(folder, 'javascript', 'thread.ts'), wasm };
  }
  // A bundle, or a chunk of one, which lies a folder deeper.
  for (const root of [folder, join(folder, '..')]) {
    const files = { thread: join(root, 'javascript-sandbox.js'), wasm: join(root, 'sandbox', 'quickjs.wasm') };
    if (existsSync(files.thread) && existsSync(files.wasm)) return files;
  }
  return null;
}

/** The modules that every interpreter of Python has: what runs a grader, and the stand-in for rapidfuzz; null = not there. */
export function pythonModules(): Readonly<Record<string, string>> | null {
  const here = fileURLToPath(import.meta.url);
  const folder = dirname(here);
  const places = here.endsWith('.ts')
    ? [join(folder, 'python', 'guest')]
    : [join(folder, 'sandbox', 'guest'), join(folder, '..', 'sandbox', 'guest')];
  const place = places.find((each) => existsSync(join(each, 'runner.py')));
  if (place === undefined) return null;
  const names = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'));
  return Object.fromEntries(
    names.sort().map((name) => [name.replaceAll(sep, '/'), readFileSync(join(place, name), 'utf8')]),
  );
}

/** The folder that Electron is started with; null when the app in it is not built. */
export function appFolder(): string | null {
  const here = fileURLToPath(import.meta.url);
  // From src/main/sandbox, from out/main and from out/main/chunks.
  const folders = ['../../..', '../..'].map((up) => join(dirname(here), up));
  const isApp = (folder: string): boolean =>
    ['package.json', 'out/main/app.js', 'out/main/sandbox/python-worker.js'].every((file) =>
      existsSync(join(folder, file)),
    );
  return folders.find(isApp) ?? null;
}
