/** What Electron's main process and the engine's utility process say to each other. */
import type { AppError } from '../result.ts';

export type EngineConfig = {
  readonly workspace: string;
  /** Wanted port; 0 = any free one. When taken, the next free one is used and `notice` says so. */
  readonly httpPort: number;
  /** Path of a better-sqlite3 binary for runtimes that cannot load the bundled one. */
  readonly nativeBinding: string | null;
  readonly appVersion: string;
  /** Where Python graders run instead of the sandbox: a program that the user chose for it on this machine. */
  readonly ownPython: string | null;
};

export type ReadyInfo = { readonly workspace: string; readonly httpUrl: string | null; readonly notice: string | null };

export type ToHost =
  | { readonly type: 'init'; readonly config: EngineConfig }
  /** Comes with one transferred MessagePortMain. */
  | { readonly type: 'connect' }
  /** Also while the engine starts. */
  | { readonly type: 'judge-key'; readonly key: JudgeKey }
  | { readonly type: 'own-python'; readonly path: string | null }
  /** Comes with the port of an interpreter of Python that was asked for. */
  | { readonly type: 'python-opened'; readonly id: number }
  /** That interpreter is no more, or could not be had. */
  | { readonly type: 'python-gone'; readonly id: number; readonly end: PythonGone }
  | { readonly type: 'shutdown' };

export type FromHost =
  | { readonly type: 'ready'; readonly info: ReadyInfo }
  | { readonly type: 'failed'; readonly error: AppError }
  /** An interpreter of Python in a hidden page: main opens it, and never sees what is said over its port. */
  | { readonly type: 'python-open'; readonly id: number; readonly memoryMb: number }
  | { readonly type: 'python-close'; readonly id: number }
  | { readonly type: 'stopped' };

/** The key of a judge endpoint, for one origin and no other; null = it is taken away. */
export type JudgeKey = {
  readonly endpointId: string;
  readonly origin: string;
  readonly key: string | null;
  readonly place: 'keychain' | 'session';
};

export type PythonGone = 'closed' | 'memory' | 'crashed';

/** Where the preload script of that page is handed the port. */
export const pythonPortChannel = 'python-port';

/** What the command line and the Electron that it starts for Python say to each other, where no port can be handed on. */
export type ToPythonHost =
  | Extract<FromHost, { readonly type: 'python-open' | 'python-close' }>
  | { readonly type: 'python-say'; readonly id: number; readonly message: unknown };
export type FromPythonHost =
  | { readonly type: 'python-host-ready' }
  | Extract<ToHost, { readonly type: 'python-opened' | 'python-gone' }>
  | { readonly type: 'python-said'; readonly id: number; readonly message: unknown };

/** The argument that makes the app such a host, with no window and no workspace. */
export const pythonHostArgument = '--python-host';
