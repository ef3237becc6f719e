/** Datasets and their versions. */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { DatasetExample, DatasetRow } from '#shared/dataset.ts';
import { MOST_EXAMPLES } from '#shared/dataset.ts';
import { AppFailure } from '#shared/result.ts';
import type { Connection, Reader, Writer } from '../../store/database.ts';
import {
  datasetById,
  datasetsOf,
  datasetVersions,
  EXAMPLE_PAGE,
  exampleByKey,
  examplePage,
  withoutKey,
  type KeyedDataset,
} from '../../store/dataset-store.ts';
import {
  archiveDataset,
  beginDataset,
  dropUnfinished,
  finishVersion,
  renameDataset,
  stageExample,
  stageRemoval,
  stageRevert,
} from '../../store/dataset-writer.ts';
import type { Workspace } from '../../store/open.ts';
import type { Events } from '../changes.ts';
import type { Writing } from '../create-engine.ts';
import { checkExample, hashOfInput } from '../datasets/check-example.ts';
import { exportDataset } from '../datasets/export-dataset.ts';
import { examplesOfTraces } from '../datasets/from-traces.ts';
import { importDataset } from '../datasets/import-dataset.ts';
import type { Prices } from '../prices.ts';
import { reviewerOf } from './annotations.ts';
import { chosenTraces } from './graders.ts';
import type { Handlers } from './types.ts';

const NO_DATASET = {
  code: 'not_found',
  message: 'This dataset does not exist.',
  hint: 'See the list of datasets.',
} as const;
const NAME_LENGTH = 200;
const NOTE_LENGTH = 2_000;
/** Traces that are read at once, in the reader's thread. */
const AT_ONCE = 20;
const MOST_TRACES = 20_000;
const PROGRESS_MS = 100;

type Reads = `dataset.${'list' | 'get' | 'examples' | 'example' | 'ofTraces'}`;

export function datasetReads(prices: Pick<Prices, 'estimator'>): Pick<Handlers, Reads> {
  return {
    'dataset.list': ({ reader }, { archived }) => datasetsOf(reader, archived === true),
    'dataset.get': ({ reader }, { id }) => {
      const row = existing(reader, id);
      return { row: withoutKey(row), versions: datasetVersions(reader, row) };
    },
    'dataset.examples': ({ reader }, { id, version, text, cursor, limit }) => {
      const row = existing(reader, id);
      return examplePage(reader, row, {
        version: versionOf(row, version),
        text,
        cursor: cursor ?? -1,
        limit: Math.max(1, Math.min(limit ?? EXAMPLE_PAGE, EXAMPLE_PAGE)),
      });
    },
    'dataset.example': ({ reader }, { id, version, key }) => {
      const row = existing(reader, id);
      const example = exampleByKey(reader, row, versionOf(row, version), key);
      if (!example) throw new AppFailure({ code: 'not_found', message: 'This version has no such example.' });
      return example;
    },
    'dataset.ofTraces': ({ reader, signal }, { traceIds }) => examplesOfTraces(reader, prices, traceIds, signal),
  };
}

type Others = `dataset.${'create' | 'rename' | 'archive' | 'edit' | 'revert' | 'addTraces' | 'import' | 'export'}`;

