/** What Electron's main process and the engine's utility process say to each other. */
import type { AppError } from '../result.ts';

export type EngineConfig = {
  readonly workspace: string;
  /** Wanted port; 0 = any free one. When taken, the next free one is used and `notice` says so. */
  readonly httpPort: number;
  /** Path of a better-sqlite3 binary for runtimes that cannot load the bundled one. */
  readonly nativeBinding: string | null;
  readonly appVersion: string;
};

export type ReadyInfo = { readonly workspace: string; readonly httpUrl: string | null; readonly notice: string | null };

export type ToHost =
  | { readonly type: 'init'; readonly config: EngineConfig }
  /** Comes with one transferred MessagePortMain. */
  | { readonly type: 'connect' }
  | { readonly type: 'shutdown' };

export type FromHost =
  | { readonly type: 'ready'; readonly info: ReadyInfo }
  | { readonly type: 'failed'; readonly error: AppError }
  | { readonly type: 'stopped' };
