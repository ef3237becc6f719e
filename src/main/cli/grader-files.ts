/** Graders of the workspace, and their way into and out of files. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { GraderRow } from '#shared/grader.ts';
import { GRADER_EXPORTS, type ExchangeProblem, type GraderExport } from '#shared/grader-exchange.ts';
import { AppFailure } from '#shared/result.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { withReader, withWriter } from './engine.ts';
import { paint, plain, plural, table } from './text.ts';

type ExportOptions = {
  readonly format: GraderExport;
  readonly out: string;
  readonly grader?: readonly string[];
  readonly overwrite?: true;
};

export function addGraderFiles(graders: Command, run: Run): void {
  graders
    .command('list')
    .description('List the graders of the workspace')
    .option('--archived', 'archived ones, too')
    .action((options: { readonly archived?: true }, command: Command) =>
      run(command, (context) => list(context, options.archived === true)),
    );
  graders
    .command('import')
    .description(
      "Take graders from a file: grader JSON, OpenAI's evals, promptfoo configurations. Says one by one what does not map; exit 1 when nothing does",
    )
    .argument('<file>', 'JSON or YAML')
    .action((file: string, _options: unknown, command: Command) =>
      run(command, (context) => importFile(context, file)),
    );
  graders
    .command('export')
    .description('Write graders for another tool. Says one by one what it cannot have')
    .addOption(new Option('--format <format>', 'what to write').choices(GRADER_EXPORTS).makeOptionMandatory())
    .requiredOption('--out <path>', 'the file to write')
    .option('--grader <name>', 'name or id of a grader; may be repeated (default: all in use)', collect)
    .option('--overwrite', 'replace the file if it is there')
    .action((options: ExportOptions, command: Command) => run(command, (context) => exportFile(context, options)));
}

function collect(one: string, before: readonly string[] = []): readonly string[] {
  return [...before, one];
}

async function list(context: Context, archived: boolean): Promise<ExitCode> {
  const { io, json } = context;
  const rows = await withReader(context, (engine) => engine.call('grader.list', archived ? { archived } : {}));
  if (json) await io.out(`${JSON.stringify({ graders: rows })}\n`);
  else if (rows.length === 0) await io.out('No graders.\n');
  else await io.out(render(rows, io.columns));
  return 0;
}

function render(rows: readonly GraderRow[], width: number | null): string {
  return table(
    [
      { head: 'NAME', cell: (row) => plain(row.name) },
      { head: 'KIND', cell: (row) => plain(row.type) },
      { head: 'VERSION', align: 'right', cell: (row) => String(row.current.number) },
      { head: 'PASSED', align: 'right', cell: (row) => String(row.passed) },
      { head: 'FAILED', align: 'right', cell: (row) => String(row.failed) },
      { head: 'ERRORED', align: 'right', cell: (row) => String(row.errored) },
      { head: 'ID', cell: (row) => plain(row.id) },
    ],
    rows,
    width,
  );
}

async function importFile(context: Context, file: string): Promise<ExitCode> {
  const { io, json } = context;
  const path = resolve(file);
  const { format, imported, problems } = await withWriter(context, (engine) => engine.call('grader.import', { path }));
  if (json) await io.out(`${JSON.stringify({ format, imported, problems })}\n`);
  else
    await io.out(
      [
        `${plain(format)}: ${plural(imported.length, 'grader')}.\n`,
        ...imported.map(({ name, type }) => `  ${plain(name)} (${plain(type)})\n`),
        ...problems.map((problem) => renderProblem(context, problem)),
      ].join(''),
    );
  return imported.length === 0 ? 1 : 0;
}

function renderProblem({ io }: Context, { severity, path, message }: ExchangeProblem): string {
  const word =
    severity === 'error'
      ? paint(io, 'red', 'left out')
      : severity === 'warning'
        ? paint(io, 'yellow', 'warning')
        : 'note';
  return `${word}: ${path === '' ? '' : `${plain(path)}: `}${plain(message)}\n`;
}

async function exportFile(context: Context, { format, out, grader, overwrite }: ExportOptions): Promise<ExitCode> {
  const { io, json } = context;
  const path = resolve(out);
  if (overwrite !== true && existsSync(path))
    throw new AppFailure({
      code: 'bad_request',
      message: `${out} is there already.`,
      hint: 'Add --overwrite, or give another path.',
    });
  const report = await withReader(context, async (engine) => {
    const rows = await engine.call('grader.list', {});
    const chosen = grader === undefined ? rows : grader.map((name) => named(rows, name));
    if (chosen.length === 0) throw new AppFailure({ code: 'not_found', message: 'There are no graders.' });
    return engine.call('grader.export', { graderIds: chosen.map(({ id }) => id), path, format });
  });
  if (json) await io.out(`${JSON.stringify({ ...report, path })}\n`);
  else
    await io.out(
      `${plural(report.written, 'grader')} written to ${plain(path)}.\n${report.problems.map((problem) => renderProblem(context, problem)).join('')}`,
    );
  return 0;
}

function named(rows: readonly GraderRow[], name: string): GraderRow {
  const found = rows.filter((row) => row.id === name || row.name === name);
  const [row] = found;
  if (!row)
    throw new AppFailure({
      code: 'not_found',
      message: `There is no grader "${name}".`,
      hint: 'See "tracewright graders list".',
    });
  if (found.length > 1)
    throw new AppFailure({
      code: 'bad_request',
      message: `${found.length} graders are called "${name}".`,
      hint: 'Give its id.',
    });
  return row;
}
