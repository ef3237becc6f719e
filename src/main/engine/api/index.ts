/** All handlers, typed by the contract: a missing one does not compile. */
import type { EngineInfo, FormatInfo, ImportReport, Method } from '#shared/rpc/contract.ts';
import { AppFailure } from '#shared/result.ts';
import { SEQUENCE_PAGE } from '#shared/sequence.ts';
import { existsSync } from 'node:fs';
import { isWritten, writeOnly } from '../../formats/exporters.ts';
import { formats } from '../../formats/registry.ts';
import { deleteTraces } from '../../store/delete-traces.ts';
import type { Workspace } from '../../store/open.ts';
import { getTraceOrSession } from '../../store/session-row.ts';
import { writeFailure } from '../../store/sqlite-error.ts';
import { countFacets, listTraces } from '../../store/trace-queries.ts';
import type { Events } from '../changes.ts';
import type { Writing } from '../create-engine.ts';
import { importFiles } from '../import-files.ts';
import type { Prices } from '../prices.ts';
import type { Dispatch } from '../rpc-server.ts';
import { samplePaths } from '../samples.ts';
import { checkArgs } from './args.ts';
import { connectHandlers } from './connect.ts';
import { doctor } from './doctor.ts';
import { exportHandlers } from './export.ts';
import { ledgerHandlers } from './ledger.ts';
import { metricHandlers } from './metrics.ts';
import { issueHandlers, sqlHandlers } from './misc.ts';
import { priceHandlers } from './prices.ts';
import { ruleHandlers } from './rules.ts';
import { sessionHandlers } from './sessions.ts';
import { spanHandlers } from './spans.ts';
import { createTraceViews } from './trace-views.ts';
import type { Handlers, ReadContext } from './types.ts';

export type ApiOptions = {
  readonly workspace: Workspace;
  readonly nativeBinding: string | null;
  readonly info: () => EngineInfo;
  readonly prices: Prices;
  readonly writing: Writing | null;
  readonly events: Events;
};

const readOnlyError = {
  code: 'workspace_locked',
  message: 'The workspace is open for reading only.',
  hint: 'Another Tracewright holds it: use that one, or close it first.',
} as const;

