/**
 * Opens interpreters of Python from a process that is not Electron, the command line say: starts the app as a host of them,
 * without a window and without a display, and ends it when nothing needs it any more.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { FromPythonHost, PythonGone, ToPythonHost } from '#shared/rpc/host.ts';
import { pythonHostArgument } from '#shared/rpc/host.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import type { FromPython } from './messages.ts';
import type { OpenPython, PythonListener, PythonPort } from './open.ts';

const START_MS = 60_000;

type Asked = {
  readonly listener: PythonListener;
  readonly opened: (result: Result<PythonPort, string>) => void;
  isOpen: boolean;
};

/**
 * @param executable path of an Electron
 * @param folder of the built app
 */
export function pythonInElectron(executable: string, folder: string): OpenPython {
  let host: ChildProcess | null = null;
  let ready: Promise<string | null> | null = null;
  const all = new Map<number, Asked>();
  let nextId = 1;

  /** Null when it runs, else why not. */
  function start(): Promise<string | null> {
    const started = spawn(executable, hostArguments(folder), {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: undefined },
    });
    host = started;
    // The command ends when its work has: the host notices, and ends too.
    started.unref();
    started.channel?.unref();
    return new Promise((resolve) => {
      const late = setTimeout(() => ended('it did not start in time'), START_MS);
      late.unref();
      started.on('error', ({ message }) => ended(message));
      started.on('exit', (code, signal) => ended(`it ended with ${signal ?? `code ${code}`}`));
      started.on('message', (message: FromPythonHost) => {
        if (message.type !== 'python-host-ready') return hear(message);
        clearTimeout(late);
        resolve(null);
      });
      function ended(why: string): void {
        clearTimeout(late);
        resolve(`Electron at ${executable} did not run: ${why}`);
        if (host !== started) return;
        host = null;
        ready = null;
        started.kill('SIGKILL');
        for (const id of [...all.keys()]) gone(id, 'crashed');
      }
    });
  }

  function hear(message: Exclude<FromPythonHost, { readonly type: 'python-host-ready' }>): void {
    const { id } = message;
    const asked = all.get(id);
    if (!asked) return;
    switch (message.type) {
      case 'python-opened':
        asked.isOpen = true;
        return asked.opened(
          ok({ send: (said) => tell({ type: 'python-say', id, message: said }), close: () => end(id) }),
        );
      case 'python-gone':
        return gone(id, message.end);
      case 'python-said':
        return asked.listener.message(message.message as FromPython);
    }
  }

  function gone(id: number, end: PythonGone): void {
    const asked = all.get(id);
    all.delete(id);
    if (asked?.isOpen) asked.listener.gone(end);
    else asked?.opened(fail('its page ended'));
    stopUnused();
  }

  function end(id: number): void {
    if (!all.delete(id)) return;
    tell({ type: 'python-close', id });
    stopUnused();
  }

  function stopUnused(): void {
    if (all.size > 0 || !host) return;
    const unused = host;
    host = null;
    ready = null;
    if (unused.connected) unused.disconnect();
  }

  function tell(message: ToPythonHost): void {
    if (host?.connected) host.send(message);
  }

  return (memoryMb, listener) =>
    new Promise((opened) => {
      const id = nextId++;
      all.set(id, { listener, opened, isOpen: false });
      ready ??= start();
      void ready.then((problem) => {
        if (problem === null) return tell({ type: 'python-open', id, memoryMb });
        all.delete(id);
        opened(fail(problem));
      });
    });
}

function hostArguments(folder: string): string[] {
  const isRoot = process.getuid?.() === 0;
  return [
    // Chromium's own sandbox refuses to run as root; everybody else keeps it.
    ...(isRoot ? ['--no-sandbox'] : []),
    // Nothing is ever shown: no display is needed.
    ...(process.platform === 'linux' ? ['--ozone-platform=headless'] : []),
    '--disable-gpu',
    folder,
    pythonHostArgument,
  ];
}
