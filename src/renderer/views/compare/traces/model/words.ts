/** Aligned steps in words: on the screen, to copy, and as a table. */
import type { AlignedTraces, StepChange, StepOp } from '#shared/alignment.ts';
import { STEP_CHANGES, STEP_OPS } from '#shared/alignment.ts';
import type { Rows } from '../../../../charts/save-picture.ts';
import type { Side } from './sides.ts';

export const OP_WORDS: Readonly<Record<StepOp, string>> = {
  same: 'same',
  changed: 'changed',
  added: 'only in B',
  removed: 'only in A',
  moved: 'moved',
  repeated: 'repeated',
};

export const OP_TITLES: Readonly<Record<StepOp, string>> = {
  same: 'Both did the same',
  changed: 'Both did it, and something in it differs',
  added: 'B does this and A does not',
  removed: 'A did this and B does not',
  moved: 'Both did it, in another place',
  repeated: 'Done again right after it was done, in one of the two',
};

const MARKS: Readonly<Record<StepOp, string>> = {
  same: ' ',
  changed: '~',
  added: '+',
  removed: '-',
  moved: '>',
  repeated: '*',
};

export function opOf(aligned: Pick<AlignedTraces, 'op'>, step: number): StepOp {
  return STEP_OPS[aligned.op[step] ?? 0] ?? 'same';
}

export function changesOf(aligned: Pick<AlignedTraces, 'changes'>, step: number): StepChange[] {
  const bits = aligned.changes[step] ?? 0;
  return STEP_CHANGES.filter((_, k) => ((bits >> k) & 1) === 1);
}

/** As a person pastes it into a report. */
export function stepsText(aligned: AlignedTraces, steps: readonly number[], a: Side, b: Side): string {
  const name = (side: Side, row: number): string =>
    row < 0 ? '' : `${'  '.repeat(Math.min(12, side.at(row).depth))}${side.at(row).name}`;
  const lines = steps.map((step) => {
    const [rowA, rowB] = [aligned.a[step] ?? -1, aligned.b[step] ?? -1];
    const told = [name(a, rowA), name(b, rowB)].map((text) => text.replace(/\s+$/, ''));
    const same = told[0] === told[1] ? told[0] : told.filter((text) => text !== '').join(' → ');
    const changes = changesOf(aligned, step).join(', ');
    return `${MARKS[opOf(aligned, step)]} ${same}${changes === '' ? '' : `  (${changes})`}${step === aligned.firstDivergence ? '  <- first divergence' : ''}`;
  });
  return [`A: ${a.title}`, `B: ${b.title}`, '', ...lines, ''].join('\n');
}

export function stepsTable(aligned: AlignedTraces, steps: readonly number[], a: Side, b: Side): Rows {
  const cells = (side: Side, row: number): readonly (string | number | null)[] => {
    if (row < 0) return [null, null, null, null];
    const { spanId, kind, name, agent } = side.at(row);
    return [spanId, kind, name, agent];
  };
  return [
    [
      'step',
      'op',
      'changes',
      'first divergence',
      ...['A', 'B'].flatMap((of) => ['span', 'kind', 'name', 'agent'].map((what) => `${what} ${of}`)),
    ],
    ...steps.map((step) => [
      step + 1,
      opOf(aligned, step),
      changesOf(aligned, step).join(' '),
      step === aligned.firstDivergence ? 'yes' : '',
      ...cells(a, aligned.a[step] ?? -1),
      ...cells(b, aligned.b[step] ?? -1),
    ]),
  ];
}
