import type { Command } from 'commander';
import type { AlignedTraces, StepChange } from '#shared/alignment.ts';
import { STEP_CHANGES, STEP_OPS } from '#shared/alignment.ts';
import type { TraceDetail } from '#shared/trace.ts';
import type { Context, ExitCode, Run } from './context.ts';
import { withReader } from './engine.ts';
import { paint, plain, plural, table } from './text.ts';

type Options = { readonly all?: boolean };

export function addAlign(program: Command, run: Run): void {
  program
    .command('align')
    .description('Put two traces side by side, step by step: what is the same, what changed, and where they first part')
    .argument('<trace-a>', 'id of a trace, or session:<id>')
    .argument('<trace-b>', 'id of the other')
    .option('--all', 'in text, show the steps that are the same as well')
    .action((a: string, b: string, options: Options, command: Command) =>
      run(command, (context) => align(context, a, b, options)),
    );
}

async function align(context: Context, idA: string, idB: string, { all }: Options): Promise<ExitCode> {
  const { io, json } = context;
  const { aligned, a, b } = await withReader(context, async (engine) => ({
    aligned: await engine.call('align.traces', { a: idA, b: idB }),
    a: await engine.call('trace.open', { traceId: idA }),
    b: await engine.call('trace.open', { traceId: idB }),
  }));
  if (json) await io.out(`${JSON.stringify(toJson(aligned, a, b))}\n`);
  else {
    await io.out(render(context, aligned, a, b, all === true));
    io.err(summary(aligned));
  }
  return 0;
}

function toJson(aligned: AlignedTraces, a: TraceDetail, b: TraceDetail) {
  const { similarity, editDistance, firstDivergence, counts, downstream } = aligned;
  const places = (step: number) => ({
    a: idOf(a, aligned.a[step] ?? -1),
    b: idOf(b, aligned.b[step] ?? -1),
  });
  return {
    similarity,
    editDistance,
    firstDivergence: firstDivergence < 0 ? null : places(firstDivergence),
    counts,
    downstream,
    steps: Array.from(aligned.op, (op, step) => ({
      op: STEP_OPS[op] ?? 'changed',
      ...places(step),
      changes: changesOf(aligned.changes[step] ?? 0),
    })),
  };
}

function idOf({ columns }: TraceDetail, row: number): string | null {
  return row < 0 ? null : (columns.ids[row] ?? null);
}

function changesOf(bits: number): StepChange[] {
  return STEP_CHANGES.filter((_, k) => ((bits >> k) & 1) === 1);
}

const MARKS = { same: ' ', changed: '~', added: '+', removed: '-', moved: '>', repeated: '*' } as const;
const DEEPEST = 12;

function render({ io }: Context, aligned: AlignedTraces, a: TraceDetail, b: TraceDetail, all: boolean): string {
  const steps = Array.from(aligned.op, (_, step) => step).filter(
    (step) => all || aligned.op[step] !== 0 || step === aligned.firstDivergence,
  );
  const lines =
    steps.length === 0
      ? 'Both did the same.\n'
      : table(
          [
            { head: 'STEP', align: 'right', cell: (step) => String(step + 1) },
            { head: '', cell: (step) => MARKS[STEP_OPS[aligned.op[step] ?? 0] ?? 'same'] },
            { head: 'WHAT', cell: (step) => STEP_OPS[aligned.op[step] ?? 0] ?? '' },
            { head: 'A', cell: (step) => nameOf(a, aligned.a[step] ?? -1) },
            { head: 'B', cell: (step) => nameOf(b, aligned.b[step] ?? -1) },
            {
              head: 'DIFFERS IN',
              cell: (step) =>
                [
                  changesOf(aligned.changes[step] ?? 0).join(', '),
                  ...(step === aligned.firstDivergence ? ['first divergence'] : []),
                ]
                  .filter(Boolean)
                  .join(' · '),
            },
          ],
          steps,
          io.columns,
        );
  const told = aligned.downstream.map(({ says, step }) =>
    `${plain(says)}${step === null ? '' : paint(io, 'dim', ` (step ${step + 1})`)}`.trimEnd(),
  );
  return `${lines}${told.length === 0 ? '' : `\nWhat became different:\n${told.map((line) => `  ${line}\n`).join('')}`}`;
}

function nameOf({ columns }: TraceDetail, row: number): string {
  if (row < 0) return '';
  const depth = Math.min(columns.depth[row] ?? 0, DEEPEST);
  return `${'  '.repeat(depth)}${plain(columns.strings[columns.name[row] ?? 0] ?? '')}`;
}

function summary({ op, counts, similarity, editDistance, firstDivergence }: AlignedTraces): string {
  const parts = STEP_OPS.filter((name) => counts[name] > 0).map((name) => `${counts[name]} ${name}`);
  const where = firstDivergence < 0 ? 'they never part' : `they first part at step ${firstDivergence + 1}`;
  return `${plural(op.length, 'aligned step')}: ${parts.join(', ') || 'none'}; similarity ${similarity.toFixed(2)}, edit distance ${editDistance}; ${where}.\n`;
}
