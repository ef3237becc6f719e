/** Background work that no one waits for: the search index, compaction of received bytes, the file's size. */
import type { Connection } from '../store/database.ts';
import { compactRaw } from '../store/raw-store.ts';
import { indexNext } from '../store/search-index.ts';

const INDEX_ROWS = 400;
const INDEX_PAUSE_MS = 20;
/** While senders are active they come first: a little is indexed now and then, the rest when they pause. */
const BUSY_ROWS = 100;
const BUSY_PAUSE_MS = 500;
const IDLE_MS = 1_500;

export type Housekeeping = {
  /** Something was committed: there may be work. */
  readonly wake: () => void;
  /** Indexes and compacts everything now; for imports, closing and tests. */
  readonly finish: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export function createHousekeeping(
  connection: Connection,
  hooks: {
    readonly indexed: () => void;
    readonly busy: () => boolean;
    /** Runs work in a moment in which no other thread reads the file. */
    readonly unread: (work: () => unknown) => Promise<unknown>;
  },
): Housekeeping {
  let stopped = false;
  let indexTimer: NodeJS.Timeout | null = null;
  let compactTimer: NodeJS.Timeout | null = null;
  /** One compaction at a time: two would pack the same bodies twice. */
  let compacting: Promise<unknown> = Promise.resolve();

  function compactNext(options: { readonly all: boolean }): Promise<number> {
    const next = compacting.then(() => compactRaw(connection, options));
    compacting = next.catch(() => undefined);
    return next;
  }

  function truncateLog(): void {
    connection.pragma('wal_checkpoint(TRUNCATE)');
  }

  function index(): void {
    indexTimer = null;
    if (stopped) return;
    const busy = hooks.busy();
    let more = false;
    try {
      more = indexNext(connection, busy ? BUSY_ROWS : INDEX_ROWS) > 0;
    } catch {
      // A full or busy disk: the index is behind, never wrong.
      indexTimer = setTimeout(index, 1_000);
      return;
    }
    if (more) indexTimer = setTimeout(index, busy ? BUSY_PAUSE_MS : INDEX_PAUSE_MS);
    else hooks.indexed();
  }

  function compact(): void {
    compactTimer = null;
    if (stopped) return;
    compactNext({ all: false })
      .then(async (packed) => {
        if (stopped) return;
        if (packed > 0) compactTimer = setTimeout(compact, 50);
        // Gives the disk back what the write-ahead log took; passes over what a reader still needs.
        else await hooks.unread(truncateLog);
      })
      .catch(() => {
        // Both are economies: they are tried again after the next commit.
      });
  }

  return {
    wake() {
      if (stopped) return;
      indexTimer ??= setTimeout(index, INDEX_PAUSE_MS);
      // Debounced: compaction starts when the senders have been quiet for a moment.
      if (compactTimer) clearTimeout(compactTimer);
      compactTimer = setTimeout(compact, IDLE_MS);
    },
    async finish() {
      while (indexNext(connection, 5_000) > 0) await new Promise((resolve) => setImmediate(resolve));
      while ((await compactNext({ all: true })) > 0);
      connection.exec('PRAGMA incremental_vacuum');
      await hooks.unread(truncateLog);
    },
    async stop() {
      stopped = true;
      if (indexTimer) clearTimeout(indexTimer);
      if (compactTimer) clearTimeout(compactTimer);
      await compacting;
    },
  };
}
