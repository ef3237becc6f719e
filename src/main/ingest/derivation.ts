/**
 * Keeps the derived part of a trace (totals, status, facets) up to date. A trace is derived again some time after it was
 * touched; the larger the trace, the longer the pause, so that a trace of 100,000 spans that arrives span by span costs
 * a bounded share of time instead of the square of its size.
 */
import type { CostEstimator } from '../analysis/costs.ts';
import { ledgerOf } from '../analysis/ledger.ts';
import { summarise } from '../analysis/totals.ts';
import type { Connection, Writer } from '../store/database.ts';
import type { StoredSpanFact } from '../store/span-queries.ts';
import { countLate, writeLedger } from '../store/ledger-store.ts';
import { writeFailure } from '../store/sqlite-error.ts';
import { readFacts } from '../store/span-queries.ts';
import { INT64_MAX } from './guard.ts';
import { showToldCalls } from './told-calls.ts';
import { markFindingsDue } from '../store/finding-store.ts';
import { writeDerived, writeOrigin } from '../store/trace-writer.ts';

const FIRST_DELAY_MS = 60;
/** A derivation may take at most about one part in this of the time between two of the same trace. */
const PAUSE_FACTOR = 8;
/** Pause before a store that could not write is asked again. */
const RETRY_MS = 1_000;
/** Traces derived in one transaction. */
const BATCH = 200;
/** Longest stretch without giving the event loop back. */
const SLICE_MS = 25;

export type Derivation = {
  readonly touched: (traceKeys: readonly number[]) => void;
  /**
   * Counts the cost of these again whenever nothing touched is due, for it is the prices that changed. Nothing on disk
   * says that they wait: who asks must know how to ask again after a restart.
   */
  readonly reprice: (traceKeys: readonly number[]) => void;
  /** Resolves when nothing is left that `reprice` was asked for; at once when the store cannot write. */
  readonly caughtUp: () => Promise<void>;
  /** Derives what is dirty when it is called, as far as the store can write; for imports, tests and closing. */
  readonly flush: (options?: { readonly final?: boolean }) => Promise<void>;
  readonly stop: () => void;
};

