import type { Command } from 'commander';
import { parsePattern } from '#shared/pattern-parse.ts';
import type { PatternPage } from '#shared/pattern.ts';
import { printPattern } from '#shared/pattern.ts';
import { parseQuery } from '#shared/query.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { UsageError, wholeNumber } from './context.ts';
import { withReader } from './engine.ts';
import { plain, plural, table } from './text.ts';

type Options = { readonly query?: string; readonly limit?: number };
type Search = { readonly traces: readonly PatternPage['traces'][number][]; looked: number; complete: boolean };

export function addPatterns(program: Command, run: Run): void {
  const patterns = program
    .command('patterns')
    .description('Find traces by what agents and tools do one after the other');
  patterns
    .command('search')
    .description(
      'List the traces in which a pattern is: "Planner hands to Researcher, Researcher calls search 3 or more times, never returns to Planner"',
    )
    .argument('<pattern>', 'steps in order, divided by commas')
    .option('--query <q>', 'only traces that match, as in the search box')
    .option('--limit <n>', 'stop when so many are found', wholeNumber(1, 1e9))
    .action((pattern: string, options: Options, command: Command) =>
      run(command, (context) => search(context, pattern, options)),
    );
  patterns
    .command('check')
    .description('Read a pattern, and write it as it is understood. Exit 1 where it is not')
    .argument('<pattern>', 'steps in order, divided by commas')
    .action((pattern: string, _options: object, command: Command) =>
      run(command, (context) => check(context, pattern)),
    );
}

async function search(context: Context, text: string, { query, limit = Infinity }: Options): Promise<ExitCode> {
  const { io, json } = context;
  const wrong = parseQuery(query ?? '').problems[0];
  if (wrong !== undefined) throw new UsageError(`${wrong}.`);
  const { problems } = parsePattern(text);
  if (problems[0])
    throw new UsageError(problems[0].message, 'Use: tracewright patterns search "Planner hands to Writer"');
  const found = await withReader(
    context,
    async (engine): Promise<Search> => {
      const traces: PatternPage['traces'][number][] = [];
      let looked = 0;
      let cursor: string | null = null;
      do {
        const page: PatternPage = await engine.call('pattern.search', {
          pattern: text,
          ...(query === undefined ? {} : { query }),
          ...(cursor === null ? {} : { cursor }),
          ...(limit === Infinity ? {} : { limit: limit - traces.length }),
        });
        traces.push(...page.traces);
        looked += page.looked;
        cursor = page.nextCursor;
      } while (cursor !== null && traces.length < limit);
      return { traces, looked, complete: cursor === null };
    },
    query,
  );
  if (json) await io.out(`${JSON.stringify(found)}\n`);
  else {
    await io.out(found.traces.length === 0 ? 'No traces.\n' : render(found.traces, io.columns));
    io.err(`${plural(found.looked, 'trace')} looked at${found.complete ? '' : '; --limit N shows more'}.\n`);
  }
  return 0;
}

function render(traces: Search['traces'], width: number | null): string {
  return table(
    [
      { head: 'ID', cell: ({ traceId }) => plain(traceId) },
      { head: 'CROSSINGS', align: 'right', cell: ({ spanIds }) => String(spanIds.length) },
      { head: 'SPANS', cell: ({ spanIds }) => someOf(spanIds) },
    ],
    traces,
    width,
  );
}

const SHOWN = 3;

function someOf(spanIds: readonly string[]): string {
  const rest = spanIds.length - SHOWN;
  return `${spanIds.slice(0, SHOWN).map(plain).join(' ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

async function check({ io, json }: Context, text: string): Promise<ExitCode> {
  const { pattern, problems } = parsePattern(text);
  if (json)
    await io.out(
      `${JSON.stringify({ pattern: pattern && printPattern(pattern), steps: pattern?.steps ?? null, problems })}\n`,
    );
  else if (pattern) await io.out(`${plain(printPattern(pattern))}\n`);
  else
    await io.out(
      problems.map(({ from, to, message }) => `characters ${from + 1} to ${to}: ${plain(message)}\n`).join(''),
    );
  return pattern ? 0 : 1;
}
