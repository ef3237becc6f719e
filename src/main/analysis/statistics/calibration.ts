/**
 * A judge that errs, made good with human labels: how well it tells pass from fail, and what the pass rate is when its errors
 * are taken out. Rogan and Gladen 1978 with the delta method; Angelopoulos et al. 2023 (prediction-powered inference, PPI++).
 */
import type { Interval } from './bootstrap.ts';

/** What the judge said of items that people passed (tp, fn) and failed (fp, tn). */
export type Confusion = { readonly tp: number; readonly fn: number; readonly fp: number; readonly tn: number };

export type JudgeQuality = {
  /** Share of the good that it passes, of the bad that it fails; null without any. */
  readonly tpr: number | null;
  readonly tnr: number | null;
  /** tpr + tnr - 1: 0 = no better than chance. */
  readonly youden: number | null;
  readonly balancedAccuracy: number | null;
  readonly precision: number | null;
  readonly f1: number | null;
  readonly mcc: number | null;
};

export function judgeQuality({ tp, fn, fp, tn }: Confusion): JudgeQuality {
  const tpr = share(tp, tp + fn);
  const tnr = share(tn, tn + fp);
  const both = tpr !== null && tnr !== null;
  return {
    tpr,
    tnr,
    youden: both ? tpr + tnr - 1 : null,
    balancedAccuracy: both ? (tpr + tnr) / 2 : null,
    precision: share(tp, tp + fp),
    f1: share(2 * tp, 2 * tp + fp + fn),
    mcc: share(tp * tn - fp * fn, Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))),
  };
}

export type Corrected = { readonly rate: number; readonly se: number; readonly interval: Interval };

/** Below this the judge says almost nothing, and its correction would be luck. */
const LEAST_YOUDEN = 0.1;
const Z = 1.959963984540054;

/** The pass rate behind that of a judge. Null when it tells pass from fail hardly better than chance. */
export function roganGladen(
  calibration: Confusion,
  judged: { readonly passed: number; readonly n: number },
): Corrected | null {
  const { tpr, tnr, youden } = judgeQuality(calibration);
  if (tpr === null || tnr === null || youden === null || youden < LEAST_YOUDEN - 1e-12 || judged.n === 0) return null;
  const p = judged.passed / judged.n;
  const rate = clip((p + tnr - 1) / youden);
  const variance =
    (p * (1 - p)) / judged.n +
    (rate ** 2 * tpr * (1 - tpr)) / (calibration.tp + calibration.fn) +
    ((1 - rate) ** 2 * tnr * (1 - tnr)) / (calibration.tn + calibration.fp);
  const se = Math.sqrt(variance) / youden;
  return { rate, se, interval: { low: clip(rate - Z * se), high: clip(rate + Z * se) } };
}

export type PredictionPowered = Corrected & {
  /** How much of the judge is used: 0 = the labelled items alone, 1 = plain PPI. */
  readonly lambda: number;
};

/**
 * The mean of human labels over all items, of which few are labelled and all judged. Needs two of each.
 *
 * @param lambda null = the one with the smallest variance (PPI++)
 */
export function predictionPowered(
  judgeUnlabelled: readonly number[],
  humanLabelled: readonly number[],
  judgeLabelled: readonly number[],
  lambda: number | null = null,
): PredictionPowered | null {
  const all = judgeUnlabelled.length;
  const few = humanLabelled.length;
  if (all < 2 || few < 2 || judgeLabelled.length !== few) return null;
  const weight = lambda ?? bestWeight(judgeUnlabelled, humanLabelled, judgeLabelled);
  const left = humanLabelled.map((human, i) => human - weight * (judgeLabelled[i] ?? 0));
  const rate = weight * mean(judgeUnlabelled) + mean(left);
  const se = Math.sqrt((weight ** 2 * variance(judgeUnlabelled)) / all + variance(left) / few);
  return { rate, se, interval: { low: rate - Z * se, high: rate + Z * se }, lambda: weight };
}

function bestWeight(
  judgeUnlabelled: readonly number[],
  humanLabelled: readonly number[],
  judgeLabelled: readonly number[],
): number {
  const few = humanLabelled.length;
  const [human, judge] = [mean(humanLabelled), mean(judgeLabelled)];
  const together =
    humanLabelled.reduce((sum, y, i) => sum + (y - human) * ((judgeLabelled[i] ?? 0) - judge), 0) / (few - 1);
  const spread = variance([...judgeLabelled, ...judgeUnlabelled]);
  return spread === 0 ? 0 : clip(together / ((1 + few / judgeUnlabelled.length) * spread));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

function share(part: number, of: number): number | null {
  return of === 0 ? null : part / of;
}

function clip(value: number): number {
  return Math.max(0, Math.min(1, value));
}
