/**
 * Group commit: whatever bodies wait when the writer is free go into one transaction, and each sender is answered only
 * after it. The queue is bounded in bytes; a sender beyond the bound is told to try again later.
 */
import type { AppError } from '#shared/result.ts';
import { AppFailure } from '#shared/result.ts';
import type { Connection } from '../store/database.ts';
import { putIssue } from '../store/issue-writer.ts';
import { insertRaw } from '../store/raw-store.ts';
import { writeFailure } from '../store/sqlite-error.ts';
import type { Ingest, Unit, UnitResult } from './ingest.ts';
import { NORMALISER_VERSION, NOTHING_NEW } from './ingest.ts';

const MAX_WAITING_BYTES = 512 * 1024 * 1024;
/** While other bodies are on their way in, those that wait are held back this long, to be synced to disk with them. */
const HOLD_MS = 50;
/** Records in one transaction: enough to amortise the sync, few enough to keep an acknowledgement quick. */
const MAX_RECORDS = 4_000;

/** Senders that pause for less than this are still sending. */
const BUSY_MS = 200;

type Waiting = {
  readonly unit: Unit;
  readonly resolve: (result: UnitResult) => void;
  readonly reject: (error: AppFailure) => void;
};

export type CommitQueue = {
  /** Resolves after the commit; rejects with an AppFailure of a `store_*` code. */
  readonly submit: (unit: Unit) => Promise<UnitResult>;
  /**
   * A body is on its way in. Must be called back when it was submitted or will not be; calls after the first are ignored.
   */
  readonly expect: () => () => void;
  /** True while bodies wait or are on their way in, and for a moment after: background work then leaves the disk alone. */
  readonly busy: () => boolean;
  /** True when a body of this size would not fit now. */
  readonly full: (bytes: number) => boolean;
  /** Resolves when nothing waits any more. */
  readonly drained: () => Promise<void>;
};

export function createCommitQueue(
  connection: Connection,
  ingest: Ingest,
  hooks: { readonly nextRevision: () => number; readonly committed: (results: readonly UnitResult[]) => void },
): CommitQueue {
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let scheduled = false;
  /** When each of the bodies that are on their way in began to arrive. */
  const expected = new Set<{ readonly since: number }>();
  /** When the first of those that wait came. */
  let waitingSince = 0;
  let held: NodeJS.Timeout | null = null;
  let lastBusy = -Infinity;
  let idle: (() => void)[] = [];

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  }

  function take(): Waiting[] {
    let records = 0;
    let count = 0;
    for (const entry of waiting) {
      if (count > 0 && records + entry.unit.records.length > MAX_RECORDS) break;
      records += entry.unit.records.length;
      count++;
    }
    return waiting.splice(0, count);
  }

  /** One sync for several bodies costs as much as for one: worth a short wait when more are about to come. */
  function hold(): boolean {
    const now = performance.now();
    // Not for a sender that is slow or stuck: it would delay every other one.
    const soon = [...expected].some(({ since }) => now - since < HOLD_MS);
    if (!soon || waiting.length === 0) return false;
    const left = waitingSince + HOLD_MS - now;
    if (left <= 0 || waiting.reduce((sum, entry) => sum + entry.unit.records.length, 0) >= MAX_RECORDS) return false;
    held ??= setTimeout(() => {
      held = null;
      schedule();
    }, left);
    return true;
  }

  function flush(): void {
    scheduled = false;
    if (hold()) return;
    if (held) clearTimeout(held);
    held = null;
    const batch = take();
    if (batch.length > 0) {
      commit(batch);
      lastBusy = performance.now();
      waitingSince = lastBusy;
      for (const entry of batch) waitingBytes -= entry.unit.size;
    }
    if (waiting.length > 0) {
      schedule();
      return;
    }
    const listeners = idle;
    idle = [];
    for (const listener of listeners) listener();
  }

  function commit(batch: readonly Waiting[]): void {
    try {
      const revision = hooks.nextRevision();
      const results = connection.transaction((writer) =>
        batch.map((entry) => ingest.write(writer, entry.unit, revision)),
      );
      hooks.committed(results);
      batch.forEach((entry, index) => {
        const result = results[index];
        if (result) entry.resolve(result);
      });
    } catch (cause) {
      ingest.forget();
      const failure = writeFailure(cause);
      if (failure) {
        for (const entry of batch) entry.reject(new AppFailure(failure));
      } else if (batch.length > 1) {
        // A bug that one body triggers must not cost its neighbours: each goes alone.
        for (const entry of batch) commit([entry]);
      } else if (batch[0]) {
        quarantine(batch[0], cause);
      }
    }
  }

  /** A body that we fail to write for a reason of our own is kept as received, and the ledger says so. */
  function quarantine(entry: Waiting, cause: unknown): void {
    const { unit } = entry;
    try {
      connection.transaction((writer) => {
        const rawKey = insertRaw(writer, { ...unit, normaliser: NORMALISER_VERSION });
        const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
        putIssue(
          writer,
          {
            type: 'issue',
            severity: 'error',
            code: 'not_stored',
            message: 'A received body could not be stored as spans; its bytes are kept.',
            detail,
          },
          null,
          rawKey,
          unit.receivedAt,
        );
      });
      entry.resolve({ ...NOTHING_NEW, duplicate: false, rejected: unit.records.length });
    } catch (second) {
      const error: AppError = writeFailure(second) ?? {
        code: 'internal',
        message: second instanceof Error ? second.message : String(second),
      };
      entry.reject(new AppFailure(error));
    }
  }

  return {
    submit(unit) {
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) waitingSince = performance.now();
        waiting.push({ unit, resolve, reject });
        waitingBytes += unit.size;
        schedule();
      });
    },
    expect() {
      const body = { since: performance.now() };
      expected.add(body);
      lastBusy = body.since;
      return () => {
        if (expected.delete(body) && waiting.length > 0) schedule();
      };
    },
    busy: () => waiting.length > 0 || performance.now() - lastBusy < BUSY_MS,
    full: (bytes) => waitingBytes > 0 && waitingBytes + bytes > MAX_WAITING_BYTES,
    drained() {
      return waiting.length === 0 && !scheduled ? Promise.resolve() : new Promise((resolve) => idle.push(resolve));
    },
  };
}
