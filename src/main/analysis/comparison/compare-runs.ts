/** Runs against a baseline: every criterion with the test that fits it, corrected over all of them. Pure. */
import type { ChangeCounts, CriterionComparison, Paired, Range, RunComparison } from '#shared/comparison.ts';
import { holm } from '../statistics/several-tests.ts';
import { differencesOf, meanAt, spreadOf, type Differences } from './differences.ts';
import { groupError, meanOf, testGroups, type Groups } from './group-tests.ts';
import { changesOf, countChanges, type Shared } from './items.ts';
import { pairedBy, unitsOf, type PairedBy, type Unit } from './pairing.ts';
import { detectable, moreNeeded, NOTHING, testAll } from './paired-tests.ts';
import type { Resampling } from './resampling.ts';
import { measureOf, valuesOf, type Measure, type RunScores } from './run-scores.ts';
import { says, type Told } from './says.ts';
import { NO_FIGURES, sideFigures } from './side.ts';

export type ComparedRun = {
  readonly criteria: readonly CriterionComparison[];
  readonly counts: ChangeCounts;
  readonly cost: Paired;
  readonly durationMs: Paired;
  readonly onlyInBaseline: number;
  readonly onlyInThis: number;
};

export type Compared = { readonly pairedBy: RunComparison['pairedBy']; readonly others: readonly ComparedRun[] };

/** A criterion before it is known how many tests there are to correct for. */
type Found = Omit<Told, 'pAdjusted' | 'verdict' | 'moreNeeded' | 'minDetectable'> & {
  readonly sd: number;
  /** Units that the spread is of: in each group, the smaller one's. */
  readonly units: number;
  readonly isGroups: boolean;
};

type PairFound = { readonly criteria: readonly Found[]; readonly cost: Paired; readonly durationMs: Paired };

const UNKNOWN: Paired = { a: null, b: null, delta: null, range: null };

export async function compareRuns(
  baseline: RunScores,
  others: readonly RunScores[],
  how: Resampling,
): Promise<Compared> {
  const pairs = others.map((other) => {
    const by = pairedBy(baseline, other);
    const units = unitsOf(baseline, other, by);
    return { other, units, by: units.some(isShared) ? by : 'none' } as const;
  });
  const found: PairFound[] = [];
  for (const { other, units, by } of pairs)
    found.push(
      by === 'none' ? await findGroups(baseline, other, how) : await findPaired(baseline, other, units, by, how),
    );
  const all = found.flatMap(({ criteria }) => criteria);
  const tested = all.filter(({ p }) => p !== null);
  const adjusted = new Map(holm(tested.map(({ p }) => p ?? 1)).map((p, index) => [tested[index], p]));
  const compared = pairs.map(({ other, units }, index): ComparedRun => {
    const { criteria, cost, durationMs } = found[index] ?? { criteria: [], cost: UNKNOWN, durationMs: UNKNOWN };
    const { change } = changesOf(baseline, other, units, sharedCriteria(baseline, other));
    const counts = countChanges(change);
    return {
      criteria: criteria.map((each) => conclude(each, adjusted.get(each) ?? null, tested.length)),
      counts,
      cost,
      durationMs,
      onlyInBaseline: counts['only in A'],
      onlyInThis: counts['only in B'],
    };
  });
  const ways = new Set(pairs.map(({ by }) => by));
  const [way = 'task'] = ways;
  return { pairedBy: ways.size === 1 ? way : 'task', others: compared };
}

function isShared({ a, b }: Unit): boolean {
  return a.length > 0 && b.length > 0;
}

/** Criteria that both runs have, in the order of A. */
export function sharedCriteria(a: RunScores, b: RunScores): readonly Shared[] {
  return a.criteria.flatMap(({ name, weight }, at) => {
    const other = b.criteria.findIndex((criterion) => criterion.name === name);
    if (other < 0) return [];
    const measure = measureOf([
      { run: a, criterion: at },
      { run: b, criterion: other },
    ]);
    const direction = directionBy(measure, b, other);
    return [
      {
        name,
        a: at,
        b: other,
        measure,
        weight,
        sign: direction === 'maximise' ? 1 : direction === 'minimise' ? -1 : 0,
      },
    ];
  });
}