export function datasetWrites({
  workspace,
  writing,
  events,
  examplesOf,
}: {
  readonly workspace: Workspace;
  readonly writing: () => Writing;
  readonly events: Pick<Events, 'emit'>;
  /** `dataset.ofTraces`, wherever reading calls are answered. */
  readonly examplesOf: (traceIds: readonly string[], signal: AbortSignal) => Promise<readonly DatasetExample[]>;
}): Pick<Handlers, Others> {
  /** Ids of datasets that a file or traces are being read into: their next version is under way. */
  const busy = new Set<string>();
  let tidied = false;

  function connected(): Connection {
    const { connection } = writing().workspace;
    if (!connection)
      throw new AppFailure({ code: 'workspace_locked', message: 'The workspace is open for reading only.' });
    if (!tidied) connection.transaction(dropUnfinished);
    tidied = true;
    return connection;
  }

  function changed(id: string, reader: Reader): DatasetRow {
    writing().feed.changed(['dataset'], []);
    return withoutKey(existing(reader, id));
  }

  function notBusy(id: string): void {
    if (busy.has(id))
      throw new AppFailure({
        code: 'store_busy',
        message: 'Examples are being added to this dataset.',
        hint: 'Wait until that is done, or cancel it.',
      });
  }

  async function alone<T>(id: string, work: () => Promise<T>): Promise<T> {
    notBusy(id);
    busy.add(id);
    try {
      return await work();
    } finally {
      busy.delete(id);
    }
  }

  /** Runs `work` with a job that shows its progress. */
  async function asJob<T>(
    job: { readonly jobId: string; readonly label: string; readonly unit: string },
    work: (progress: (done: number, total: number) => void) => Promise<T>,
  ): Promise<T> {
    let last = { done: 0, total: 0 };
    let told = 0;
    try {
      return await work((done, total) => {
        last = { done, total };
        const now = performance.now();
        if (now - told < PROGRESS_MS) return;
        told = now;
        events.emit('job', { ...job, done, total, finished: false });
      });
    } finally {
      events.emit('job', { ...job, ...last, finished: true });
    }
  }

  function facts(writer: Writer, note: string | null, removed = 0) {
    return { note, author: reviewerOf(writer), now: Date.now(), removed };
  }

  /** Version 1, without examples. */
  function create(writer: Writer, name: string): string {
    const id = randomUUID();
    const datasetKey = beginDataset(writer, { id, name, now: Date.now() });
    finishVersion(writer, { datasetKey, version: 0 }, facts(writer, null));
    return id;
  }

  return {
    'dataset.create': (_signal, { name }) => {
      const connection = connected();
      const checked = nameFrom(name);
      return changed(
        connection.transaction((writer) => create(writer, checked)),
        connection,
      );
    },
    'dataset.rename': (_signal, { id, name }) => {
      const connection = connected();
      existing(connection, id);
      const checked = nameFrom(name);
      connection.transaction((writer) => renameDataset(writer, id, checked, Date.now()));
      return changed(id, connection);
    },
    'dataset.archive': (_signal, { id, archived }) => {
      const connection = connected();
      existing(connection, id);
      connection.transaction((writer) => archiveDataset(writer, id, archived));
      return changed(id, connection);
    },
    'dataset.edit': (_signal, { id, base, edits, note }) => {
      const connection = connected();
      notBusy(id);
      const dataset = existing(connection, id);
      if (base !== dataset.version)
        throw new AppFailure({
          code: 'bad_request',
          message: `This was edited meanwhile: the newest version is ${dataset.version}, not ${base}.`,
          hint: 'Open the newest version, and make the edits there.',
        });
      // Of several edits of one example the last counts.
      const last = new Map<string, DatasetExample | null>();
      for (const edit of edits) {
        if (edit.op === 'remove' && typeof edit.key === 'string') last.set(edit.key, null);
        else if (edit.op === 'put') {
          const checked = checkExample(edit.example);
          if (!checked.ok) throw new AppFailure(checked.error);
          const { key, ...body } = checked.value;
          const free = edit.example.key === undefined ? freeKey(connection, dataset, last, key) : key;
          last.set(free, { key: free, ...body });
        } else
          throw new AppFailure({
            code: 'bad_request',
            message: 'An edit is { op: "put", example } or { op: "remove", key }.',
          });
      }
      connection.transaction((writer) => {
        let put = 0;
        let removed = 0;
        for (const [key, example] of last) {
          if (example === null) removed += stageRemoval(writer, dataset, key) ? 1 : 0;
          else put += stageExample(writer, dataset, example, hashOfInput(example)) === 'same' ? 0 : 1;
        }
        if (put + removed > 0)
          finishVersion(writer, dataset, facts(writer, note?.trim().slice(0, NOTE_LENGTH) || null, removed));
      });
      return changed(id, connection);
    },
    'dataset.revert': (_signal, { id, version }) => {
      const connection = connected();
      notBusy(id);
      const dataset = existing(connection, id);
      const wanted = versionOf(dataset, version);
      connection.transaction((writer) => {
        if (wanted >= dataset.version) return;
        const { gone, back } = stageRevert(writer, dataset, wanted);
        if (gone + back > 0) finishVersion(writer, dataset, facts(writer, `As version ${wanted}`, gone));
      });
      return changed(id, connection);
    },
    'dataset.addTraces': async (signal, { id, query, traceIds, jobId }) => {
      const connection = connected();
      existing(connection, id);
      return alone(id, async () => {
        // What has arrived is read as it is then listed.
        await writing().derivation.flush();
        const chosen = inTime(connection, chosenTraces(connection, traceIds, query));
        if (chosen.length === 0)
          throw new AppFailure({
            code: 'not_found',
            message: 'There is no trace to add.',
            hint: 'Choose other traces, or another search.',
          });
        if (chosen.length > MOST_TRACES)
          throw new AppFailure({
            code: 'too_large',
            message: `At most ${MOST_TRACES.toLocaleString('en-US')} traces are added at once; these are ${chosen.length.toLocaleString('en-US')}.`,
            hint: 'Choose fewer, by a search.',
          });
        const dataset = existing(connection, id);
        const job = { jobId: jobId ?? randomUUID(), label: `Adding to ${dataset.name.slice(0, 60)}`, unit: 'traces' };
        const { made, left } = await asJob(job, (progress) =>
          collect(connection, dataset, chosen, { signal, progress, examplesOf }),
        );
        let added = 0;
        let renewed = 0;
        connection.transaction((writer) => {
          for (const example of made.values()) {
            const staged = stageExample(writer, dataset, example, hashOfInput(example));
            if (staged === 'added') added++;
            if (staged === 'changed') renewed++;
          }
          if (added + renewed > 0) {
            const note = `From ${chosen.length === 1 ? 'a trace' : `${chosen.length.toLocaleString('en-US')} traces`}`;
            finishVersion(writer, dataset, facts(writer, note));
          }
        });
        return { dataset: changed(id, connection), added, changed: renewed, left };
      });
    },
    'dataset.import': async (signal, { id, path, name, jobId }) => {
      const connection = connected();
      const size = await sizeOf(path);
      const file = path.split(/[\\/]/).at(-1) ?? path;
      if (id !== undefined) existing(connection, id);
      const wanted = id === undefined ? nameFrom(name ?? nameOfFile(file)) : '';
      const datasetId = id ?? randomUUID();
      return alone(datasetId, async () => {
        const target =
          id === undefined
            ? {
                datasetKey: connection.transaction((writer) =>
                  beginDataset(writer, { id: datasetId, name: wanted, now: Date.now() }),
                ),
                version: 0,
              }
            : existing(connection, id);
        const job = { jobId: jobId ?? randomUUID(), label: `Import ${file.slice(0, 100)}`, unit: 'bytes' };
        const { made: _made, ...outcome } = await asJob(job, (progress) =>
          importDataset({
            connection,
            path,
            file: file.slice(0, 300),
            target,
            author: reviewerOf(connection),
            signal,
            progress: (bytes) => progress(Math.min(bytes, size), size),
          }),
        );
        return { dataset: changed(datasetId, connection), ...outcome };
      });
    },
    'dataset.export': async ({ reader, signal }, { id, version, path, format }) => {
      const dataset = existing(reader, id);
      const forbidden = ['', '-wal', '-shm', '.lock'].map((suffix) => workspace.path + suffix);
      return {
        written: await exportDataset(reader, {
          id,
          version: versionOf(dataset, version),
          path,
          format,
          forbidden,
          signal,
        }),
      };
    },
  };
}

