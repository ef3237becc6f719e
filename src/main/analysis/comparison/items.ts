/** Units of two runs as rows: what became of each, the most regressed first. */
import { ITEM_CHANGES, type ChangeCounts, type ItemChange } from '#shared/comparison.ts';
import { difference, meanAt } from './differences.ts';
import type { Unit } from './pairing.ts';
import { ERRORED, valuesOf, type Measure, type RunScores } from './run-scores.ts';

/** A criterion of both runs: its name, and its place in each. */
export type Shared = {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  readonly measure: Measure;
  /** -1 where less is better, 0 where neither is. */
  readonly sign: number;
  readonly weight: number;
};

export type UnitChanges = {
  /** Index into ITEM_CHANGES, for each unit. */
  readonly change: Uint8Array;
  /** Of what each item of a run came to under the criteria that both runs have: see `outcomesOf`. */
  readonly outcomeA: Float64Array;
  readonly outcomeB: Float64Array;
  /** The means of these over the trials of each unit; NaN = none. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** B - A of the means over the trials; NaN = cannot be told. */
  readonly moved: Float64Array;
};

const CODE = Object.fromEntries(ITEM_CHANGES.map((each, index) => [each, index])) as Record<ItemChange, number>;

export function changesOf(a: RunScores, b: RunScores, units: readonly Unit[], shared: readonly Shared[]): UnitChanges {
  const verdicts = shared.some(({ measure, a: at, b: bt }) => measure === 'pass rate' || hasVerdicts(a, at, b, bt));
  const outcomeA = outcomesOf(a, shared, 'a', verdicts);
  const outcomeB = outcomesOf(b, shared, 'b', verdicts);
  const change = new Uint8Array(units.length);
  const moved = new Float64Array(units.length).fill(NaN);
  const means = { before: new Float64Array(units.length), after: new Float64Array(units.length) };
  units.forEach((unit, at) => {
    const before = meanAt(outcomeA, unit.a);
    const after = meanAt(outcomeB, unit.b);
    means.before[at] = before.mean;
    means.after[at] = after.mean;
    if (unit.b.length === 0) change[at] = CODE['only in A'];
    else if (unit.a.length === 0) change[at] = CODE['only in B'];
    else {
      const lost =
        (before.n === 0 && anyErrored(a, unit.a, shared, 'a')) || (after.n === 0 && anyErrored(b, unit.b, shared, 'b'));
      const d = before.n === 0 || after.n === 0 ? NaN : difference(before.mean, after.mean);
      moved[at] = d;
      change[at] = lost ? CODE.errored : d > 0 ? CODE.fixed : d < 0 ? CODE.regressed : CODE.same;
    }
  });
  return { change, outcomeA, outcomeB, ...means, moved };
}

export function countChanges(change: Uint8Array): ChangeCounts {
  const counts = ITEM_CHANGES.map(() => 0);
  for (const each of change) counts[each] = (counts[each] ?? 0) + 1;
  return Object.fromEntries(ITEM_CHANGES.map((each, index) => [each, counts[index] ?? 0])) as ChangeCounts;
}

/**
 * An item passes (1) when every criterion that applies passed it, and fails (0) otherwise; where no criterion knows pass or
 * fail, it is the weighted mean of the scores, more being better. NaN where a criterion errored, or none says anything.
 */
function outcomesOf(run: RunScores, shared: readonly Shared[], side: 'a' | 'b', verdicts: boolean): Float64Array {
  const outcomes = new Float64Array(run.ids.length).fill(NaN);
  const width = run.criteria.length;
  for (let item = 0; item < outcomes.length; item++) {
    let errored = false;
    let passes = NaN;
    let [sum, weights] = [0, 0];
    for (const criterion of shared) {
      const at = item * width + criterion[side];
      if (run.states[at] === ERRORED) errored = true;
      const passed = run.passed[at] ?? -1;
      if (passed >= 0) passes = passed === 0 || passes === 0 ? 0 : 1;
      const score = run.scores[at] ?? NaN;
      if (Number.isFinite(score) && criterion.sign !== 0) {
        sum += score * criterion.sign * criterion.weight;
        weights += criterion.weight;
      }
    }
    if (errored) continue;
    outcomes[item] = verdicts ? passes : weights > 0 ? sum / weights : NaN;
  }
  return outcomes;
}