export function createDerivation(
  connection: Connection,
  hooks: {
    readonly nextRevision: () => number;
    readonly derived: (traceKeys: readonly number[]) => void;
    /** Asked for before each batch; without it, only stated costs count. */
    readonly estimator?: () => CostEstimator;
    /** The last of what `reprice` was asked for is done. */
    readonly caughtUp?: () => void;
  },
): Derivation {
  /** When each dirty trace is due, in insertion order. */
  const due = new Map<number, number>();
  const backlog = new Set<number>();
  /** When the store may be asked again to write what is in the backlog. */
  let backlogFrom = 0;
  const lastDuration = new Map<number, number>();
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  function schedule(): void {
    if (timer || stopped || (due.size === 0 && backlog.size === 0)) return;
    timer = setTimeout(() => {
      timer = null;
      run(Date.now());
      schedule();
    }, nextDelay());
  }

  function nextDelay(): number {
    let soonest = backlog.size > 0 ? backlogFrom : Infinity;
    for (const at of due.values()) {
      soonest = Math.min(soonest, at);
      if (soonest <= Date.now()) break;
    }
    return Math.max(5, soonest - Date.now());
  }

  /** Derives what is due at `now`, for at most one slice of time. */
  function run(now: number): void {
    const keys: number[] = [];
    for (const [key, at] of due) {
      if (at > now) continue;
      keys.push(key);
      if (keys.length >= BATCH) break;
    }
    if (keys.length > 0) derive(keys, now);
    else if (backlog.size > 0 && backlogFrom <= now) repriceSome(now);
  }

  /** Takes from the backlog for one slice of time, in one transaction; false when the store cannot write. */
  function repriceSome(now: number): boolean {
    const started = performance.now();
    const done: number[] = [];
    const changed: number[] = [];
    try {
      const estimate = hooks.estimator?.();
      const revision = hooks.nextRevision();
      connection.lazyTransaction((writer) => {
        for (const key of backlog) {
          done.push(key);
          if (deriveCost(writer, key, revision, estimate)) changed.push(key);
          if (done.length >= BATCH || performance.now() - started > SLICE_MS) break;
        }
      });
    } catch (cause) {
      if (writeFailure(cause) !== null) {
        backlogFrom = now + RETRY_MS;
        return false;
      }
      // The last one triggers a bug; what was done with the others was rolled back with it.
      console.error('pricing a trace:', cause);
      done.splice(0, done.length - 1);
      changed.length = 0;
    }
    for (const key of done) backlog.delete(key);
    if (changed.length > 0) hooks.derived(changed);
    if (backlog.size === 0) hooks.caughtUp?.();
    return true;
  }

  /** Derives the first of these traces in one transaction; returns how many it is done with, 0 when the store cannot write. */
  function derive(keys: readonly number[], now: number): number {
    const started = performance.now();
    const done = new Map<number, number | null>();
    try {
      const estimate = hooks.estimator?.();
      const revision = hooks.nextRevision();
      connection.lazyTransaction((writer) => {
        for (const key of keys) {
          const before = performance.now();
          done.set(key, deriveTrace(writer, key, revision, now, estimate));
          const took = performance.now() - before;
          if (took > 5) lastDuration.set(key, took);
          if (performance.now() - started > SLICE_MS) break;
        }
      });
    } catch (cause) {
      return failed(keys, now, cause);
    }
    for (const [key, liveUntil] of done) {
      if (liveUntil === null) due.delete(key);
      else due.set(key, liveUntil);
    }
    hooks.derived([...done.keys()]);
    return done.size;
  }

  function failed(keys: readonly number[], now: number, cause: unknown): number {
    if (writeFailure(cause) !== null) {
      // The store cannot write now: the traces stay dirty and are tried again.
      for (const key of keys) due.set(key, now + RETRY_MS);
      return 0;
    }
    // A bug that one trace triggers must not cost its neighbours: each goes alone.
    const [only] = keys;
    if (keys.length > 1 || only === undefined) return keys.reduce((count, key) => count + derive([key], now), 0);
    // It stays dirty, and is tried again when something arrives for it or the workspace is opened again.
    console.error('deriving a trace:', cause);
    due.delete(only);
    return 1;
  }

  const dirty = connection.rows<[number]>('SELECT trace_key FROM trace WHERE dirty = 1 OR live_until > 0');
  for (const [key] of dirty) due.set(key, 0);
  schedule();

  return {
    touched(traceKeys) {
      const now = Date.now();
      for (const key of traceKeys) {
        const at = now + Math.max(FIRST_DELAY_MS, (lastDuration.get(key) ?? 0) * PAUSE_FACTOR);
        due.set(key, Math.min(due.get(key) ?? Infinity, at));
      }
      if (lastDuration.size > 10_000) lastDuration.clear();
      schedule();
    },
    reprice(traceKeys) {
      for (const key of traceKeys) backlog.add(key);
      if (backlog.size === 0) hooks.caughtUp?.();
      if (timer) clearTimeout(timer);
      timer = null;
      schedule();
    },
    async caughtUp() {
      while (!stopped && backlog.size > 0 && repriceSome(Date.now())) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async flush({ final = false } = {}) {
      // With `final`, nobody will look again: what is live now is derived as it would be later.
      const wanted = final ? 'dirty = 1 OR live_until > 0' : 'dirty = 1';
      // What is so now, and no more: while senders go on, there is always another.
      const waiting = connection.rows<[number]>(`SELECT trace_key FROM trace WHERE ${wanted}`).map(([key]) => key);
      for (let at = 0; at < waiting.length;) {
        const done = derive(waiting.slice(at, at + BATCH), final ? Number.MAX_SAFE_INTEGER : Date.now());
        if (done === 0) return;
        at += done;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
    },
  };
}

/** Returns whether the cost is another one now. All else that is derived rests on the spans alone. */
function deriveCost(writer: Writer, traceKey: number, revision: number, estimate: CostEstimator | undefined): boolean {
  const stored = writer.get<{ cost: number | null; cost_basis: string | null }>(
    'SELECT cost, cost_basis FROM trace WHERE trace_key = ?',
    [traceKey],
  );
  if (!stored) return false;
  const { cost, costBasis } = summarise(readFacts(writer, traceKey).spans, estimate);
  if (cost === stored.cost && costBasis === stored.cost_basis) return false;
  writer.run('UPDATE trace SET cost = ?, cost_basis = ?, revision = ? WHERE trace_key = ?', [
    cost,
    costBasis,
    revision,
    traceKey,
  ]);
  return true;
}

/** Returns until when the trace counts as running for having arrived just now; null when it does not. */
function deriveTrace(
  writer: Writer,
  traceKey: number,
  revision: number,
  now: number,
  estimate: CostEstimator | undefined,
): number | null {
  const traceId = writer.get<{ trace_id: string }>('SELECT trace_id FROM trace WHERE trace_key = ?', [
    traceKey,
  ])?.trace_id;
  if (traceId === undefined) return null;
  showToldCalls(writer, traceKey, traceId);
  // Read through the writer: its transaction may be ahead of the reading connection.
  const facts = readFacts(writer, traceKey);
  const summary = summarise(facts.spans, estimate);
  const row = writer.get<{ live_until: number }>('SELECT live_until FROM trace WHERE trace_key = ?', [traceKey]);
  if (!row) return null;
  const { made, orphaned, skewed, ...counted } = ledgerOf(facts.spans);
  writeLedger(writer, traceKey, {
    received: counted.spans - made,
    understood: counted.understood,
    guessed: counted.guessed,
    late: countLate(writer, traceKey),
    orphaned: orphaned.length,
    skewed: skewed.length,
  });
  const root = firstRoot(facts.spans);
  // Agents export a span when it ends, the root last: without it the trace is still going on.
  const live = facts.spans.length > 0 && root?.parentId !== null && now < row.live_until;
  const at = (offset: number | null): bigint | null =>
    facts.originNs === null || offset === null ? null : within64(facts.originNs + BigInt(Math.round(offset)));
  // Before the facets are written: the source is one.
  if (root) writeOrigin(writer, traceKey, root.spanKey);
  writeDerived(
    writer,
    traceKey,
    {
      live,
      status: live ? 'running' : summary.status,
      startNs: at(summary.start),
      endNs: at(summary.end),
      spans: facts.spans.length,
      errors: summary.errors,
      tokens: summary.tokens,
      cost: summary.cost,
      costBasis: summary.costBasis,
      rootName: summary.rootName,
      agents: summary.agents,
      tools: summary.tools,
      models: summary.models,
    },
    revision,
  );
  markFindingsDue(writer, traceKey);
  return live ? row.live_until : null;
}

/** An offset of centuries is rounded in a double, which may carry the sum past what the column holds. */
function within64(ns: bigint): bigint {
  return ns > INT64_MAX ? INT64_MAX : ns < -INT64_MAX ? -INT64_MAX : ns;
}

/** The earliest span without a parent; while there is none, the earliest span. Ties go to the smaller id. */
function firstRoot(spans: readonly StoredSpanFact[]): StoredSpanFact | null {
  let best: StoredSpanFact | null = null;
  for (const span of spans) {
    if (best === null || precedes(span, best)) best = span;
  }
  return best;
}

function precedes(a: StoredSpanFact, b: StoredSpanFact): boolean {
  if ((a.parentId === null) !== (b.parentId === null)) return a.parentId === null;
  const startA = a.start ?? Infinity;
  const startB = b.start ?? Infinity;
  return startA === startB ? a.spanId < b.spanId : startA < startB;
}
