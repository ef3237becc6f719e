/**
 * Opens a workspace file: creates it, checks that it is ours and not newer than this app, backs it up before the first
 * pending migration, and migrates. Nothing is ever overwritten: a file that is not a sound workspace is refused as it is.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AppError, Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import type { Connection, Reader } from './database.ts';
import { connect } from './database.ts';
import type { WorkspaceLock } from './lock.ts';
import { takeLock } from './lock.ts';
import { migrations } from './migrations/index.ts';
import { sqliteCode } from './sqlite-error.ts';

/** 'TRWR' */
const APPLICATION_ID = 0x54525752;

export type OpenOptions = {
  readonly readOnly: boolean;
  readonly nativeBinding: string | null;
  /** The file may not grow beyond this. */
  readonly maxBytes?: number;
};

export type Workspace = {
  readonly path: string;
  readonly readOnly: boolean;
  readonly reader: Reader;
  /** The writing connection; the same as the reader's file, null when read-only. */
  readonly connection: Connection | null;
  readonly lock: WorkspaceLock | null;
  readonly close: () => void;
};

export async function openWorkspace(path: string, options: OpenOptions): Promise<Result<Workspace>> {
  if (options.readOnly) return openReadOnly(path, options);
  try {
    makeFolder(dirname(path));
  } catch (cause) {
    return fail(unwritable(path, cause));
  }
  const existed = existsSync(path) && statSync(path).size > 0;
  // Look before locking, so that a foreign file gets no side files of ours.
  if (existed) {
    const checked = check(path, options.nativeBinding);
    if (!checked.ok) return checked;
  }
  const lock = takeLock(path, options.nativeBinding);
  if (!lock.ok) return lock;
  let connection: Connection | null = null;
  try {
    connection = connect(path, { readOnly: false, nativeBinding: options.nativeBinding });
    if (Number(connection.pragma('application_id')) !== APPLICATION_ID) {
      connection.pragma('auto_vacuum = INCREMENTAL');
      connection.pragma(`application_id = ${APPLICATION_ID}`);
      // A database without tables has its pages already: only VACUUM gives them the new form.
      if (existed) connection.exec('VACUUM');
    }
    connection.pragma('journal_mode = WAL');
    connection.pragma('wal_autocheckpoint = 16000');
    connection.pragma('journal_size_limit = 134217728');
    // An acknowledged span survives a power cut: every commit is synced; group commit makes that affordable.
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    connection.pragma('cache_size = -65536');
    connection.pragma('temp_store = MEMORY');
    // Always, not only while deleting: moving rows between pages leaves copies too.
    connection.pragma('secure_delete = ON');
    await migrate(path, connection);
    if (options.maxBytes !== undefined) connection.pragma(`max_page_count = ${Math.floor(options.maxBytes / 4096)}`);
    const reader = connectReader(path, options.nativeBinding);
    const writing = connection;
    return ok({
      path,
      readOnly: false,
      reader,
      connection: writing,
      lock: lock.value,
      close() {
        reader.close();
        try {
          writing.pragma('wal_checkpoint(TRUNCATE)');
        } catch {
          // An economy: on a full disk the log stays, and the next opening reads it.
        }
        writing.close();
        lock.value.release();
      },
    });
  } catch (cause) {
    connection?.close();
    lock.value.release();
    return fail(openFailure(path, cause));
  }
}

/** A connection for the reading calls of a workspace that is open already, also on another thread. */
export function connectReader(path: string, nativeBinding: string | null): Connection {
  const reader = connect(path, { readOnly: true, nativeBinding });
  reader.pragma('cache_size = -32768');
  reader.pragma('mmap_size = 268435456');
  return reader;
}

function openReadOnly(path: string, options: OpenOptions): Result<Workspace> {
  if (!existsSync(path)) {
    return fail({
      code: 'not_found',
      message: `There is no workspace at ${path}.`,
      hint: 'Start the app or "tracewright serve" once, or give --workspace FILE.',
    });
  }
  const checked = check(path, options.nativeBinding);
  if (!checked.ok) return checked;
  try {
    const reader = connect(path, { readOnly: true, nativeBinding: options.nativeBinding });
    const version = Number(reader.pragma('user_version'));
    if (version < migrations.length) {
      reader.close();
      return fail({
        code: 'workspace_locked',
        message: 'The workspace is of an older version and must be upgraded before it can be read.',
        hint: 'Open it once in the app.',
      });
    }
    return ok({
      path,
      readOnly: true,
      reader,
      connection: null,
      lock: null,
      close: () => {
        reader.close();
      },
    });
  } catch (cause) {
    return fail(openFailure(path, cause));
  }
}

/** Like mkdir -p. Node's own recursive form never returns on file systems that deny the existence of what they refuse (/proc). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder);
}

/** Is it a SQLite file, ours, and not from a newer app? Opens it without writing a byte. */
function check(path: string, nativeBinding: string | null): Result<null> {
  let probe: Connection;
  try {
    probe = connect(path, { readOnly: true, nativeBinding });
  } catch (cause) {
    return fail(openFailure(path, cause));
  }
  try {
    const id = Number(probe.pragma('application_id'));
    const version = Number(probe.pragma('user_version'));
    const tables = probe.get<{ n: number }>("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'")?.n ?? 0;
    if (id !== APPLICATION_ID && (tables > 0 || id !== 0 || version !== 0)) {
      return fail({
        code: 'workspace_foreign',
        message: `${path} is a database of another program.`,
        hint: 'It was left as it is. Choose another file for the workspace.',
      });
    }
    if (version > migrations.length) {
      return fail({
        code: 'workspace_newer',
        message: `${path} was written by a newer Tracewright (version ${version}; this one knows ${migrations.length}).`,
        hint: 'Update Tracewright, or open another workspace. The file was left as it is.',
      });
    }
    return ok(null);
  } catch (cause) {
    return fail(openFailure(path, cause));
  } finally {
    probe.close();
  }
}

async function migrate(path: string, connection: Connection): Promise<void> {
  const from = Number(connection.pragma('user_version'));
  if (from >= migrations.length) return;
  if (from > 0) await connection.backup(`${path}.v${from}.backup`);
  for (const [index, migration] of migrations.entries()) {
    if (index < from) continue;
    connection.transaction(() => {
      connection.exec(migration.sql);
      connection.pragma(`user_version = ${index + 1}`);
    });
  }
}

function openFailure(path: string, cause: unknown): AppError {
  const code = sqliteCode(cause) ?? '';
  if (code === 'SQLITE_NOTADB') {
    return {
      code: 'workspace_corrupt',
      message: `${path} is not a Tracewright workspace, or it is damaged from the first byte.`,
      hint: 'It was left as it is. Open a backup, or choose another file.',
    };
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return {
      code: 'workspace_corrupt',
      message: `${path} is damaged.`,
      hint: 'It was left as it is. Open a backup, or choose another file.',
    };
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return {
      code: 'workspace_locked',
      message: `${path} is in use by another program.`,
      hint: 'Close it there and try again.',
    };
  }
  return unwritable(path, cause);
}

function unwritable(path: string, cause: unknown): AppError {
  return {
    code: 'workspace_unwritable',
    message: `${path} cannot be opened (${cause instanceof Error ? cause.message : String(cause)}).`,
    hint: 'Check that the folder exists and that you may write to it, or choose another file.',
  };
}
