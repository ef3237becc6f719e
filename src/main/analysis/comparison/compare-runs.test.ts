import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CriterionComparison } from '#shared/comparison.ts';
import { HOW, makeScores, oneCriterion, type Said } from '../../../../test/support/run-scores.ts';
import { compareRuns } from './compare-runs.ts';
import { levelOf } from './side.ts';
import type { RunScores } from './run-scores.ts';

function vectors<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(`../../../../test/fixtures/${path}.json`, import.meta.url), 'utf8')) as T;
}

async function first(a: RunScores, b: RunScores, how = HOW): Promise<CriterionComparison> {
  const { others } = await compareRuns(a, [b], how);
  const criterion = others[0]?.criteria[0];
  if (!criterion) throw new Error('no criterion');
  return criterion;
}

function repeat<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

function near(actual: number | null | undefined, expected: number | null | undefined): void {
  expect(Math.abs((actual ?? NaN) - (expected ?? NaN))).toBeLessThan(1e-9);
}

test('pass and fail, one trial each: McNemar as in the vectors', async () => {
  const { cases } = vectors<{
    cases: {
      table: Record<'both_pass' | 'A_pass_B_fail' | 'A_fail_B_pass' | 'both_fail', number>;
      expected: { p_exact: number; delta_B_minus_A: number; ci95: [number, number] };
    }[];
  }>('statistics/stat_mcnemar');
  for (const { table, expected } of cases) {
    const { both_pass: both, A_pass_B_fail: onlyA, A_fail_B_pass: onlyB, both_fail: none } = table;
    const a = oneCriterion([...repeat(both + onlyA, true), ...repeat(onlyB + none, false)]);
    const b = oneCriterion([
      ...repeat(both, true),
      ...repeat(onlyA, false),
      ...repeat(onlyB, true),
      ...repeat(none, false),
    ]);
    const found = await first(a, b);
    expect(found).toMatchObject({
      measure: 'pass rate',
      test: 'mcnemar-exact',
      n: both + onlyA + onlyB + none,
      wins: onlyB,
      losses: onlyA,
      ties: both + none,
    });
    near(found.p, expected.p_exact);
    near(found.delta, expected.delta_B_minus_A);
    // Where nothing changed the plain interval has no width, and says more than is known.
    if (onlyA + onlyB > 0) {
      near(found.range?.low, expected.ci95[0]);
      near(found.range?.high, expected.ci95[1]);
    } else expect(found.range?.high).toBeGreaterThan(0);
  }
});

test('numbers: exact sign flips and a paired bootstrap as in the vectors', async () => {
  const { cases } = vectors<{
    cases: {
      A: number[];
      B: number[];
      expected: {
        mean_diff: number;
        sd_diff: number;
        p_perm_exact: number;
        sign_pos: number;
        sign_neg: number;
        bootstrap: { B: number; seed: number; percentile95: [number, number] };
      };
    }[];
  }>('statistics/stat_paired');
  for (const { A, B, expected } of cases) {
    const { B: resamples, seed, percentile95 } = expected.bootstrap;
    const found = await first(oneCriterion(A), oneCriterion(B), { ...HOW, resamples, seed });
    expect(found).toMatchObject({
      measure: 'mean score',
      test: 'sign-flip-exact',
      wins: expected.sign_pos,
      losses: expected.sign_neg,
      rangeBy: 'paired bootstrap, 2,000 resamples, percentiles',
    });
    near(found.delta, expected.mean_diff);
    near(found.p, expected.p_perm_exact);
    near(found.range?.low, percentile95[0]);
    near(found.range?.high, percentile95[1]);
    near(found.minDetectable, (2.801585218112969 * expected.sd_diff) / Math.sqrt(A.length));
  }
});

test('trials of tasks: clustered interval as in the vectors, and pass@k and pass^k of each side', async () => {
  const { cases } = vectors<{
    cases: { cluster: number[]; score: number[]; expected: { mean: number; ci95_t_Gminus1_fc: [number, number] } }[];
  }>('statistics/stat_clustered_se');
  for (const { cluster, score, expected } of cases) {
    const made = makeScores(
      [{ name: 'c' }],
      cluster.map((task, at) => ({ task: `task ${task}`, says: [score[at] === 1] })),
    );
    const { a } = await first(made, made);
    near(a.value, expected.mean);
    near(a.range?.low, Math.max(0, expected.ci95_t_Gminus1_fc[0]));
    near(a.range?.high, Math.min(1, expected.ci95_t_Gminus1_fc[1]));
  }
  const { dataset_average: average } = vectors<{
    dataset_average: {
      tasks_n_c: [number, number][];
      expected: Record<string, { pass_at_k: number; pass_hat_k: number }>;
    };
  }>('vectors/stat_pass_k');
  const made = makeScores(
    [{ name: 'c' }],
    average.tasks_n_c.flatMap(([n, c], task) =>
      Array.from({ length: n }, (_, trial) => ({ task: `task ${task}`, says: [trial < c] })),
    ),
  );
  const { a } = await first(made, made);
  expect(a).toMatchObject({ flaky: 3, tasks: 5, n: 20 });
  expect([a.passAtK.length, a.passHatK.length]).toEqual([4, 4]);
  for (const [k, expected] of Object.entries(average.expected)) {
    near(a.passAtK[Number(k) - 1], expected.pass_at_k);
    near(a.passHatK[Number(k) - 1], expected.pass_hat_k);
  }
});

