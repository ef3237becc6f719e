/** Has Electron's main process open interpreters of Python for the engine: what is said with them goes over a port of their own. */
import type { FromHost, ToHost } from '#shared/rpc/host.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import type { FromPython } from '../../sandbox/python/messages.ts';
import type { OpenPython, PythonListener, PythonPort } from '../../sandbox/python/open.ts';

type MainPort = {
  readonly postMessage: (message: unknown) => void;
  readonly on: (event: 'message', listener: (event: { readonly data: unknown }) => void) => void;
  readonly start: () => void;
  readonly close: () => void;
};

export type PythonFromMain = {
  readonly open: OpenPython;
  /** Takes what main says of it. */
  readonly hear: (
    message: Extract<ToHost, { readonly type: 'python-opened' | 'python-gone' }>,
    ports: readonly MainPort[],
  ) => void;
};

type Asked = {
  readonly listener: PythonListener;
  readonly opened: (result: Result<PythonPort, string>) => void;
  port: MainPort | null;
};

export function pythonFromMain(tell: (message: FromHost) => void): PythonFromMain {
  const all = new Map<number, Asked>();
  let nextId = 1;
  return {
    open: (memoryMb, listener) =>
      new Promise((opened) => {
        const id = nextId++;
        all.set(id, { listener, opened, port: null });
        tell({ type: 'python-open', id, memoryMb });
      }),
    hear(message, [port]) {
      const { id } = message;
      const asked = all.get(id);
      if (!asked) return;
      if (message.type === 'python-gone') {
        all.delete(id);
        asked.port?.close();
        if (asked.port) asked.listener.gone(message.end);
        else asked.opened(fail('its page ended'));
        return;
      }
      if (!port) return;
      asked.port = port;
      port.on('message', ({ data }) => asked.listener.message(data as FromPython));
      port.start();
      asked.opened(
        ok({
          send: (said) => port.postMessage(said),
          close() {
            all.delete(id);
            port.close();
            tell({ type: 'python-close', id });
          },
        }),
      );
    },
  };
}
