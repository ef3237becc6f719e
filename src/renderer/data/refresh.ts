/**
 * Decides when a query is fetched again after the engine said that data changed: only when the change touches it, and
 * never more often than ten times the duration of its last fetch, so that a slow query cannot keep the engine busy
 * while spans stream in.
 */
import type { EngineEvents, Method } from '#shared/rpc/contract.ts';
import { sessionOfAddress } from '#shared/session.ts';

const MIN_GAP_MS = 100;
const GAP_FACTOR = 10;
/** A fetch during which the computer slept looks hours long. */
const MAX_GAP_MS = 60_000;

/** Answers that no data change alters: stored content is immutable, formats and checks are the program's own. */
const FIXED: ReadonlySet<Method> = new Set<Method>([
  'content.get',
  'engine.formats',
  'export.formats',
  'engine.doctor',
  'grader.kinds',
  'grader.check',
]);

const LISTS: ReadonlySet<Method> = new Set<Method>([
  'trace.list',
  'trace.facets',
  'trace.get',
  'session.list',
  'session.get',
]);

const DEFINED: ReadonlySet<Method> = new Set<Method>(['taxonomy.list', 'taxonomy.history', 'schema.list']);

export function isTouched(method: Method, args: unknown, event: EngineEvents['changed']): boolean {
  if (FIXED.has(method)) return false;
  // Edited by people only; spans that arrive have no part in them.
  if (DEFINED.has(method)) return event.tables.length === 0 || event.tables.includes('taxonomy');
  // Entered by people, or sent by judges: traces that arrive have no part in them.
  if (method.startsWith('endpoint.') || method.startsWith('outbound.'))
    return event.tables.length === 0 || event.tables.includes(method.slice(0, method.indexOf('.')));
  if (event.tables.length > 0 && event.tables.every((table) => table === 'endpoint' || table === 'outbound'))
    return false;
  // Asked of models, or of what does not change by itself: asked again when a person changes something.
  if (method === 'grading.cost' || method === 'flip.preview') return false;
  // What an estimate says is asked anew with other arguments; the rest follows what people and runs write.
  if (method === 'eval.estimate') return false;
  if (method.startsWith('dataset.')) return event.tables.length === 0 || event.tables.includes('dataset');
  if (isOfRuns(method)) return event.tables.length === 0 || event.tables.some(isEvalTable);
  if (event.tables.length > 0 && event.tables.every((table) => isEvalTable(table) || table === 'dataset'))
    return method === 'sql.query';
  if (isGrading(method))
    return event.tables.length === 0 || event.tables.some(isGradingTable) || event.tables.includes('trace');
  if (event.tables.length > 0 && event.tables.every(isGradingTable))
    return method === 'sql.query' || (LISTS.has(method) && event.tables.includes('grade'));
  const settingsOnly = event.tables.length > 0 && event.tables.every((table) => table.startsWith('setting'));
  if (method === 'detectors.get' || method === 'trace.detect') {
    if (event.tables.includes('setting.detectors')) return true;
    if (method === 'detectors.get') return event.tables.length === 0;
  }
  // Of queues only what becomes of their items is shown, and traces that are deleted take theirs along.
  if (method.startsWith('queue.'))
    return (
      event.tables.length === 0 ||
      event.tables.some((table) => table === 'review' || table === 'trace') ||
      // It says in whose name one reviews.
      (method === 'queue.get' && event.tables.includes('setting'))
    );
  if (event.tables.length > 0 && event.tables.every((table) => table === 'review')) return method === 'sql.query';
  // Counted in lists only; an open trace asks for its findings itself.
  if (event.tables.length > 0 && event.tables.every((table) => table === 'finding')) return LISTS.has(method);
  if (
    method === 'settings.get' ||
    method === 'prices.get' ||
    method === 'rules.get' ||
    method === 'annotation.reviewer'
  )
    return event.tables.length === 0 || event.tables.some((table) => table.startsWith('setting'));
  if (settingsOnly) return method === 'sql.query' || method === 'prices.unpriced';
  if (method.startsWith('align.')) return event.traceIds === null || alignsOneOf(args, event.traceIds);
  const traceId = traceIdOf(args);
  return traceId === null || event.traceIds === null || event.traceIds.includes(traceId);
}

