/**
 * Keeps the derived part of a trace (totals, status, facets) up to date. A trace is derived again some time after it was
 * touched; the larger the trace, the longer the pause, so that a trace of 100,000 spans that arrives span by span costs
 * a bounded share of time instead of the square of its size.
 */
import { summarise } from '../analysis/totals.ts';
import type { Connection, Writer } from '../store/database.ts';
import type { StoredSpanFact } from '../store/span-queries.ts';
import { writeFailure } from '../store/sqlite-error.ts';
import { readFacts } from '../store/span-queries.ts';
import { writeDerived, writeOrigin } from '../store/trace-writer.ts';

const FIRST_DELAY_MS = 60;
/** A derivation may take at most about one part in this of the time between two of the same trace. */
const PAUSE_FACTOR = 8;
/** Traces derived in one transaction. */
const BATCH = 200;
/** Longest stretch without giving the event loop back. */
const SLICE_MS = 25;

export type Derivation = {
  readonly touched: (traceKeys: readonly number[]) => void;
  /** Derives whatever is dirty now; for imports, tests and closing. */
  readonly flush: (options?: { readonly final?: boolean }) => Promise<void>;
  readonly stop: () => void;
};

export function createDerivation(
  connection: Connection,
  hooks: { readonly nextRevision: () => number; readonly derived: (traceKeys: readonly number[]) => void },
): Derivation {
  /** When each dirty trace is due, in insertion order. */
  const due = new Map<number, number>();
  const lastDuration = new Map<number, number>();
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  function schedule(): void {
    if (timer || stopped || due.size === 0) return;
    timer = setTimeout(() => {
      timer = null;
      run(Date.now());
      schedule();
    }, nextDelay());
  }

  function nextDelay(): number {
    let soonest = Infinity;
    for (const at of due.values()) {
      soonest = Math.min(soonest, at);
      if (soonest <= Date.now()) break;
    }
    return Math.max(5, soonest - Date.now());
  }

  /** Derives what is due at `now`, for at most one slice of time; false when the store cannot write. */
  function run(now: number): boolean {
    const keys: number[] = [];
    for (const [key, at] of due) {
      if (at > now) continue;
      keys.push(key);
      if (keys.length >= BATCH) break;
    }
    if (keys.length === 0) return true;
    const started = performance.now();
    const done: number[] = [];
    try {
      const revision = hooks.nextRevision();
      connection.lazyTransaction((writer) => {
        for (const key of keys) {
          const before = performance.now();
          const liveUntil = deriveTrace(writer, key, revision, now);
          const took = performance.now() - before;
          due.delete(key);
          done.push(key);
          if (took > 5) lastDuration.set(key, took);
          if (liveUntil !== null) due.set(key, liveUntil);
          if (performance.now() - started > SLICE_MS) break;
        }
      });
      hooks.derived(done);
      return true;
    } catch (cause) {
      // A store that cannot write now: the traces stay dirty and are tried again. Anything else is a bug of ours.
      if (writeFailure(cause) === null) console.error('deriving traces:', cause);
      for (const key of keys) due.set(key, Date.now() + 1_000);
      return false;
    }
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
    async flush({ final = false } = {}) {
      // With `final`, nobody will look again: what is live now is derived as it would be later.
      const wanted = final ? 'dirty = 1 OR live_until > 0' : 'dirty = 1';
      for (;;) {
        const waiting = connection.rows<[number]>(`SELECT trace_key FROM trace WHERE ${wanted} LIMIT 1000`);
        if (waiting.length === 0) return;
        for (const [key] of waiting) due.set(key, 0);
        if (!run(final ? Number.MAX_SAFE_INTEGER : Date.now())) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
    },
  };
}

/** Returns until when the trace counts as running for having arrived just now; null when it does not. */
function deriveTrace(writer: Writer, traceKey: number, revision: number, now: number): number | null {
  // Read through the writer: its transaction may be ahead of the reading connection.
  const facts = readFacts(writer, traceKey);
  const summary = summarise(facts.spans);
  const row = writer.get<{ live_until: number }>('SELECT live_until FROM trace WHERE trace_key = ?', [traceKey]);
  if (!row) return null;
  const root = firstRoot(facts.spans);
  // Agents export a span when it ends, the root last: without it the trace is still going on.
  const live = facts.spans.length > 0 && root?.parentId !== null && now < row.live_until;
  const at = (offset: number | null): bigint | null =>
    facts.originNs === null || offset === null ? null : facts.originNs + BigInt(Math.round(offset));
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
      rootName: summary.rootName,
      agents: summary.agents,
      tools: summary.tools,
      models: summary.models,
    },
    revision,
  );
  return live ? row.live_until : null;
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
