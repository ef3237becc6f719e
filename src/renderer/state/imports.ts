/** Importing files, from wherever it is asked: the menu, a drop, the first start. */
import { create } from 'zustand';
import type { ImportReport, MergeReport } from '#shared/rpc/contract.ts';
import { attempt } from '#shared/rpc/client.ts';
import { bridge } from '../data/bridge.ts';
import { engine } from '../data/engine.ts';
import { formatCount } from '../widgets/format.ts';
import { endJob, startJob } from './jobs.ts';
import { notify, notifyError } from './notices.ts';
import { go } from './place.ts';
import { useSelection } from './selection.ts';

/** The report that the dialog shows; null = closed. */
export const useImportReport = create<{ readonly report: ImportReport | null }>()(() => ({ report: null }));

export async function importPaths(paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const jobId = crypto.randomUUID();
  const signal = startJob(
    jobId,
    paths.length === 1 ? `Importing ${baseName(paths[0] ?? '')}` : `Importing ${formatCount(paths.length)} files`,
  );
  const result = await attempt(engine.call('import.run', { jobId, paths }, { signal }));
  endJob(jobId);
  if (!result.ok) {
    if (result.error.code === 'cancelled')
      notify({ tone: 'info', title: 'Import cancelled', detail: 'What was read before stays.' });
    else notifyError('Import failed', result.error);
    return;
  }
  announce(result.value);
}

export async function chooseAndImportFiles(): Promise<void> {
  await importPaths(await bridge.chooseFiles());
}

export async function chooseAndImportFolder(): Promise<void> {
  const folder = await bridge.chooseFolder();
  if (folder !== null) await importPaths([folder]);
}

/** Loads the sample traces and opens the first of them. */
export async function loadSamples(): Promise<void> {
  const result = await attempt(engine.call('sample.load', undefined));
  if (!result.ok) {
    notifyError('The sample traces could not be loaded', result.error);
    return;
  }
  const [first] = result.value.traceIds;
  if (first === undefined) go({ view: 'traces' });
  else useSelection.getState().openTrace(first);
}

function announce(report: ImportReport): void {
  const [only] = report.traceIds;
  if (report.issues.length > 0) {
    useImportReport.setState({ report });
    return;
  }
  const detail = report.merged === null ? '' : mergeSummary(report.merged);
  notify({
    tone: report.merged !== null && report.merged.conflicts > 0 ? 'info' : 'ok',
    title: importSummary(report),
    ...(detail === '' ? {} : { detail }),
    ...(only === undefined
      ? {}
      : {
          action:
            report.traces === 1
              ? { label: 'Open', run: () => useSelection.getState().openTrace(only) }
              : { label: 'Show traces', run: () => go({ view: 'traces' }) },
        }),
  });
}

/** What a label file brought, said as the command line says it. */
export function mergeSummary({ revisions, annotations, conflicts, waiting, waitingTraces }: MergeReport): string {
  return [
    revisions === 0 ? 'Nothing new was said.' : `${counted(annotations, 'annotation')} changed.`,
    ...(conflicts === 0 ? [] : [`${counted(conflicts, 'conflict')}: people said different things at the same time.`]),
    ...(waiting === 0
      ? []
      : [
          `What is said of ${counted(waitingTraces, 'trace')} that ${waitingTraces === 1 ? 'is' : 'are'} not here waits.`,
        ]),
  ].join(' ');
}

export function importSummary(report: ImportReport): string {
  // A label file holds none.
  if (report.merged !== null && report.spans === 0) return `${counted(report.files, 'label file')} read`;
  return `${counted(report.files, 'file')} read: ${counted(report.traces, 'trace')}, ${counted(report.spans, 'span')}`;
}

function counted(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}

function baseName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
