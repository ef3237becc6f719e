import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ImportReport } from '#shared/rpc/contract.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { withWriter } from './engine.ts';
import { plain, plural } from './text.ts';

/** Issue codes that say that a file as a whole was not taken. */
const REFUSALS: ReadonlySet<string> = new Set([
  'unreadable_file',
  'unsupported_format',
  'too_large',
  'bad_request',
  'internal',
]);
const ISSUES_SHOWN = 20;

export function addImport(program: Command, run: Run): void {
  program
    .command('import')
    .description('Read files and folders of traces into the workspace; reading them again changes nothing')
    .argument('<path...>', 'files, or folders to walk')
    .option('--format <id>', 'read all files as this format instead of finding out (see "formats")')
    .action((paths: string[], options: { format?: string }, command: Command) =>
      run(command, (context) => importPaths(context, paths, options.format)),
    );
}

async function importPaths(context: Context, given: readonly string[], format: string | undefined): Promise<ExitCode> {
  const { io } = context;
  const paths = given.map((path) => resolve(path));
  const report = await withWriter(context, async (engine) => {
    const unsubscribe = engine.subscribe('job', ({ done, total, unit, finished }) => {
      if (io.errIsTerminal) io.err(finished ? '\r\u001b[K' : `\r${done} of ${total} ${unit}`);
    });
    try {
      const answer = await engine.call('import.run', {
        jobId: 'cli',
        paths,
        ...(format === undefined ? {} : { format }),
      });
      // So that a search right after finds what was read.
      await engine.settle();
      return answer;
    } finally {
      unsubscribe();
    }
  });
  const { files, traces, spans, annotations, scores, issues, traceIds } = report;
  if (context.json) {
    await io.out(`${JSON.stringify({ files, traces, spans, annotations, scores, issues, traceIds })}\n`);
  } else {
    await io.out(`${plural(files, 'file')}, ${plural(traces, 'trace')}, ${plural(spans, 'span')}\n`);
  }
  warn(context, report);
  const refused = issues.some(({ file, code }) => REFUSALS.has(code) && paths.includes(file));
  return refused || (files === 0 && issues.length > 0) ? 1 : 0;
}

/** Other files in a folder may be anything; a file that was asked for and not taken makes the command fail. */
function warn({ io }: Context, { issues }: ImportReport): void {
  for (const { file, code, message } of issues.slice(0, ISSUES_SHOWN))
    io.err(`${plain(file)}: ${plain(message)} (${code})\n`);
  if (issues.length > ISSUES_SHOWN) io.err(`… and ${issues.length - ISSUES_SHOWN} more issues; --json lists them.\n`);
}
