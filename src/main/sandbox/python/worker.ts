/**
 * Runs in a module Worker of a hidden, sandboxed page that nothing else shows: Pyodide, with one grader's code in it. The
 * page's policy and its session keep it from every address but its own files; what is taken away here comes on top of that.
 */
import type { FromPython, PythonRequest, ToPython } from './messages.ts';

type GuestPort = {
  postMessage(message: FromPython): void;
  onmessage: ((event: { readonly data: ToPython }) => void) | null;
};
type Scope = {
  onmessage: ((event: { readonly ports: readonly GuestPort[] }) => void) | null;
  readonly WebAssembly: {
    readonly Memory: { readonly prototype: { readonly buffer: ArrayBuffer; grow(pages: number): number } };
  };
};
type Run = (source: string, sample: string, item: string, globals: string, hint: string) => unknown;
type Pyodide = {
  readonly version: string;
  readonly FS: { mkdirTree(path: string): void; writeFile(path: string, text: string): void };
  readonly pyimport: (name: string) => { readonly run: Run };
  readonly runPython: (code: string) => unknown;
  readonly unregisterJsModule: (name: string) => void;
};
type LoadPyodide = (options: Record<string, unknown>) => Promise<Pyodide>;

const scope = globalThis as unknown as Scope;
const folder = '/home/pyodide/graders';
const HINT =
  'The sandbox has the standard library and rapidfuzz only. A grader that needs more can run in a Python of your own: see docs/graders.md.';
/** A returned value of full length, each character of it escaped, and what was printed. */
const LONGEST_ANSWER = 2 * 1024 * 1024;
const PAGE_BYTES = 65_536;
/** Addresses, storage, other threads: the guest has no use for them, and reaches none of them either. */
const TAKEN_AWAY = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'WebTransport',
  'EventSource',
  'importScripts',
  'indexedDB',
  'caches',
  'Worker',
  'SharedWorker',
  'BroadcastChannel',
  'Notification',
  'RTCPeerConnection',
  'RTCDataChannel',
  'FileReaderSync',
  'Request',
  'navigator',
  'close',
];

scope.onmessage = ({ ports: [port] }) => {
  scope.onmessage = null;
  if (port) serve(port);
};

function serve(port: GuestPort): void {
  let run: Run | null = null;
  port.onmessage = ({ data }) => {
    if (data.type === 'begin') {
      load(data.files, data.memoryMb).then(
        (loaded) => {
          run = loaded.run;
          port.postMessage({ type: 'ready', environment: loaded.environment });
        },
        (cause: unknown) => port.postMessage({ type: 'failed', message: messageOf(cause) }),
      );
      return;
    }
    if (run) port.postMessage({ type: 'answer', id: data.id, ...grade(run, data.request) });
  };
}

function grade(run: Run, request: PythonRequest): { text: string | null; message: string } {
  try {
    const text = run(request.source, request.sample, request.item, request.globals, HINT);
    if (typeof text !== 'string') return { text: null, message: 'it gave no answer' };
    return text.length > LONGEST_ANSWER ? { text: null, message: 'it said too much' } : { text, message: '' };
  } catch (cause) {
    return { text: null, message: messageOf(cause) };
  }
}

async function load(
  files: Readonly<Record<string, string>>,
  memoryMb: number,
): Promise<{ readonly run: Run; readonly environment: string }> {
  limitMemory(memoryMb);
  const address = new URL('./pyodide.mjs', import.meta.url).href;
  const { loadPyodide } = (await import(/* @vite-ignore */ address)) as { readonly loadPyodide: LoadPyodide };
  const pyodide = await loadPyodide({
    indexURL: new URL('./', import.meta.url).href,
    // What Python sees as the module `js`.
    jsglobals: Object.create(null) as object,
    env: { HOME: '/home/pyodide', PYTHONHASHSEED: '0' },
    // Without these, printing from a worker fails.
    stdout: () => undefined,
    stderr: () => undefined,
    stdin: () => null,
  });
  for (const [path, text] of Object.entries(files)) {
    pyodide.FS.mkdirTree(`${folder}/${path}`.replace(/\/[^/]*$/, ''));
    pyodide.FS.writeFile(`${folder}/${path}`, text);
  }
  pyodide.runPython(`import sys; sys.path.append(${JSON.stringify(folder)})`);
  const { run } = pyodide.pyimport('runner');
  const version = String(pyodide.runPython('sys.version.split()[0]'));
  for (const name of ['js', 'pyodide_js']) {
    pyodide.unregisterJsModule(name);
    pyodide.runPython(`sys.modules.pop(${JSON.stringify(name)}, None)`);
  }
  for (const name of TAKEN_AWAY) takeAway(name);
  return { run, environment: `Python ${version} in the sandbox (Pyodide ${pyodide.version})` };
}

/** Python then raises MemoryError, as it does where a machine has no more. */
function limitMemory(memoryMb: number): void {
  const { prototype } = scope.WebAssembly.Memory;
  const grow: unknown = Reflect.get(prototype, 'grow');
  const most = memoryMb * 1024 * 1024;
  prototype.grow = function (this: typeof prototype, pages: number): number {
    if (this.buffer.byteLength + pages * PAGE_BYTES > most) throw new RangeError('The limit of memory is reached.');
    return Number(Reflect.apply(grow as (pages: number) => number, this, [pages]));
  };
}

function takeAway(name: string): void {
  for (let owner: object | null = globalThis; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    if (!Object.hasOwn(owner, name)) continue;
    Reflect.deleteProperty(owner, name);
    Object.defineProperty(owner, name, { value: undefined, configurable: false, writable: false });
  }
}

function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, 2_000);
}
