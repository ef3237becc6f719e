/** What evals and runs there are, and what came of one. */
import type { EvalRow, EvalRunRow, RunItem } from '#shared/eval.ts';
import type { Engine } from '../engine/create-engine.ts';
import { inPercent } from '../engine/evals/report/figures.ts';
import type { Context, ExitCode } from './context.ts';
import { withExistingWriter, withReader } from './engine.ts';
import { evalNamed, runNamed } from './eval-names.ts';
import { countsText, figuresOfRun, iso, rowsOf, runJson, runText } from './eval-text.ts';
import { plain, table } from './text.ts';

export async function listEvals(context: Context, archived: boolean): Promise<ExitCode> {
  const { io, json } = context;
  const { evals, graders } = await withReader(context, async (engine) => ({
    evals: await engine.call('eval.list', archived ? { archived } : {}),
    graders: await engine.call('grader.list', { archived: true }),
  }));
  const names = new Map(graders.map(({ id, name }) => [id, name]));
  if (json) await io.out(`${JSON.stringify({ evals: evals.map((each) => evalJson(each, names)) })}\n`);
  else if (evals.length === 0) await io.out('No evals.\n');
  else
    await io.out(
      table(
        [
          { head: 'ID', cell: (row) => plain(row.id) },
          { head: 'RUNS', align: 'right', cell: (row) => String(row.runs) },
          { head: 'LAST', cell: ({ lastRun }) => (lastRun === null ? '–' : passedOf(lastRun)) },
          { head: 'NAME', cell: (row) => plain(row.name) },
          {
            head: 'CRITERIA',
            cell: ({ criteria }) => criteria.map(({ graderId }) => plain(names.get(graderId) ?? graderId)).join(', '),
          },
        ],
        evals,
        io.columns,
      ),
    );
  return 0;
}

function evalJson(row: EvalRow, names: ReadonlyMap<string, string>) {
  return {
    id: row.id,
    name: row.name,
    criteria: row.criteria.map((criterion) => ({ ...criterion, name: names.get(criterion.graderId) ?? null })),
    source: row.source,
    metadata: row.metadata,
    archived: row.archived,
    runs: row.runs,
    lastRunId: row.lastRun?.id ?? null,
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
  };
}

function passedOf({ status, counts }: EvalRunRow): string {
  if (status !== 'done') return status;
  const graded = counts.passed + counts.failed;
  return graded === 0 ? '–' : `${inPercent(counts.passed / graded)} of ${graded}`;
}

export async function listRuns(context: Context, of: string | undefined): Promise<ExitCode> {
  const { io, json } = context;
  const runs = await withReader(context, async (engine) =>
    engine.call('run.list', of === undefined ? {} : { evalId: (await evalNamed(engine, of)).id }),
  );
  if (json) await io.out(`${JSON.stringify({ runs: runs.map(shortJson) })}\n`);
  else if (runs.length === 0) await io.out('No runs.\n');
  else
    await io.out(
      table(
        [
          { head: 'ID', cell: (run) => plain(run.id) },
          { head: 'STARTED', cell: (run) => iso(run.startedAt ?? run.createdAt) },
          { head: 'STATUS', cell: ({ status }) => status },
          { head: 'ITEMS', align: 'right', cell: ({ counts }) => String(counts.total) },
          { head: 'PASSED', align: 'right', cell: ({ counts }) => String(counts.passed) },
          { head: 'FAILED', align: 'right', cell: ({ counts }) => String(counts.failed) },
          { head: 'ERRORED', align: 'right', cell: ({ counts }) => String(counts.errored) },
          { head: 'NAME', cell: (run) => plain(run.name) },
          { head: 'EVAL', cell: (run) => plain(run.evalName) },
        ],
        runs,
        io.columns,
      ),
    );
  return 0;
}

function shortJson(run: EvalRunRow) {
  return {
    runId: run.id,
    evalId: run.evalId,
    eval: run.evalName,
    name: run.name,
    status: run.status,
    counts: run.counts,
    createdAt: iso(run.createdAt),
    finishedAt: run.finishedAt === null ? null : iso(run.finishedAt),
  };
}

export type ShowOptions = {
  readonly items?: true;
  readonly status?: 'passed' | 'failed' | 'errored' | 'neither';
};

export async function showRun(context: Context, name: string, { items, status }: ShowOptions): Promise<ExitCode> {
  const { io, json } = context;
  const wanted = items === true || status !== undefined;
  await withReader(context, async (engine) => {
    const run = await runNamed(engine, name);
    const figures = await figuresOfRun(engine, run);
    const found = wanted ? await itemsOf(engine, run.id, status) : null;
    if (json) {
      const told = found?.map((item) => itemJson(run, item));
      await io.out(`${JSON.stringify({ ...runJson(run, figures, null), ...(told ? { items: told } : {}) })}\n`);
      return;
    }
    await io.out(runText(io, run, figures, null));
    if (found) await io.out(`\n${itemTable(run, found, io.columns)}`);
  });
  return 0;
}

async function itemsOf(engine: Engine, id: string, status: ShowOptions['status']): Promise<RunItem[]> {
  const found: RunItem[] = [];
  for await (const row of rowsOf(engine, id, status)) found.push(await engine.call('run.item', { id: row.id }));
  return found;
}

function itemJson({ criteria }: EvalRunRow, { row, item, sample, grades }: RunItem) {
  return {
    id: row.id,
    task: row.task,
    trial: row.trial,
    title: row.title,
    traceId: row.traceId,
    gone: row.gone,
    status: row.status,
    score: row.score,
    cost: row.cost,
    durationMs: row.durationMs,
    item,
    sample,
    results: criteria.map(({ name }, at) => {
      const grade = grades[at] ?? null;
      if (grade === null) return { criterion: name, status: 'due', score: null, label: null, passed: null };
      const [error] = grade.errors;
      return {
        criterion: name,
        status: grade.status,
        score: grade.score,
        label: grade.label,
        passed: grade.passed,
        explanation: grade.explanation,
        error: error ? { code: error.flag, message: error.message } : null,
        evidence: grade.evidence.map(({ spanId, quote, note }) => ({ spanId, quote, note })),
      };
    }),
  };
}

function itemTable({ criteria }: EvalRunRow, items: readonly RunItem[], width: number | null): string {
  if (items.length === 0) return 'No such items.\n';
  return table(
    [
      { head: 'STATUS', cell: ({ row }) => row.status },
      { head: 'SCORE', align: 'right', cell: ({ row }) => (row.score === null ? '–' : row.score.toFixed(3)) },
      { head: 'TRACE', cell: ({ row }) => plain(row.traceId ?? '–') },
      { head: 'TASK', cell: ({ row }) => plain(row.trial === 1 ? row.task : `${row.task} (${row.trial})`) },
      {
        head: 'FAILED ON',
        cell: ({ row }) =>
          row.results
            .flatMap((verdict, at) =>
              verdict?.passed === false || verdict?.status === 'errored' ? [plain(criteria[at]?.name ?? '')] : [],
            )
            .join(', ') || '–',
      },
      { head: 'TITLE', cell: ({ row }) => plain(row.title) },
    ],
    items,
    width,
  );
}

export async function cancelRun(context: Context, name: string): Promise<ExitCode> {
  const { io, json } = context;
  const run = await withExistingWriter(context, async (engine) =>
    engine.call('run.cancel', { id: (await runNamed(engine, name)).id }),
  );
  await io.out(
    json ? `${JSON.stringify(shortJson(run))}\n` : `${plain(run.name)}: ${run.status}, ${countsText(run)}.\n`,
  );
  return 0;
}
