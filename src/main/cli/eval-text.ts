/** A run as the command line tells it: as JSON, and as a table. */
import type { EvalRunRow, GateVerdict, RunItemRow } from '#shared/eval.ts';
import type { Engine } from '../engine/create-engine.ts';
import type { CriterionFigures } from '../engine/evals/report/figures.ts';
import { inPercent, rangeText, scoreText, valueText } from '../engine/evals/report/figures.ts';
import { titleOf } from '../engine/evals/report/report.ts';
import type { Io } from './io.ts';
import { paint, plain, plural, table } from './text.ts';

export function figuresOfRun(engine: Engine, { id }: EvalRunRow): Promise<readonly CriterionFigures[]> {
  return engine.call('run.figures', { id });
}

export async function* rowsOf(
  engine: Engine,
  id: string,
  status?: Exclude<RunItemRow['status'], 'due'>,
): AsyncGenerator<RunItemRow> {
  for (let cursor: number | null = null; ;) {
    const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(cursor);
    yield* page.rows;
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }

  function pageOf(cursor: number | null) {
    return engine.call('run.items', {
      id,
      ...(status === undefined ? {} : { filter: { status } }),
      ...(cursor === null ? {} : { cursor }),
    });
  }
}

/** The contract of `eval run --json`. */
export function runJson(run: EvalRunRow, figures: readonly CriterionFigures[], gate: GateVerdict | null) {
  return {
    runId: run.id,
    evalId: run.evalId,
    eval: run.evalName,
    name: run.name,
    status: run.status,
    counts: run.counts,
    criteria: run.criteria.map((criterion, at) => {
      const of = figures[at];
      const isRate = of?.measure === 'pass rate';
      return {
        name: criterion.name,
        type: criterion.definition.type,
        graderId: criterion.graderId,
        version: criterion.versionHash,
        threshold: criterion.threshold,
        weight: criterion.weight,
        passed: criterion.passed,
        failed: criterion.failed,
        errored: criterion.errored,
        notApplicable: criterion.notApplicable,
        passRate: isRate ? of.value : null,
        mean: criterion.mean,
        // Of the pass rate, else of the mean.
        ci: of?.range ? [of.range.low, of.range.high] : null,
        n: of?.n ?? 0,
        tasks: of?.tasks ?? 0,
      };
    }),
    gate,
    missing: run.missing,
    limit: run.limit,
    seed: run.seed,
    modelUse: run.modelUse,
    cost: run.cost,
    durationMs: run.durationMs,
    createdAt: iso(run.createdAt),
    finishedAt: run.finishedAt === null ? null : iso(run.finishedAt),
    error: run.error,
  };
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}

export function countsText({ counts }: EvalRunRow): string {
  const { total, done, passed, failed, errored, neither } = counts;
  return [
    `${passed} of ${plural(total, 'item')} passed`,
    `${failed} failed`,
    `${errored} errored`,
    ...(neither > 0 ? [`${neither} without pass or fail`] : []),
    ...(done < total ? [`${total - done} not graded`] : []),
  ].join(', ');
}

export function runText(
  io: Io,
  run: EvalRunRow,
  figures: readonly CriterionFigures[],
  gate: GateVerdict | null,
): string {
  const rows = run.criteria.map((criterion, at) => ({ criterion, of: figures[at] }));
  const criteria = table(
    [
      { head: 'CRITERION', cell: ({ criterion }) => plain(criterion.name) },
      { head: 'RESULT', align: 'right', cell: ({ of }) => (of ? valueText(of) : '–') },
      { head: '95 %', align: 'right', cell: ({ of }) => (of ? rangeText(of) : '–') },
      { head: 'PASSED', align: 'right', cell: ({ criterion }) => String(criterion.passed) },
      { head: 'FAILED', align: 'right', cell: ({ criterion }) => String(criterion.failed) },
      { head: 'ERRORED', align: 'right', cell: ({ criterion }) => String(criterion.errored) },
      { head: 'N/A', align: 'right', cell: ({ criterion }) => String(criterion.notApplicable) },
      { head: 'MEAN', align: 'right', cell: ({ criterion: { mean } }) => (mean === null ? '–' : scoreText(mean)) },
      {
        head: 'THRESHOLD',
        align: 'right',
        cell: ({ criterion: { threshold } }) => (threshold === null ? '–' : inPercent(threshold)),
      },
    ],
    rows,
    io.columns,
  );
  const head = [
    `${plain(titleOf(run))}: ${run.status === 'done' ? '' : `${run.status}, `}${countsText(run)}.`,
    ...(run.missing > 0
      ? [`${plural(run.missing, 'example')} of the dataset ${run.missing === 1 ? 'has' : 'have'} no trace.`]
      : []),
    ...(run.error === null ? [] : [`${paint(io, 'red', 'error')}: ${plain(run.error)}`]),
    `Run ${plain(run.id)}`,
  ];
  return `${head.join('\n')}\n\n${criteria}${gate === null ? '' : `\n${gateText(io, gate)}`}`;
}

function gateText(io: Io, { holds, checks }: GateVerdict): string {
  const lines = checks.map(
    ({ criterion, holds: each, says }) =>
      `  ${each ? paint(io, 'green', 'holds') : paint(io, 'red', 'fails')}  ${criterion === '' ? '' : `${plain(criterion)}: `}${plain(says)}\n`,
  );
  return `Gate: ${holds ? paint(io, 'green', 'holds') : paint(io, 'red', 'does not hold')}\n${lines.join('')}`;
}
