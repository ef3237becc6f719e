/**
 * The app as a host of Python graders for the command line, which has no hidden pages of its own: no window, no workspace,
 * no engine. It speaks over the channel of the process that started it, and ends with it.
 */
import { app, type MessagePortMain } from 'electron';
import { join } from 'node:path';
import type { FromPythonHost, ToPythonHost } from '#shared/rpc/host.ts';
import { lockDown } from './lock-down.ts';
import { createPythonHost, type OpenedPython } from './python-host.ts';

/** @param out folder of the built app */
export function servePython(out: string): void {
  const opened = new Map<number, OpenedPython & { readonly port: MessagePortMain }>();
  const host = createPythonHost(join(out, 'main', 'sandbox'), join(out, 'preload', 'python.cjs'));

  function tell(message: FromPythonHost): void {
    if (process.connected) process.send?.(message);
  }

  function hear(message: ToPythonHost): void {
    const one = opened.get(message.id);
    switch (message.type) {
      case 'python-open':
        return open(message.id, message.memoryMb);
      case 'python-close':
        return one?.close();
      case 'python-say':
        return one?.port.postMessage(message.message);
    }
  }

  function open(id: number, memoryMb: number): void {
    const one = host.open(memoryMb, (end) => {
      opened.delete(id);
      tell({ type: 'python-gone', id, end });
    });
    opened.set(id, one);
    one.port.on('message', ({ data }) => tell({ type: 'python-said', id, message: data as unknown }));
    one.port.start();
    tell({ type: 'python-opened', id });
  }

  function stop(): void {
    host.closeAll();
    app.exit(0);
  }

  // No window is ever open: without this listener the app would end, or wait for one.
  app.on('window-all-closed', () => undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('disconnect', stop);
  void app.whenReady().then(() => {
    if (!process.connected) return stop();
    app.dock?.hide();
    lockDown(null);
    process.on('message', (message) => hear(message as ToPythonHost));
    tell({ type: 'python-host-ready' });
  });
}