/** Of several trials of one task the first in time is the example; examples from elsewhere stay as they are. */
async function collect(
  reader: Reader,
  dataset: KeyedDataset,
  traceIds: readonly string[],
  options: {
    readonly signal: AbortSignal;
    readonly progress: (done: number, total: number) => void;
    readonly examplesOf: (traceIds: readonly string[], signal: AbortSignal) => Promise<readonly DatasetExample[]>;
  },
): Promise<{ readonly made: ReadonlyMap<string, DatasetExample>; readonly left: number }> {
  const made = new Map<string, DatasetExample>();
  let left = 0;
  for (let at = 0; at < traceIds.length; at += AT_ONCE) {
    options.progress(at, traceIds.length);
    for (const example of await options.examplesOf(traceIds.slice(at, at + AT_ONCE), options.signal)) {
      const { key, origin } = example;
      const kept = exampleByKey(reader, dataset, dataset.version, key)?.origin;
      const own =
        kept === undefined || (kept.kind === 'trace' && origin.kind === 'trace' && kept.traceId === origin.traceId);
      if (!own || made.has(key)) left++;
      else if (made.size >= MOST_EXAMPLES) throw new AppFailure({ code: 'too_large', message: 'These are too many.' });
      else made.set(key, example);
    }
    if (options.signal.aborted)
      throw new AppFailure({ code: 'cancelled', message: 'Cancelled; the dataset is as it was.' });
  }
  return { made, left };
}

