/** What the engine and its reading thread say to each other. One call is in the thread at a time. */
import type { AppError } from '#shared/result.ts';
import type { ReadMethod } from '../api/reads.ts';

export type ThreadData = { readonly workspace: string; readonly nativeBinding: string | null };

export type ToThread =
  /** The arguments are checked. */
  | { readonly type: 'call'; readonly id: number; readonly method: ReadMethod; readonly args: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  /** Closes the file and ends. */
  | { readonly type: 'close' };

export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  /** `bug`: what belongs in the log, where it was no expected failure. */
  | { readonly type: 'failed'; readonly id: number; readonly error: AppError; readonly bug: string | null };