test('several trials: each task counts once, and the test is of the task means', async () => {
  const trials = (passes: readonly (readonly boolean[])[]): RunScores =>
    makeScores(
      [{ name: 'c' }],
      passes.flatMap((each, task) => each.map((pass) => ({ task: `task ${task}`, says: [pass] }))),
    );
  const before = repeat(8, [false, false, true, false]);
  const after = repeat(8, [true, true, true]);
  const found = await first(trials(before), trials(after));
  expect(found).toMatchObject({ n: 8, test: 'clustered', delta: 0.75, wins: 8, verdict: 'better' });
  expect(found.testName).toMatch(/clustered by task over trials, exact/);
  near(found.p, 2 / 2 ** 8);
  expect(found.a).toMatchObject({ n: 32, tasks: 8, value: 0.25, flaky: 8 });
  expect(found.b.range?.low).toBeLessThan(1);
});

test('errors and what does not apply leave the pairs, and are told', async () => {
  const a = oneCriterion([true, true, 'error', 'n/a', false, null, true]);
  const b = oneCriterion([true, false, true, true, 'error', true, true]);
  const { others } = await compareRuns(a, [b], HOW);
  const [criterion] = others[0]?.criteria ?? [];
  expect(criterion).toMatchObject({ n: 3, losses: 1, a: { n: 4, errored: 1, notApplicable: 1 }, b: { errored: 1 } });
  expect(criterion?.says).toContain('Errored, and not counted: 1 in A, 1 in B.');
  expect(others[0]?.counts).toEqual({ fixed: 0, regressed: 1, same: 4, 'only in A': 0, 'only in B': 0, errored: 2 });
});

test('less can be better, and neutral criteria only differ', async () => {
  const some = (from: number): Said[] => Array.from({ length: 30 }, (_, at) => from + ((at * 7) % 11) / 10);
  for (const [direction, verdict, wins] of [
    ['maximise', 'worse', 0],
    ['minimise', 'better', 30],
    ['neutral', 'different', 0],
  ] as const) {
    const criterion = { name: 'c', direction };
    const found = await first(oneCriterion(some(5), criterion), oneCriterion(some(3), criterion));
    expect(found).toMatchObject({ verdict, wins, direction, moreNeeded: 0, test: 'sign-flip' });
    near(found.delta, -2);
    expect(found.p).toBe(1 / 2_001);
  }
});

test('a claim needs a p that stays small when all tests are counted', async () => {
  // 6 of 6 changed one way: p = 0.03125 alone, and not enough beside a second test.
  const a = repeat(6, false);
  const alone = await first(oneCriterion(a), oneCriterion(repeat(6, true)));
  expect(alone).toMatchObject({ verdict: 'better', moreNeeded: 0 });
  const criteria = [{ name: 'c' }, { name: 'other' }];
  const two = (pass: boolean) =>
    makeScores(
      criteria,
      repeat(6, 0).map((_, at) => ({ task: `t${at}`, says: [pass, at < 3] })),
    );
  const found = await first(two(false), two(true));
  expect(found).toMatchObject({ verdict: 'no difference shown' });
  near(found.p, 0.03125);
  near(found.pAdjusted, 0.0625);
  expect(found.moreNeeded).toBeGreaterThan(0);
  expect(found.says).toMatch(/^No difference is shown: passes 100 points more often .* would settle it\.$/);
});

test('sentences with their numbers', async () => {
  const passes = (count: number, of: number): boolean[] => Array.from({ length: of }, (_, at) => at < count);
  const better = await first(oneCriterion(passes(29, 50)), oneCriterion(passes(40, 50)));
  expect(better.says).toMatch(
    /^Passes 22 points more often \(58 % → 80 % of 50 tasks; 95 % between 10\.5 and 33\.5 points; McNemar p < 0\.001\)\.$/,
  );
  const same = await first(oneCriterion(passes(29, 50)), oneCriterion(passes(29, 50)));
  expect(same).toMatchObject({ delta: 0, moreNeeded: null, minDetectable: null });
  expect(same.says).toMatch(
    /^No difference is shown: passes equally often .*no number of examples would show a difference of 0\.$/,
  );
  const ties = await first(oneCriterion([0.5, 0.7, 0.9]), oneCriterion([0.5, 0.7, 0.9]));
  expect(ties.says).toBe(
    'No difference is shown: scores the same on average (0.7 → 0.7 over 3 tasks; each the same in both; ' +
      'sign-flip permutation (exact) p = 1); no number of examples would show a difference of 0.',
  );
  const small = await first(oneCriterion(passes(29, 50)), oneCriterion([...passes(28, 49), true]));
  expect(small.says).toMatch(/; no number of examples would show a difference of 0\.$/);
  const little = await first(oneCriterion(passes(29, 50)), oneCriterion(passes(30, 50)));
  expect([little.moreNeeded, little.says]).toEqual([
    343,
    expect.stringMatching(/; about 350 more examples would settle it\.$/),
  ]);
  const changed = await first(
    oneCriterion(passes(3, 9), { name: 'c', hash: '1' }),
    oneCriterion(passes(4, 9), { name: 'c', hash: '2' }),
  );
  expect(changed).toMatchObject({ graderChanged: true });
  expect(changed.says).toMatch(/The grader differs between the runs\.$/);
});

