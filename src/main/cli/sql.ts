import type { Command } from 'commander';
import type { Json } from '#shared/json.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { withReader } from './engine.ts';
import { cut, plain, table } from './text.ts';

/** The engine answers at most this many rows. */
const MOST_ROWS = 10_000;
const CELL_WIDTH = 80;

export function addSql(program: Command, run: Run): void {
  program
    .command('sql')
    .description(`Ask the workspace in SQL; it can only be read. At most ${MOST_ROWS.toLocaleString('en')} rows`)
    .argument('<query>', 'one SQLite statement, such as "SELECT status, count(*) FROM trace GROUP BY 1"')
    .action((query: string, _options: unknown, command: Command) => run(command, (context) => sql(context, query)));
}

async function sql(context: Context, query: string): Promise<ExitCode> {
  const { io, json } = context;
  const rows = await withReader(context, (engine) => engine.call('sql.query', { sql: query }));
  if (json) await io.out(`${JSON.stringify(rows)}\n`);
  else if (rows.length === 0) await io.out('No rows.\n');
  else {
    const columns = Object.keys(rows[0] ?? {});
    await io.out(
      table(
        columns.map((name) => ({
          head: plain(name),
          cell: (row: (typeof rows)[number]) => cellText(row[name] ?? null),
        })),
        rows,
        io.columns,
      ),
    );
  }
  if (rows.length >= MOST_ROWS)
    io.err(`Only the first ${MOST_ROWS} rows are shown: add LIMIT and OFFSET for the others.\n`);
  return 0;
}

function cellText(value: Json): string {
  if (value === null) return 'NULL';
  return cut(plain(typeof value === 'string' ? value : JSON.stringify(value)), CELL_WIDTH);
}
