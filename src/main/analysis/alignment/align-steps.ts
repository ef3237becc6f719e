/** What became of each step from trace A to trace B, in one list, and where they first part. */
import type { StepChange, StepOp } from '#shared/alignment.ts';
import { f64, i32, u8 } from '../at.ts';
import { type AlignTrace, matchTraces, type Matching } from './align-traces.ts';

export type Step = {
  readonly op: StepOp;
  /** Rows; -1 = not there. One that is repeated is only on one side. */
  readonly a: number;
  readonly b: number;
  /**
   * `latency` and `tokens` are told and never make a step a changed one: they are never the same twice. Nor does `name`
   * where only the model is another: then all steps would be.
   */
  readonly changes: readonly StepChange[];
};

export type StepFacts = AlignTrace & {
  /** What it is called: of a model call its model, else as in `key`. */
  readonly name: Int32Array;
  /** Equal numbers = equal outcomes. */
  readonly status: Uint8Array;
  /** Of whom it is; equal numbers mean equal agents across both traces. */
  readonly agent: Int32Array;
  /** Nanoseconds and tokens; NaN = unknown. */
  readonly duration: Float64Array;
  readonly tokens: Float64Array;
};

export type Alignment = {
  readonly steps: readonly Step[];
  /** Index into `steps`; -1 = they never part. */
  readonly firstDivergence: number;
  readonly counts: Readonly<Record<StepOp, number>>;
  /** Twice the steps that both have in the same place, by the steps of both; 1 of two empty ones. */
  readonly similarity: number;
  /** Steps to take out of A and to put in to get B. */
  readonly editDistance: number;
};

export function alignSteps(a: StepFacts, b: StepFacts): Alignment {
  const matching = matchTraces(a, b);
  const repeatedA = findRepeats(a, matching.toB, matching.shapeA);
  const repeatedB = findRepeats(b, matching.toA, matching.shapeB);
  const steps = inOrder(a, b, matching).map((place): Step => describe(a, b, place, matching, repeatedA, repeatedB));
  const counts: Record<StepOp, number> = { same: 0, changed: 0, added: 0, removed: 0, moved: 0, repeated: 0 };
  for (const { op } of steps) counts[op]++;
  const paired = counts.same + counts.changed;
  const all = a.count + b.count;
  return {
    steps,
    firstDivergence: findDivergence(a, b, steps),
    counts,
    similarity: all === 0 ? 1 : (2 * paired) / all,
    editDistance: all - 2 * paired,
  };
}

type Place = readonly [a: number, b: number];

/** Rows of both, depth first; what is only in A stands before what is only in B at the same place. */
function inOrder(a: StepFacts, b: StepFacts, { toA, toB, movedA }: Matching): Place[] {
  const places: Place[] = [];
  let rowA = 0;
  let rowB = 0;
  const leaveA = (): void => {
    // Moved ones stand where they are in B.
    while (rowA < a.count && (i32(toB, rowA) < 0 || i32(toB, rowA) < rowB || u8(movedA, rowA) === 1)) {
      if (i32(toB, rowA) < 0) places.push([rowA, -1]);
      rowA++;
    }
  };
  while (rowB < b.count) {
    leaveA();
    const partner = i32(toA, rowB);
    places.push([partner, rowB]);
    if (partner === rowA) rowA++;
    rowB++;
  }
  for (; rowA < a.count; rowA++) if (i32(toB, rowA) < 0) places.push([rowA, -1]);
  return places;
}

function describe(
  a: StepFacts,
  b: StepFacts,
  [rowA, rowB]: Place,
  { movedA }: Matching,
  repeatedA: Uint8Array,
  repeatedB: Uint8Array,
): Step {
  if (rowB < 0) return { op: u8(repeatedA, rowA) === 1 ? 'repeated' : 'removed', a: rowA, b: -1, changes: [] };
  if (rowA < 0) return { op: u8(repeatedB, rowB) === 1 ? 'repeated' : 'added', a: -1, b: rowB, changes: [] };
  const changes = changesOf(a, b, rowA, rowB);
  if (u8(movedA, rowA) === 1) return { op: 'moved', a: rowA, b: rowB, changes };
  const isModel = i32(a.key, rowA) === i32(b.key, rowB);
  const same = changes.every((change) => isAside(change, isModel));
  return { op: same ? 'same' : 'changed', a: rowA, b: rowB, changes };
}

/** Noise of the clock is no change: below this, or less than twice, nobody looks. */
const LEAST_LATENCY_NS = 100e6;
const TIMES = 2;

