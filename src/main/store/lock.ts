/**
 * One writer per workspace. The lock is a SQLite write lock on a small side file, which the operating system releases
 * when its holder dies, however it dies: a stale lock cannot exist, unlike with a file that holds a pid.
 */
import type { AppError, Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import { connect } from './database.ts';
import { sqliteCode } from './sqlite-error.ts';

export type LockHolder = { readonly pid: number; readonly httpUrl: string | null };
export type WorkspaceLock = {
  /** Tells other processes where this engine collects. */
  readonly announce: (httpUrl: string | null) => void;
  readonly release: () => void;
};

export function lockPath(workspace: string): string {
  return `${workspace}-lock`;
}

export function takeLock(workspace: string, nativeBinding: string | null): Result<WorkspaceLock> {
  const path = lockPath(workspace);
  let side;
  try {
    side = connect(path, { readOnly: false, nativeBinding });
  } catch (cause) {
    return fail(unwritable(workspace, cause));
  }
  const db = side;
  try {
    db.pragma('busy_timeout = 250');
    db.exec(
      'CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY CHECK (id = 1), pid INTEGER NOT NULL, http_url TEXT) STRICT',
    );
    write(null);
  } catch (cause) {
    const holder = readHolder(workspace, nativeBinding);
    db.close();
    const code = sqliteCode(cause) ?? '';
    if (code.startsWith('SQLITE_BUSY')) return fail(lockedBy(holder));
    return fail(unwritable(workspace, cause));
  }

  /** Committing publishes the row; the next BEGIN takes the lock again at once. */
  function write(httpUrl: string | null): void {
    db.exec('BEGIN IMMEDIATE');
    db.run(
      'INSERT INTO holder (id, pid, http_url) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET pid = excluded.pid, http_url = excluded.http_url',
      [process.pid, httpUrl],
    );
    db.exec('COMMIT');
    db.exec('BEGIN IMMEDIATE');
  }

  return ok({
    announce(httpUrl) {
      db.exec('COMMIT');
      write(httpUrl);
    },
    release() {
      try {
        db.exec('ROLLBACK');
      } finally {
        db.close();
      }
    },
  });
}

/** Who holds (or last held) the workspace; null when nobody ever did or the side file cannot be read. */
export function readHolder(workspace: string, nativeBinding: string | null): LockHolder | null {
  try {
    const side = connect(lockPath(workspace), { readOnly: true, nativeBinding });
    try {
      const row = side.get<{ pid: number; http_url: string | null }>('SELECT pid, http_url FROM holder');
      return row ? { pid: row.pid, httpUrl: row.http_url } : null;
    } finally {
      side.close();
    }
  } catch {
    return null;
  }
}

function lockedBy(holder: LockHolder | null): AppError {
  const who = holder ? ` by process ${holder.pid}` : '';
  return {
    code: 'workspace_locked',
    message: `The workspace is open in another Tracewright${who}.`,
    hint: holder?.httpUrl
      ? `Use that window, or send data to its collector at ${holder.httpUrl}; reading commands work meanwhile.`
      : 'Close the other one, or open another workspace; reading commands work meanwhile.',
  };
}

function unwritable(workspace: string, cause: unknown): AppError {
  return {
    code: 'workspace_unwritable',
    message: `The folder of ${workspace} cannot be written (${cause instanceof Error ? cause.message : String(cause)}).`,
    hint: 'Choose a folder that you may write to, or change its permissions.',
  };
}
