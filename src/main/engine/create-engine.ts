/** Composition root: the one place where store, ingest, collector, housekeeping and API are put together. */
import type { AppError, Result } from '#shared/result.ts';
import { AppFailure, ok } from '#shared/result.ts';
import type { Answer, Args, EngineEvents, EngineInfo, EventName, Method } from '#shared/rpc/contract.ts';
import type { ClientMessage, Port, ServerMessage } from '#shared/rpc/wire.ts';
import type { BodyLimits } from '../collector/body.ts';
import type { Accepted, Collector, Received } from '../collector/server.ts';
import { startCollector } from '../collector/server.ts';
import { answerForPath, destinationOf, formatForPath, nameOfRequest } from '../formats/registry.ts';
import type { CommitQueue } from '../ingest/commit-queue.ts';
import { createCommitQueue } from '../ingest/commit-queue.ts';
import type { Derivation } from '../ingest/derivation.ts';
import { createDerivation } from '../ingest/derivation.ts';
import { createIngest, NORMALISER_VERSION } from '../ingest/ingest.ts';
import { createRuleBook, type RuleBook } from '../ingest/rules.ts';
import { createSandboxes, type SandboxOptions, type Sandboxes } from '../sandbox/sandboxes.ts';
import type { Workspace } from '../store/open.ts';
import { olderBodies } from '../store/rebuild-store.ts';
import { openWorkspace } from '../store/open.ts';
import { createApi } from './api/index.ts';
import { createChangeFeed, createEvents } from './changes.ts';
import { countStored } from './counts.ts';
import { rulesFingerprint, storedEdits } from './detector-settings.ts';
import type { FindingSearch } from './finding-search.ts';
import { createFindingSearch } from './finding-search.ts';
import { createGrading } from './grading/grading.ts';
import { createHousekeeping } from './housekeeping.ts';
import type { EndpointInUse } from './judge/endpoint-in-use.ts';
import { createJudges } from './judge/judges.ts';
import type { KeyRing } from './judge/key-ring.ts';
import { createMeter } from './meter.ts';
import { createRebuild, type Rebuild } from './rebuild.ts';
import type { Reading } from './reader/reading.ts';
import { createTwoThreads } from './reader/two-threads.ts';
import { rejectedNameOf, signalByShape } from './otlp-signals.ts';
import { receive } from './receive.ts';
import type { Prices, Repricing } from './prices.ts';
import { createPrices, createRepricing } from './prices.ts';
import type { Dispatch } from './rpc-server.ts';
import { serve } from './rpc-server.ts';

export type EngineOptions = {
  readonly workspace: string;
  /** Wanted collector port, 0 = any free one, null = no collector. */
  readonly httpPort: number | null;
  /** Wanted port of the second listener, by convention for gRPC; one below the HTTP port unless given. Both take both. */
  readonly grpcPort?: number;
  readonly readOnly?: boolean;
  readonly nativeBinding?: string | null;
  readonly appVersion: string;
  readonly bodyLimits?: BodyLimits;
  /** The workspace file may not grow beyond this; like a full disk, senders are told to try again. */
  readonly maxBytes?: number;
  /**
   * Reading calls are answered by a thread of their own, so that no analysis keeps senders waiting: for a host that collects.
   * One that ends after its work does without, as it does where the thread cannot be started.
   */
  readonly readerThread?: boolean;
  /** Asked by graders instead of the endpoints of the workspace. */
  readonly judgeEndpoint?: EndpointInUse;
  /** How the code of graders is run, where more than JavaScript can be. */
  readonly sandboxes?: SandboxOptions;
};