export function createApi(options: ApiOptions): Dispatch {
  const { workspace, info, prices } = options;
  const views = createTraceViews(prices);

  function writing(): Writing {
    if (!options.writing) throw new AppFailure(readOnlyError);
    return options.writing;
  }

  async function runImport(
    jobId: string,
    paths: readonly string[],
    format: string | undefined,
    signal: AbortSignal,
  ): Promise<ImportReport> {
    const { queue, derivation } = writing();
    const job = {
      jobId,
      label: paths.length === 1 ? `Import ${paths[0]?.split(/[\\/]/).at(-1) ?? ''}` : `Import ${paths.length} items`,
      unit: 'bytes',
    };
    let last = { done: 0, total: 0 };
    try {
      const report = await importFiles(queue, {
        paths,
        format,
        signal,
        progress: (done, total) => {
          last = { done, total };
          options.events.emit('job', { ...job, done, total, finished: false });
        },
      });
      await derivation.flush();
      return report;
    } finally {
      options.events.emit('job', { ...job, ...last, finished: true });
    }
  }

  const handlers: Handlers = {
    'engine.info': info,
    'engine.doctor': () => doctor(workspace, info()),
    'engine.formats': () => [...formats.map(formatInfo), ...writeOnly(formats)],
    'trace.list': ({ reader }, args) => listTraces(reader, args),
    'trace.facets': ({ reader }, { query }) => countFacets(reader, query),
    'trace.get': ({ reader }, { traceId }) => {
      const row = getTraceOrSession(reader, traceId);
      if (!row) throw new AppFailure({ code: 'not_found', message: 'This trace does not exist, or was deleted.' });
      return row;
    },
    'trace.open': ({ reader }, { traceId }) => views.open(reader, traceId),
    'trace.graph': ({ reader }, { traceId, expanded }) => views.graph(reader, traceId, expanded === true),
    'trace.edge': ({ reader }, args) => views.edge(reader, args),
    'trace.sequence': ({ reader }, { traceId, cursor, limit }) =>
      views.sequence(reader, traceId, cursor ?? 0, Math.max(1, Math.min(limit ?? SEQUENCE_PAGE, SEQUENCE_PAGE))),
    'trace.lanes': ({ reader }, { traceId }) => views.lanes(reader, traceId),
    'trace.agents': ({ reader }, { traceId }) => views.agents(reader, traceId),
    'trace.waste': ({ reader }, { traceId }) => views.waste(reader, traceId),
    'trace.detect': ({ reader }, { traceId }) => views.detect(reader, traceId),
    'trace.conversation': ({ reader }, { traceId, cursor, limit }) =>
      views.conversation(reader, traceId, cursor ?? 0, Math.max(1, Math.min(limit ?? 50, 500))),
    'trace.find': ({ reader }, { traceId, text }) => views.find(reader, traceId, text),
    'trace.delete': async (_signal, { traceIds }) => {
      const { workspace: open, deleted } = writing();
      if (!open.connection) throw new AppFailure(readOnlyError);
      return {
        deleted: await deleteTraces(open.connection, traceIds, Date.now(), (traceId) => {
          deleted([traceId]);
        }),
      };
    },
    ...sessionHandlers,
    ...spanHandlers,
    ...issueHandlers,
    ...connectHandlers,
    ...metricHandlers,
    ...ledgerHandlers,
    'import.run': (signal, { jobId, paths, format }) => runImport(jobId, paths, format, signal),
    'sample.load': (signal) => {
      const paths = samplePaths().filter((path) => existsSync(path));
      if (paths.length === 0)
        throw new AppFailure({
          code: 'not_found',
          message: 'The sample traces are not part of this installation.',
          hint: 'Import a file of your own instead.',
        });
      return runImport('samples', paths, undefined, signal);
    },
    ...exportHandlers({
      workspace,
      events: options.events,
      settle: async () => options.writing?.derivation.flush(),
    }),
    'settings.get': ({ reader }, { key }) =>
      reader.get<{ value: string }>('SELECT value FROM setting WHERE key = ?', [settingKey(key)])?.value ?? null,
    'settings.set': (_signal, { key, value }) => {
      const { workspace: open, feed } = writing();
      if (value === null) open.connection?.run('DELETE FROM setting WHERE key = ?', [settingKey(key)]);
      else
        open.connection?.run(
          'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
          [settingKey(key), value],
        );
      feed.changed(['setting'], []);
      return null;
    },
    ...priceHandlers(prices, writing),
    ...ruleHandlers(workspace.reader, writing, () => options.writing?.rebuild.jobId() ?? null),
    ...sqlHandlers(workspace.path, { readOnly: true, nativeBinding: options.nativeBinding }),
  };

  return async (method, args, signal) => {
    if (!Object.hasOwn(handlers, method))
      throw new AppFailure({ code: 'bad_request', message: `There is no call "${String(method)}".` });
    const handler = handlers[method] as (context: ReadContext | AbortSignal, args: unknown) => unknown;
    const checked = checkArgs(method, args);
    try {
      return await handler(isRead(method) ? { reader: workspace.reader, signal } : signal, checked);
    } catch (cause) {
      // A full or busy disk is no bug of ours, whatever was being done.
      const failure = writeFailure(cause);
      throw failure ? new AppFailure(failure) : cause;
    }
  };
}

const WRITES: ReadonlySet<Method> = new Set<Method>([
  'trace.delete',
  'import.run',
  'sample.load',
  'settings.set',
  'prices.set',
  'rules.set',
  'rebuild.run',
  'rebuild.cancel',
]);

function isRead(method: Method): boolean {
  return !WRITES.has(method);
}

/** Preferences live beside the engine's own keys and must not overwrite those. */
function settingKey(key: string): string {
  return `user.${key}`;
}

function formatInfo(format: (typeof formats)[number]): FormatInfo {
  return {
    id: format.id,
    label: format.label,
    import: true,
    export: isWritten(format.id),
    routes: format.type === 'decoder' ? format.routes.map((route) => `${route.method} …${route.suffix}`) : [],
  };
}
