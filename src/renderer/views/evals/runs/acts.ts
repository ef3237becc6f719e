/** Runs out of files, and into them. */
import type { EvalImport, EvalRunRow, RunExport } from '#shared/eval.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { AppError } from '#shared/result.ts';
import { attempt } from '#shared/rpc/client.ts';
import { bridge } from '../../../data/bridge.ts';
import { engine } from '../../../data/engine.ts';
import { openRun } from '../../../state/evals.ts';
import { endJob, startJob } from '../../../state/jobs.ts';
import { notify, notifyError } from '../../../state/notices.ts';
import { formatBytes } from '../../../widgets/format.ts';
import { counted } from '../words.ts';

/** What came of each file. */
export type ImportNews = readonly {
  readonly path: string;
  readonly result: { readonly ok: true; readonly value: EvalImport } | { readonly ok: false; readonly error: AppError };
}[];

/** Asks for files; `tell` is called where there is something to read about what did not map. */
export async function importRuns(tell: (news: ImportNews) => void): Promise<void> {
  const news: ImportNews[number][] = [];
  for (const path of await bridge.chooseFiles()) {
    const jobId = crypto.randomUUID();
    const signal = startJob(jobId, `Importing ${baseName(path)}`);
    news.push({ path, result: await attempt(engine.call('run.import', { path }, { signal })) });
    endJob(jobId);
  }
  const [first] = news;
  if (!first) return;
  if (news.length === 1 && !first.result.ok) {
    notifyError('Nothing was imported', first.result.error);
    return;
  }
  const brought = news.flatMap(({ result }) => (result.ok ? [result.value] : []));
  if (brought.length < news.length || brought.some(({ problems }) => problems.length > 0)) {
    tell(news);
    return;
  }
  const [run] = brought.flatMap(({ runs }) => runs);
  notify({
    tone: 'ok',
    title: `${broughtWords(brought)} imported`,
    ...(run === undefined ? {} : { action: { label: 'Show', run: () => openRun(run.id) } }),
  });
}

/** "1 eval, 2 runs, 40 items". */
export function broughtWords(brought: readonly EvalImport[]): string {
  const sum = (of: (each: EvalImport) => number) => brought.reduce((total, each) => total + of(each), 0);
  return [
    counted(
      sum(({ evals }) => evals.length),
      'eval',
    ),
    counted(
      sum(({ runs }) => runs.length),
      'run',
    ),
    counted(
      sum(({ items }) => items),
      'item',
    ),
  ].join(', ');
}

export const EXPORTS: readonly {
  readonly id: RunExport;
  readonly label: string;
  readonly about: string;
  readonly extension: string;
  /** Says how it stands against another run. */
  readonly compares: boolean;
}[] = [
  {
    id: 'openai',
    label: 'OpenAI (JSON)',
    about: 'Eval, run and output items as their API lists them.',
    extension: 'json',
    compares: false,
  },
  {
    id: 'promptfoo',
    label: 'promptfoo (JSON)',
    about: 'Results as promptfoo writes them.',
    extension: 'json',
    compares: false,
  },
  {
    id: 'markdown',
    label: 'Markdown',
    about: 'A summary to paste into a pull request.',
    extension: 'md',
    compares: true,
  },
  {
    id: 'junit',
    label: 'JUnit (XML)',
    about: 'A test case per item and criterion, for CI.',
    extension: 'xml',
    compares: true,
  },
  { id: 'csv', label: 'CSV', about: 'A row per item and criterion.', extension: 'csv', compares: false },
];

/** Null when the person went back; an error when it failed. */
export async function exportRun(
  run: EvalRunRow,
  format: RunExport,
  baselineId: string | null,
): Promise<{ readonly problems: readonly ExchangeProblem[] } | AppError | null> {
  const extension = EXPORTS.find(({ id }) => id === format)?.extension ?? 'json';
  const path = await bridge.chooseSavePath(`${fileName(run.name)}.${extension}`);
  if (path === null) return null;
  const jobId = crypto.randomUUID();
  const signal = startJob(jobId, `Exporting to ${baseName(path)}`);
  const against = baselineId === null ? {} : { baselineId };
  const result = await attempt(engine.call('run.export', { id: run.id, path, format, ...against }, { signal }));
  endJob(jobId);
  if (!result.ok) return result.error;
  notify({
    tone: result.value.problems.length > 0 ? 'info' : 'ok',
    title: `Run exported, ${formatBytes(result.value.bytes)}`,
    detail: baseName(path),
    action: { label: 'Show in folder', run: () => void bridge.revealFile(path) },
  });
  return { problems: result.value.problems };
}

function fileName(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, '_').replace(/^[._]+|[._]+$/g, '');
  return plain.slice(0, 80) || 'run';
}

function baseName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
