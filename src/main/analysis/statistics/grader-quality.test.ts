import { expect, test } from 'vitest';
import { compareOnHeldOut, halfFigures, isWorse, passRate, type Labelled } from './grader-quality.ts';
import { halvesOf, seededHash } from './halves.ts';

/** `of(tp, fn, fp, tn)` */
function items(tp: number, fn: number, fp: number, tn: number): Labelled[] {
  const some = (count: number, human: boolean, judged: boolean): Labelled[] =>
    Array.from({ length: count }, () => ({ human, judged }));
  return [...some(tp, true, true), ...some(fn, true, false), ...some(fp, false, true), ...some(tn, false, false)];
}

test('shares of passes and fails, kappa and AC1, by hand', () => {
  // 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: kappa 0.4 is the example of the textbook.
  const figures = halfFigures([...items(20, 5, 10, 15), { human: true, judged: null }], 1);
  expect(figures).toMatchObject({ items: 50, undecided: 1, tp: 20, fn: 5, fp: 10, tn: 15 });
  expect([figures.tpr?.count, figures.tpr?.of, figures.tnr?.count, figures.tnr?.of]).toEqual([20, 25, 15, 25]);
  expect(figures.balancedAccuracy).toBeCloseTo(0.7, 12);
  expect(figures.kappa?.value).toBeCloseTo(0.4, 12);
  // po .7; pass share (25+30)/100 = .55, chance 2·.55·.45 = .495.
  expect(figures.ac1?.value).toBeCloseTo((0.7 - 0.495) / 0.505, 12);
  // Wilson of 20 of 25.
  expect(figures.tpr?.low).toBeCloseTo(0.6087, 4);
  expect(figures.tpr?.high).toBeCloseTo(0.9114, 4);
  for (const { value, interval } of [figures.kappa!, figures.ac1!]) {
    expect(interval!.low).toBeLessThan(value);
    expect(interval!.high).toBeGreaterThan(value);
  }
  expect(halfFigures(items(20, 5, 10, 15), 1)).toEqual({ ...figures, undecided: 0 });
});

test('without one of the labels, or without any, what is not defined is null', () => {
  const passes = halfFigures(items(5, 1, 0, 0), 1);
  expect([passes.tnr, passes.balancedAccuracy, passes.tpr?.of]).toEqual([null, null, 6]);
  expect(halfFigures([], 1)).toMatchObject({ items: 0, tpr: null, tnr: null, agreement: null, kappa: null, ac1: null });
});

test('a version is worse by balanced accuracy on the same items, and by errors where there were verdicts', () => {
  const pair = (count: number, human: boolean, old: boolean | null, next: boolean | null, errored = false) =>
    Array.from({ length: count }, () => ({ human, old, next, errored }));
  // Passes: old 9 of 10, new 9 of 10. Fails: old 8 of 10, new 4 of 10.
  const pairs = [
    ...pair(9, true, true, true),
    ...pair(1, true, false, false),
    ...pair(4, false, false, false),
    ...pair(4, false, false, true),
    ...pair(2, false, true, true),
  ];
  const found = compareOnHeldOut(pairs, 3)!;
  expect(found).toMatchObject({ measure: 'balanced accuracy', items: 20, newlyErrored: 0 });
  expect([found.old, found.next, found.difference.value].map((value) => value.toFixed(6))).toEqual([
    '0.850000',
    '0.650000',
    '-0.200000',
  ]);
  expect(found.difference.interval!.high).toBeLessThan(0);
  expect(isWorse(found)).toBe(true);
  const reversed = compareOnHeldOut(
    pairs.map(({ old, next, ...rest }) => ({ ...rest, old: next, next: old })),
    3,
  )!;
  expect([reversed.difference.value.toFixed(6), isWorse(reversed)]).toEqual(['0.200000', false]);
  // Not applicable is no error; an error where there was a verdict is.
  expect(isWorse(compareOnHeldOut([...pair(2, true, true, true), ...pair(1, true, true, null)], 1)!)).toBe(false);
  expect(isWorse(compareOnHeldOut([...pair(2, true, true, true), ...pair(1, true, true, null, true)], 1)!)).toBe(true);
  expect(compareOnHeldOut(pair(3, true, true, true), 1)).toMatchObject({ measure: 'agreement', old: 1, next: 1 });
  expect(compareOnHeldOut([], 1)).toBeNull();
});

test('the pass rate behind the errors: by the development half, and by the held-out half', () => {
  // The lenient judge of the textbook: TPR 29/30, TNR 10/16, 170 of 200 pass.
  const judged = [...Array.from({ length: 170 }, () => true), ...Array.from({ length: 30 }, () => false)];
  const rate = passRate(judged, judged, items(29, 1, 6, 10), items(3, 1, 2, 2));
  expect(rate.share).toMatchObject({ count: 170, of: 200 });
  const [tpr, tnr] = [29 / 30, 10 / 16];
  expect(rate.corrected?.value).toBeCloseTo((0.85 + tnr - 1) / (tpr + tnr - 1), 12);
  expect(rate.predictionPowered!.interval!.low).toBeLessThan(rate.predictionPowered!.value);
  // One that says pass whatever people say tells nothing.
  expect(passRate(judged, judged, items(9, 0, 9, 0), []).corrected).toBeNull();
  expect(passRate(judged, judged, items(29, 1, 6, 10), []).predictionPowered).toBeNull();
});

test('halves are the same each time, of like make-up, and differ by seed', () => {
  const all = Array.from({ length: 101 }, (_, at) => ({ id: `trace ${at}`, label: at < 20 ? 'fail' : 'pass' }));
  const first = halvesOf(all, 1);
  expect(halvesOf([...all].reverse(), 1)).toEqual(first);
  const of = (label: string): number => all.filter((each) => each.label === label && first.get(each.id)).length;
  expect([of('fail'), of('pass')]).toEqual([10, 41]);
  const other = halvesOf(all, 2);
  expect(all.filter(({ id }) => first.get(id) !== other.get(id)).length).toBeGreaterThan(20);
  // One more label moves at most one other trace over.
  const more = halvesOf([...all, { id: 'new', label: 'fail' }], 1);
  expect(all.filter(({ id }) => first.get(id) !== more.get(id)).length).toBeLessThanOrEqual(1);
  expect(seededHash('a', 1)).not.toBe(seededHash('a', 2));
});