function isGrading(method: Method): boolean {
  return (
    method === 'grade.list' || method === 'grade.page' || method.startsWith('grader.') || method === 'grading.list'
  );
}

/** Of evals and their runs; comparisons of runs are made of them alone. */
function isOfRuns(method: Method): boolean {
  return ['eval.', 'run.', 'compare.'].some((start) => method.startsWith(start));
}

function isEvalTable(table: string): boolean {
  return table === 'eval' || table === 'run';
}

function isGradingTable(table: string): boolean {
  return table === 'grader' || table === 'grade' || table === 'grading';
}

/** Whether what is aligned may have changed. */
function alignsOneOf(args: unknown, changed: readonly string[]): boolean {
  if (typeof args !== 'object' || args === null) return true;
  const named = Object.values(args as Readonly<Record<string, unknown>>).flat();
  return named.some((id) => typeof id === 'string' && (sessionOfAddress(id) !== null || changed.includes(id)));
}

function traceIdOf(args: unknown): string | null {
  if (typeof args !== 'object' || args === null || !('traceId' in args)) return null;
  // Which traces a session has is the engine's to know.
  return typeof args.traceId === 'string' && sessionOfAddress(args.traceId) === null ? args.traceId : null;
}

export type Clock = {
  readonly now: () => number;
  readonly setTimer: (run: () => void, ms: number) => number;
  readonly clearTimer: (timer: number) => void;
};

export const browserClock: Clock = {
  now: () => performance.now(),
  setTimer: (run, ms) => window.setTimeout(run, ms),
  clearTimer: (timer) => window.clearTimeout(timer),
};

type Entry = { duration: number; settled: number; fetching: number; dirty: boolean; timer: number | null };

export type Refresher = {
  /** Wraps a fetch, to know how long it takes and when it ended. */
  readonly measure: <T>(key: string, fetch: () => Promise<T>) => Promise<T>;
  /** Asks for one more fetch, as soon as the pace allows. Many requests become one fetch. */
  readonly request: (key: string) => void;
  readonly forget: (key: string) => void;
};

export function createRefresher(refetch: (key: string) => void, clock: Clock = browserClock): Refresher {
  const entries = new Map<string, Entry>();

  function entryOf(key: string): Entry {
    let entry = entries.get(key);
    if (!entry) {
      entry = { duration: 0, settled: -Infinity, fetching: 0, dirty: false, timer: null };
      entries.set(key, entry);
    }
    return entry;
  }

  function schedule(key: string, entry: Entry): void {
    if (entry.timer !== null || entry.fetching > 0 || !entry.dirty) return;
    const wait = entry.settled + Math.min(MAX_GAP_MS, Math.max(MIN_GAP_MS, GAP_FACTOR * entry.duration)) - clock.now();
    if (wait <= 0) {
      entry.dirty = false;
      refetch(key);
      return;
    }
    entry.timer = clock.setTimer(() => {
      entry.timer = null;
      schedule(key, entry);
    }, wait);
  }

  return {
    async measure(key, fetch) {
      const entry = entryOf(key);
      const started = clock.now();
      entry.fetching++;
      try {
        return await fetch();
      } finally {
        entry.fetching--;
        entry.settled = clock.now();
        entry.duration = entry.settled - started;
        if (entries.get(key) === entry) schedule(key, entry);
      }
    },
    request(key) {
      const entry = entryOf(key);
      entry.dirty = true;
      schedule(key, entry);
    },
    forget(key) {
      const entry = entries.get(key);
      if (entry && entry.timer !== null) clock.clearTimer(entry.timer);
      entries.delete(key);
    },
  };
}