/** To pass is always better, whichever way the scores go. */
function directionBy(measure: Measure, run: RunScores, criterion: number): CriterionComparison['direction'] {
  return measure === 'pass rate' ? 'maximise' : (run.criteria[criterion]?.direction ?? 'maximise');
}

type Pairing = { readonly shared: Shared; readonly valuesA: Float64Array; readonly valuesB: Float64Array };

function pairingsOf(a: RunScores, b: RunScores): readonly Pairing[] {
  return sharedCriteria(a, b).map((shared) => ({
    shared,
    valuesA: valuesOf(a, shared.a, shared.measure),
    valuesB: valuesOf(b, shared.b, shared.measure),
  }));
}

async function findPaired(
  a: RunScores,
  b: RunScores,
  units: readonly Unit[],
  by: PairedBy,
  how: Resampling,
): Promise<PairFound> {
  const pairings = pairingsOf(a, b);
  const differences = pairings.map(({ valuesA, valuesB }) => differencesOf(units, valuesA, valuesB));
  const sums = [differencesOf(units, a.cost, b.cost), differencesOf(units, a.durationMs, b.durationMs)] as const;
  const { results, ranges } = await testAll(differences, sums, how);
  const found = pairings.map((pairing, index): Found => {
    const d = differences[index] ?? EMPTY;
    const result = results[index] ?? NOTHING;
    const sign = pairing.shared.sign < 0 ? -1 : 1;
    const wins = d.values.reduce((count, each) => count + (each * sign > 0 ? 1 : 0), 0);
    const losses = d.values.reduce((count, each) => count + (each * sign < 0 ? 1 : 0), 0);
    const n = d.values.length;
    return {
      ...headOf(a, b, pairing),
      ...result,
      n,
      units: n,
      sd: spreadOf(d.values),
      // The mean of the differences, not the difference of the means: ties are exact.
      delta: n === 0 ? null : meanOf(d.values),
      wins,
      losses,
      ties: n - wins - losses,
      pairedA: d.meanA,
      pairedB: d.meanB,
      of: by === 'trace' && !d.overTrials ? 'traces' : 'tasks',
      isGroups: false,
    };
  });
  return {
    criteria: inOrder(a, b, found),
    cost: totals(sums[0], ranges[0] ?? null),
    durationMs: totals(sums[1], ranges[1] ?? null),
  };
}

const EMPTY: Differences = differencesOf([], new Float64Array(), new Float64Array());

async function findGroups(a: RunScores, b: RunScores, how: Resampling): Promise<PairFound> {
  const pairings = pairingsOf(a, b);
  const all = pairings.map((pairing) => groupsOf(a, b, pairing));
  const results = await testGroups(all, how);
  const found = pairings.flatMap((pairing, index): Found[] => {
    const groups = all[index];
    if (!groups) return [];
    const [meanA, meanB] = [meanOf(groups.a), meanOf(groups.b)];
    const smaller = Math.min(groups.a.length, groups.b.length);
    return [
      {
        ...headOf(a, b, pairing),
        ...(results[index] ?? NOTHING),
        n: groups.a.length + groups.b.length,
        units: smaller,
        sd: smaller === 0 ? 0 : groupError(groups) * Math.sqrt(smaller),
        delta: smaller === 0 ? null : meanB - meanA,
        wins: 0,
        losses: 0,
        ties: 0,
        pairedA: meanA,
        pairedB: meanB,
        of: 'tasks',
        isGroups: true,
      },
    ];
  });
  return { criteria: inOrder(a, b, found), cost: UNKNOWN, durationMs: UNKNOWN };
}

