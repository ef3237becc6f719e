import type { Command } from 'commander';
import { AppFailure } from '#shared/result.ts';
import type { Agreement, AgreementFigures, AgreementSubject, Interval } from '#shared/agreement.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { UsageError } from './context.ts';
import { withReader } from './engine.ts';
import { checkQuery } from './check-query.ts';
import { plain, plural, table } from './text.ts';

type Options = {
  readonly annotators?: string;
  readonly taxonomy?: string;
  readonly query?: string;
  readonly tolerance: string;
  readonly seed: string;
};

export function addAgreement(program: Command, run: Run): void {
  program
    .command('agreement')
    .description('How far people agree: percent, kappa, AC1 and alpha with intervals, by agent, step and category')
    .option('--annotators <a,b>', 'compare these (default: all)')
    .option('--taxonomy <id>', 'only categories of this taxonomy (default: the one with the most items)')
    .option('--query <q>', 'only traces that match, as in the search box')
    .option('--tolerance <n>', 'steps that are at most this far apart count as near', '1')
    .option('--seed <n>', 'of the resampling that the intervals come from', '42')
    .action((options: Options, command: Command) => run(command, (context) => agreement(context, options)));
}

async function agreement(context: Context, options: Options): Promise<ExitCode> {
  const { io, json } = context;
  const { query, taxonomy } = options;
  checkQuery(query);
  const annotators = options.annotators
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (annotators?.length === 1)
    throw new UsageError('Agreement needs two annotators or more.', 'Use: --annotators "Ann,Ben"');
  const found = await withReader(
    context,
    (engine) =>
      engine.call('agreement.get', {
        tolerance: whole(options.tolerance, '--tolerance'),
        seed: whole(options.seed, '--seed'),
        ...(annotators === undefined || annotators.length === 0 ? {} : { annotators }),
        ...(taxonomy === undefined ? {} : { taxonomy }),
        ...(query === undefined ? {} : { query }),
      }),
    query,
  );
  checkKnown(found, annotators ?? []);
  await io.out(json ? `${JSON.stringify(toJson(found))}\n` : render(found, io.columns));
  return 0;
}

/** Figures of somebody who said nothing would look like figures. */
function checkKnown({ known }: Agreement, asked: readonly string[]): void {
  const names = new Set(known.map(({ name }) => name));
  const unknown = asked.filter((name) => !names.has(name));
  if (unknown.length === 0) return;
  throw new AppFailure({
    code: 'not_found',
    message: `Nothing was said by ${unknown.map((name) => `"${name.slice(0, MAX_NAME)}"`).join(', ')}.`,
    hint:
      known.length === 0
        ? 'Nobody annotated these traces.'
        : `Annotators: ${known
            .slice(0, NAMES_SHOWN)
            .map(({ name }) => name.slice(0, MAX_NAME))
            .join(', ')}${known.length > NAMES_SHOWN ? ` and ${known.length - NAMES_SHOWN} more` : ''}.`,
  });
}

const NAMES_SHOWN = 20;
const MAX_NAME = 100;

function whole(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${option} takes a whole number, not "${text}".`);
  return Number(text);
}

/** `category` is of the taxonomy with the most items; `subjects` has all of them. */
function toJson(found: Agreement): object {
  const of = (about: AgreementSubject['about']): AgreementSubject | undefined =>
    found.subjects
      .filter((subject) => subject.about === about)
      .reduce<AgreementSubject | undefined>(
        (most, each) => (most && most.items >= each.items ? most : each),
        undefined,
      );
  const [agent, step, category] = [of('agent'), of('step'), of('category')];
  return {
    items: found.items,
    annotators: found.annotators,
    agent: figures(agent),
    step: { ...figures(step), within: step?.within ?? null },
    category: { taxonomy: category?.name ?? null, ...figures(category) },
    attribution: found.attribution,
    subjects: found.subjects,
    known: found.known,
    tolerance: found.tolerance,
    seed: found.seed,
  };
}

const NONE: AgreementFigures = {
  items: 0,
  percent: null,
  kappa: null,
  ac1: null,
  alpha: null,
  ci: { percent: null, kappa: null, ac1: null, alpha: null },
};

function figures(of: AgreementFigures = NONE): AgreementFigures {
  const { items, percent, kappa, ac1, alpha, ci } = of;
  return { items, percent, kappa, ac1, alpha, ci };
}

function render(found: Agreement, width: number | null): string {
  if (found.items === 0)
    return `Nothing was judged by two annotators or more.\nAnnotators: ${found.known.map(({ name }) => plain(name)).join(', ') || 'none'}\n`;
  const head = `${plural(found.items, 'item')}, judged by ${found.annotators.map(plain).join(', ')}\n`;
  const rows = table<AgreementSubject>(
    [
      { head: 'OF', cell: ({ about, title, name }) => plain([about, title ?? name].filter(Boolean).join(' ')) },
      { head: 'ITEMS', align: 'right', cell: ({ items }) => String(items) },
      { head: 'AGREE', align: 'right', cell: ({ percent, ci }) => figure(percent, ci.percent, true) },
      { head: 'KAPPA', align: 'right', cell: ({ kappa, ci }) => figure(kappa, ci.kappa) },
      { head: 'AC1', align: 'right', cell: ({ ac1, ci }) => figure(ac1, ci.ac1) },
      { head: 'ALPHA', align: 'right', cell: ({ alpha, ci }) => figure(alpha, ci.alpha) },
    ],
    found.subjects,
    width,
  );
  const notes = found.subjects.flatMap((subject) => [
    ...(subject.within === null || subject.within.percent === null
      ? []
      : [
          `Steps at most ${subject.within.tolerance} apart: ${figure(subject.within.percent, subject.within.ci, true)}\n`,
        ]),
    ...(subject.warning === null ? [] : [`${plain(subject.warning)}\n`]),
  ]);
  return head + rows + notes.join('');
}

/** "0.61 (0.42–0.78)", "86 % (71–96)". */
function figure(value: number | null, ci: Interval | null, percent = false): string {
  if (value === null) return '–';
  const text = (one: number): string => (percent ? String(Math.round(one * 100)) : one.toFixed(2));
  return `${text(value)}${percent ? ' %' : ''}${ci === null ? '' : ` (${text(ci[0])}–${text(ci[1])})`}`;
}