export type Engine = {
  readonly info: () => EngineInfo;
  /** Rejects with an AppFailure. */
  readonly call: <M extends Method>(method: M, args: Args<M>, signal?: AbortSignal) => Promise<Answer<M>>;
  readonly subscribe: <E extends EventName>(event: E, listener: (data: EngineEvents[E]) => void) => () => void;
  /** Hands in the key of a judge endpoint, or takes it away. */
  readonly setKey: KeyRing['set'];
  /** Python graders run in it from now on, outside of the sandbox; null = in the sandbox again. */
  readonly setOwnPython: Sandboxes['setOwnPython'];
  readonly connect: (port: Port<ServerMessage, ClientMessage>) => void;
  /** Resolves when everything received so far is derived, indexed and compacted, and its findings are looked for unless `findings` is false. */
  readonly settle: (options?: { readonly findings?: boolean }) => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function createEngine(options: EngineOptions): Promise<Result<Engine>> {
  const nativeBinding = options.nativeBinding ?? null;
  const opened = await openWorkspace(options.workspace, {
    readOnly: options.readOnly === true,
    nativeBinding,
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
  });
  if (!opened.ok) return opened;
  const workspace = opened.value;
  const prices = createPrices(workspace.reader);
  const reading = options.readerThread === true ? createTwoThreads({ workspace: workspace.path, nativeBinding }) : null;
  const writing = workspace.connection ? startWriting(workspace, prices, reading) : null;

  let collector: Collector | null = null;
  let notice = workspace.readOnly ? 'Opened for reading only.' : null;
  if (writing && options.httpPort !== null) {
    const started = await startCollector({
      port: options.httpPort,
      grpcPort: options.grpcPort ?? Math.max(0, options.httpPort - 1),
      route: (path) => routeKind(path),
      methodOf: (path) => destinationOf(path)?.route.method ?? 'POST',
      answer: answerForPath,
      busy: (bytes) => writing.queue.full(bytes),
      expect: () => writing.queue.expect(),
      accept: (received, arrived) => accept(writing, received, arrived),
      ...(options.bodyLimits ? { limits: options.bodyLimits } : {}),
    });
    if (!started.ok) {
      // Without a collector the workbench still opens, imports and shows; the notice says what is missing.
      notice = sentence(started.error);
    } else {
      collector = started.value;
      workspace.lock?.announce(collector.url);
      if (options.httpPort !== 0 && collector.port !== options.httpPort) {
        notice = `Port ${options.httpPort} is taken by another program; collecting on ${collector.port} instead.`;
      }
    }
  }

  let older = countOlder();
  writing?.events.on('job', ({ label, finished }) => {
    if (finished && label.startsWith('Rebuild')) older = countOlder();
  });

  function countOlder(): number {
    return olderBodies(workspace.reader, NORMALISER_VERSION);
  }

  function info(): EngineInfo {
    return {
      version: options.appVersion,
      workspace: workspace.path,
      httpUrl: collector?.url ?? null,
      grpcAddress: collector?.grpcAddress ?? null,
      notice: notice ?? (older > 0 ? OLDER_NOTICE : null),
      readOnly: workspace.readOnly,
      ...countStored(workspace.reader, workspace.path),
      revision: writing?.feed.revision() ?? 0,
    };
  }

  const events = writing?.events ?? createEvents();
  const judges = createJudges(workspace, {
    prices: prices.book,
    env: process.env,
    endpoint: options.judgeEndpoint,
    sent: () => writing?.feed.changed(['outbound'], []),
  });
  const sandboxes = createSandboxes({
    ...options.sandboxes,
    startsPython: (startsPython) => events.emit('sandbox', { startsPython }),
  });
  const { connection } = workspace;
  const grading = createGrading({
    workspace,
    nativeBinding,
    prices,
    services: {
      judge: judges.services.judge,
      embed: judges.services.embed,
      runCode: sandboxes.runCode,
      now: () => performance.now(),
    },
    judging: { endpoints: judges.book.inUse, only: options.judgeEndpoint ?? null },
    threads: options.readerThread === true,
    writing: writing && connection ? { connection, events: writing.events, feed: writing.feed } : null,
  });
  const api = createApi({ workspace, nativeBinding, info, prices, judges, grading, reading, writing, events });

  async function call<M extends Method>(
    method: M,
    args: Args<M>,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Answer<M>> {
    return (await api(method, args, signal)) as Answer<M>;
  }

  // Looked for like any other call, so that it is done wherever those are.
  writing?.findings.start((traceId, signal) => call('trace.findings', { traceId }, signal));

  let closing: Promise<void> | null = null;
  return ok({
    info,
    call,
    subscribe: (event, listener) => events.on(event, listener),
    setKey(entry) {
      judges.keys.set(entry);
      writing?.feed.changed(['endpoint'], []);
    },
    setOwnPython: sandboxes.setOwnPython,
    connect: (port) => {
      serve(port, forWindows(api), events);
    },
    async settle(options) {
      await writing?.settle(options);
      await grading.queue?.idle();
      await grading.runs?.idle();
    },
    close() {
      closing ??= (async () => {
        await collector?.close();
        await grading.close();
        judges.services.close();
        await sandboxes.close();
        const looked = writing?.findings.stop();
        try {
          await reading?.close();
          await looked;
          await writing?.stop();
        } finally {
          workspace.close();
        }
      })();
      return closing;
    },
  });
}

const OLDER_NOTICE =
  'Some of what is here was read by an older version of Tracewright. Settings, Rules: "Rebuild all traces" reads it as this version does.';

export type Writing = {
  readonly workspace: Workspace;
  readonly queue: CommitQueue;
  readonly derivation: Derivation;
  readonly repricing: Repricing;
  readonly book: RuleBook;
  readonly rebuild: Rebuild;
  readonly findings: FindingSearch;
  readonly events: ReturnType<typeof createEvents>;
  readonly feed: ReturnType<typeof createChangeFeed>;
  /** After a deletion: forget cached keys and tell everyone. */
  readonly deleted: (traceIds: readonly string[]) => void;
  readonly settle: Engine['settle'];
  readonly stop: () => Promise<void>;
};

function startWriting(workspace: Workspace, prices: Prices, reading: Reading | null): Writing {
  const { connection } = workspace;
  if (!connection) throw new Error('a read-only workspace cannot be written');
  const events = createEvents();
  const first =
    connection.get<{ revision: number | null }>('SELECT max(revision) AS revision FROM trace')?.revision ?? 0;
  const feed = createChangeFeed(events, first);
  const book = createRuleBook(connection);
  const ingest = createIngest(book);
  const meter = createMeter(workspace, events);
  const housekeeping = createHousekeeping(connection, {
    indexed: () => {
      feed.changed(['content_fts'], []);
    },
    busy: () => queue.busy(),
    unread: reading?.between ?? ((work) => Promise.resolve(work())),
  });
  const derivation = createDerivation(connection, {
    nextRevision: feed.nextRevision,
    estimator: prices.estimator,
    caughtUp: () => {
      repricing.caughtUp();
    },
    derived: (keys) => {
      feed.changed(['trace', 'facet'], traceIdsOf(keys));
      findings.wake();
    },
  });
  const queue = createCommitQueue(connection, ingest, {
    nextRevision: feed.nextRevision,
    committed: (results) => {
      let spans = 0;
      for (const result of results) {
        if (result.duplicate) continue;
        spans += result.spans;
        derivation.touched(result.traceKeys);
        feed.changed(['trace', 'span', 'issue'], result.traceIds);
        if (result.definitions > 0) feed.changed(['taxonomy'], []);
      }
      meter.count(spans);
      housekeeping.wake();
    },
  });
  const findings = createFindingSearch(connection, {
    busy: () => queue.busy(),
    rules: () => rulesFingerprint(storedEdits(connection)),
    found: (traceIds) => {
      feed.changed(['finding'], traceIds);
    },
  });
  const repricing = createRepricing(connection, prices, derivation);
  repricing.start();
  const rebuild = createRebuild({
    connection,
    ingest,
    book,
    derivation,
    events,
    feed,
    busy: () => queue.busy(),
    drained: () => queue.drained(),
    wake: () => {
      housekeeping.wake();
    },
  });
  // What was broken off the last time; the workspace is of use meanwhile.
  rebuild.resume();
  housekeeping.wake();

  function traceIdsOf(keys: readonly number[]): string[] {
    return keys.flatMap(
      (key) =>
        connection?.get<{ trace_id: string }>('SELECT trace_id FROM trace WHERE trace_key = ?', [key])?.trace_id ?? [],
    );
  }

  async function settle(options: { readonly findings?: boolean } = {}): Promise<void> {
    await queue.drained();
    await rebuild.idle();
    await derivation.flush();
    await derivation.caughtUp();
    if (options.findings !== false) await findings.finish();
    await housekeeping.finish();
  }

  return {
    workspace,
    queue,
    derivation,
    repricing,
    book,
    rebuild,
    findings,
    events,
    feed,
    deleted(traceIds) {
      ingest.forget();
      feed.changed(['trace', 'span', 'facet', 'issue', 'run'], traceIds);
      feed.nextRevision();
    },
    settle,
    async stop() {
      await rebuild.stop();
      await queue.drained();
      derivation.stop();
      await derivation.flush({ final: true });
      await housekeeping.stop();
      feed.stop();
      meter.stop();
    },
  };
}

function routeKind(path: string): 'otlp' | 'plain' | null {
  if (path === '/') return 'otlp';
  const format = formatForPath(path);
  return format === null ? null : rejectedNameOf(format) === null ? 'plain' : 'otlp';
}

async function accept(writing: Writing, received: Received, arrived: () => void): Promise<Accepted> {
  const format = received.path === '/' ? signalByShape(received.bytes) : formatForPath(received.path);
  if (!format) throw new AppFailure({ code: 'bad_request', message: 'No format takes this path.' });
  const body = { ...received, name: nameOfRequest(received.path), live: true };
  const result = await receive(writing.queue, format, body, arrived);
  if (!result.ok) throw new AppFailure(result.error);
  return {
    rejected: result.value.rejected,
    rejectedName: rejectedNameOf(format) ?? 'rejectedSpans',
    message: result.value.problems.map((problem) => problem.message).join(' '),
    ...(result.value.reply ? { reply: result.value.reply } : {}),
  };
}

function sentence(error: AppError): string {
  return error.hint ? `${error.message} ${error.hint}` : error.message;
}

/**
 * Free SQL is for the command line, whose process a user can end: a query that never ends cannot be interrupted, and in
 * the app it would take the collector with it.
 */
function forWindows(api: Dispatch): Dispatch {
  return async (method, args, signal) => {
    if (method === 'sql.query') {
      throw new AppFailure({
        code: 'bad_request',
        message: 'SQL is run on the command line only.',
        hint: 'Use: tracewright sql "SELECT …"',
      });
    }
    return api(method, args, signal);
  };
}
