/** Graders out of files, and into them. */
import type { GraderExport, GraderExportReport, GraderImport } from '#shared/grader-exchange.ts';
import type { AppError } from '#shared/result.ts';
import { attempt } from '#shared/rpc/client.ts';
import { bridge } from '../../../data/bridge.ts';
import { engine } from '../../../data/engine.ts';
import { notify, notifyError } from '../../../state/notices.ts';
import { formatCount } from '../../../widgets/format.ts';

/** What came of each file. */
export type ImportNews = readonly {
  readonly path: string;
  readonly result:
    { readonly ok: true; readonly value: GraderImport } | { readonly ok: false; readonly error: AppError };
}[];

/** Asks for files; `tell` is called where there is something to read about what did not map. */
export async function importGraders(tell: (news: ImportNews) => void): Promise<void> {
  const news: ImportNews[number][] = [];
  for (const path of await bridge.chooseFiles())
    news.push({ path, result: await attempt(engine.call('grader.import', { path })) });
  if (news.length === 0) return;
  const [first] = news;
  if (news.length === 1 && first && !first.result.ok) {
    notifyError('No grader was imported', first.result.error);
    return;
  }
  const imported = news.reduce((sum, { result }) => sum + (result.ok ? result.value.imported.length : 0), 0);
  const silent = news.every(({ result }) => result.ok && result.value.problems.length === 0);
  if (silent) notify({ tone: 'ok', title: `${graders(imported)} imported` });
  else tell(news);
}

/** False when the person went back. */
export async function exportGraders(
  graderIds: readonly string[],
  format: GraderExport,
): Promise<{ readonly report: GraderExportReport; readonly path: string } | AppError | null> {
  const path = await bridge.chooseSavePath(format === 'promptfoo' ? 'promptfooconfig.yaml' : 'graders.json');
  if (path === null) return null;
  const result = await attempt(engine.call('grader.export', { graderIds, path, format }));
  if (!result.ok) return result.error;
  notify({
    tone: result.value.problems.length > 0 ? 'info' : 'ok',
    title: `${graders(result.value.written)} exported`,
    detail: path.split(/[\\/]/).at(-1) ?? path,
    action: { label: 'Show in folder', run: () => void bridge.revealFile(path) },
  });
  return { report: result.value, path };
}

export function graders(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'grader' : 'graders'}`;
}
