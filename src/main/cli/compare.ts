import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ITEM_CHANGES, type ComparedItems, type CriterionComparison, type RunComparison } from '#shared/comparison.ts';
import { amountText, changeText, pText, rangeText } from '../analysis/comparison/figures-text.ts';
import { summaryOf } from '../analysis/comparison/summary.ts';
import { itemJson } from '../engine/evals/report/comparison-items.ts';
import type { ComparisonFormat } from '../engine/evals/report/comparison-texts.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { UsageError, wholeNumber } from './context.ts';
import { withReader } from './engine.ts';
import { runNamed } from './eval-names.ts';
import type { Io } from './io.ts';
import { money, paint, plain, plural, table } from './text.ts';

type Options = { readonly export?: string; readonly resamples?: number; readonly seed?: number };
type Other = RunComparison['others'][number];

/** Items that a terminal is told of. */
const MOST_LISTED = 20;

export function addCompare(program: Command, run: Run): void {
  program
    .command('compare')
    .description('What changed between eval runs, and whether it is more than luck. The first one is the baseline')
    .argument('<baseline>', 'id of a run, the beginning of one, or its name')
    .argument('<run...>', 'one run or several to compare with it')
    .option('--export <file>', 'also write a report: .md, .json (all figures and items) or .csv (items)')
    .option('--resamples <n>', 'of intervals and permutation tests (default: 10000)', wholeNumber(200, 100_000))
    .option('--seed <n>', 'the same seed gives the same figures (default: 42)', wholeNumber(0, 4_294_967_295))
    .action((baseline: string, others: string[], options: Options, command: Command) =>
      run(command, (context) => compare(context, baseline, others, options)),
    );
}

async function compare(
  context: Context,
  baseline: string,
  others: readonly string[],
  { export: file, resamples, seed }: Options,
): Promise<ExitCode> {
  const { io, json } = context;
  const format = file === undefined ? null : formatOf(file);
  const stop = new AbortController();
  io.onStop(() => {
    stop.abort();
  });
  const { comparison, items } = await withReader(context, async (engine) => {
    const baselineId = (await runNamed(engine, baseline)).id;
    const otherIds: string[] = [];
    for (const other of others) otherIds.push((await runNamed(engine, other)).id);
    const found = await engine.call(
      'compare.runs',
      {
        baselineId,
        otherIds,
        ...(resamples === undefined ? {} : { resamples }),
        ...(seed === undefined ? {} : { seed }),
      },
      stop.signal,
    );
    const rows: ComparedItems[] = [];
    for (const { run } of found.others)
      rows.push(await engine.call('compare.items', { baselineId, otherId: run.id }, stop.signal));
    if (file !== undefined && format !== null)
      await engine.call('compare.export', { baselineId, otherIds, path: resolve(file), format }, stop.signal);
    return { comparison: found, items: rows };
  });
  await io.out(json ? `${JSON.stringify(toJson(comparison, items))}\n` : render(comparison, items, io));
  if (file !== undefined) io.err(`Wrote ${plain(file)}.\n`);
  return 0;
}

function formatOf(file: string): ComparisonFormat {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase();
  if (ending === 'md' || ending === 'markdown') return 'markdown';
  if (ending === 'json' || ending === 'csv') return ending;
  throw new UsageError(`--export takes a file that ends in .md, .json or .csv, not "${file}".`);
}

/** The contract. Of several runs, `criteria` and `items` are those of the first; `others` has those after it. */
function toJson(comparison: RunComparison, items: readonly ComparedItems[]) {
  const { baseline, others, pairedBy, resamples, seed } = comparison;
  const told = others.map((other, at) => otherJson(other, items[at]));
  return {
    baseline: { id: baseline.id, name: baseline.name },
    run: told[0]?.run ?? null,
    pairedBy,
    resamples,
    seed,
    criteria: told[0]?.criteria ?? [],
    items: told[0]?.items ?? [],
    counts: told[0]?.counts ?? null,
    cost: told[0]?.cost ?? null,
    durationMs: told[0]?.durationMs ?? null,
    cut: told[0]?.cut ?? false,
    ...(told.length > 1 ? { others: told.slice(1) } : {}),
  };
}

function otherJson({ run, criteria, counts, cost, durationMs }: Other, items: ComparedItems | undefined) {
  return {
    run: { id: run.id, name: run.name },
    criteria: criteria.map(criterionJson),
    items: items === undefined ? [] : items.keys.map((_, row) => itemJson(items, row)),
    counts,
    cost,
    durationMs,
    cut: items?.cut ?? false,
  };
}

/** `a` and `b` are over what both runs have, so that `delta` is their difference; of each run as a whole they are in `sides`. */
function criterionJson({ a, b, range, ...rest }: CriterionComparison) {
  return {
    ...rest,
    a: a.shared ?? a.value,
    b: b.shared ?? b.value,
    ci: range === null ? null : [range.low, range.high],
    sides: { a, b },
  };
}

