/** Two loaded traces as alignment sees them, and what comes of it in rows of their spans. */
import type { AlignedTraces } from '#shared/alignment.ts';
import { STEP_CHANGES, STEP_OPS } from '#shared/alignment.ts';
import type { Alignment } from '../../analysis/alignment/align-steps.ts';
import { alignSteps } from '../../analysis/alignment/align-steps.ts';
import type { TraceSteps } from '../../analysis/alignment/step-facts.ts';
import { stepFacts } from '../../analysis/alignment/step-facts.ts';
import { createSymbols } from '../../analysis/alignment/symbols.ts';
import type { Reader } from '../../store/database.ts';
import { contentSymbols, spanWords } from './align-words.ts';
import type { Loaded } from './load-trace.ts';

type AlignedPair = { readonly a: TraceSteps; readonly b: TraceSteps; readonly alignment: Alignment };

/** Which is named first changes nothing but the direction: symbols are given out in one order. */
export function alignPair(reader: Reader, a: Loaded, b: Loaded): AlignedPair {
  const symbols = createSymbols();
  const [first, second] = a.address <= b.address ? [a, b] : [b, a];
  const content = contentSymbols(reader, first, second, symbols);
  const steps = (side: Loaded): TraceSteps =>
    stepFacts(side.spans, side.tree, side.agents, symbols, spanWords(reader, side, symbols, content));
  const [one, other] = [steps(first), steps(second)];
  const [left, right] = first === a ? [one, other] : [other, one];
  return { a: left, b: right, alignment: alignSteps(left.facts, right.facts) };
}

/** @param rowsA row of the facts → row that the caller knows */
export function toAligned(
  { steps, firstDivergence, counts, similarity, editDistance }: Alignment,
  rowsA: Int32Array,
  rowsB: Int32Array,
  downstream: AlignedTraces['downstream'],
): AlignedTraces {
  const rowOf = (rows: Int32Array, row: number): number => (row < 0 ? -1 : (rows[row] ?? -1));
  return {
    op: Uint8Array.from(steps, ({ op }) => STEP_OPS.indexOf(op)),
    a: Int32Array.from(steps, ({ a }) => rowOf(rowsA, a)),
    b: Int32Array.from(steps, ({ b }) => rowOf(rowsB, b)),
    changes: Uint8Array.from(steps, ({ changes }) =>
      changes.reduce((bits, change) => bits | (1 << STEP_CHANGES.indexOf(change)), 0),
    ),
    firstDivergence,
    counts,
    similarity,
    editDistance,
    downstream,
  };
}
