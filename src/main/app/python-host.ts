/**
 * Interpreters of Python for graders, each in a hidden page and process of its own: sandboxed, without Node, with a session
 * that answers no address but the page's own files, and a policy that evaluates no script. Python in Node would be no
 * sandbox at all. Who asked for one talks to it over a port; nothing of what is said passes through here.
 */
import { MessageChannelMain, WebContentsView, app, session, type MessagePortMain, type Session } from 'electron';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pythonPortChannel, type PythonGone } from '#shared/rpc/host.ts';
import { pythonOrigin, pythonScheme } from './page-scheme.ts';

export type PythonHost = {
  /** @param memoryMb what the page's process may have; `gone` is called once, whatever the reason */
  readonly open: (memoryMb: number, gone: (end: PythonGone) => void) => OpenedPython;
  readonly closeAll: () => void;
};

export type OpenedPython = {
  /** The interpreter's end of it is in its page, or will be. */
  readonly port: MessagePortMain;
  readonly close: () => void;
};

/** A view that nothing holds is collected, and its page with it. */
type Running = { readonly view: WebContentsView; readonly memoryMb: number; readonly end: (end: PythonGone) => void };

const page = '<!doctype html><meta charset="utf-8"><title>Python graders</title>';
const contentTypes: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'python-worker.js': 'text/javascript; charset=utf-8',
  'pyodide.mjs': 'text/javascript; charset=utf-8',
  'pyodide.asm.mjs': 'text/javascript; charset=utf-8',
  'pyodide.asm.wasm': 'application/wasm',
  'python_stdlib.zip': 'application/zip',
  'pyodide-lock.json': 'application/json; charset=utf-8',
};
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  // The interpreter and its library are fetched; the session answers nothing else.
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const watchEvery = 250;

/** @param files folder of what the page loads; `preload` hands the port on */
export function createPythonHost(files: string, preload: string): PythonHost {
  const running = new Set<Running>();
  let closedSession: Session | null = null;
  let watch: NodeJS.Timeout | null = null;

  return {
    open(memoryMb, gone) {
      closedSession ??= openSession(files);
      // A view that is in no window: it is never shown, and counts as no window of the app.
      const view = new WebContentsView({
        webPreferences: {
          preload,
          session: closedSession,
          sandbox: true,
          contextIsolation: true,
          nodeIntegration: false,
          nodeIntegrationInWorker: false,
          webviewTag: false,
          spellcheck: false,
          devTools: false,
          backgroundThrottling: false,
        },
      });
      const contents = view.webContents;
      const { port1, port2 } = new MessageChannelMain();
      const one: Running = {
        view,
        memoryMb,
        end(end) {
          if (!running.delete(one)) return;
          stopWatching();
          gone(end);
          if (contents.isDestroyed()) return;
          // Asking a page to close waits for what it runs.
          contents.forcefullyCrashRenderer();
          contents.close();
        },
      };
      running.add(one);
      watch ??= setInterval(() => watchMemory(), watchEvery);
      contents.on('render-process-gone', () => one.end('crashed'));
      contents.on('destroyed', () => one.end('crashed'));
      contents.loadURL(`${pythonOrigin}/index.html`).then(
        () => contents.postMessage(pythonPortChannel, null, [port2]),
        (cause: unknown) => {
          if (running.has(one)) console.error('The page of Python graders did not load:', cause);
          one.end('crashed');
        },
      );
      return { port: port1, close: () => one.end('closed') };
    },
    closeAll() {
      for (const one of [...running]) one.end('closed');
    },
  };

  function watchMemory(): void {
    const used = new Map(app.getAppMetrics().map(({ pid, memory }) => [pid, memory.workingSetSize / 1024]));
    for (const one of [...running]) {
      const megabytes = used.get(one.view.webContents.getOSProcessId()) ?? 0;
      if (megabytes > one.memoryMb) one.end('memory');
    }
  }

  function stopWatching(): void {
    if (running.size > 0 || !watch) return;
    clearInterval(watch);
    watch = null;
  }
}

/** Kept in memory only, and shared with no page of the app. */
function openSession(files: string): Session {
  const own = session.fromPartition('python-graders', { cache: false });
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  own.setPermissionCheckHandler(() => false);
  own.setDevicePermissionHandler(() => false);
  own.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: fileOf(url) === null }));
  own.on('will-download', (event) => event.preventDefault());
  own.protocol.handle(pythonScheme, async ({ url, method }) => {
    const name = fileOf(url);
    if (name === null || method !== 'GET') return new Response('Not found', { status: 404 });
    const body = name === 'index.html' ? page : await readFile(join(files, name));
    return new Response(body, {
      headers: {
        'content-type': contentTypes[name] ?? '',
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
      },
    });
  });
  return own;
}

/** The one file that an address names, to the letter; null for every other address. */
function fileOf(url: string): string | null {
  const name = url.startsWith(`${pythonOrigin}/`) ? url.slice(pythonOrigin.length + 1) : '';
  return Object.hasOwn(contentTypes, name) ? name : null;
}
