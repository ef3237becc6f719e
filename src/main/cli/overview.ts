import type { Command } from 'commander';
import type { Overview, Period, ShareOf } from '#shared/overview.ts';
import { PERIODS } from '#shared/overview.ts';
import { checkQuery } from './check-query.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { UsageError } from './context.ts';
import { withReader } from './engine.ts';
import { plain, plural, table } from './text.ts';

type Options = { readonly query?: string; readonly taxonomy?: string; readonly by?: string };

export function addOverview(program: Command, run: Run): void {
  program
    .command('overview')
    .description('Which failures people found, in which agents, at which step, how often, when and where')
    .option('--query <q>', 'only traces that match, as in the search box')
    .option('--taxonomy <id>', 'only labels of this taxonomy')
    .option('--by <period>', `of the time series: ${PERIODS.join(', ')} (default: fitting)`)
    .action((options: Options, command: Command) => run(command, (context) => overview(context, options)));
}

async function overview(context: Context, { query, taxonomy, by }: Options): Promise<ExitCode> {
  const { io, json } = context;
  checkQuery(query);
  const period = PERIODS.find((each): each is Period => each === by);
  if (by !== undefined && period === undefined) throw new UsageError(`--by takes ${PERIODS.join(', ')}, not "${by}".`);
  const found = await withReader(
    context,
    (engine) =>
      engine.call('overview.get', {
        ...(query === undefined ? {} : { query }),
        ...(taxonomy === undefined ? {} : { taxonomy }),
        ...(period === undefined ? {} : { by: period }),
      }),
    query,
  );
  await io.out(json ? `${JSON.stringify(found)}\n` : render(found, io.columns));
  return 0;
}

function render(found: Overview, width: number | null): string {
  const { reviewed, failures, categories, agents, verdicts } = found;
  if (found.annotations === 0) return 'No annotations.\n';
  const head = [
    `${plural(failures.labels, 'label')} in ${failures.traces.count} of ${plural(reviewed, 'reviewed trace')}; ${plural(found.blamedAgents, 'agent')} blamed`,
    ...(verdicts.of > 0 ? [`Verdicts: ${share(verdicts)} pass`] : []),
    ...(found.blamedElsewhere > 0
      ? [`Blamed agent is not the one that acts in the marked step: ${plural(found.blamedElsewhere, 'label')}`]
      : []),
  ];
  const byCategory = table(
    [
      { head: 'CATEGORY', cell: ({ title }) => plain(title) },
      { head: 'LABELS', align: 'right', cell: ({ labels }) => String(labels) },
      { head: 'TRACES', align: 'right', cell: ({ traces }) => share(traces) },
    ],
    categories,
    width,
  );
  const byAgent = table(
    [
      { head: 'AGENT', cell: ({ agent }) => plain(agent) },
      { head: 'BLAMED', align: 'right', cell: ({ blamed }) => String(blamed) },
      { head: 'ACTING', align: 'right', cell: ({ acted }) => String(acted) },
      { head: 'TRACES', align: 'right', cell: ({ traces }) => share(traces) },
    ],
    agents.slice(0, 50),
    width,
  );
  return [
    ...head.map((line) => `${line}\n`),
    ...(categories.length > 0 ? [`\n${byCategory}`] : []),
    ...(agents.length > 0 ? [`\n${byAgent}`] : []),
    ...(agents.length > 50 ? [`and ${agents.length - 50} more agents (--json has them)\n`] : []),
  ].join('');
}

/** "7 of 20, 35 % (18–57)" */
function share({ count, of, low, high }: ShareOf): string {
  if (of === 0) return '–';
  const percent = (value: number): string => String(Math.round(value * 100));
  return `${count} of ${of}, ${percent(count / of)} % (${percent(low)}–${percent(high)})`;
}
