import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

// The oldest runtime that the app must run on (Electron 33), not the installed one.
const nodeTarget = 'node20';
const chromeTarget = 'chrome130';
// A build goes to a folder of its own first, so that a running app never sees half of one: scripts/lib/build.mjs.
const outFolder = resolve(import.meta.dirname, process.env.TRACEWRIGHT_BUILD_OUT ?? 'out');
// The only package with a native addon, and so the only one that is not bundled: one file loads faster than hundreds.
const nativePackages = ['better-sqlite3'];

export default defineConfig({
  main: {
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
          cli: resolve(import.meta.dirname, 'src/main/cli/main.ts'),
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
        input: { index: resolve(import.meta.dirname, 'src/preload/index.ts') },
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
