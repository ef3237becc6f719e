import type { AppError } from '#shared/result.ts';

/** SQLite's result code ("SQLITE_BUSY", …) of an error thrown by the driver, or null for any other error. */
export function sqliteCode(cause: unknown): string | null {
  if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'string') return null;
  return cause.code.startsWith('SQLITE_') ? cause.code : null;
}

/** What a failed write means for the person and for the client that sent the data; null when it is our bug. */
export function writeFailure(cause: unknown): AppError | null {
  const code = sqliteCode(cause);
  if (code === null) return null;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return { code: 'store_busy', message: 'The workspace is busy.', hint: 'It is tried again by itself.' };
  }
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR')) {
    return {
      code: 'store_full',
      message: 'The disk that holds the workspace is full or failing.',
      hint: 'Free some space; senders try again by themselves.',
    };
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM') {
    return {
      code: 'store_read_only',
      message: 'The workspace file cannot be written.',
      hint: 'Check the permissions of the file and its folder.',
    };
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return {
      code: 'workspace_corrupt',
      message: 'The workspace file is damaged.',
      hint: 'Open a backup, or start a new workspace; nothing was overwritten.',
    };
  }
  return null;
}
