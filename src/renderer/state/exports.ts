/** Exporting traces, from wherever it is asked: the list, an open trace, the menu. */
import { create } from 'zustand';
import { attempt } from '#shared/rpc/client.ts';
import type { ExportFormatInfo, ExportReport } from '#shared/rpc/contract.ts';
import { bridge } from '../data/bridge.ts';
import { engine } from '../data/engine.ts';
import { formatBytes, formatCount } from '../widgets/format.ts';
import { endJob, startJob } from './jobs.ts';
import { notify, notifyError } from './notices.ts';

export type ExportChoice = {
  readonly traceIds?: readonly string[];
  readonly query?: string;
  /** For people: "3 selected traces". */
  readonly what: string;
  /** Of the proposed file, without an extension. */
  readonly name: string;
};

/** What the dialog asks a format for; null = closed. */
export const useExportDialog = create<{ readonly choice: ExportChoice | null }>()(() => ({ choice: null }));

export function askExport(choice: ExportChoice): void {
  useExportDialog.setState({ choice });
}

/** The one open trace, or the session that is read as one. */
export function askExportOf(traceId: string): void {
  askExport({ traceIds: [traceId], what: 'this trace', name: fileName(traceId) });
}

/** The selected traces, else those that the list shows. */
export function askExportOfList(selected: readonly string[], query: string, total: number | null): void {
  if (selected.length > 0) {
    const what = `${formatCount(selected.length)} selected ${selected.length === 1 ? 'trace' : 'traces'}`;
    askExport({ traceIds: selected, what, name: selected.length === 1 ? fileName(selected[0] ?? '') : 'traces' });
    return;
  }
  const count = total === null ? 'all traces' : `${formatCount(total)} ${total === 1 ? 'trace' : 'traces'}`;
  if (query === '') askExport({ what: total === null ? count : `all ${count}`, name: 'traces' });
  else askExport({ query, what: `${count} that match the search`, name: 'traces' });
}

/** Asks where, then writes; false when the user went back. */
export async function exportTraces(choice: ExportChoice, format: ExportFormatInfo): Promise<boolean> {
  const extension = format.extension === '' ? '' : `.${format.extension}`;
  const proposed = format.layout === 'folder' ? `${choice.name}-${format.id}` : `${choice.name}${extension}`;
  const path = await bridge.chooseSavePath(proposed);
  if (path === null) return false;
  void run(choice, format, path);
  return true;
}

/** What people said about these traces, in the file that another workspace can merge; false when the person went back. */
export async function exportAnnotations(traceIds: readonly string[]): Promise<boolean> {
  const formats = await attempt(engine.call('export.formats', undefined));
  if (!formats.ok) {
    notifyError('Export failed', formats.error);
    return false;
  }
  const format = formats.value.find(({ id }) => id === 'annotations');
  if (!format) return false;
  return exportTraces({ traceIds, what: 'annotations', name: 'annotations' }, format);
}

async function run({ traceIds, query }: ExportChoice, format: ExportFormatInfo, path: string): Promise<void> {
  const jobId = crypto.randomUUID();
  const signal = startJob(jobId, `Exporting to ${baseName(path)}`);
  const selection = { ...(traceIds === undefined ? {} : { traceIds }), ...(query === undefined ? {} : { query }) };
  // The dialog of the desktop has asked before a file is replaced; a folder with other files in it is left alone.
  const overwrite = format.layout === 'file';
  const args = { jobId, format: format.id, path, overwrite, ...selection };
  const result = await attempt(engine.call('export.run', args, { signal }));
  endJob(jobId);
  if (result.ok) announce(result.value);
  else if (result.error.code === 'cancelled')
    notify({ tone: 'info', title: 'Export cancelled', detail: 'Nothing was left behind.' });
  else notifyError('Export failed', result.error);
}

function announce(report: ExportReport): void {
  const { traces, labels, bytes, skippedCount, path } = report;
  const [skipped] = report.skipped;
  if (labels !== null && labels.annotations + labels.scores === 0) {
    notify({
      tone: 'error',
      title: 'No annotation was exported',
      detail: `Nobody said anything of ${traces === 1 ? 'this trace' : 'these traces'}: ${baseName(path)} holds none.`,
    });
    return;
  }
  const what = labels === null ? `${formatCount(traces)} ${traces === 1 ? 'trace' : 'traces'}` : labelCount(labels);
  notify({
    tone: skippedCount > 0 ? 'info' : 'ok',
    title: `${what} exported, ${formatBytes(bytes)}`,
    detail: skippedCount > 0 ? `${formatCount(skippedCount)} left out: ${skipped?.reason ?? ''}` : baseName(path),
    action: { label: 'Show in folder', run: () => void bridge.revealFile(path) },
  });
}

/** "12 annotations and 1 score". */
export function labelCount({ annotations, scores }: { readonly annotations: number; readonly scores: number }): string {
  const said = `${formatCount(annotations)} ${annotations === 1 ? 'annotation' : 'annotations'}`;
  const scored = `${formatCount(scores)} ${scores === 1 ? 'score' : 'scores'}`;
  if (scores === 0) return said;
  return annotations === 0 ? scored : `${said} and ${scored}`;
}

/** A trace id may be anything; a file name may not. */
function fileName(id: string): string {
  const plain = id.replace(/[^\w.-]+/g, '_').replace(/^[._]+|[._]+$/g, '');
  return plain.slice(0, 80) || 'trace';
}

function baseName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
