import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parseQuery } from '#shared/query.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { UsageError } from './context.ts';
import { withReader } from './engine.ts';
import { plain, plural } from './text.ts';

type Options = { readonly query?: string; readonly format: string; readonly out: string; readonly force?: true };

export function addExport(program: Command, run: Run): void {
  program
    .command('export')
    .description('Write traces to a file or a folder, in any format that "formats" says can be exported')
    .argument('[trace...]', 'ids of the traces (default: all that match --query, else all)')
    .option('--query <q>', 'as in the search box: words, agent:Planner, error:true, cost:>0.1, duration:>30s')
    .requiredOption('--format <id>', 'the format to write (see "formats")')
    .requiredOption('--out <path>', 'the file to write, or the folder for formats of several files')
    .option('--force', 'replace what is there already')
    .action((traceIds: string[], options: Options, command: Command) =>
      run(command, (context) => exportTraces(context, traceIds, options)),
    );
}

/** @param left `quiet`: traces that the format cannot tell are only counted */
export async function exportTraces(
  context: Context,
  traceIds: readonly string[],
  options: Options,
  left: 'listed' | 'quiet' = 'listed',
): Promise<ExitCode> {
  const { io, json } = context;
  const { query, format, out, force } = options;
  if (traceIds.length > 0 && query !== undefined) throw new UsageError('Give traces or --query, not both.');
  const problem = parseQuery(query ?? '').problems[0];
  if (problem !== undefined) throw new UsageError(`${problem}.`);
  const stop = new AbortController();
  io.onStop(() => {
    stop.abort();
  });
  const report = await withReader(
    context,
    async (engine) => {
      const unsubscribe = engine.subscribe('job', ({ done, total, unit, finished }) => {
        if (io.errIsTerminal) io.err(finished ? '\r\u001b[K' : `\r${done} of ${total} ${unit}`);
      });
      try {
        const selection = traceIds.length > 0 ? { traceIds } : query === undefined ? {} : { query };
        const args = { jobId: 'cli', format, path: resolve(out), overwrite: force === true, ...selection };
        return await engine.call('export.run', args, stop.signal);
      } finally {
        unsubscribe();
      }
    },
    query,
  );
  const { files, traces, bytes, labels, skipped, skippedCount } = report;
  const told = { files, traces, bytes, path: report.path, labels, skipped, skippedCount };
  const said =
    labels === null ? '' : `${plural(labels.annotations, 'annotation')} and ${plural(labels.scores, 'score')} of `;
  if (json) await io.out(`${JSON.stringify(told)}\n`);
  else
    await io.out(
      `${said}${plural(traces, 'trace')} in ${plural(files, 'file')}, ${bytes} bytes: ${plain(report.path)}\n`,
    );
  if (labels !== null && labels.annotations + labels.scores === 0)
    io.err('Nothing was written: no annotation was made of these traces, and none came with them.\n');
  if (left === 'quiet') {
    if (skippedCount > 0) io.err(`${plural(skippedCount, 'trace')} without what this format tells were left out.\n`);
    return 0;
  }
  for (const { traceId, reason } of skipped.slice(0, SHOWN)) io.err(`${plain(traceId)}: left out, ${plain(reason)}\n`);
  if (skippedCount > SHOWN)
    io.err(`… and ${skippedCount - Math.min(SHOWN, skipped.length)} more traces were left out.\n`);
  return 0;
}

const SHOWN = 20;