function anyErrored(run: RunScores, items: readonly number[], shared: readonly Shared[], side: 'a' | 'b'): boolean {
  return items.some((item) =>
    shared.some((criterion) => run.states[item * run.criteria.length + criterion[side]] === ERRORED),
  );
}

function hasVerdicts(a: RunScores, at: number, b: RunScores, bt: number): boolean {
  return (
    valuesOf(a, at, 'pass rate').some((each) => !Number.isNaN(each)) ||
    valuesOf(b, bt, 'pass rate').some((each) => !Number.isNaN(each))
  );
}

/** The values of every unit under every criterion; row-major, NaN = none. */
export function unitValues(
  run: RunScores,
  units: readonly Unit[],
  shared: readonly Shared[],
  side: 'a' | 'b',
): Float32Array {
  const found = new Float32Array(units.length * shared.length).fill(NaN);
  shared.forEach((criterion, column) => {
    const values = valuesOf(run, criterion[side], criterion.measure);
    units.forEach((unit, row) => {
      found[row * shared.length + column] = meanAt(values, unit[side]).mean;
    });
  });
  return found;
}

/** Places of the units, the most regressed first; what cannot be told comes last. */
export function worstFirst(
  units: readonly Unit[],
  { change, moved }: UnitChanges,
  valuesA: Float32Array,
  valuesB: Float32Array,
  shared: readonly Shared[],
): Uint32Array {
  const width = shared.length;
  // Among units of one outcome, the one that lost most under all criteria, each in its own direction.
  const lost = Float64Array.from(units, (_, row) =>
    shared.reduce((sum, { sign, weight }, column) => {
      const d = (valuesB[row * width + column] ?? NaN) - (valuesA[row * width + column] ?? NaN);
      return Number.isFinite(d) ? sum + d * sign * weight : sum;
    }, 0),
  );
  const rank = (at: number): number => {
    const each = change[at] ?? 0;
    if (each === CODE['only in A'] || each === CODE['only in B']) return 3;
    return each === CODE.errored ? 2 : Number.isNaN(moved[at] ?? NaN) ? 1 : 0;
  };
  return Uint32Array.from(units.keys()).sort(
    (one, other) =>
      rank(one) - rank(other) ||
      (moved[one] || 0) - (moved[other] || 0) ||
      (lost[one] ?? 0) - (lost[other] ?? 0) ||
      (change[one] ?? 0) - (change[other] ?? 0) ||
      one - other,
  );
}

/** The trials of a unit that show best what changed: of the same trace where there is one, else those furthest apart. */
export function tellingTrials(
  a: RunScores,
  b: RunScores,
  unit: Unit,
  { outcomeA, outcomeB, moved }: UnitChanges,
  at: number,
): { readonly a: number; readonly b: number } {
  const down = (moved[at] ?? 0) < 0;
  const same = samePairs(a, b, unit);
  if (same.length > 0) {
    const d = ([one, other]: readonly [number, number]): number => {
      const each = (outcomeB[other] ?? NaN) - (outcomeA[one] ?? NaN);
      return Number.isNaN(each) ? 0 : down ? -each : each;
    };
    const best = same.reduce((most, each) => (d(each) > d(most) ? each : most));
    return { a: best[0], b: best[1] };
  }
  return { a: furthest(unit.a, outcomeA, down), b: furthest(unit.b, outcomeB, !down) };
}

function samePairs(a: RunScores, b: RunScores, unit: Unit): readonly (readonly [number, number])[] {
  const places = new Map<string, number>();
  for (const item of unit.a) {
    const trace = a.traceIds[item] ?? null;
    if (trace !== null) places.set(trace, item);
  }
  return unit.b.flatMap((item) => {
    const one = places.get(b.traceIds[item] ?? '');
    return one === undefined ? [] : [[one, item] as const];
  });
}

function furthest(items: readonly number[], outcomes: Float64Array, high: boolean): number {
  let best = items[0] ?? -1;
  for (const item of items) {
    const value = outcomes[item] ?? NaN;
    const known = outcomes[best] ?? NaN;
    if (Number.isNaN(value)) continue;
    if (Number.isNaN(known) || (high ? value > known : value < known)) best = item;
  }
  return best;
}
