/** Evals and runs out of files of other tools, and into them. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { RunExport } from '#shared/eval.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import { AppFailure } from '#shared/result.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { withReader, withWriter } from './engine.ts';
import { runNamed } from './eval-names.ts';
import { paint, plain, plural, table } from './text.ts';

type ExportOptions = {
  readonly format: RunExport;
  readonly out: string;
  readonly baseline?: string;
  readonly overwrite?: true;
};

export function addEvalFiles(evals: Command, run: Run, formats: readonly RunExport[]): void {
  evals
    .command('import')
    .description(
      "Take evals, runs and output items of OpenAI's API, or results of promptfoo, from a file or folder. Says one by one what does not map; exit 1 when nothing does",
    )
    .argument('<path>', 'JSON or JSONL, or a folder of such files')
    .action((path: string, _options: unknown, command: Command) =>
      run(command, (context) => importRuns(context, path)),
    );
  evals
    .command('export')
    .description('Write a run for another tool, a build server or a pull request')
    .argument('<run>', 'id of a run, the beginning of one, or its name')
    .addOption(new Option('--format <format>', 'what to write').choices(formats).makeOptionMandatory())
    .requiredOption('--out <path>', 'the file to write')
    .option('--baseline <run>', 'of reports: compare with this run')
    .option('--overwrite', 'replace the file if it is there')
    .action((name: string, options: ExportOptions, command: Command) =>
      run(command, (context) => exportRun(context, name, options)),
    );
}

async function importRuns(context: Context, given: string): Promise<ExitCode> {
  const { io, json } = context;
  const { format, evals, runs, items, problems } = await withWriter(context, (engine) =>
    engine.call('run.import', { path: resolve(given) }),
  );
  if (json)
    await io.out(
      `${JSON.stringify({
        format,
        evals: evals.map(({ id, name }) => ({ id, name })),
        runs: runs.map(({ id, evalId, name, status, counts }) => ({ runId: id, evalId, name, status, counts })),
        items,
        problems,
      })}\n`,
    );
  else
    await io.out(
      [
        `${plain(format)}: ${plural(evals.length, 'eval')}, ${plural(runs.length, 'run')}, ${plural(items, 'item')}.\n`,
        ...(runs.length === 0
          ? []
          : [
              table(
                [
                  { head: 'ID', cell: ({ id }) => plain(id) },
                  { head: 'ITEMS', align: 'right', cell: ({ counts }) => String(counts.total) },
                  { head: 'PASSED', align: 'right', cell: ({ counts }) => String(counts.passed) },
                  { head: 'FAILED', align: 'right', cell: ({ counts }) => String(counts.failed) },
                  { head: 'ERRORED', align: 'right', cell: ({ counts }) => String(counts.errored) },
                  { head: 'NAME', cell: ({ name }) => plain(name) },
                ],
                runs,
                io.columns,
              ),
            ]),
        ...problems.map((problem) => problemText(context, problem)),
      ].join(''),
    );
  return evals.length + runs.length === 0 ? 1 : 0;
}

async function exportRun(
  context: Context,
  name: string,
  { format, out, baseline, overwrite }: ExportOptions,
): Promise<ExitCode> {
  const { io, json } = context;
  const path = resolve(out);
  if (overwrite !== true && existsSync(path))
    throw new AppFailure({
      code: 'file_exists',
      message: `${out} is there already.`,
      hint: 'Add --overwrite, or give another path.',
    });
  const { bytes, problems } = await withReader(context, async (engine) => {
    const { id } = await runNamed(engine, name);
    const against = baseline === undefined ? null : await runNamed(engine, baseline);
    return engine.call('run.export', { id, path, format, ...(against === null ? {} : { baselineId: against.id }) });
  });
  if (json) await io.out(`${JSON.stringify({ path, bytes, problems })}\n`);
  else
    await io.out(
      `${plain(path)}: ${plural(bytes, 'byte')}.\n${problems.map((problem) => problemText(context, problem)).join('')}`,
    );
  return 0;
}

function problemText({ io }: Context, { severity, path, message }: ExchangeProblem): string {
  const word =
    severity === 'error'
      ? paint(io, 'red', 'left out')
      : severity === 'warning'
        ? paint(io, 'yellow', 'warning')
        : 'note';
  return `${word}: ${path === '' ? '' : `${plain(path)}: `}${plain(message)}\n`;
}
