/**
 * Starts the engine in a process of its own and keeps it running. A crash there loses no window: the engine is started
 * again, and every window that had a port is handed a new one.
 */
import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import type { EngineState } from '#shared/bridge.ts';
import type { KeyPlace } from '#shared/endpoint.ts';
import type { EngineConfig, FromHost, ToHost } from '#shared/rpc/host.ts';
import { backOff } from './back-off.ts';
import type { EndpointKeys } from './endpoint-keys.ts';
import type { OpenedPython, PythonHost } from './python-host.ts';

export type EngineProcess = {
  readonly state: () => EngineState;
  /** A new port to the engine; null unless it is ready. */
  readonly connect: () => MessagePortMain | null;
  /** Keeps the key of a judge endpoint (null: forgets it), tells the engine, and answers where it is kept. */
  readonly setKey: (endpointId: string, origin: string, key: string | null) => KeyPlace;
  /** Has Python graders run in a Python of the user's own; null = in the sandbox. */
  readonly setOwnPython: (path: string | null) => void;
  /** Stops the engine and starts it on another workspace. */
  readonly switchTo: (workspace: string) => Promise<void>;
  /** Lets the engine finish its writes, then ends it. */
  readonly stop: () => Promise<void>;
};

const stopLimit = 5_000;

export function startEngine(
  script: string,
  config: EngineConfig,
  python: PythonHost,
  keys: EndpointKeys,
  onState: (state: EngineState) => void,
): EngineProcess {
  let current: EngineState = { state: 'starting' };
  let child: UtilityProcess | null = null;
  let workspace = config.workspace;
  let { ownPython } = config;
  let restartTimer: NodeJS.Timeout | null = null;
  const crashes = backOff();
  const interpreters = new Map<number, OpenedPython>();
  start();

  return { state: () => current, connect, setKey, setOwnPython, switchTo, stop };

  function start(): void {
    const started = utilityProcess.fork(script, [], { serviceName: 'Tracewright engine', stdio: 'inherit' });
    child = started;
    started.on('message', (message: FromHost) => {
      if (child === started) hear(message);
    });
    started.on('exit', (code) => {
      if (child === started) restart(code);
    });
    send({ type: 'init', config: { ...config, workspace, ownPython } });
    for (const key of keys.all()) send({ type: 'judge-key', key });
  }

  function hear(message: FromHost): void {
    if (message.type === 'ready') change({ state: 'ready', info: message.info });
    if (message.type === 'failed') change({ state: 'failed', error: message.error });
    if (message.type === 'python-open') openPython(message.id, message.memoryMb);
    if (message.type === 'python-close') interpreters.get(message.id)?.close();
  }

  /** Its port goes to the engine: what is said with it never passes through this process. */
  function openPython(id: number, memoryMb: number): void {
    const asking = child;
    const opened = python.open(memoryMb, (end) => {
      interpreters.delete(id);
      if (child === asking) send({ type: 'python-gone', id, end });
    });
    interpreters.set(id, opened);
    send({ type: 'python-opened', id }, [opened.port]);
  }

  function setOwnPython(path: string | null): void {
    ownPython = path;
    send({ type: 'own-python', path });
  }

  function endInterpreters(): void {
    interpreters.clear();
    python.closeAll();
  }

  /** The engine ended without being asked to. */
  function restart(code: number): void {
    child = null;
    endInterpreters();
    // It said why before it ended; starting it again would end the same way.
    if (current.state === 'failed') return;
    const error = {
      code: 'internal',
      message: `The engine ended unexpectedly (code ${code}).`,
      hint: 'Stored traces are safe. If this repeats, start the app from a terminal and read what it prints.',
    } as const;
    const delay = crashes.next(Date.now());
    if (delay === null) return change({ state: 'failed', error });
    change({ state: 'restarting', error });
    restartTimer = setTimeout(start, delay);
  }

  function change(state: EngineState): void {
    current = state;
    onState(state);
  }

  function send(message: ToHost, ports: MessagePortMain[] = []): void {
    child?.postMessage(message, ports);
  }

  function setKey(endpointId: string, origin: string, key: string | null): KeyPlace {
    const entry = keys.set(endpointId, origin, key);
    send({ type: 'judge-key', key: entry });
    return entry.place;
  }

  function connect(): MessagePortMain | null {
    if (current.state !== 'ready') return null;
    const { port1, port2 } = new MessageChannelMain();
    send({ type: 'connect' }, [port1]);
    return port2;
  }

  async function switchTo(next: string): Promise<void> {
    await stop();
    workspace = next;
    change({ state: 'starting' });
    start();
  }

  async function stop(): Promise<void> {
    if (restartTimer) clearTimeout(restartTimer);
    restartTimer = null;
    const stopping = child;
    child = null;
    endInterpreters();
    if (!stopping?.pid) return;
    const ended = new Promise<void>((resolve) => {
      stopping.once('exit', () => resolve());
      stopping.on('message', (message: FromHost) => {
        if (message.type === 'stopped') resolve();
      });
    });
    stopping.postMessage({ type: 'shutdown' } satisfies ToHost);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, stopLimit);
    });
    await Promise.race([ended, limit]);
    clearTimeout(timer);
    stopping.kill();
  }
}
