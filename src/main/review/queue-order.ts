/** In which order what is to be reviewed comes. Pure: candidates and what is known of them in, an order out. */
import type { QueueOrder } from '#shared/review.ts';
import { mulberry32 } from '../analysis/statistics/random.ts';
import { clustersOf } from './clusters.ts';

export type Candidate = {
  readonly traceId: string;
  readonly spanId: string | null;
};

/** What is known of a candidate; filled in only as far as its order asks. */
export type Known = {
  /** How much people differ on it, 0 to 1, and on what. */
  readonly disagreement?: { readonly amount: number; readonly what: string } | null;
  readonly scores?: readonly GraderScore[];
  /** Words that say what it is like. */
  readonly features?: readonly string[];
};

export type GraderScore = { readonly name: string; readonly value: number; readonly passed: boolean | null };

export type Ordered = {
  /** Indices of the candidates. */
  readonly order: readonly number[];
  /** By index of the candidate, for people. */
  readonly why: ReadonlyMap<number, string>;
  readonly about: string | null;
};

/** @param known by index of the candidate; candidates come the oldest first */
export function orderCandidates(order: QueueOrder, known: readonly Known[], seed: number): Ordered {
  const all = known.map((_, at) => at);
  switch (order) {
    case 'oldest':
      return { order: all, why: new Map(), about: null };
    case 'random':
      return { order: shuffled(all, seed), why: new Map(), about: null };
    case 'disagreement':
      return byDisagreement(known, all);
    case 'uncertainty':
      return byUncertainty(known, all);
    case 'clusters':
      return onePerCluster(known, seed);
  }
}

/** Fisher and Yates: the same seed gives the same order. */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = mulberry32(seed);
  const copy = [...list];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other] as T, copy[last] as T];
  }
  return copy;
}

function byDisagreement(known: readonly Known[], all: readonly number[]): Ordered {
  const amount = (at: number): number => known[at]?.disagreement?.amount ?? 0;
  const differ = all.filter((at) => amount(at) > 0).length;
  return {
    order: [...all].sort((a, b) => amount(b) - amount(a) || a - b),
    why: new Map(
      all.flatMap((at) => {
        const what = known[at]?.disagreement?.what;
        return what === undefined ? [] : [[at, `People differ on ${what}.`] as const];
      }),
    ),
    about:
      differ === 0
        ? 'No two people have said different things of any of these: the oldest come first.'
        : `People differ on ${differ} of ${all.length}: these come first.`,
  };
}

function byUncertainty(known: readonly Known[], all: readonly number[]): Ordered {
  const limits = thresholds(known.flatMap(({ scores = [] }) => scores));
  const nearest = known.map(({ scores = [] }) => nearestTo(limits, scores));
  const scored = nearest.filter((near) => near !== null).length;
  const distance = (at: number): number => nearest[at]?.distance ?? Infinity;
  return {
    order: [...all].sort((a, b) => compareNumbers(distance(a), distance(b)) || a - b),
    why: new Map(
      all.flatMap((at) => {
        const near = nearest[at];
        return near ? [[at, `${near.name} is ${round(near.value)}, where ${round(near.limit)} decides.`] as const] : [];
      }),
    ),
    about:
      scored === 0
        ? 'None of these has a score of a grader that could be near to its threshold: the oldest come first.'
        : scored < all.length
          ? `${scored} of ${all.length} have a score; the others come after them.`
          : null,
  };
}

type Limit = { readonly limit: number; readonly range: number };

/**
 * Where a grader's verdict turns, as far as its scores show: between the highest that failed and the lowest that passed
 * (or the other way round); without verdicts the middle of what it gave. One that always gave the same shows nothing.
 */
export function thresholds(scores: readonly GraderScore[]): Map<string, Limit> {
  const byName = new Map<string, GraderScore[]>();
  for (const score of scores) {
    const own = byName.get(score.name);
    if (own) own.push(score);
    else byName.set(score.name, [score]);
  }
  const limits = new Map<string, Limit>();
  for (const [name, own] of byName) {
    const [low, high] = bounds(own.map(({ value }) => value));
    if (low === high) continue;
    const passed = own.filter((score) => score.passed === true).map(({ value }) => value);
    const failed = own.filter((score) => score.passed === false).map(({ value }) => value);
    const limit = passed.length > 0 && failed.length > 0 ? between(bounds(failed), bounds(passed)) : (low + high) / 2;
    limits.set(name, { limit, range: high - low });
  }
  return limits;
}

function between([lowFail, highFail]: Pair, [lowPass, highPass]: Pair): number {
  return lowPass + highPass >= lowFail + highFail ? (highFail + lowPass) / 2 : (lowFail + highPass) / 2;
}

type Pair = readonly [number, number];

function bounds(values: readonly number[]): Pair {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

type Near = { readonly name: string; readonly value: number; readonly limit: number; readonly distance: number };

function nearestTo(limits: ReadonlyMap<string, Limit>, scores: readonly GraderScore[]): Near | null {
  let nearest: Near | null = null;
  for (const { name, value } of scores) {
    const found = limits.get(name);
    if (!found) continue;
    const distance = Math.abs(value - found.limit) / found.range;
    if (nearest === null || distance < nearest.distance) nearest = { name, value, limit: found.limit, distance };
  }
  return nearest;
}

function onePerCluster(known: readonly Known[], seed: number): Ordered {
  const clusters = clustersOf(
    known.map(({ features = [] }) => features),
    seed,
  );
  return {
    order: clusters.map(({ typical }) => typical),
    why: new Map(
      clusters.map(({ typical, members }) => [
        typical,
        members.length === 1 ? 'Like no other.' : `Stands for ${members.length} that are alike.`,
      ]),
    ),
    about: `${known.length} in ${clusters.length} ${clusters.length === 1 ? 'group' : 'groups'} of similar ones: one of each, the largest group first.`,
  };
}

function compareNumbers(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function round(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
