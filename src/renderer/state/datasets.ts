/** Datasets, from wherever they are asked for: adding traces, reading files, writing files. */
import { create } from 'zustand';
import type { DatasetImport, DatasetRow } from '#shared/dataset.ts';
import { attempt } from '#shared/rpc/client.ts';
import { bridge } from '../data/bridge.ts';
import { engine } from '../data/engine.ts';
import { formatCount } from '../widgets/format.ts';
import { endJob, startJob } from './jobs.ts';
import { notify, notifyError } from './notices.ts';
import { go } from './place.ts';

export type DatasetSource = { readonly traceIds: readonly string[] } | { readonly query: string };

export type DatasetChoice = {
  readonly source: DatasetSource;
  /** For people: "3 selected traces". */
  readonly what: string;
};

/** What the dialog adds to a dataset; null = closed. */
export const useDatasetDialog = create<{ readonly choice: DatasetChoice | null }>()(() => ({ choice: null }));

/** The selected traces, else all that the search finds. */
export function askDataset(selected: readonly string[], query: string, total: number | null = null): void {
  if (selected.length > 0) {
    const what = selected.length === 1 ? 'one trace' : `${formatCount(selected.length)} selected traces`;
    useDatasetDialog.setState({ choice: { source: { traceIds: selected }, what } });
    return;
  }
  const count = total === null ? 'traces' : `${formatCount(total)} ${total === 1 ? 'trace' : 'traces'}`;
  const what = query === '' ? `all ${count}` : `${count} that match the search`;
  useDatasetDialog.setState({ choice: { source: { query }, what } });
}

export function openDataset(id: string): void {
  go({ view: 'evals', tab: 'datasets', of: [id], span: null, q: '' });
}

/** Null when it failed: then a notice says why. */
export async function createDataset(name: string): Promise<DatasetRow | null> {
  const made = await attempt(engine.call('dataset.create', { name }));
  if (made.ok) return made.value;
  notifyError('No dataset was made', made.error);
  return null;
}

/** Into one that is there, or into a new one of this name. False when it failed or was cancelled. */
export async function addToDataset(
  into: { readonly id: string } | { readonly name: string },
  source: DatasetSource,
): Promise<boolean> {
  const dataset = 'id' in into ? into : await createDataset(into.name);
  if (!dataset) return false;
  const jobId = crypto.randomUUID();
  const signal = startJob(jobId, 'Adding to a dataset');
  const result = await attempt(engine.call('dataset.addTraces', { id: dataset.id, jobId, ...source }, { signal }));
  endJob(jobId);
  if (!result.ok) {
    if (result.error.code === 'cancelled')
      notify({ tone: 'info', title: 'Nothing was added', detail: 'It was cancelled.' });
    else notifyError('Nothing was added', result.error);
    return false;
  }
  const { added, changed, left } = result.value;
  notify({
    tone: added + changed === 0 ? 'info' : 'ok',
    title: `${counted(added, 'example')} added${changed === 0 ? '' : `, ${formatCount(changed)} made again`}`,
    detail: [
      `${result.value.dataset.name.slice(0, 80)}, version ${result.value.dataset.version}.`,
      ...(left === 0
        ? []
        : [`${counted(left, 'trace')} of tasks that have an example already ${left === 1 ? 'was' : 'were'} left.`]),
    ].join(' '),
    action: { label: 'Open', run: () => openDataset(dataset.id) },
  });
  return true;
}

/** What the last import could not read; null = closed. */
export const useDatasetReport = create<{
  readonly report: (DatasetImport & { readonly file: string }) | null;
}>()(() => ({ report: null }));

/** Without an id each file becomes a dataset of its own; the last is opened. */
export async function importDatasets(paths: readonly string[], id?: string): Promise<void> {
  for (const path of paths) {
    const file = path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
    const jobId = crypto.randomUUID();
    const signal = startJob(jobId, `Import ${file}`);
    const args = { path, jobId, ...(id === undefined ? {} : { id }) };
    const result = await attempt(engine.call('dataset.import', args, { signal }));
    endJob(jobId);
    if (!result.ok) {
      if (result.error.code === 'cancelled') {
        notify({ tone: 'info', title: 'Import cancelled', detail: 'The dataset is as it was.' });
        return;
      }
      notifyError(`${file} was not imported`, result.error);
      continue;
    }
    announce(result.value, file, id === undefined);
    if (id === undefined && path === paths.at(-1)) openDataset(result.value.dataset.id);
  }
}

export async function chooseDatasetFiles(id?: string): Promise<void> {
  await importDatasets(await bridge.chooseFiles(), id);
}

function announce(result: DatasetImport, file: string, isNew: boolean): void {
  const { added, changed, problems, dataset } = result;
  if (problems.length > 0) {
    useDatasetReport.setState({ report: { ...result, file } });
    return;
  }
  notify({
    tone: added + changed === 0 ? 'info' : 'ok',
    title:
      added + changed === 0
        ? `${file}: nothing is new`
        : `${counted(added, 'example')} added${changed === 0 ? '' : `, ${formatCount(changed)} changed`}`,
    detail: `${result.format}, ${isNew ? 'a new dataset' : `version ${dataset.version}`}.`,
  });
}

/** False when the person went back, or it failed. */
export async function exportDataset(
  { id, name }: Pick<DatasetRow, 'id' | 'name'>,
  version: number,
  format: 'jsonl' | 'csv',
): Promise<boolean> {
  const plain = name.replace(/[^\w.-]+/g, '_').replace(/^[._]+|[._]+$/g, '');
  const path = await bridge.chooseSavePath(`${plain.slice(0, 80) || 'dataset'}-v${version}.${format}`);
  if (path === null) return false;
  const jobId = crypto.randomUUID();
  const signal = startJob(jobId, `Exporting ${name.slice(0, 60)}`);
  const result = await attempt(engine.call('dataset.export', { id, version, path, format }, { signal }));
  endJob(jobId);
  if (!result.ok) {
    if (result.error.code !== 'cancelled') notifyError('Export failed', result.error);
    return false;
  }
  notify({
    tone: 'ok',
    title: `${counted(result.value.written, 'example')} exported`,
    detail: path.split(/[\\/]/).at(-1) ?? path,
    action: { label: 'Show in folder', run: () => void bridge.revealFile(path) },
  });
  return true;
}

/** Where files go that are dropped on the window, while a place of its own is on the screen that takes them. */
export type DropTaker = {
  readonly title: string;
  readonly about: string;
  readonly take: (paths: readonly string[]) => void;
};
export const useDropTaker = create<{ readonly taker: DropTaker | null }>()(() => ({ taker: null }));

function counted(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}
