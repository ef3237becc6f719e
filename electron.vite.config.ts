import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve, sep } from 'node:path';
import type { Plugin } from 'vite';

// The oldest runtime that the app must run on (Electron 33), not the installed one.
const nodeTarget = 'node20';
const chromeTarget = 'chrome130';
// A build goes to a folder of its own first, so that a running app never sees half of one: scripts/lib/build.mjs.
const outFolder = resolve(import.meta.dirname, process.env.TRACEWRIGHT_BUILD_OUT ?? 'out');
// The only package with a native addon, and so the only one that is not bundled: one file loads faster than hundreds.
const nativePackages = ['better-sqlite3'];

/** Puts what the sandboxes load at run time beside the bundle: an app without node_modules must find it too. */
function sandboxFiles(): Plugin {
  const require = createRequire(import.meta.url);
  const pyodide = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip', 'pyodide-lock.json'];
  const guest = resolve(import.meta.dirname, 'src/main/sandbox/python/guest');
  const files: Record<string, string> = {
    'quickjs.wasm': require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm'),
    ...Object.fromEntries(pyodide.map((name) => [name, require.resolve(`pyodide/${name}`)])),
    ...Object.fromEntries(
      readdirSync(guest, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.py'))
        .map((name) => [`guest/${name.replaceAll(sep, '/')}`, resolve(guest, name)]),
    ),
  };
  return {
    name: 'sandbox-files',
    generateBundle() {
      for (const [name, path] of Object.entries(files))
        this.emitFile({ type: 'asset', fileName: `sandbox/${name}`, source: readFileSync(path) });
    },
  };
}

export default defineConfig({
  main: {
    plugins: [sandboxFiles()],
    build: {
      outDir: resolve(outFolder, 'main'),
      target: nodeTarget,
      sourcemap: true,
      externalizeDeps: false,
      rollupOptions: {
        external: nativePackages,
        input: {
          app: resolve(import.meta.dirname, 'src/main/app/main.ts'),
          engine: resolve(import.meta.dirname, 'src/main/engine/hosts/utility.ts'),
          // The engine starts it as a thread; see src/main/engine/reader/thread-file.ts.
          reader: resolve(import.meta.dirname, 'src/main/engine/reader/thread.ts'),
          // Likewise; see src/main/engine/grading/grader-thread.ts.
          grader: resolve(import.meta.dirname, 'src/main/engine/grading/thread.ts'),
          cli: resolve(import.meta.dirname, 'src/main/cli/main.ts'),
          // A thread too; see src/main/sandbox/sandbox-files.ts.
          'javascript-sandbox': resolve(import.meta.dirname, 'src/main/sandbox/javascript/thread.ts'),
          // Served to the hidden page of Python graders; see src/main/app/python-host.ts.
          'sandbox/python-worker': resolve(import.meta.dirname, 'src/main/sandbox/python/worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: resolve(outFolder, 'preload'),
      target: nodeTarget,
      sourcemap: true,
      externalizeDeps: false,
      rollupOptions: {
        input: {
          index: resolve(import.meta.dirname, 'src/preload/index.ts'),
          python: resolve(import.meta.dirname, 'src/preload/python.ts'),
        },
        // A sandboxed preload script is loaded as CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(import.meta.dirname, 'src/renderer'),
    plugins: [react()],
    build: {
      outDir: resolve(outFolder, 'renderer'),
      target: chromeTarget,
      sourcemap: true,
      minify: true,
      rollupOptions: { input: resolve(import.meta.dirname, 'src/renderer/index.html') },
    },
  },
});
