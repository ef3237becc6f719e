/**
 * Derives traces again from the bytes that were received: after rules or decoders changed. One body at a time, in short
 * transactions between which senders are served. A span shows its old state until the first new version replaces it, so
 * no trace is ever empty; what is to be done is in the workspace, so that a rebuild which was broken off goes on.
 */
import type { AppError } from '#shared/result.ts';
import { AppFailure } from '#shared/result.ts';
import type { RebuildReport } from '#shared/rpc/contract.ts';
import type { Derivation } from '../ingest/derivation.ts';
import type { Ingest } from '../ingest/ingest.ts';
import { NORMALISER_VERSION } from '../ingest/ingest.ts';
import type { RuleBook } from '../ingest/rules.ts';
import type { Connection, Writer } from '../store/database.ts';
import { createRawReader } from '../store/raw-store.ts';
import * as rows from '../store/rebuild-store.ts';
import { noteRulesApplied, readSetting, writeSetting } from '../store/rule-store.ts';
import { writeFailure } from '../store/sqlite-error.ts';
import { digestTrace } from '../store/trace-digest.ts';
import { touchTrace } from '../store/trace-writer.ts';
import type { ChangeFeed, Events } from './changes.ts';
import { decodeAgain, isWanted, noteKept, noteStaying, restoreFacts } from './rebuild-body.ts';

/** The work under way, kept in the workspace. */
const MARK = 'rebuild';
/** Records in one transaction. */
const CHUNK = 250;
/** Longest stretch without giving the event loop back, and shortest between two progress events; milliseconds. */
const SLICE_MS = 15;
const PROGRESS_MS = 100;
/** After each stretch, active senders have the engine for this long. */
const SENDERS_MS = 25;

type State = {
  readonly jobId: string;
  /** Everything, not a selection. */
  readonly full: boolean;
  spans: number;
  /** Spans whose bytes are gone or cannot be read any more. */
  staying: number;
  cancelled: boolean;
  /** The body that was broken off, how many of its records are stored again, and whether all of them are wanted. */
  body?: { readonly rawKey: number; readonly stored: number; readonly all: boolean };
};

export type Rebuild = {
  /** Resolves when done, also when it was cancelled: then with what was rebuilt. Rejects with an AppFailure. */
  readonly run: (jobId: string, traceIds: readonly string[] | null, signal: AbortSignal) => Promise<RebuildReport>;
  /** Goes on with what was broken off when the workspace was closed. */
  readonly resume: () => void;
  /** Stops after the traces that are under way. */
  readonly cancel: () => void;
  readonly jobId: () => string | null;
  /** Resolves when no rebuild runs. */
  readonly idle: () => Promise<void>;
  /** Leaves the rest for the next opening. */
  readonly stop: () => Promise<void>;
};

export type RebuildParts = {
  readonly connection: Connection;
  readonly ingest: Ingest;
  readonly book: RuleBook;
  readonly derivation: Derivation;
  readonly events: Events;
  readonly feed: ChangeFeed;
  /** Senders are active. */
  readonly busy: () => boolean;
  readonly drained: () => Promise<void>;
  /** Something was stored: index it. */
  readonly wake: () => void;
};

