import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { confusionOf, krippendorffAlpha, pairAgreement, prevalenceWarning, weightedKappa } from './agreement.ts';
import { attributionAccuracy } from './attribution.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { mulberry32 } from './random.ts';

type Value = string | number;
type PairCase = {
  name: string;
  rater1: Value[];
  rater2: Value[];
  labels: Value[];
  expected: { confusion: number[][] } & Record<string, number>;
};

const vectors = read('stat_agreement') as {
  two_raters: PairCase[];
  krippendorff_missing: {
    raters: (number | null)[][];
    expected: Record<'nominal' | 'ordinal' | 'interval' | 'ratio', number>;
  };
};

describe.each(vectors.two_raters)('two raters: $name', ({ rater1, rater2, labels, expected }) => {
  const confusion = confusionOf(
    rater1.map((label, k) => [String(label), String(rater2[k])] as const),
    labels.map(String),
  );
  test('the published figures', () => {
    expect(confusion.counts).toEqual(expected.confusion);
    const { items, percent, kappa, ac1 } = pairAgreement(confusion);
    expect(items).toBe(rater1.length);
    expect(percent).toBeCloseTo(expected.percent_agreement!, 9);
    expect(kappa).toBeCloseTo(expected.cohen_kappa!, 9);
    expect(ac1).toBeCloseTo(expected.gwet_ac1!, 9);
    expect(weightedKappa(confusion, 'linear')).toBeCloseTo(expected.kappa_linear!, 9);
    expect(weightedKappa(confusion, 'quadratic')).toBeCloseTo(expected.kappa_quadratic!, 9);
    const units = rater1.map((label, k) => [label, rater2[k]!]);
    expect(krippendorffAlpha(units, 'nominal')).toBeCloseTo(expected.krippendorff_alpha_nominal!, 9);
    if (expected.krippendorff_alpha_interval !== undefined) {
      expect(krippendorffAlpha(units, 'interval')).toBeCloseTo(expected.krippendorff_alpha_interval, 9);
      expect(krippendorffAlpha(units, 'ordinal')).toBeCloseTo(expected.krippendorff_alpha_ordinal!, 9);
    }
  });
});

test('alpha of four raters who left items out', () => {
  const { raters, expected } = vectors.krippendorff_missing;
  const units = raters[0]!.map((_, unit) => raters.map((rater) => rater[unit]!));
  for (const level of ['nominal', 'ordinal', 'interval', 'ratio'] as const)
    expect(krippendorffAlpha(units, level)).toBeCloseTo(expected[level], 9);
});

test('where one label fills everything, the sentence names it; elsewhere there is none', () => {
  const [, paradox] = vectors.two_raters;
  const of = (each: PairCase) =>
    confusionOf(each.rater1.map((label, k) => [String(label), String(each.rater2[k])] as const));
  const prevalent = of(paradox!);
  expect(prevalenceWarning(prevalent, pairAgreement(prevalent))).toMatch(
    /^98 % of all labels are "P".*kappa \(-0\.02\).*96 %.*AC1 \(0\.96\)/,
  );
  const balanced = of(vectors.two_raters[0]!);
  expect(prevalenceWarning(balanced, pairAgreement(balanced))).toBeNull();
});

test('nothing to compare gives no figure', () => {
  expect(pairAgreement(confusionOf([]))).toEqual({ items: 0, percent: null, kappa: null, ac1: null });
  expect(pairAgreement(confusionOf([['P', 'P']]))).toEqual({ items: 1, percent: 1, kappa: null, ac1: null });
  expect(
    krippendorffAlpha(
      [
        [null, 'a'],
        ['b', null],
      ],
      'nominal',
    ),
  ).toBeNull();
  expect(krippendorffAlpha([['a', 'a']], 'nominal')).toBeNull();
});

test('who is first does not matter, and agreement with oneself is whole', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('a', 'b', 'c')), { minLength: 1 }),
      (pairs) => {
        const one = pairAgreement(confusionOf(pairs, ['a', 'b', 'c']));
        const other = pairAgreement(
          confusionOf(
            pairs.map(([a, b]) => [b, a] as const),
            ['a', 'b', 'c'],
          ),
        );
        expect(other.kappa ?? 2).toBeCloseTo(one.kappa ?? 2, 9);
        expect(other.ac1 ?? 2).toBeCloseTo(one.ac1 ?? 2, 9);
        const own = pairAgreement(
          confusionOf(
            pairs.map(([a]) => [a, a] as const),
            ['a', 'b', 'c'],
          ),
        );
        expect(own.percent).toBe(1);
        expect(own.kappa ?? 1).toBeCloseTo(1, 9);
      },
    ),
  );
});

test('attribution as Who&When counts it', () => {
  const { cases } = read('attribution_metrics') as {
    cases: {
      pred: { agent: string; step: number }[];
      gold: { agent: string; step: number }[];
      expected: Record<string, number>;
    }[];
  };
  for (const { pred, gold, expected } of cases) {
    const found = attributionAccuracy(pred, gold, 1);
    expect(found.agent).toBeCloseTo(expected.agent_accuracy!, 9);
    expect(found.step).toBeCloseTo(expected.step_accuracy!, 9);
    expect(found.stepWithin).toBeCloseTo(expected.step_accuracy_within_1!, 9);
    expect(found.both).toBeCloseTo(expected.joint!, 9);
  }
});

test('the same seed gives the same numbers and intervals', () => {
  const random = mulberry32(42);
  const first = [0.601103751920164, 0.448290558997542, 0.85246579349041, 0.669734041439369, 0.174813898745924];
  for (const expected of first) expect(random()).toBeCloseTo(expected, 14);
  // The paired differences of the worked example, and the interval that it gives.
  const a = [0.2, 0.5, 0.9, 0.4, 0.7, 0.6, 0.3, 0.8, 0.55, 0.65, 0.1, 0.95];
  const b = [0.3, 0.45, 0.95, 0.6, 0.7, 0.75, 0.35, 0.85, 0.5, 0.8, 0.25, 0.9];
  const mean = (indices: Uint32Array) => indices.reduce((sum, k) => sum + b[k]! - a[k]!, 0) / indices.length;
  const interval = bootstrapInterval(a.length, mean, { resamples: 2_000, seed: 42 });
  expect(interval?.low).toBeCloseTo(0.016666666667, 9);
  expect(interval?.high).toBeCloseTo(0.1125, 9);
});

test('an interval that most resamples cannot give is none', () => {
  expect(bootstrapInterval(0, () => 1)).toBeNull();
  expect(bootstrapInterval(5, () => null)).toBeNull();
});

function read(name: string): unknown {
  return JSON.parse(
    readFileSync(new URL(`../../../../test/fixtures/statistics/${name}.json`, import.meta.url), 'utf8'),
  );
}
