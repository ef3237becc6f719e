/** Importing files, from wherever it is asked: the menu, a drop, the first start. */
import { create } from 'zustand';
import type { ImportReport } from '#shared/rpc/contract.ts';
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
  notify({
    tone: 'ok',
    title: importSummary(report),
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

export function importSummary(report: ImportReport): string {
  return `${counted(report.files, 'file')} read: ${counted(report.traces, 'trace')}, ${counted(report.spans, 'span')}`;
}

function counted(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}

function baseName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