function render(comparison: RunComparison, items: readonly ComparedItems[], io: Io): string {
  return comparison.others
    .map((other, at) => {
      const rows = items[at];
      return [
        `A  ${plain(comparison.baseline.name)}\nB  ${plain(other.run.name)}\n${summaryOf(other.criteria)}\n\n`,
        criteriaTable(other, io),
        `\n${other.criteria.map(({ name, says }) => `${plain(name)}: ${plain(says)}\n`).join('')}`,
        trialsTable(other, io),
        totals(other),
        `\n${ITEM_CHANGES.map((change) => `${other.counts[change]} ${change}`).join(', ')}\n`,
        ...(rows === undefined ? [] : [regressed(rows, io)]),
      ].join('');
    })
    .join('\n');
}

function criteriaTable({ criteria }: Other, io: Io): string {
  return table<CriterionComparison>(
    [
      { head: 'CRITERION', cell: ({ name }) => plain(name) },
      { head: 'A', align: 'right', cell: (each) => amountText(each, each.a.shared ?? each.a.value) },
      { head: 'B', align: 'right', cell: (each) => amountText(each, each.b.shared ?? each.b.value) },
      { head: 'B - A', align: 'right', cell: (each) => changeText(each, each.delta) },
      { head: '95 %', align: 'right', cell: (each) => rangeText(each) },
      { head: 'N', align: 'right', cell: ({ n }) => String(n) },
      { head: 'P', align: 'right', cell: ({ p }) => (p === null ? '–' : pText(p)) },
      { head: 'HOLM', align: 'right', cell: ({ pAdjusted }) => (pAdjusted === null ? '–' : pText(pAdjusted)) },
      { head: 'WON/LOST/TIED', align: 'right', cell: ({ wins, losses, ties }) => `${wins}/${losses}/${ties}` },
      { head: 'VERDICT', cell: ({ verdict }) => verdictText(io, verdict) },
    ],
    criteria,
    // Colours have no width; a line that is cut could lose the end of one.
    io.outIsTerminal && !io.env.NO_COLOR ? null : io.columns,
  );
}

function verdictText(io: Io, verdict: CriterionComparison['verdict']): string {
  if (verdict === 'better') return paint(io, 'green', verdict);
  return verdict === 'worse' ? paint(io, 'red', verdict) : verdict;
}

/** Only of runs with several trials of a task. */
function trialsTable({ criteria }: Other, io: Io): string {
  const tried = criteria.filter(({ a, b }) => a.passHatK.length > 0 || b.passHatK.length > 0);
  if (tried.length === 0) return '';
  const rows = tried.flatMap(({ name, a, b }) =>
    Array.from({ length: Math.max(a.passHatK.length, b.passHatK.length) }, (_, at) => ({ name, a, b, at })),
  );
  const share = (value: number | null | undefined): string => amountText({ measure: 'pass rate' }, value ?? null);
  return `\n${table(
    [
      { head: 'CRITERION', cell: ({ name, at }) => (at === 0 ? plain(name) : '') },
      { head: 'K', align: 'right', cell: ({ at }) => String(at + 1) },
      { head: 'A pass@k', align: 'right', cell: ({ a, at }) => share(a.passAtK[at]) },
      { head: 'B pass@k', align: 'right', cell: ({ b, at }) => share(b.passAtK[at]) },
      { head: 'A pass^k', align: 'right', cell: ({ a, at }) => share(a.passHatK[at]) },
      { head: 'B pass^k', align: 'right', cell: ({ b, at }) => share(b.passHatK[at]) },
      { head: 'FLAKY', cell: ({ a, b, at }) => (at === 0 ? `${a.flaky} tasks in A, ${b.flaky} in B` : '') },
    ],
    rows,
    io.columns,
  )}`;
}

function totals({ cost, durationMs }: Other): string {
  const lines = [
    ...(cost.a === null || cost.b === null
      ? []
      : [`Cost of the traces: ${money(cost.a, null)} → ${money(cost.b, null)}`]),
    ...(durationMs.a === null || durationMs.b === null
      ? []
      : [`Time of the traces: ${seconds(durationMs.a)} → ${seconds(durationMs.b)}`]),
  ];
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toLocaleString('en-US', { maximumFractionDigits: 1 })} s`;
}

/** The worst come first among the rows. */
function regressed(items: ComparedItems, io: Io): string {
  const code = ITEM_CHANGES.indexOf('regressed');
  const rows = Array.from(items.change.keys()).filter((row) => items.change[row] === code);
  if (rows.length === 0) return '';
  const listed = table(
    [
      { head: 'REGRESSED', cell: ({ key, title }) => plain(title === '' || title === key ? key : `${key}: ${title}`) },
      { head: 'TRACE A', cell: ({ traceA }) => plain(traceA ?? '–') },
      { head: 'TRACE B', cell: ({ traceB }) => plain(traceB ?? '–') },
    ],
    rows.slice(0, MOST_LISTED).map((row) => itemJson(items, row)),
    io.columns,
  );
  const more = rows.length - MOST_LISTED;
  return `\n${listed}${more > 0 ? `and ${plural(more, 'more item')} (--json has them)\n` : ''}`;
}
