/**
 * The only place that touches better-sqlite3. Everything else in the store speaks SQL through a `Reader` or a `Writer`,
 * so that a write inside a reading handler does not compile.
 */
import Database from 'better-sqlite3';

/** Waiting for another program's lock blocks the event loop; senders are told to try again instead. */
const BUSY_MS = 300;

export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlParams = readonly SqlValue[];

export type Reader = {
  /** First row as an object, or undefined. */
  readonly get: <T>(sql: string, params?: SqlParams) => T | undefined;
  readonly all: <T>(sql: string, params?: SqlParams) => T[];
  /** Rows as arrays: about twice as fast for wide or long results. */
  readonly rows: <T>(sql: string, params?: SqlParams) => T[];
  readonly iterate: <T>(sql: string, params?: SqlParams) => IterableIterator<T>;
};

export type Writer = Reader & {
  /** Runs one statement; `rowid` is that of the last insert. */
  readonly run: (sql: string, params?: SqlParams) => { readonly changes: number; readonly rowid: number };
};

export type Connection = Writer & {
  readonly exec: (sql: string) => void;
  readonly pragma: (text: string) => unknown;
  /** Runs `work` in one immediate transaction and rolls back when it throws. */
  readonly transaction: <T>(work: (writer: Writer) => T) => T;
  /**
   * The same for what can be derived again: atomic, but synced to disk only with the next `transaction`, so that
   * background work does not make senders wait for the disk. A power cut may undo it.
   */
  readonly lazyTransaction: <T>(work: (writer: Writer) => T) => T;
  readonly backup: (path: string) => Promise<void>;
  readonly close: () => void;
};

export type ConnectionOptions = {
  readonly readOnly: boolean;
  readonly nativeBinding: string | null;
  readonly mustExist?: boolean;
};

export function connect(path: string, options: ConnectionOptions): Connection {
  const db = new Database(path, {
    readonly: options.readOnly,
    fileMustExist: options.readOnly || options.mustExist === true,
    timeout: BUSY_MS,
    ...(options.nativeBinding ? { nativeBinding: options.nativeBinding } : {}),
  });
  const cached = new Map<string, Database.Statement>();
  const cachedRaw = new Map<string, Database.Statement>();

  function statement(sql: string): Database.Statement {
    let found = cached.get(sql);
    if (!found) {
      found = db.prepare(sql);
      // Queries that are built from user input come in many texts; keep the cache from growing without end.
      if (cached.size > 500) cached.clear();
      cached.set(sql, found);
    }
    return found;
  }

  function rawStatement(sql: string): Database.Statement {
    let found = cachedRaw.get(sql);
    if (!found) {
      found = db.prepare(sql).raw();
      if (cachedRaw.size > 100) cachedRaw.clear();
      cachedRaw.set(sql, found);
    }
    return found;
  }

  const connection: Connection = {
    get: <T>(sql: string, params: SqlParams = []) => statement(sql).get(...params) as T | undefined,
    all: <T>(sql: string, params: SqlParams = []) => statement(sql).all(...params) as T[],
    rows: <T>(sql: string, params: SqlParams = []) => rawStatement(sql).all(...params) as T[],
    // A prepared statement can be iterated by one loop at a time, so an iteration gets its own.
    iterate: <T>(sql: string, params: SqlParams = []) => db.prepare(sql).iterate(...params) as IterableIterator<T>,
    run(sql, params = []) {
      const result = statement(sql).run(params);
      return { changes: result.changes, rowid: Number(result.lastInsertRowid) };
    },
    exec: (sql) => {
      db.exec(sql);
    },
    pragma: (text) => db.pragma(text, { simple: true }),
    transaction(work) {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work(connection);
        db.exec('COMMIT');
        return result;
      } catch (cause) {
        if (db.inTransaction) db.exec('ROLLBACK');
        throw cause;
      }
    },
    lazyTransaction(work) {
      const level = Number(connection.pragma('synchronous'));
      db.exec('PRAGMA synchronous = NORMAL');
      try {
        return connection.transaction(work);
      } finally {
        db.exec(`PRAGMA synchronous = ${level}`);
      }
    },
    backup: async (target) => {
      await db.backup(target);
    },
    close: () => {
      db.close();
    },
  };
  return connection;
}

/** Ten thousand rows of long texts would be more than a process can hold. */
const MAX_RESULT_BYTES = 64 * 1024 * 1024;

/** Runs user-written SQL: one statement that only reads, at most `limit` rows, times as exact integers. */
export function readOnlyQuery(
  connectionPath: string,
  options: ConnectionOptions,
  sql: string,
  limit: number,
): { columns: string[]; rows: unknown[][] } {
  const db = new Database(connectionPath, {
    readonly: true,
    fileMustExist: true,
    timeout: BUSY_MS,
    ...(options.nativeBinding ? { nativeBinding: options.nativeBinding } : {}),
  });
  try {
    const statement = db.prepare(sql);
    if (!statement.reader || !statement.readonly) throw new TypeError('Only a query that reads can be run.');
    const columns = statement.columns().map((column) => column.name);
    const rows: unknown[][] = [];
    let bytes = 0;
    for (const row of statement.raw().safeIntegers().iterate() as IterableIterator<unknown[]>) {
      for (const value of row) bytes += typeof value === 'string' || value instanceof Uint8Array ? value.length : 8;
      if (bytes > MAX_RESULT_BYTES) {
        throw new TypeError(`The answer is over ${MAX_RESULT_BYTES / 1024 / 1024} MB; ask for fewer rows or columns.`);
      }
      rows.push(row);
      if (rows.length >= limit) break;
    }
    return { columns, rows };
  } finally {
    db.close();
  }
}
