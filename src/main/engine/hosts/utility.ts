/**
 * The engine as Electron's utility process: main sends `init` once and one port per window. Nothing here imports
 * 'electron'; the port types are the part of its API that we use.
 */
import type { FromHost, JudgeKey, ToHost } from '#shared/rpc/host.ts';
import type { ClientMessage, Port, ServerMessage } from '#shared/rpc/wire.ts';
import type { Engine } from '../create-engine.ts';
import { createEngine } from '../create-engine.ts';
import { pythonFromMain } from './python-from-main.ts';

type MainPort = {
  readonly postMessage: (message: unknown) => void;
  readonly on: (
    event: 'message' | 'close',
    listener: (event: { readonly data: unknown; readonly ports: readonly MainPort[] }) => void,
  ) => void;
  readonly start: () => void;
  readonly close: () => void;
};

const parent = (process as unknown as { readonly parentPort?: MainPort }).parentPort;
if (!parent) throw new Error('This file runs as an Electron utility process.');
const main: MainPort = parent;

let engine: Engine | null = null;
const python = pythonFromMain(tell);
/** Windows may connect while the workspace is still being opened. */
let early: MainPort[] = [];
let earlyKeys: JudgeKey[] = [];

function tell(message: FromHost): void {
  main.postMessage(message);
}

function wrap(port: MainPort): Port<ServerMessage, ClientMessage> {
  return {
    send: (message) => {
      port.postMessage(message);
    },
    onMessage: (listener) => {
      port.on('message', (event) => {
        listener(event.data as ClientMessage);
      });
      port.start();
    },
    onClose: (listener) => {
      port.on('close', () => {
        listener();
      });
    },
    close: () => {
      port.close();
    },
  };
}

async function handle(message: ToHost, ports: readonly MainPort[]): Promise<void> {
  switch (message.type) {
    case 'init': {
      const { config } = message;
      const created = await createEngine({
        workspace: config.workspace,
        httpPort: config.httpPort,
        nativeBinding: config.nativeBinding,
        appVersion: config.appVersion,
        readerThread: true,
        sandboxes: { openPython: python.open, ownPython: config.ownPython },
      });
      if (!created.ok) {
        tell({ type: 'failed', error: created.error });
        return;
      }
      engine = created.value;
      for (const port of early) engine.connect(wrap(port));
      early = [];
      for (const key of earlyKeys) engine.setKey(key);
      earlyKeys = [];
      const info = engine.info();
      tell({ type: 'ready', info: { workspace: info.workspace, httpUrl: info.httpUrl, notice: info.notice } });
      return;
    }
    case 'connect':
      for (const port of ports) {
        if (engine) engine.connect(wrap(port));
        else early.push(port);
      }
      return;
    case 'judge-key':
      if (engine) engine.setKey(message.key);
      else earlyKeys.push(message.key);
      return;
    case 'own-python':
      engine?.setOwnPython(message.path);
      return;
    case 'python-opened':
    case 'python-gone':
      python.hear(message, ports);
      return;
    case 'shutdown':
      await engine?.close();
      tell({ type: 'stopped' });
      return;
  }
}

main.on('message', (event) => {
  handle(event.data as ToHost, event.ports).catch((cause: unknown) => {
    tell({
      type: 'failed',
      error: { code: 'internal', message: cause instanceof Error ? cause.message : String(cause) },
    });
  });
});