test('criteria that only one run has are there, with nothing to compare', async () => {
  const a = makeScores([{ name: 'x' }, { name: 'both' }], [{ task: 't', says: [true, true] }]);
  const b = makeScores([{ name: 'both' }, { name: 'y' }], [{ task: 't', says: [true, 'error'] }]);
  const { others } = await compareRuns(a, [b], HOW);
  expect(others[0]?.criteria.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['x', 'nothing to compare'],
    ['both', 'no difference shown'],
    ['y', 'nothing to compare'],
  ]);
  expect(others[0]?.criteria[0]?.says).toBe('Nothing to compare: B has no score under this criterion.');
});

test('runs that share no item are compared as groups', async () => {
  const group = (side: string, passes: number, of: number): RunScores =>
    makeScores(
      [{ name: 'c' }, { name: 'length' }],
      Array.from({ length: of }, (_, at) => ({ task: `${side} ${at}`, says: [at < passes, (at % 13) + passes / 10] })),
    );
  const { pairedBy, others } = await compareRuns(group('a', 8, 10), [group('b', 1, 6)], HOW);
  expect(pairedBy).toBe('none');
  const [rate, mean] = others[0]?.criteria ?? [];
  // Fisher's exact test of 8 of 10 against 1 of 6, as in R's documentation.
  expect(rate).toMatchObject({ test: 'fisher-exact', n: 16, wins: 0, losses: 0, ties: 0 });
  near(rate?.p, 0.034_965_034_965_034_96);
  near(rate?.delta, 1 / 6 - 0.8);
  expect(rate?.range?.high).toBeLessThan(0);
  expect(rate?.says).toContain('(80 % of 10 tasks → 16.7 % of 6 tasks;');
  expect(rate?.says).toContain('These are different tasks, so chance plays a larger part.');
  expect(mean).toMatchObject({ test: 'label-permutation', measure: 'mean score' });
  expect(others[0]).toMatchObject({ onlyInBaseline: 10, onlyInThis: 6 });
});

test('cost and time of what both ran', async () => {
  const run = (factor: number): RunScores =>
    makeScores(
      [{ name: 'c' }],
      [1, 2, 3].map((cost) => ({
        task: `t${cost}`,
        says: [true],
        durationMs: 1_000,
        ...(cost < 3 ? { cost: cost * factor } : {}),
      })),
    );
  const { others } = await compareRuns(run(1), [run(2)], HOW);
  expect(others[0]?.cost).toMatchObject({ a: 3, b: 6, delta: 3 });
  expect(others[0]?.cost.range).toEqual({ low: 2, high: 4 });
  expect(others[0]?.durationMs).toEqual({ a: 3_000, b: 3_000, delta: 0, range: null });
});

test('the same seed gives the same figures, another one others; nothing to compare is no error', async () => {
  const random = (seed: number): Said[] => Array.from({ length: 40 }, (_, at) => (at * at * seed) % 101);
  const [a, b] = [oneCriterion(random(1)), oneCriterion(random(5))];
  expect(await first(a, b)).toEqual(await first(a, b));
  expect((await first(a, b, { ...HOW, seed: 43 })).range).not.toEqual((await first(a, b)).range);
  const empty = await first(oneCriterion([]), oneCriterion([]));
  expect(empty).toMatchObject({ verdict: 'nothing to compare', p: null, pAdjusted: null, delta: null });
});

test('scores that are no numbers to calculate with do no harm', async () => {
  const found = await first(oneCriterion([1e308, -1e308, 0.5, 1e-300]), oneCriterion([1e308, 1e308, 0.25, 0]));
  expect(found.n).toBe(2);
  expect(Number.isFinite(found.delta)).toBe(true);
});

test('means that are the same in every task are not certain for that', () => {
  // 0.2 + 0.9 halved is not the same as 0.9 + 0.2 halved, to the last digit.
  const values = [0.2, 0.9, 0.9, 0.2, 0.2, 0.9];
  expect(levelOf(values, ['a', 'a', 'b', 'b', 'c', 'c'], 'mean score').range).toBeNull();
  expect(levelOf(values, ['a', 'b', 'c', 'd', 'e', 'f'], 'mean score').range).not.toBeNull();
});
