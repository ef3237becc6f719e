/**
 * Looks for faults in traces that nobody has opened, so that a list can be filtered by them. Works in the background: a
 * trace is looked at when it has been quiet for a moment, one after the other, and not while senders are active. What is
 * still to be done is in the workspace, so that it goes on after a restart. Only counts are written.
 */
import type { FindingSummary } from '#shared/detect.ts';
import { toAppError } from '#shared/result.ts';
import type { Connection } from '../store/database.ts';
import type { DueTrace } from '../store/finding-store.ts';
import {
  countFindingsDue,
  dropFindingsDue,
  nextFindingsDue,
  readRulesInUse,
  writeFindings,
  writeRulesInUse,
} from '../store/finding-store.ts';
import { writeFailure } from '../store/sqlite-error.ts';

const QUIET_MS = 1_500;
const BUSY_MS = 1_000;
const RETRY_MS = 2_000;
/** Traces whose counts are written in one transaction, unless they take longer than this. */
const BATCH = 50;
const SLICE_MS = 40;
/** A trace that cannot be looked at, for a bug of ours or a thread that ended, is given up after this many times. */
const ATTEMPTS = 3;
const NOTHING = { looked: 0, written: 0 };

type Look = (traceId: string, signal: AbortSignal) => Promise<FindingSummary>;

export type FindingSearch = {
  /** To be called once, when reading calls can be answered. */
  readonly start: (look: Look) => void;
  /** Something was derived: there may be work. */
  readonly wake: () => void;
  /** The rules or their settings may be others. */
  readonly rulesChanged: () => void;
  /** Looks at everything that is due now; for tests and imports. */
  readonly finish: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export function createFindingSearch(
  connection: Connection,
  hooks: {
    readonly busy: () => boolean;
    readonly rules: () => string;
    readonly found: (traceIds: readonly string[]) => void;
  },
): FindingSearch {
  const aborted = new AbortController();
  const failures = new Map<number, number>();
  let look: Look | null = null;
  let timer: NodeJS.Timeout | null = null;
  /** One round at a time: two would look at the same traces. */
  let round: Promise<unknown> = Promise.resolve();
  let working = false;

  function schedule(ms: number): void {
    if (timer || working || !look || aborted.signal.aborted) return;
    timer = setTimeout(() => {
      timer = null;
      next();
    }, ms);
    // Nobody waits for this.
    timer.unref();
  }

  function next(): void {
    if (working) return;
    if (hooks.busy()) {
      schedule(BUSY_MS);
      return;
    }
    const started = performance.now();
    working = true;
    round = someDue(Date.now() - QUIET_MS)
      .then(
        // As much rest as work: views and senders have the other half.
        ({ written }) => (written > 0 ? Math.max(10, performance.now() - started) : QUIET_MS),
        (cause: unknown) => {
          // A full or busy disk, most likely: what is due stays so.
          if (writeFailure(cause) === null) console.error('looking for findings:', cause);
          return RETRY_MS;
        },
      )
      .then((pause) => {
        working = false;
        if (!aborted.signal.aborted && countFindingsDue(connection) > 0) schedule(pause);
      });
  }

  async function someDue(quietSince: number, skipped?: Set<number>): Promise<{ looked: number; written: number }> {
    const started = performance.now();
    const due = nextFindingsDue(connection, quietSince, BATCH + (skipped?.size ?? 0));
    const done: (DueTrace & { readonly summary: FindingSummary | null })[] = [];
    for (const trace of due) {
      if (skipped?.has(trace.traceKey)) continue;
      const summary = await lookAt(trace);
      if (aborted.signal.aborted) return NOTHING;
      done.push({ ...trace, summary });
      skipped?.add(trace.traceKey);
      if (performance.now() - started > SLICE_MS) break;
    }
    if (done.length === 0) return NOTHING;
    const written: string[] = [];
    connection.lazyTransaction((writer) => {
      for (const { traceKey, traceId, summary } of done) {
        if (summary === null) {
          if ((failures.get(traceKey) ?? 0) >= ATTEMPTS) dropFindingsDue(writer, traceKey);
        } else if (writeFindings(writer, traceKey, summary)) {
          failures.delete(traceKey);
          written.push(traceId);
        }
      }
    });
    if (written.length > 0) hooks.found(written);
    return { looked: done.length, written: written.length };
  }

  async function lookAt({ traceKey, traceId }: DueTrace): Promise<FindingSummary | null> {
    try {
      return (await look?.(traceId, aborted.signal)) ?? null;
    } catch (cause) {
      const { code } = toAppError(cause);
      // Deleted meanwhile: then it is not due either.
      if (code === 'not_found' || aborted.signal.aborted) return null;
      failures.set(traceKey, (failures.get(traceKey) ?? 0) + 1);
      if (code === 'internal') console.error('looking for findings of a trace:', cause);
      return null;
    }
  }

  function useRules(): void {
    const rules = hooks.rules();
    if (readRulesInUse(connection) !== rules)
      connection.transaction((writer) => {
        writeRulesInUse(writer, rules);
      });
  }

  return {
    start(given) {
      look = given;
      try {
        // An update of the app may bring other rules.
        useRules();
      } catch (cause) {
        if (writeFailure(cause) === null) throw cause;
      }
      schedule(QUIET_MS);
    },
    wake() {
      schedule(QUIET_MS);
    },
    rulesChanged() {
      useRules();
      schedule(0);
    },
    async finish() {
      if (!look) return;
      while (working) await round;
      // Each once: one that goes on growing would keep this from ending.
      const looked = new Set<number>();
      const last = (round = (async () => {
        working = true;
        try {
          while (!aborted.signal.aborted && (await someDue(Infinity, looked)).looked > 0)
            await new Promise((resolve) => setImmediate(resolve));
        } catch (cause) {
          if (writeFailure(cause) === null) throw cause;
        } finally {
          working = false;
          if (countFindingsDue(connection) > 0) schedule(RETRY_MS);
        }
      })());
      await last;
    },
    async stop() {
      aborted.abort();
      if (timer) clearTimeout(timer);
      await round.catch(() => undefined);
    },
  };
}
