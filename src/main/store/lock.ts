/**
 * One writer per workspace. The lock is a SQLite write lock on a small side file, which the operating system releases
 * when its holder dies, however it dies: a stale lock cannot exist, unlike with a file that holds a pid. Who holds it is
 * written beside it for people and for the CLI; only the lock decides.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AppError, Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import type { Connection } from './database.ts';
import { connect } from './database.ts';
import { sqliteCode } from './sqlite-error.ts';

export type LockHolder = { readonly pid: number; readonly httpUrl: string | null };
export type WorkspaceLock = {
  /** Tells other processes where this engine collects. */
  readonly announce: (httpUrl: string | null) => void;
  readonly release: () => void;
};

export function takeLock(workspace: string, nativeBinding: string | null): Result<WorkspaceLock> {
  let db: Connection | null = null;
  try {
    db = connect(`${workspace}-lock`, { readOnly: false, nativeBinding });
    db.pragma('busy_timeout = 250');
    db.exec('BEGIN IMMEDIATE');
    announce(null);
  } catch (cause) {
    db?.close();
    const busy = sqliteCode(cause)?.startsWith('SQLITE_BUSY') === true;
    return fail(busy ? lockedBy(readHolder(workspace)) : unwritable(workspace, cause));
  }
  const held = db;

  function announce(httpUrl: string | null): void {
    writeFileSync(holderPath(workspace), JSON.stringify({ pid: process.pid, httpUrl } satisfies LockHolder));
  }

  return ok({
    announce(httpUrl) {
      try {
        announce(httpUrl);
      } catch {
        // For people and the CLI: a disk that has just become full must not stop an engine that holds the lock.
      }
    },
    release() {
      try {
        rmSync(holderPath(workspace), { force: true });
      } finally {
        held.close();
      }
    },
  });
}

function holderPath(workspace: string): string {
  return `${workspace}-holder.json`;
}

/** Who holds (or last held) the workspace; null when nobody says so. */
function readHolder(workspace: string): LockHolder | null {
  try {
    const { pid, httpUrl } = JSON.parse(readFileSync(holderPath(workspace), 'utf8')) as Partial<LockHolder>;
    return typeof pid === 'number' ? { pid, httpUrl: typeof httpUrl === 'string' ? httpUrl : null } : null;
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