export function createRebuild(parts: RebuildParts): Rebuild {
  const { connection, ingest, book, derivation, events, feed } = parts;
  const readBody = createRawReader(connection);
  let running: Promise<RebuildReport> | null = null;
  /** What was broken off the last time is no reason to refuse the next: that waits. */
  let resumed: Promise<void> | null = null;
  let state: State | null = null;
  let stopped = false;
  let sliceSince = 0;
  let lastProgress = 0;
  let total = 0;
  let done = 0;
  /** Bodies to be decoded of each open trace. */
  let pending = new Map<number, number>();

  async function pace(): Promise<void> {
    if (performance.now() - sliceSince < SLICE_MS) return;
    // To take a body in and answer needs several turns of the event loop: senders get them in a row.
    const until = performance.now() + SENDERS_MS;
    do await new Promise((resolve) => setImmediate(resolve));
    while (parts.busy() && performance.now() < until);
    sliceSince = performance.now();
  }

  function progress(finished = false): void {
    const now = performance.now();
    if (!state || (!finished && now - lastProgress < PROGRESS_MS)) return;
    lastProgress = now;
    const label = state.cancelled ? 'Rebuild: finishing what was begun' : 'Rebuild';
    events.emit('job', { jobId: state.jobId, label, done, total, unit: 'bytes', finished });
  }

  /** What is written can be derived again, so it need not be synced; the marks of what is to be done are in the same file. */
  function write<T>(work: (writer: Writer) => T): T {
    try {
      return connection.lazyTransaction(work);
    } catch (cause) {
      ingest.forget();
      const failure = writeFailure(cause);
      throw failure ? new AppFailure(failure) : cause;
    }
  }

  async function digest(traceKey: number): Promise<string> {
    const work = digestTrace(connection, traceKey);
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
      await pace();
    }
  }

  async function open(traceKey: number): Promise<void> {
    const before = await digest(traceKey);
    const { bodies, staying } = write((writer) => {
      const opened = rows.openTrace(writer, traceKey, before);
      if (opened.staying > 0) noteStaying(writer, traceKey, opened.staying);
      return opened;
    });
    // What is remembered as told of the trace has to be told again.
    ingest.forget();
    if (state) state.staying += staying;
    pending.set(traceKey, bodies);
    book.rebuilding.add(traceKey);
    if (bodies === 0) closeNow([traceKey]);
  }

  /** The next body, after all traces that it belongs to have been opened: each trace is told in the order of arrival. */
  async function nextBody(): Promise<number | null> {
    for (;;) {
      await pace();
      if (stopped) return null;
      if (state?.cancelled === true) write(rows.dropWaiting);
      const rawKey = rows.nextBody(connection);
      const waiting =
        rawKey === null
          ? [rows.nextWaiting(connection)].filter((key) => key !== null)
          : rows
              .tracesOfBody(connection, rawKey)
              .filter((trace) => trace.phase === rows.PHASE.waiting)
              .map((trace) => trace.traceKey);
      if (waiting.length === 0) return rawKey;
      for (const traceKey of waiting) await open(traceKey);
    }
  }

  async function again(rawKey: number, current: State): Promise<void> {
    const body = rows.bodyOf(connection, rawKey);
    const traces = rows.tracesOfBody(connection, rawKey).filter((trace) => trace.phase === rows.PHASE.open);
    const keys = traces.map((trace) => trace.traceKey);
    const decoded = body ? decodeAgain(body, readBody) : null;
    if (!body || !decoded?.ok) {
      write((writer) => {
        keep(writer, rawKey, keys, decoded?.ok === false ? decoded.error : null, current);
      });
      finished(keys);
      done += body?.size ?? 0;
      return;
    }
    const begun = current.body?.rawKey === rawKey ? current.body : null;
    const all = begun?.all ?? (current.full && !current.cancelled);
    const wanted = all ? null : new Set(traces.map((trace) => trace.traceId));
    const records = wanted ? decoded.records.filter((record) => isWanted(record, wanted)) : decoded.records;
    const told = { receivedAt: body.received_at, live: false, source: decoded.source };
    const from = done;
    const first = begun?.stored ?? 0;
    for (let at = first; at === first || at < records.length; at += CHUNK) {
      if (stopped) return;
      try {
        const last = at + CHUNK >= records.length;
        const { spans } = write((writer) => {
          if (at === 0) rows.clearBody(writer, rawKey, keys);
          const part = { ...told, records: records.slice(at, at + CHUNK) };
          const result = ingest.writeAgain(writer, rawKey, part, feed.nextRevision());
          if (last) finish(writer, rawKey, keys, current);
          else mark(writer, { ...current, body: { rawKey, stored: at + CHUNK, all } });
          return result;
        });
        current.spans += spans;
        delete current.body;
        if (last) finished(keys);
      } catch (cause) {
        if (cause instanceof AppFailure) throw cause;
        // A bug that one body triggers must not cost the others.
        const error: AppError = { code: 'internal', message: cause instanceof Error ? cause.message : String(cause) };
        write((writer) => {
          keep(writer, rawKey, keys, error, current);
        });
        finished(keys);
        break;
      }
      done = from + Math.round((body.size * Math.min(records.length, at + CHUNK)) / Math.max(1, records.length));
      progress();
      await pace();
    }
    done = from + body.size;
  }

  function keep(writer: Writer, rawKey: number, keys: readonly number[], error: AppError | null, current: State): void {
    current.staying += rows.keepBody(writer, rawKey, keys);
    for (const traceKey of keys) {
      restoreFacts(writer, traceKey);
      noteKept(writer, traceKey, rawKey, error);
    }
    finish(writer, rawKey, keys, current, false);
  }

  /** In the transaction of the body's last records; `finished` follows when it is committed. */
  function finish(writer: Writer, rawKey: number, keys: readonly number[], current: State, decoded = true): void {
    const whole = decoded && rows.isWholeBody(writer, rawKey);
    rows.finishBody(writer, rawKey, whole ? NORMALISER_VERSION : null);
    close(writer, keys.filter(isLast));
    delete current.body;
    mark(writer, current);
  }

  function mark(writer: Writer, now: State): void {
    writeSetting(writer, MARK, JSON.stringify(now));
  }

  function isLast(traceKey: number): boolean {
    return (pending.get(traceKey) ?? 1) <= 1;
  }

  function finished(keys: readonly number[]): void {
    closed(keys.filter(isLast));
    for (const key of keys) {
      const rest = pending.get(key);
      if (rest !== undefined) pending.set(key, rest - 1);
    }
  }

  function close(writer: Writer, traceKeys: readonly number[]): void {
    const revision = feed.nextRevision();
    for (const traceKey of traceKeys) {
      // Remembered keys may be of contents that are gone.
      if (rows.closeTrace(writer, traceKey)) ingest.forget();
      touchTrace(writer, traceKey, { receivedAt: 0, liveUntil: 0, revision });
    }
  }

  function closed(traceKeys: readonly number[]): void {
    for (const traceKey of traceKeys) {
      pending.delete(traceKey);
      book.rebuilding.delete(traceKey);
    }
    if (traceKeys.length > 0) derivation.touched(traceKeys);
  }

  function closeNow(traceKeys: readonly number[]): void {
    write((writer) => {
      close(writer, traceKeys);
    });
    closed(traceKeys);
  }

  async function derive(): Promise<void> {
    await derivation.flush();
    await derivation.caughtUp();
  }

  async function work(current: State): Promise<RebuildReport> {
    state = current;
    sliceSince = performance.now();
    done = 0;
    total = rows.bytesLeft(connection);
    progress();
    try {
      for (let rawKey = await nextBody(); rawKey !== null; rawKey = await nextBody()) {
        await again(rawKey, current);
        progress();
      }
      if (stopped) throw new AppFailure(INTERRUPTED);
      // Of traces whose last body went away meanwhile.
      for (const traceKey of rows.pendingBodies(connection).keys()) closeNow([traceKey]);
      await derive();
      return await compare(current);
    } finally {
      progress(true);
      state = null;
      feed.changed(['trace', 'span', 'issue', 'facet', 'setting'], []);
      parts.wake();
    }
  }

  async function compare(current: State): Promise<RebuildReport> {
    const finished = rows.finishedTraces(connection);
    let changed = 0;
    for (const { traceKey, before } of finished) {
      if (stopped) throw new AppFailure(INTERRUPTED);
      if ((await digest(traceKey)) !== before) changed++;
      await pace();
    }
    write((writer) => {
      rows.endRebuild(writer);
      writeSetting(writer, MARK, null);
      if (current.full && !current.cancelled) noteRulesApplied(writer);
    });
    const { spans, staying, cancelled } = current;
    return { traces: finished.length, changed, spans, staying, cancelled };
  }

  function left(): State | null {
    const text = readSetting(connection, MARK);
    return text === null ? null : (JSON.parse(text) as State);
  }

  /** One at a time; what an earlier one left undone comes first. */
  function begin(make: (() => State) | null, signal: AbortSignal | null): Promise<RebuildReport> {
    if (running) throw new AppFailure(BUSY);
    const cancelNow = (): void => {
      cancel();
    };
    const job = (async () => {
      await parts.drained();
      await derive();
      let report: RebuildReport | null = null;
      const rest = left();
      if (rest) {
        pending = rows.pendingBodies(connection);
        report = await work(rest);
      }
      if (make && signal?.aborted !== true) report = await work(make());
      return report ?? { traces: 0, changed: 0, spans: 0, staying: 0, cancelled: true };
    })();
    running = job;
    signal?.addEventListener('abort', cancelNow, { once: true });
    const over = (): void => {
      running = null;
      signal?.removeEventListener('abort', cancelNow);
    };
    job.then(over, over);
    return job;
  }

  function cancel(): void {
    if (!state || state.cancelled) return;
    state.cancelled = true;
    progress();
  }

  for (const traceKey of rows.pendingBodies(connection).keys()) book.rebuilding.add(traceKey);

  return {
    async run(jobId, traceIds, signal) {
      await resumed;
      return begin(() => {
        const state: State = { jobId, full: traceIds === null, spans: 0, staying: 0, cancelled: false };
        write((writer) => {
          rows.beginRebuild(writer, traceIds);
          writeSetting(writer, MARK, JSON.stringify(state));
        });
        pending = new Map();
        return state;
      }, signal);
    },
    resume() {
      if (left() === null || running) return;
      resumed = begin(null, null).then(
        () => undefined,
        (cause: unknown) => {
          // It goes on at the next opening.
          if (!(cause instanceof AppFailure)) console.error('rebuild:', cause);
        },
      );
    },
    cancel,
    jobId: () => state?.jobId ?? null,
    async idle() {
      await running?.catch(() => undefined);
    },
    async stop() {
      stopped = true;
      await running?.catch(() => undefined);
    },
  };
}

const BUSY: AppError = {
  code: 'store_busy',
  message: 'A rebuild is under way.',
  hint: 'Wait until it is done, or cancel it.',
};
const INTERRUPTED: AppError = {
  code: 'cancelled',
  message: 'The workspace was closed; the rebuild goes on when it is opened again.',
};
