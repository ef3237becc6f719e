/** The closed set of error codes that cross the RPC border; add here before using a new one. */
export type ErrorCode =
  | 'bad_request'
  | 'not_found'
  | 'unsupported_format'
  | 'unreadable_file'
  | 'unwritable_file'
  | 'file_exists'
  | 'too_large'
  | 'cancelled'
  | 'engine_restarted'
  | 'workspace_locked'
  | 'workspace_corrupt'
  | 'workspace_foreign'
  | 'workspace_newer'
  | 'workspace_unwritable'
  | 'store_busy'
  | 'store_full'
  | 'store_read_only'
  | 'port_taken'
  | 'internal';

/** An expected failure: a stable code, one sentence, and the next step for the person who reads it. */
export type AppError = { readonly code: ErrorCode; readonly message: string; readonly hint?: string };

export type Result<T, E = AppError> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

export function fail<E>(error: E): Result<never, E> {
  return { ok: false, error };
}

/**
 * Carries an AppError through code that throws (a transaction, a promise chain).
 * Only its `error` crosses borders: a thrown Error loses its code over structured clone.
 */
export class AppFailure extends Error {
  readonly error: AppError;

  constructor(error: AppError) {
    super(error.message);
    this.error = error;
  }
}

export function toAppError(cause: unknown): AppError {
  if (cause instanceof AppFailure) return cause.error;
  return { code: 'internal', message: cause instanceof Error ? cause.message : String(cause) };
}