function groupsOf(a: RunScores, b: RunScores, { valuesA, valuesB }: Pairing): Groups {
  const means = (run: RunScores, values: Float64Array): { readonly means: Float64Array; readonly many: boolean } => {
    const byTask = new Map<string, number[]>();
    run.tasks.forEach((task, item) => {
      if (Number.isNaN(values[item] ?? NaN)) return;
      const items = byTask.get(task);
      if (items) items.push(item);
      else byTask.set(task, [item]);
    });
    const lists = [...byTask.values()];
    return {
      means: Float64Array.from(lists, (items) => meanAt(values, items).mean),
      many: lists.some(({ length }) => length > 1),
    };
  };
  const [one, other] = [means(a, valuesA), means(b, valuesB)];
  const overTrials = one.many || other.many;
  const bits = (values: Float64Array): boolean => values.every((value) => value === 0 || value === 1);
  return { a: one.means, b: other.means, overTrials, binary: !overTrials && bits(one.means) && bits(other.means) };
}

function headOf(a: RunScores, b: RunScores, { shared, valuesA, valuesB }: Pairing) {
  return {
    name: shared.name,
    measure: shared.measure,
    direction: directionBy(shared.measure, b, shared.b),
    graderChanged: a.criteria[shared.a]?.hash !== b.criteria[shared.b]?.hash,
    a: sideFigures(a, shared.a, valuesA, shared.measure),
    b: sideFigures(b, shared.b, valuesB, shared.measure),
  };
}

/** What both have, and each criterion that only one run has: nothing is left out in silence. */
function inOrder(a: RunScores, b: RunScores, found: readonly Found[]): readonly Found[] {
  const named = new Map(found.map((each) => [each.name, each]));
  const alone = (run: RunScores, criterion: number, side: 'a' | 'b'): Found => {
    const measure = measureOf([{ run, criterion }]);
    const { name = '' } = run.criteria[criterion] ?? {};
    const figures = sideFigures(run, criterion, valuesOf(run, criterion, measure), measure);
    return {
      name,
      measure,
      direction: directionBy(measure, run, criterion),
      graderChanged: false,
      a: side === 'a' ? figures : NO_FIGURES,
      b: side === 'b' ? figures : NO_FIGURES,
      ...NOTHING,
      n: 0,
      units: 0,
      sd: 0,
      delta: null,
      wins: 0,
      losses: 0,
      ties: 0,
      pairedA: NaN,
      pairedB: NaN,
      of: 'tasks',
      isGroups: false,
    };
  };
  return [
    ...a.criteria.map(({ name }, at) => named.get(name) ?? alone(a, at, 'a')),
    ...b.criteria.flatMap(({ name }, at) => (named.has(name) ? [] : [alone(b, at, 'b')])),
  ];
}

const CLAIMED = 0.05;

/** A claim needs both: a p that stays small when all tests are counted, and an interval without 0. */
function conclude(found: Found, pAdjusted: number | null, tests: number): CriterionComparison {
  const { sd, units, pairedA, pairedB, of, isGroups, ...rest } = found;
  const { delta, range, p, direction } = rest;
  const shown =
    delta !== null &&
    delta !== 0 &&
    pAdjusted !== null &&
    pAdjusted < CLAIMED &&
    range !== null &&
    (range.low > 0 || range.high < 0);
  const better = direction === 'minimise' ? -1 : 1;
  const verdict: CriterionComparison['verdict'] =
    delta === null
      ? 'nothing to compare'
      : !shown
        ? 'no difference shown'
        : direction === 'neutral'
          ? 'different'
          : delta * better > 0
            ? 'better'
            : 'worse';
  const comparison = {
    ...rest,
    a: { ...rest.a, shared: delta === null ? null : pairedA },
    b: { ...rest.b, shared: delta === null ? null : pairedB },
    pAdjusted,
    minDetectable: detectable(units, sd),
    moreNeeded: delta === null ? null : moreNeeded({ shown, n: units, delta, sd, p: p ?? 1, tests }),
    verdict,
  };
  return { ...comparison, says: says({ ...comparison, pairedA, pairedB, of, isGroups }) };
}

/** Sums over the units that both know, each with the mean of its trials; the interval is of the sum of the differences. */
function totals({ values, meanA, meanB }: Differences, range: Range | null): Paired {
  const n = values.length;
  if (n === 0) return UNKNOWN;
  return {
    a: meanA * n,
    b: meanB * n,
    delta: meanOf(values) * n,
    range: range === null ? null : { low: range.low * n, high: range.high * n },
  };
}
