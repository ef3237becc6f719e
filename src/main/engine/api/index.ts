/** All handlers, typed by the contract: a missing one does not compile. */
import type { Answer, EngineInfo, FormatInfo, ImportReport, Method } from '#shared/rpc/contract.ts';
import { AppFailure } from '#shared/result.ts';
import { existsSync } from 'node:fs';
import { isWritten, writeOnly } from '../../formats/exporters.ts';
import { formats } from '../../formats/registry.ts';
import { deleteTraces } from '../../store/delete-traces.ts';
import type { Workspace } from '../../store/open.ts';
import { writeFailure } from '../../store/sqlite-error.ts';
import type { Events } from '../changes.ts';
import type { Writing } from '../create-engine.ts';
import { importFiles } from '../import-files.ts';
import type { Grading } from '../grading/grading.ts';
import type { Judges } from '../judge/judges.ts';
import type { Prices } from '../prices.ts';
import type { Reading } from '../reader/reading.ts';
import type { Dispatch } from '../rpc-server.ts';
import { samplePaths } from '../samples.ts';
import { annotationWrites } from './annotations.ts';
import { checkArgs } from './args.ts';
import { compareExport } from './compare.ts';
import { connectHandlers } from './connect.ts';
import { datasetWrites } from './datasets.ts';
import { detectorHandlers } from './detectors.ts';
import { doctor } from './doctor.ts';
import { endpointHandlers } from './endpoints.ts';
import { evalWrites } from './evals.ts';
import { exportHandlers } from './export.ts';
import { flipHandlers } from './flips.ts';
import { graderExchange } from './grader-exchange.ts';
import { graderHandlers } from './graders.ts';
import { sqlHandlers } from './misc.ts';
import { pictureHandlers } from './pictures.ts';
import { priceHandlers } from './prices.ts';
import { queueHandlers } from './queues.ts';
import type { ReadMethod } from './reads.ts';
import { createReads } from './reads.ts';
import { ruleHandlers } from './rules.ts';
import { runExchange } from './run-exchange.ts';
import { taxonomyWrites } from './taxonomies.ts';
import type { Handlers, ReadContext } from './types.ts';

export type ApiOptions = {
  readonly workspace: Workspace;
  readonly nativeBinding: string | null;
  readonly info: () => EngineInfo;
  readonly prices: Prices;
  readonly judges: Judges;
  readonly grading: Grading;
  /** Answers the calls of `reads.ts`; null = this thread does. */
  readonly reading: Reading | null;
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
  const { reading } = options;
  const reads = createReads(prices);

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
    'engine.doctor': () => doctor(workspace, info(), reading),
    'engine.formats': () => [...formats.map(formatInfo), ...writeOnly(formats)],
    ...reads,
    'trace.delete': async (_signal, { traceIds }) => {
      const { workspace: open, deleted } = writing();
      if (!open.connection) throw new AppFailure(readOnlyError);
      return {
        deleted: await deleteTraces(
          open.connection,
          traceIds,
          Date.now(),
          (traceId) => {
            deleted([traceId]);
          },
          reading?.between,
        ),
      };
    },
    ...annotationWrites(workspace.reader, writing),
    ...queueHandlers(workspace.reader, writing, options.events),
    ...taxonomyWrites(workspace.reader, writing),
    ...connectHandlers,
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
    ...pictureHandlers,
    ...priceHandlers(prices, writing),
    ...endpointHandlers(options.judges, writing),
    ...graderHandlers({ reader: workspace.reader, writing, grading: options.grading, events: options.events, prices }),
    ...flipHandlers(options.grading, options.events),
    ...graderExchange(writing),
    ...datasetWrites({
      workspace,
      writing,
      events: options.events,
      examplesOf: async (traceIds, signal) => {
        const here = () => reads['dataset.ofTraces']({ reader: workspace.reader, signal }, { traceIds });
        const made = await (reading ? reading.run('dataset.ofTraces', { traceIds }, signal, here) : here());
        return made as Answer<'dataset.ofTraces'>;
      },
    }),
    ...evalWrites({ writing, grading: options.grading, events: options.events }),
    ...runExchange({ workspace, prices, writing }),
    ...compareExport(workspace),
    ...detectorHandlers(writing),
    ...ruleHandlers(workspace.reader, writing, () => options.writing?.rebuild.jobId() ?? null),
    ...sqlHandlers(workspace.path, { readOnly: true, nativeBinding: options.nativeBinding }),
  };

  function readsTraces(method: Method): method is ReadMethod {
    return Object.hasOwn(reads, method);
  }

  return async (method, args, signal) => {
    if (!Object.hasOwn(handlers, method))
      throw new AppFailure({ code: 'bad_request', message: `There is no call "${String(method)}".` });
    const handler = handlers[method] as (context: ReadContext | AbortSignal, args: unknown) => unknown;
    const checked = checkArgs(method, args);
    const here = (): unknown => handler(isRead(method) ? { reader: workspace.reader, signal } : signal, checked);
    try {
      return await (reading && readsTraces(method) ? reading.run(method, checked, signal, here) : here());
    } catch (cause) {
      // A full or busy disk is no bug of ours, whatever was being done.
      const failure = writeFailure(cause);
      throw failure ? new AppFailure(failure) : cause;
    }
  };
}

const WRITES: ReadonlySet<Method> = new Set<Method>([
  'trace.delete',
  'annotation.save',
  'annotation.remove',
  'queue.create',
  'queue.addItems',
  'queue.mark',
  'queue.draft',
  'queue.delete',
  'taxonomy.save',
  'taxonomy.reset',
  'schema.save',
  'schema.remove',
  'coding.promote',
  'coding.group',
  'coding.withdraw',
  'import.run',
  'sample.load',
  'grader.save',
  'grader.archive',
  'grader.import',
  'grading.start',
  'grading.cancel',
  'dataset.create',
  'dataset.rename',
  'dataset.archive',
  'dataset.edit',
  'dataset.revert',
  'dataset.addTraces',
  'dataset.import',
  'eval.save',
  'eval.archive',
  'run.start',
  'run.repeat',
  'run.cancel',
  'run.resume',
  'run.rename',
  'run.delete',
  'run.import',
  'endpoint.save',
  'endpoint.remove',
  'endpoint.test',
  'settings.set',
  'prices.set',
  'detectors.set',
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
