/** Every figure of the reference vectors; most come from scipy and statsmodels. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { judgeQuality, predictionPowered, roganGladen, type Confusion } from './calibration.ts';
import { clusteredMean } from './clusters.ts';
import {
  betaQuantile,
  chiSquaredTail,
  fairCoin,
  normalCdf,
  normalQuantile,
  tQuantile,
  tTwoSided,
} from './distributions.ts';
import { mcnemar } from './mcnemar.ts';
import { bootstrapMean, pairedT, signFlips, signTest, wilcoxon } from './paired.ts';
import { itemsNeeded, smallestDetectable } from './power.ts';
import { clopperPearson } from './proportion.ts';
import { mulberry32 } from './random.ts';
import { benjaminiHochberg, holm } from './several-tests.ts';

type Numbers = Record<string, number>;

function vectors<T>(name: string): T {
  const file = new URL(`../../../../test/fixtures/statistics/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

function near(actual: number | null | undefined, expected: number | null | undefined): void {
  if (expected === null || expected === undefined) expect(actual ?? null).toBeNull();
  else expect(Math.abs((actual ?? NaN) - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)));
}

test('distributions', () => {
  const { normal_quantile, t_quantile_975, t_two_sided_p, chi2_sf, binom_two_sided_half, beta_ppf } = vectors<{
    normal_quantile: Numbers;
    t_quantile_975: Numbers;
    t_two_sided_p: { t: number; df: number; p: number }[];
    chi2_sf: { x: number; df: number; p: number }[];
    binom_two_sided_half: { k: number; n: number; p: number }[];
    beta_ppf: { q: number; a: number; b: number; x: number }[];
  }>('stat_distributions');
  for (const [q, x] of Object.entries(normal_quantile)) {
    near(normalQuantile(Number(q)), x);
    near(normalQuantile(1 - Number(q)), -x);
    near(normalCdf(x), Number(q));
  }
  for (const [df, t] of Object.entries(t_quantile_975)) near(tQuantile(0.975, Number(df)), t);
  for (const { t, df, p } of t_two_sided_p) near(tTwoSided(t, df), p);
  for (const { x, df, p } of chi2_sf) near(chiSquaredTail(x, df), p);
  for (const { k, n, p } of binom_two_sided_half) near(fairCoin(k, n), p);
  for (const { q, a, b, x } of beta_ppf) near(betaQuantile(q, a, b), x);
  expect(normalQuantile(1e-300)).toBeCloseTo(-37.0471, 4);
});

test('exact intervals of a share', () => {
  const { cases } = vectors<{ cases: { successes: number; n: number; expected: { beta: number[] | null } }[] }>(
    'stat_proportion_ci',
  );
  for (const { successes, n, expected } of cases) {
    const { low, high } = clopperPearson(successes, n);
    near(low, expected.beta?.[0] ?? 0);
    near(high, expected.beta?.[1] ?? 1);
  }
});

test('McNemar', () => {
  const { cases } = vectors<{ cases: { table: Numbers; expected: Numbers & { ci95: number[] } }[] }>('stat_mcnemar');
  for (const { table, expected } of cases) {
    const { pExact, pMid, chiSquared, pChiSquared, delta, se, interval } = mcnemar({
      bothPass: table.both_pass!,
      onlyA: table.A_pass_B_fail!,
      onlyB: table.A_fail_B_pass!,
      bothFail: table.both_fail!,
    });
    near(pExact, expected.p_exact);
    near(pMid, expected.p_mid);
    near(chiSquared, expected.chi2_cc);
    near(pChiSquared, expected.p_chi2_cc);
    near(delta, expected.delta_B_minus_A);
    near(se, expected.se_delta);
    near(interval.low, expected.ci95[0]);
    near(interval.high, expected.ci95[1]);
  }
});

test('paired differences', () => {
  const { prng, cases } = vectors<{
    prng: { seed: number; first5: number[] };
    cases: {
      A: number[];
      B: number[];
      expected: Numbers & { perm_mc: Numbers; bootstrap: Numbers & { percentile95: number[]; bca95: number[] } };
    }[];
  }>('stat_paired');
  const random = mulberry32(prng.seed);
  for (const value of prng.first5) near(random(), value);
  for (const { A, B, expected } of cases) {
    // Decimals have no last bits: the reference counts ties among differences as they are written.
    const differences = B.map((b, i) => Number((b - A[i]!).toFixed(10)));
    const student = pairedT(differences);
    near(student.mean, expected.mean_diff);
    near(student.sd, expected.sd_diff);
    near(student.se, expected.se_diff);
    near(student.t, expected.t);
    near(student.p, expected.p_t);
    const ranks = wilcoxon(differences);
    near(ranks.w, expected.wilcoxon_W);
    near(ranks.p, expected.p_wilcoxon_normal_approx_no_cc_zeros_dropped);
    const signs = signTest(differences);
    expect([signs.wins, signs.losses]).toEqual([expected.sign_pos, expected.sign_neg]);
    near(signs.p, expected.p_sign);
    const exact = signFlips(differences);
    expect([exact.exact, exact.extreme, exact.of]).toEqual([
      true,
      expected.perm_exact_count,
      expected.perm_exact_total,
    ]);
    near(exact.p, expected.p_perm_exact);
    const { R, seed, ge, p } = expected.perm_mc;
    const sampled = signFlips(differences, { rounds: R!, seed: seed!, exactUpTo: 0 });
    expect([sampled.exact, sampled.extreme]).toEqual([false, ge]);
    near(sampled.p, p);
    const { B: resamples, seed: from, percentile95, bca95, z0, acceleration, boot_se } = expected.bootstrap;
    const boot = bootstrapMean(differences, { resamples: resamples!, seed: from! });
    near(boot?.percentile.low, percentile95[0]);
    near(boot?.percentile.high, percentile95[1]);
    near(boot?.acceleration, acceleration);
    near(boot?.z0, z0);
    near(boot?.se, boot_se);
    near(boot?.bca.low, bca95[0]);
    near(boot?.bca.high, bca95[1]);
  }
});

test('means of items in clusters', () => {
  const { cases } = vectors<{
    cases: { cluster: number[]; score: number[]; expected: Numbers & { ci95_t_Gminus1_fc: number[] } }[];
  }>('stat_clustered_se');
  for (const { cluster, score, expected } of cases) {
    const found = clusteredMean(score, cluster);
    near(found?.mean, expected.mean);
    near(found?.seNaive, expected.se_naive_clt);
    near(found?.seClustered, expected.se_clustered);
    near(found?.seCorrected, expected.se_clustered_finite_correction);
    near(found?.clusters, expected.clusters);
    near(found?.designEffect, expected.design_effect);
    near(found?.interval.low, expected.ci95_t_Gminus1_fc[0]);
    near(found?.interval.high, expected.ci95_t_Gminus1_fc[1]);
  }
});

test('several tests at once', () => {
  const { cases } = vectors<{
    cases: { p: number[]; expected: Record<'holm' | 'fdr_bh', { adjusted: number[] }> }[];
  }>('stat_multiple_comparisons');
  for (const { p, expected } of cases) {
    holm(p).forEach((value, i) => near(value, expected.holm.adjusted[i]));
    benjaminiHochberg(p).forEach((value, i) => near(value, expected.fdr_bh.adjusted[i]));
  }
});

test('items that a difference needs', () => {
  const { cases } = vectors<{ cases: Record<'delta' | 'sd_diff' | 'alpha' | 'power' | 'n', number>[] }>('stat_power');
  for (const { delta, sd_diff, alpha, power, n } of cases) {
    expect(itemsNeeded(delta, sd_diff, { alpha, power })).toBe(n);
    expect(smallestDetectable(n, sd_diff, { alpha, power })).toBeLessThanOrEqual(delta);
  }
});

test('judges that err, made good with labels', () => {
  const { rogan_gladen, ppi } = vectors<{
    rogan_gladen: {
      calibration: Confusion;
      judged: { passed: number; n: number };
      expected: Numbers & { ci95_clipped: number[] };
    }[];
    ppi: {
      judge_unlabelled: number[];
      human_labelled: number[];
      judge_labelled: number[];
      expected: Numbers & { ci95: number[] };
    };
  }>('stat_judge_calibration');
  for (const { calibration, judged, expected } of rogan_gladen) {
    const quality = judgeQuality(calibration);
    near(quality.tpr, expected.tpr);
    near(quality.tnr, expected.tnr);
    near(quality.youden, expected.youden_j);
    near(quality.balancedAccuracy, expected.balanced_accuracy);
    near(quality.precision, expected.precision);
    near(quality.f1, expected.f1);
    near(quality.mcc, expected.mcc);
    const corrected = roganGladen(calibration, judged);
    near(corrected?.rate, expected.rogan_gladen_clipped);
    near(corrected?.se, expected.se);
    near(corrected?.interval.low, expected.ci95_clipped[0]);
    near(corrected?.interval.high, expected.ci95_clipped[1]);
  }
  expect(roganGladen({ tp: 5, fn: 5, fp: 5, tn: 5 }, { passed: 3, n: 10 })).toBeNull();
  const { judge_unlabelled, human_labelled, judge_labelled, expected } = ppi;
  const plain = predictionPowered(judge_unlabelled, human_labelled, judge_labelled, 1);
  near(plain?.rate, expected.ppi_mean);
  near(plain?.se, expected.se_ddof1);
  near(plain?.interval.low, expected.ci95[0]);
  const tuned = predictionPowered(judge_unlabelled, human_labelled, judge_labelled);
  near(tuned?.lambda, expected.ppi_plus_lambda);
  near(tuned?.rate, expected.ppi_plus_mean);
  near(tuned?.se, expected.ppi_plus_se);
});
