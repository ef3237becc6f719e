/**
 * What a new version of a grader would change before it is saved: stored verdicts that flip, and how well the old and the
 * new version agree with people, on the half of the labelled traces that may be looked at while a grader is made
 * (development) and on the half that is kept for the test (held out).
 */
import type { Grade, GraderRuns } from './grader.ts';

/** Traces that one preview grades unless it is told otherwise, and at most. */
export const FLIP_TRACES = 1_000;
export const MOST_FLIP_TRACES = 5_000;
/** Flips in one answer, at most; they are all counted. */
export const FLIPS_SHOWN = 500;

/** What people say passes: their verdicts on traces, or the absence of one category among the traces that they labelled. */
export type HumanSource =
  { readonly kind: 'verdict' } | { readonly kind: 'category'; readonly taxonomy: string; readonly category: string };

export type Half = 'development' | 'heldOut';

/** `scored` has no pass or fail: its direction is neutral. */
export type Outcome = 'pass' | 'fail' | 'scored' | 'errored' | 'not_applicable';

export type Flip = {
  readonly traceId: string;
  readonly traceName: string;
  readonly from: Outcome;
  readonly to: Outcome;
  readonly old: Grade;
  readonly next: Grade;
  /** What people say of the trace; null = nothing, or they disagree. */
  readonly human: 'pass' | 'fail' | null;
  readonly half: Half | null;
};

export type FlipCounts = {
  /** Traces that both versions spoke of. */
  readonly compared: number;
  readonly same: number;
  readonly passToFail: number;
  readonly failToPass: number;
  readonly toErrored: number;
  readonly toNotApplicable: number;
  /** Had no verdict (errored, not applicable), and have one now; or changed between a verdict and a mere score. */
  readonly toVerdict: number;
  /** The outcome stayed and the score moved. */
  readonly scoreOnly: number;
};

/** A share with its 95 % interval (Wilson). */
export type ShareFigure = { readonly count: number; readonly of: number; readonly low: number; readonly high: number };
/** A figure with its 95 % interval (bootstrap); the interval is null where too few resamples define the figure. */
export type Estimate = {
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
};

/** How one version agrees with people on one half; a positive is a pass. */
export type HalfFigures = {
  /** Labelled traces of the half on which the version gave a pass or fail. */
  readonly items: number;
  /** Labelled traces that it left without: errored, or not applicable. */
  readonly undecided: number;
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
  readonly tn: number;
  /** Of the traces that people passed, those that it passes; of those that they failed, those that it fails. */
  readonly tpr: ShareFigure | null;
  readonly tnr: ShareFigure | null;
  readonly balancedAccuracy: number | null;
  readonly agreement: ShareFigure | null;
  readonly kappa: Estimate | null;
  readonly ac1: Estimate | null;
};

export type PassRate = {
  readonly passed: number;
  /** With a pass or fail. */
  readonly of: number;
  readonly share: ShareFigure | null;
  /** Rogan-Gladen, by the errors on the development half; null where it cannot be told. */
  readonly corrected: Estimate | null;
  /** Prediction-powered, by the held-out half. */
  readonly predictionPowered: Estimate | null;
};

/** Old against new on the held-out half: the same traces, those on which both give a pass or fail. */
export type HeldOutComparison = {
  /** Balanced accuracy; agreement where people gave one label only. */
  readonly measure: 'balanced accuracy' | 'agreement';
  readonly items: number;
  readonly old: number;
  readonly next: number;
  /** New less old. */
  readonly difference: Estimate;
  /** Labelled traces on which the old version gave a pass or fail, and the new one errs. */
  readonly newlyErrored: number;
};

export type FlipSide = {
  readonly rate: PassRate;
  readonly errored: number;
  readonly notApplicable: number;
  readonly development: HalfFigures;
  readonly heldOut: HalfFigures;
};

export type FlipPreview = {
  /** Null = nothing was saved yet, so that nothing can flip. */
  readonly oldVersion: number | null;
  readonly runs: GraderRuns;
  /** False = it asks a model, and was not told to (`ask`): nothing was graded. */
  readonly graded: boolean;
  /** Where the old verdicts come from: they are stored, or were made now with the old version. */
  readonly from: 'stored' | 'graded' | 'none';
  /** Traces that were graded, and that there are. */
  readonly traces: number;
  readonly total: number;
  /** Old verdicts on traces that have changed since. */
  readonly stale: number;
  readonly counts: FlipCounts;
  /** Those from pass to fail and from fail to pass first; at most FLIPS_SHOWN. */
  readonly flips: readonly Flip[];
  readonly flipCount: number;
  readonly labels: {
    readonly source: HumanSource;
    readonly pass: number;
    readonly fail: number;
    /** Annotators who disagree, as many for one as for the other: such traces are left out. */
    readonly disputed: number;
    readonly seed: number;
  };
  readonly old: FlipSide | null;
  readonly next: FlipSide;
  readonly comparison: HeldOutComparison | null;
  /** It agrees less with people on the held-out half than the saved version. */
  readonly worse: boolean;
  /** What a person should know before trusting the figures. */
  readonly remarks: readonly string[];
};
