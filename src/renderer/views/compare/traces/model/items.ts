/** Which lines the list of aligned steps has: long runs of what is the same, and of repeats, are one line until they are opened. */
import type { AlignedTraces, StepOp } from '#shared/alignment.ts';
import { STEP_OPS } from '#shared/alignment.ts';

export type Item =
  | { readonly type: 'step'; readonly step: number }
  /** Steps from `from` up to `to`, the last not counted. */
  | { readonly type: 'fold'; readonly what: 'same' | 'repeated'; readonly from: number; readonly to: number };

export type Shown = {
  /** Operations that are listed; null = all, and what is the same is folded. */
  readonly ops: ReadonlySet<StepOp> | null;
  /** Steps that are listed; null = all. */
  readonly only: ReadonlySet<number> | null;
  /** First steps of the runs that a person opened. */
  readonly opened: ReadonlySet<number>;
};

/** Around a difference so many equal steps are shown. */
const AROUND = 1;
const WORTH_FOLDING = 3;

type Steps = Pick<AlignedTraces, 'op' | 'firstDivergence'>;

export function buildItems({ op, firstDivergence }: Steps, { ops, only, opened }: Shown): Item[] {
  const items: Item[] = [];
  if (ops !== null || only !== null) {
    for (let step = 0; step < op.length; step++)
      if ((ops === null || ops.has(opAt(op, step))) && (only === null || only.has(step)))
        items.push({ type: 'step', step });
    return items;
  }
  for (let from = 0; from < op.length;) {
    const to = runEnd(op, from);
    const what = opAt(op, from);
    // The first steps of both, and the last, stand at no difference.
    const head = what === 'same' && from > 0 ? AROUND : 0;
    const tail = what === 'same' && to < op.length ? AROUND : 0;
    const folds =
      (what === 'same' || what === 'repeated') &&
      to - from - head - tail >= WORTH_FOLDING &&
      !opened.has(from) &&
      !(firstDivergence >= from && firstDivergence < to);
    if (!folds) {
      for (let step = from; step < to; step++) items.push({ type: 'step', step });
    } else {
      for (let step = from; step < from + head; step++) items.push({ type: 'step', step });
      items.push({ type: 'fold', what, from: from + head, to: to - tail });
      for (let step = to - tail; step < to; step++) items.push({ type: 'step', step });
    }
    from = to;
  }
  return items;
}

function opAt(op: Uint8Array, step: number): StepOp {
  return STEP_OPS[op[step] ?? 0] ?? 'same';
}

function runEnd(op: Uint8Array, from: number): number {
  let to = from + 1;
  while (to < op.length && op[to] === op[from]) to++;
  return to;
}

/** The first step of the run that a step is in: what `Shown.opened` holds. */
export function runStart(op: Uint8Array, step: number): number {
  let from = step;
  while (from > 0 && op[from - 1] === op[step]) from--;
  return from;
}

/** Place of the line that shows a step, or holds it; -1 = it is not listed. Lines are in the order of their steps. */
export function itemOfStep(items: readonly Item[], step: number): number {
  let low = 0;
  let high = items.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (!item) return -1;
    const [from, to] = item.type === 'step' ? [item.step, item.step + 1] : [item.from, item.to];
    if (step < from) high = middle - 1;
    else if (step >= to) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** The next place where both differ, from a step on: the first step of a run of differences. Null = there is none that way. */
export function nextDifference(op: Uint8Array, from: number, direction: 1 | -1): number | null {
  const differs = (step: number): boolean => step >= 0 && step < op.length && op[step] !== 0;
  for (let step = from + direction; step >= 0 && step < op.length; step += direction)
    if (differs(step) && (step === 0 || op[step - 1] !== op[step])) return step;
  return null;
}