/** The oldest first; ids of traces that are not there stay at the end. */
function inTime(reader: Reader, traceIds: readonly string[]): string[] {
  const times = new Map(
    traceIds.map((id) => [
      id,
      reader.get<{ sort_ns: number }>('SELECT sort_ns FROM trace WHERE trace_id = ?', [id])?.sort_ns ?? Infinity,
    ]),
  );
  return [...traceIds].sort((a, b) => (times.get(a) ?? 0) - (times.get(b) ?? 0) || (a < b ? -1 : 1));
}

function freeKey(reader: Reader, dataset: KeyedDataset, taken: ReadonlyMap<string, unknown>, wanted: string): string {
  for (let copy = 1; ; copy++) {
    const key = copy === 1 ? wanted : `${wanted}#${copy}`;
    if (!taken.has(key) && !exampleByKey(reader, dataset, dataset.version, key)) return key;
  }
}

function existing(reader: Reader, id: string): KeyedDataset {
  const dataset = datasetById(reader, id);
  if (!dataset) throw new AppFailure(NO_DATASET);
  return dataset;
}

function versionOf(dataset: KeyedDataset, version: number | undefined): number {
  if (version === undefined) return dataset.version;
  if (version < 1 || version > dataset.version)
    throw new AppFailure({
      code: 'not_found',
      message: `The dataset has the versions 1 to ${dataset.version}, and no version ${version}.`,
    });
  return version;
}

function nameFrom(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > NAME_LENGTH)
    throw new AppFailure({
      code: 'bad_request',
      message: `The name of a dataset has 1 to ${NAME_LENGTH} characters.`,
      hint: 'Give another name.',
    });
  return trimmed;
}

function nameOfFile(file: string): string {
  const plain = file.replace(/(?:\.(?:gz|jsonl|json|ndjson|csv|tsv|txt|evalset|test))+$/i, '').trim();
  return (plain === '' ? 'Dataset' : plain).slice(0, NAME_LENGTH);
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (found.isFile()) return found.size;
  } catch {
    // Said below.
  }
  throw new AppFailure({
    code: 'unreadable_file',
    message: `There is no file ${path.slice(0, 500)} that can be read.`,
    hint: 'Choose another one.',
  });
}
