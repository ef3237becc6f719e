/** Runs that come from and go to other tools, and the gate. */
import { basename, isAbsolute } from 'node:path';
import type { EvalRunRow, GateVerdict, RunItem } from '#shared/eval.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import { AppFailure } from '#shared/result.ts';
import type { Reader } from '../../store/database.ts';
import { itemsOfRun } from '../../store/eval-items.ts';
import { evalRow, runRow } from '../../store/eval-store.ts';
import type { Workspace } from '../../store/open.ts';
import type { Writing } from '../create-engine.ts';
import { compareStored } from '../evals/compare-stored.ts';
import { keepRuns } from '../evals/exchange/keep-runs.ts';
import { openAiLosses, writeOpenAiRun } from '../evals/exchange/openai-write.ts';
import { promptfooLosses, writePromptfooRun } from '../evals/exchange/promptfoo-write.ts';
import { readRunFiles } from '../evals/exchange/read-files.ts';
import { withSamples } from '../evals/exchange/trace-sample.ts';
import { gateOf } from '../evals/gate.ts';
import { csvReport } from '../evals/report/csv.ts';
import { figuresOf } from '../evals/report/figures.ts';
import { junitReport } from '../evals/report/junit.ts';
import { markdownReport } from '../evals/report/markdown.ts';
import type { RunReport } from '../evals/report/report.ts';
import { resting } from '../evals/rest.ts';
import { openTarget } from '../export-target.ts';
import type { Prices } from '../prices.ts';
import { reviewerOf } from './annotations.ts';
import type { Handlers } from './types.ts';

const MOST_PROBLEMS = 2_000;

export const gateReads: Pick<Handlers, 'run.gate'> = {
  'run.gate': async ({ reader, signal }, { id, baselineId, threshold }) =>
    (await reportOf(reader, existingRun(reader, id), { baselineId, threshold }, signal)).gate,
};

export function runExchange(options: {
  readonly workspace: Pick<Workspace, 'path'>;
  readonly prices: Pick<Prices, 'estimator'>;
  readonly writing: () => Writing;
}): Pick<Handlers, 'run.import' | 'run.export'> {
  const { workspace, prices, writing } = options;
  return {
    'run.import': async (signal, { path }) => {
      const { workspace: open, feed } = writing();
      const { connection } = open;
      if (!connection) throw new Error('a workspace that is written has a connection');
      const found = await readRunFiles(absolute(path));
      if (signal.aborted) throw new AppFailure({ code: 'cancelled', message: 'Cancelled.' });
      const author = reviewerOf(connection);
      const kept = await keepRuns(
        connection,
        found,
        { path: basename(path), author, now: Date.now() },
        resting(signal),
      );
      feed.changed(['eval', 'run', 'grader'], []);
      return {
        format: found.format,
        evals: kept.evalIds.flatMap((id) => evalRow(connection, id) ?? []),
        runs: kept.runIds.flatMap((id) => runRow(connection, id) ?? []),
        items: kept.items,
        problems: [...found.problems, ...kept.problems].slice(0, MOST_PROBLEMS),
      };
    },
    'run.export': async ({ reader, signal }, { id, path, format, baselineId, threshold }) => {
      const run = existingRun(reader, id);
      const target = await openTarget({
        path: absolute(path),
        layout: 'file',
        // Whoever chose the path has agreed to it.
        overwrite: true,
        forbidden: ['', '-wal', '-shm', '.lock'].map((suffix) => workspace.path + suffix),
      });
      try {
        const samples = (): AsyncGenerator<RunItem> => withSamples(reader, prices, itemsOfRun(reader, id), signal);
        const losses: ExchangeProblem[] = [];
        if (format === 'openai' || format === 'promptfoo') {
          const isOpenAi = format === 'openai';
          losses.push(...(isOpenAi ? openAiLosses(run) : promptfooLosses(run)));
          for await (const text of isOpenAi ? writeOpenAiRun(run, samples()) : writePromptfooRun(run, samples()))
            await target.write('', text);
        } else {
          const rest = resting(signal);
          const report = await reportOf(reader, run, { baselineId, threshold }, signal);
          const baseline = baselineId === undefined ? null : existingRun(reader, baselineId).name;
          const texts =
            format === 'junit'
              ? junitReport(report)
              : format === 'csv'
                ? csvReport(report)
                : markdownReport(report, baseline);
          for (const text of texts) {
            await rest();
            await target.write('', text);
          }
        }
        const { bytes } = await target.finish();
        return { bytes, problems: losses.slice(0, MOST_PROBLEMS) };
      } catch (cause) {
        await target.discard();
        throw cause;
      }
    },
  };
}

type Asked = { readonly baselineId?: string | undefined; readonly threshold?: number | undefined };

async function reportOf(reader: Reader, run: EvalRunRow, asked: Asked, signal: AbortSignal): Promise<RunReport> {
  const items = (): Iterable<RunItem> => itemsOfRun(reader, run.id);
  const rest = resting(signal);
  const rows: RunItem['row'][] = [];
  for (const { row } of items()) {
    rows.push(row);
    await rest();
  }
  const figures = figuresOf(run, rows);
  return { run, figures, gate: await gate(reader, run, figures, asked, signal), items };
}

async function gate(
  reader: Reader,
  run: EvalRunRow,
  figures: RunReport['figures'],
  { baselineId, threshold }: Asked,
  signal: AbortSignal,
): Promise<GateVerdict> {
  if (baselineId === undefined) return gateOf(run, figures, null, threshold);
  if (baselineId === run.id)
    throw new AppFailure({
      code: 'bad_request',
      message: 'A run is no baseline of itself.',
      hint: 'Name an earlier run.',
    });
  existingRun(reader, baselineId);
  return gateOf(run, figures, await compareStored(reader, { baselineId, otherIds: [run.id] }, signal), threshold);
}

function existingRun(reader: Reader, id: string): EvalRunRow {
  const run = runRow(reader, id);
  if (!run)
    throw new AppFailure({
      code: 'not_found',
      message: `There is no run "${id.slice(0, 200)}".`,
      hint: 'It may have been deleted.',
    });
  return run;
}

function absolute(path: string): string {
  if (!isAbsolute(path)) throw new AppFailure({ code: 'bad_request', message: 'The path is not absolute.' });
  return path;
}