function changesOf(a: StepFacts, b: StepFacts, rowA: number, rowB: number): StepChange[] {
  const changes: StepChange[] = [];
  if (i32(a.input, rowA) !== i32(b.input, rowB)) changes.push('input');
  if (i32(a.output, rowA) !== i32(b.output, rowB)) changes.push('output');
  if (u8(a.status, rowA) !== u8(b.status, rowB)) changes.push('status');
  if (i32(a.agent, rowA) !== i32(b.agent, rowB)) changes.push('agent');
  if (i32(a.name, rowA) !== i32(b.name, rowB)) changes.push('name');
  const [before, after] = [f64(a.duration, rowA), f64(b.duration, rowB)];
  if (Math.abs(after - before) >= LEAST_LATENCY_NS && Math.max(before, after) >= TIMES * Math.min(before, after))
    changes.push('latency');
  const [spent, spends] = [f64(a.tokens, rowA), f64(b.tokens, rowB)];
  if (!Number.isNaN(spent) && !Number.isNaN(spends) && spent !== spends) changes.push('tokens');
  return changes;
}

function isAside(change: StepChange, sameKey: boolean): boolean {
  return change === 'latency' || change === 'tokens' || (change === 'name' && sameKey);
}

/** The parting step that stands first in either trace: one that moved away is missed where it was, and found where it is. */
function findDivergence(a: StepFacts, b: StepFacts, steps: readonly Step[]): number {
  const first = steps.findIndex((step) => parts(a, b, step));
  if (first < 0) return -1;
  // Rows of A before this one were all met before the first parting step, moved ones aside.
  let reached = -1;
  for (let k = 0; k < first; k++) if (steps[k]?.op !== 'moved') reached = Math.max(reached, steps[k]?.a ?? -1);
  const { op, a: rowA } = steps[first] ?? { op: 'added', a: -1 };
  let earliest = op === 'moved' || rowA < 0 ? reached + 1 : rowA;
  let found = first;
  for (let k = first; k < steps.length; k++) {
    const step = steps[k];
    if (step?.op === 'moved' && step.a < earliest) [found, earliest] = [k, step.a];
  }
  return found;
}

/**
 * Whether both have parted at this step. What a step with others inside gives, and whether it fails, follows from those: it
 * is no place where anything began.
 */
function parts(a: StepFacts, b: StepFacts, { op, a: rowA, b: rowB, changes }: Step): boolean {
  if (op === 'same') return false;
  if (op !== 'changed') return true;
  const holds = i32(a.end, rowA) - rowA > 1 || i32(b.end, rowB) - rowB > 1;
  const sameKey = i32(a.key, rowA) === i32(b.key, rowB);
  return changes.some(
    (change) => !isAside(change, sameKey) && !(holds && (change === 'output' || change === 'status')),
  );
}

/**
 * 1 on rows without a partner that do again what stands right before them: the same shape, and at least one thing done or
 * said in the same words, unless no word of them was recorded.
 */
function findRepeats(trace: StepFacts, partner: Int32Array, shape: Int32Array): Uint8Array {
  const repeated = new Uint8Array(trace.count);
  const siblings = new Map<number, number[]>();
  for (let row = 0; row < trace.count; row++) {
    const list = siblings.get(i32(trace.parent, row));
    if (list) list.push(row);
    else siblings.set(i32(trace.parent, row), [row]);
  }
  for (const list of siblings.values()) {
    for (let from = 0; from < list.length;) {
      let to = from;
      while (to < list.length && i32(partner, list[to] ?? 0) < 0) to++;
      if (to > from && isRepeat(trace, list, from, to, shape))
        for (const row of list.slice(from, to)) repeated.fill(1, row, i32(trace.end, row));
      from = Math.max(to, from + 1);
    }
  }
  return repeated;
}

/** Longer ones are not looked for: work is bounded by run times period. */
const LONGEST_PERIOD = 50;

function isRepeat(trace: StepFacts, list: readonly number[], from: number, to: number, shape: Int32Array): boolean {
  const row = (place: number): number => list[place] ?? 0;
  for (let period = 1; period <= Math.min(to - from, from, LONGEST_PERIOD); period++) {
    let place = from;
    while (place < to && i32(shape, row(place)) === i32(shape, row(place - period))) place++;
    if (place < to) continue;
    let silent = true;
    for (place = from; place < to; place++) {
      if (sharesWords(trace, row(place), row(place - period))) return true;
      silent &&= isSilent(trace, row(place)) && isSilent(trace, row(place - period));
    }
    if (silent) return true;
  }
  return false;
}

function isSilent({ end, input, output }: StepFacts, row: number): boolean {
  for (let k = row; k < i32(end, row); k++) if (i32(input, k) !== 0 || i32(output, k) !== 0) return false;
  return true;
}

/** Of two subtrees of one shape. */
function sharesWords({ end, input, output }: StepFacts, row: number, other: number): boolean {
  for (let k = 0; row + k < i32(end, row); k++) {
    for (const words of [input, output])
      if (i32(words, row + k) !== 0 && i32(words, row + k) === i32(words, other + k)) return true;
  }
  return false;
}
