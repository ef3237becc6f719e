/**
 * What spans cost, each dollar once: the source's figure where it states one, else an estimate from the tokens that count.
 * A stated cost on a span around others (an agent, a run) is a total of them: it counts only where none below states one,
 * and then nothing below it is estimated.
 */
import type { CostBasis } from '#shared/prices.ts';
import type { Usage } from '#shared/record.ts';
import type { SpanTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import type { UsageTable } from './usage-table.ts';
import { at, i32 } from './at.ts';
import { getUsage } from './usage-table.ts';

/** USD for these tokens of a model, null when it is not known. `many`: they are the sum of several calls. */
export type CostEstimator = (usage: Usage, model: string, many: boolean) => number | null;

export const NO_ESTIMATES: CostEstimator = () => null;

/** What each span that reports a total says beyond what is known inside it. */
export type Rest = {
  readonly table: UsageTable;
  /** The agent instance that the rest belongs to, -1 for nobody; NO_REST where there is none. */
  readonly owner: Int32Array;
  /** The model of all model calls inside that say nothing themselves, where they agree. */
  readonly model: readonly (string | null)[];
};

export const NO_REST = -3;

const STATED = 1;
const ESTIMATED = 2;

export function basisOf(bits: number): CostBasis | null {
  return bits === 0 ? null : bits === STATED ? 'stated' : bits === ESTIMATED ? 'estimated' : 'partly';
}

export type Costs = {
  /** What each span adds, NaN = nothing known, with bits that `basisOf` reads. */
  readonly own: Float64Array;
  readonly basis: Uint8Array;
  /** What the rest of a reported total adds beyond its spans. */
  readonly ofRest: Float64Array;
  readonly restBasis: Uint8Array;
};

export function countCosts(
  spans: readonly SpanFact[],
  tree: SpanTree,
  wrapper: Uint8Array,
  tokens: { readonly counted: UsageTable; readonly rest: Rest },
  estimate: CostEstimator,
): Costs {
  const count = spans.length;
  const own = new Float64Array(count).fill(NaN);
  const basis = new Uint8Array(count);
  const ofRest = new Float64Array(count).fill(NaN);
  const restBasis = new Uint8Array(count);
  const statedBelow = new Uint8Array(count);
  for (let row = count - 1; row >= 0; row--) {
    const i = i32(tree.order, row);
    const span = at(spans, i);
    const rollsUp = statedBelow[i] === 1 && (span.kind !== 'generation' || wrapper[i] === 1);
    if (span.cost !== null && Number.isFinite(span.cost) && !rollsUp) {
      own[i] = span.cost;
      basis[i] = STATED;
    }
    const up = i32(tree.parent, i);
    if (up >= 0 && (basis[i] === STATED || statedBelow[i] === 1)) statedBelow[up] = 1;
  }
  if (estimate === NO_ESTIMATES) return { own, basis, ofRest, restBasis };

  const covered = new Uint8Array(count);
  for (const i of tree.order) {
    const span = at(spans, i);
    const up = i32(tree.parent, i);
    const isTotal = basis[i] === STATED && (span.kind !== 'generation' || wrapper[i] === 1);
    if (isTotal || (up >= 0 && covered[up] === 1)) covered[i] = 1;
    if (covered[i] === 1) continue;
    const usage = basis[i] === STATED || span.model === null ? null : getUsage(tokens.counted, i);
    const usd = usage === null || span.model === null ? null : estimate(usage, span.model, false);
    if (usd !== null) {
      own[i] = usd;
      basis[i] = ESTIMATED;
    }
    const model = span.model ?? tokens.rest.model[i] ?? null;
    const left = model === null || i32(tokens.rest.owner, i) === NO_REST ? null : getUsage(tokens.rest.table, i);
    const restUsd = left === null || model === null ? null : estimate(left, model, true);
    if (restUsd !== null) {
      ofRest[i] = restUsd;
      restBasis[i] = ESTIMATED;
    }
  }
  return { own, basis, ofRest, restBasis };
}
