/** Annotations for scripts: listing them, and bringing them in and out. What they are: docs/annotations.md. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { MergeReport } from '#shared/rpc/contract.ts';
import { parseQuery } from '#shared/query.ts';
import { annotationsJson, type AnnotationJson } from './annotation-json.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { UsageError } from './context.ts';
import { withReader } from './engine.ts';
import { exportTraces } from './export.ts';
import { importPaths, readPaths } from './import.ts';
import { plain, plural, table } from './text.ts';
import { matchingTraces } from './traces.ts';

/** Formats of one line an annotation say nothing of traces without any. */
const FLAT: ReadonlySet<string> = new Set(['annotations-csv', 'annotations-jsonl']);

export function addAnnotations(program: Command, run: Run): void {
  const group = program
    .command('annotations')
    .description('What people and label sets say about traces: list, import, export, merge with other reviewers');
  group
    .command('list')
    .description('List annotations as they stand, by trace')
    .argument('[trace...]', 'ids of the traces (default: all that match --query, else all)')
    .option('--query <q>', 'as in the search box: label:Misinterpretation, annotator:ann, verdict:fail')
    .option('--scores', 'also verdicts that came with the data, such as rewards, as annotations of kind "score"')
    .action((traceIds: string[], options: { query?: string; scores?: true }, command: Command) =>
      run(command, (context) => list(context, traceIds, options)),
    );
  group
    .command('import')
    .description('Read files with annotations or scores, of any format that "formats" says can be imported')
    .argument('<file...>', 'files, or folders to walk')
    .option('--format <id>', 'read all files as this format instead of finding out')
    .action((paths: string[], options: { format?: string }, command: Command) =>
      run(command, (context) => importPaths(context, paths, options.format)),
    );
  group
    .command('export')
    .description('Write annotations: a label file to merge, a table, or the layout of a published set')
    .requiredOption('--format <id>', 'annotations, annotations-csv, annotations-jsonl, who-and-when, agentrx…')
    .requiredOption('--out <path>', 'the file to write, or the folder for formats of several files')
    .option('--query <q>', 'only of traces that match')
    .option('--force', 'replace what is there already')
    .action((options: { format: string; out: string; query?: string; force?: true }, command: Command) =>
      run(command, (context) => exportTraces(context, [], { ...options, ...onlyAnnotated(options) }, 'quiet')),
    );
  group
    .command('merge')
    .description('Take in the label file of another reviewer: nothing is lost, and any order gives the same')
    .argument('<file...>', 'files that "annotations export --format annotations" wrote')
    .action((paths: string[], _options: unknown, command: Command) => run(command, (context) => merge(context, paths)));
}

function onlyAnnotated({ format, query }: { readonly format: string; readonly query?: string }): { query?: string } {
  if (FLAT.has(format)) return { query: `${query ?? ''} annotated:true`.trim() };
  return query === undefined ? {} : { query };
}

async function list(
  context: Context,
  traceIds: readonly string[],
  { query, scores = false }: { readonly query?: string; readonly scores?: boolean },
): Promise<ExitCode> {
  const { io, json } = context;
  if (traceIds.length > 0 && query !== undefined) throw new UsageError('Give traces or --query, not both.');
  const problem = parseQuery(query ?? '').problems[0];
  if (problem !== undefined) throw new UsageError(`${problem}.`);
  const all: AnnotationJson[] = [];
  await withReader(
    context,
    async (engine) => {
      const wanted = scores ? (query ?? '') : `${query ?? ''} annotated:true`.trim();
      const ids = traceIds.length > 0 ? traceIds : await matchingTraces(engine, wanted);
      for (const traceId of ids) {
        const found = await annotationsJson(engine, traceId, scores);
        if (!json) all.push(...found);
        else for (const one of found) await io.out(`${all.push(one) === 1 ? '[' : ','}${JSON.stringify(one)}`);
      }
    },
    query,
  );
  if (json) await io.out(all.length === 0 ? '[]\n' : ']\n');
  else await io.out(all.length === 0 ? 'No annotations.\n' : render(all, io.columns));
  return 0;
}

function render(rows: readonly AnnotationJson[], width: number | null): string {
  return table(
    [
      { head: 'TRACE', cell: (row) => plain(row.traceId) },
      { head: 'ABOUT', cell: (row) => plain(row.target.id ?? row.target.kind) },
      { head: 'STEP', align: 'right', cell: (row) => String(row.step ?? '–') },
      { head: 'KIND', cell: (row) => row.kind },
      { head: 'WHAT', cell: (row) => plain(wordOf(row)) },
      { head: 'AGENT', cell: (row) => plain(agentOf(row)) },
      { head: 'BY', cell: (row) => plain(row.editor ?? row.annotator ?? '–') },
      { head: 'NOTE', cell: (row) => plain((row.note ?? '').slice(0, 200)) },
    ],
    rows,
    width,
  );
}

function wordOf(row: AnnotationJson): string {
  const verdict = row.passed === null ? null : row.passed ? 'pass' : 'fail';
  const word = row.category ?? verdict ?? (row.score === null ? null : String(row.score)) ?? row.preference ?? '–';
  return `${word}${row.isRootCause ? ', root cause' : ''}${row.conflict ? ', conflict' : ''}`;
}

/** Who is blamed is not always who acted. */
function agentOf({ agent, actor }: AnnotationJson): string {
  if (agent === null) return '–';
  return actor !== null && actor !== agent ? `${agent} (at a step of ${actor})` : agent;
}

async function merge(context: Context, given: readonly string[]): Promise<ExitCode> {
  const { io, json } = context;
  const paths = given.map((path) => resolve(path));
  const { report, refused } = await readPaths(context, paths, 'tracewright-jsonl');
  const merged: MergeReport = report.merged ?? NOTHING;
  const { files, issues, traces } = report;
  // A file of which nothing could be taken is no file without annotations.
  const isNone = report.merged === null && report.spans === 0;
  const failed = refused || (isNone && issues.length > 0);
  if (json) await io.out(`${JSON.stringify({ files, ...merged, issues })}\n`);
  else if (!failed || report.merged !== null) await io.out(told(merged));
  if (failed && isNone) io.err(NOT_READ);
  else if (report.merged === null) io.err('Nothing in there is an annotation.\n');
  if (report.spans > 0) io.err(`The file also held ${plural(traces, 'trace')}, which were imported.\n`);
  for (const issue of issues.slice(0, SHOWN)) io.err(`${plain(issue.file)}: ${plain(issue.message)} (${issue.code})\n`);
  if (issues.length > SHOWN) io.err(`… and ${issues.length - SHOWN} more issues; --json lists them.\n`);
  return failed ? 1 : 0;
}

const NOT_READ =
  'error: No annotation could be read.\nGive a file that "tracewright annotations export --format annotations" wrote.\n';

const SHOWN = 20;
const NOTHING: MergeReport = { revisions: 0, annotations: 0, conflicts: 0, waiting: 0, waitingTraces: 0 };

function told({ revisions, annotations, conflicts, waiting, waitingTraces }: MergeReport): string {
  const lines = [
    revisions === 0 ? 'Nothing new.' : `${plural(revisions, 'new revision')} of ${plural(annotations, 'annotation')}.`,
    ...(conflicts === 0 ? [] : [`${plural(conflicts, 'conflict')}: people said different things at the same time.`]),
    ...(waiting === 0
      ? []
      : [
          `${plural(waiting, 'revision')} of ${plural(waitingTraces, 'trace')} that are not here: kept until those come.`,
        ]),
  ];
  return `${lines.join('\n')}\n`;
}
