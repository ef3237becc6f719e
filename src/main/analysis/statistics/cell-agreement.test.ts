import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confusionOf, krippendorffAlpha, pairAgreement, weightedKappa } from './agreement.ts';
import { bootstrapInterval } from './bootstrap.ts';
import {
  cellsOf,
  countsOf,
  distanceAlpha,
  intervalsOf,
  nominalFigures,
  oneAgainstRest,
  weightedFigure,
  withinFigure,
} from './cell-agreement.ts';

const LABELS = 4;
const VALUES = [0, 1, 2, 3];

const pairs = fc.array(fc.tuple(fc.nat(LABELS - 1), fc.nat(LABELS - 1)), { minLength: 1, maxLength: 40 });
const ratings = fc.array(fc.array(fc.integer({ min: -1, max: LABELS - 1 }), { minLength: 3, maxLength: 3 }), {
  minLength: 1,
  maxLength: 30,
});

test('counted into cells, the figures of two raters are the same', () => {
  fc.assert(
    fc.property(pairs, (items) => {
      const confusion = confusionOf(
        items.map(([a, b]) => [String(a), String(b)] as const),
        VALUES.map(String),
      );
      const { percent, kappa, ac1 } = pairAgreement(confusion);
      const cells = cellsOf(items, 2, LABELS);
      const counts = countsOf(cells);
      const found = nominalFigures(cells, counts);
      close(found[0], percent);
      close(found[1], kappa);
      close(found[2], ac1);
      close(weightedFigure(cells, counts, VALUES, 1), weightedKappa(confusion, 'linear'));
      close(weightedFigure(cells, counts, VALUES, 2), weightedKappa(confusion, 'quadratic'));
      close(withinFigure(cells, counts, VALUES, 0), percent);
      expect(withinFigure(cells, counts, VALUES, 3)).toBe(1);
    }),
  );
});

test('so is alpha of several raters who left items out, at each level', () => {
  fc.assert(
    fc.property(ratings, (items) => {
      const cells = cellsOf(items, 3, LABELS);
      const counts = countsOf(cells);
      const units = items.map((item) => item.map((code) => (code < 0 ? null : code)));
      close(nominalFigures(cells, counts)[3], krippendorffAlpha(units, 'nominal'));
      close(distanceAlpha(cells, counts, VALUES, 'ordinal'), krippendorffAlpha(units, 'ordinal'));
      close(distanceAlpha(cells, counts, VALUES, 'interval'), krippendorffAlpha(units, 'interval'));
    }),
  );
});

test('one label against the rest asks for that label only', () => {
  const cells = oneAgainstRest(
    cellsOf(
      [
        [0, 0],
        [1, 2],
        [2, 1],
        [0, -1],
      ],
      2,
      3,
    ),
    0,
  );
  expect(nominalFigures(cells, countsOf(cells)).slice(0, 3)).toEqual([1, 1, 1]);
});

test('the intervals are those that one figure at a time would get', () => {
  const items = Array.from({ length: 30 }, (_, k) => [k % 3, (k * 7) % 11 < 8 ? k % 3 : (k + 1) % 3]);
  const cells = cellsOf(items, 2, 3);
  const intervals = intervalsOf(cells, (counts) => nominalFigures(cells, counts), { seed: 7 });
  const alone = bootstrapInterval(
    items.length,
    (indices) =>
      pairAgreement(
        confusionOf(
          [...indices].map((k) => [String(items[k]![0]), String(items[k]![1])] as const),
          ['0', '1', '2'],
        ),
      ).kappa,
    { seed: 7 },
  );
  expect(intervals[1]![0]).toBeCloseTo(alone!.low, 9);
  expect(intervals[1]![1]).toBeCloseTo(alone!.high, 9);
  expect(intervalsOf(cells, (counts) => nominalFigures(cells, counts), { seed: 8 })).not.toEqual(intervals);
  expect(intervalsOf(cellsOf([], 2, 3), () => [1])).toEqual([null]);
});

function close(found: number | null, expected: number | null): void {
  if (found === null || expected === null) expect(found).toBe(expected);
  else expect(found).toBeCloseTo(expected, 9);
}
