import type { Command } from 'commander';
import { parseQuery } from '#shared/query.ts';
import { formatDuration } from '#shared/time.ts';
import type { TraceRow } from '#shared/trace.ts';
import type { Engine } from '../engine/create-engine.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { UsageError, wholeNumber } from './context.ts';
import { withReader } from './engine.ts';
import { compact, money, plain, table } from './text.ts';
import { isoOrNull, traceJson } from './trace-json.ts';

const SHOWN = 50;
const PAGE = 500;

type Options = { readonly query?: string; readonly limit?: number };

export function addTraces(program: Command, run: Run): void {
  program
    .command('traces')
    .description('List traces, newest first')
    .option(
      '--query <q>',
      'as in the search box: words, agent:Planner, error:true, cost:>0.1, duration:>30s, finding:any, since:2026-01-31, meta:team=search',
    )
    .option('--limit <n>', `at most this many (default: ${SHOWN}, with --json all)`, wholeNumber(1, 1e9))
    .action((options: Options, command: Command) => run(command, (context) => listTraces(context, options)));
}

async function listTraces(context: Context, { query, limit }: Options): Promise<ExitCode> {
  const { io, json } = context;
  const problem = parseQuery(query ?? '').problems[0];
  if (problem !== undefined) throw new UsageError(`${problem}.`);
  const wanted = limit ?? (json ? Infinity : SHOWN);
  const { rows, total } = await withReader(context, (engine) => readRows(engine, query, wanted), query);
  if (json) await io.out(`${JSON.stringify(rows.map(traceJson))}\n`);
  else await io.out(rows.length === 0 ? 'No traces.\n' : render(rows, io.columns));
  if (limit === undefined && total !== null && total > rows.length) {
    io.err(`${rows.length} of ${total} traces are shown; --limit N shows more.\n`);
  }
  return 0;
}

async function readRows(
  engine: Engine,
  query: string | undefined,
  wanted: number,
): Promise<{ rows: TraceRow[]; total: number | null }> {
  const rows: TraceRow[] = [];
  let total: number | null = null;
  let cursor: string | undefined;
  do {
    const page = await engine.call('trace.list', {
      limit: Math.min(PAGE, wanted - rows.length),
      ...(query === undefined ? {} : { query }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    rows.push(...page.rows);
    total = page.total;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && rows.length < wanted);
  return { rows, total };
}

/** Ids of all traces that match, newest first. */
export async function matchingTraces(engine: Engine, query: string): Promise<string[]> {
  return (await readRows(engine, query, Infinity)).rows.map(({ id }) => id);
}

function render(rows: readonly TraceRow[], width: number | null): string {
  return table(
    [
      { head: 'ID', cell: (row) => plain(row.id) },
      { head: 'STARTED', cell: (row) => isoOrNull(row.startNs) ?? '–' },
      { head: 'DURATION', align: 'right', cell: (row) => formatDuration(row.durationNs) },
      { head: 'STATUS', cell: (row) => row.status },
      { head: 'SPANS', align: 'right', cell: (row) => String(row.spans) },
      { head: 'ERRORS', align: 'right', cell: (row) => String(row.errors) },
      { head: 'TOKENS', align: 'right', cell: (row) => compact(tokenSum(row)) },
      { head: 'COST', align: 'right', cell: (row) => money(row.cost, row.costBasis) },
      { head: 'NAME', cell: (row) => plain(row.name) },
      { head: 'AGENTS', cell: (row) => plain(row.agents.join(', ')) },
    ],
    rows,
    width,
  );
}

export function tokenSum({ tokens }: Pick<TraceRow, 'tokens'>): number | null {
  return tokens.input === null && tokens.output === null ? null : (tokens.input ?? 0) + (tokens.output ?? 0);
}
