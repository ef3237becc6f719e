import type { Command } from 'commander';
import { parseQuery } from '#shared/query.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { UsageError } from './context.ts';
import { withExistingWriter } from './engine.ts';
import { plural } from './text.ts';

type Options = { readonly query?: string };

export function addRebuild(program: Command, run: Run): void {
  program
    .command('rebuild')
    .description('Derive traces again from the received bytes, by the rules and formats of now')
    .argument('[trace...]', 'trace ids (default: all traces)')
    .option('--query <q>', 'the traces that match, as in the search box')
    .action((traceIds: string[], options: Options, command: Command) =>
      run(command, (context) => rebuild(context, traceIds, options)),
    );
}

async function rebuild(context: Context, traceIds: readonly string[], { query }: Options): Promise<ExitCode> {
  const { io } = context;
  if (traceIds.length > 0 && query !== undefined) throw new UsageError('Give traces or --query, not both.');
  const problem = parseQuery(query ?? '').problems[0];
  if (problem !== undefined) throw new UsageError(`${problem}.`);
  const stopped = new AbortController();
  io.onStop(() => {
    stopped.abort();
  });
  const report = await withExistingWriter(context, async (engine) => {
    const unsubscribe = engine.subscribe('job', ({ label, done, total, finished }) => {
      if (!io.errIsTerminal) return;
      io.err(finished ? '\r\u001b[K' : `\r${label}: ${Math.floor((100 * done) / Math.max(1, total))} %`);
    });
    try {
      const answer = await engine.call(
        'rebuild.run',
        { jobId: 'cli', ...(traceIds.length > 0 ? { traceIds } : {}), ...(query === undefined ? {} : { query }) },
        stopped.signal,
      );
      await engine.settle({ findings: false });
      return answer;
    } finally {
      unsubscribe();
    }
  });
  const { traces, changed, spans, staying, cancelled } = report;
  if (context.json) await io.out(`${JSON.stringify({ traces, changed, spans, staying, cancelled })}\n`);
  else await io.out(`${plural(traces, 'trace')} rebuilt, ${changed} changed\n`);
  if (staying > 0) io.err(`${plural(staying, 'span')} stay as they were: the bytes that they came in are gone.\n`);
  if (cancelled) io.err('Stopped; each trace is either as it was or rebuilt.\n');
  return cancelled ? 1 : 0;
}
