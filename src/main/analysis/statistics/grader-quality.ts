/** How far a grader agrees with people, whether a new version of it agrees less, and what the pass rate is behind its errors. */
import type { Estimate, HalfFigures, HeldOutComparison, PassRate, ShareFigure } from '#shared/flips.ts';
import { pairAgreement } from './agreement.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { judgeQuality, predictionPowered, roganGladen, type Confusion } from './calibration.ts';
import { wilson } from '#shared/wilson.ts';

/** A labelled item; `judged` null = the grader gave neither pass nor fail. */
export type Labelled = { readonly human: boolean; readonly judged: boolean | null };

export function halfFigures(items: readonly Labelled[], seed: number): HalfFigures {
  const decided = items.flatMap(({ human, judged }) => (judged === null ? [] : [{ human, judged }]));
  const table = confusionOf(decided);
  const { tp, fn, fp, tn } = table;
  const { kappa, ac1 } = agreementOf(table);
  return {
    items: decided.length,
    undecided: items.length - decided.length,
    ...table,
    tpr: shareOf(tp, tp + fn),
    tnr: shareOf(tn, tn + fp),
    balancedAccuracy: judgeQuality(table).balancedAccuracy,
    agreement: shareOf(tp + tn, decided.length),
    kappa: estimate(kappa, decided, seed, (some) => agreementOf(some).kappa),
    ac1: estimate(ac1, decided, seed, (some) => agreementOf(some).ac1),
  };
}

/** @param pairs null = gave neither pass nor fail */
export function compareOnHeldOut(
  pairs: readonly {
    readonly human: boolean;
    readonly old: boolean | null;
    readonly next: boolean | null;
    readonly errored: boolean;
  }[],
  seed: number,
): HeldOutComparison | null {
  const newlyErrored = pairs.filter(({ old, next, errored }) => old !== null && next === null && errored).length;
  const both = pairs.flatMap(({ human, old, next }) => (old === null || next === null ? [] : [{ human, old, next }]));
  if (both.length === 0 && newlyErrored === 0) return null;
  const one = both.every(({ human }) => human) || both.every(({ human }) => !human);
  function rightness(chosen: Iterable<number>): { readonly old: number; readonly next: number } | null {
    let [good, goodOld, goodNew, bad, badOld, badNew] = [0, 0, 0, 0, 0, 0];
    for (const at of chosen) {
      const pair = both[at];
      if (!pair) continue;
      const [old, next] = [Number(pair.old === pair.human), Number(pair.next === pair.human)];
      if (pair.human) [good, goodOld, goodNew] = [good + 1, goodOld + old, goodNew + next];
      else [bad, badOld, badNew] = [bad + 1, badOld + old, badNew + next];
    }
    if (one) {
      const all = good + bad;
      return all === 0 ? null : { old: (goodOld + badOld) / all, next: (goodNew + badNew) / all };
    }
    if (good === 0 || bad === 0) return null;
    return { old: (goodOld / good + badOld / bad) / 2, next: (goodNew / good + badNew / bad) / 2 };
  }
  const all = rightness(both.keys()) ?? { old: 0, next: 0 };
  return {
    measure: one ? 'agreement' : 'balanced accuracy',
    items: both.length,
    old: all.old,
    next: all.next,
    difference: {
      value: all.next - all.old,
      interval: bootstrapInterval(
        both.length,
        (indices) => {
          const some = rightness(indices);
          return some === null ? null : some.next - some.old;
        },
        { seed },
      ),
    },
    newlyErrored,
  };
}

/** An error in the place of a verdict is no improvement, whatever is right of the rest. */
export function isWorse({ items, difference, newlyErrored }: HeldOutComparison): boolean {
  return (items > 0 && difference.value < -1e-12) || newlyErrored > 0;
}

/**
 * @param judged of all items, labelled or not
 * @param development the judge's errors there correct the rate
 * @param heldOut the items that nobody looked at while the grader was made: for them the judge is not too good by habit
 */
export function passRate(
  judged: readonly boolean[],
  unlabelled: readonly boolean[],
  development: readonly Labelled[],
  heldOut: readonly Labelled[],
): PassRate {
  const passed = judged.filter(Boolean).length;
  const known = confusionOf(decidedOf(development));
  const corrected = roganGladen(known, { passed, n: judged.length });
  const tested = decidedOf(heldOut);
  const powered = predictionPowered(
    unlabelled.map(Number),
    tested.map(({ human }) => Number(human)),
    tested.map((each) => Number(each.judged)),
  );
  return {
    passed,
    of: judged.length,
    share: shareOf(passed, judged.length),
    corrected: corrected && { value: corrected.rate, interval: corrected.interval },
    predictionPowered: powered && {
      value: within(powered.rate),
      interval: { low: within(powered.interval.low), high: within(powered.interval.high) },
    },
  };
}

function within(value: number): number {
  return Math.max(0, Math.min(1, value));
}

type Decided = { readonly human: boolean; readonly judged: boolean };

function decidedOf(items: readonly Labelled[]): readonly Decided[] {
  return items.flatMap(({ human, judged }) => (judged === null ? [] : [{ human, judged }]));
}

function confusionOf(items: Iterable<Decided>): Confusion {
  const counts = { tp: 0, fn: 0, fp: 0, tn: 0 };
  for (const item of items) counts[cellOf(item)]++;
  return counts;
}

function cellOf({ human, judged }: Decided): keyof Confusion {
  if (human) return judged ? 'tp' : 'fn';
  return judged ? 'fp' : 'tn';
}

function agreementOf({ tp, fn, fp, tn }: Confusion): { readonly kappa: number | null; readonly ac1: number | null } {
  return pairAgreement({
    labels: ['pass', 'fail'],
    counts: [
      [tp, fn],
      [fp, tn],
    ],
  });
}

function estimate(
  value: number | null,
  items: readonly Decided[],
  seed: number,
  figure: (table: Confusion) => number | null,
): Estimate | null {
  if (value === null) return null;
  const interval = bootstrapInterval(
    items.length,
    (indices) => {
      const counts = { tp: 0, fn: 0, fp: 0, tn: 0 };
      for (const at of indices) {
        const item = items[at];
        if (item) counts[cellOf(item)]++;
      }
      return figure(counts);
    },
    { seed },
  );
  return { value, interval };
}

function shareOf(count: number, of: number): ShareFigure | null {
  return of === 0 ? null : wilson(count, of);
}
