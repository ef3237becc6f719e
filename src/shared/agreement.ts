/** How far people agree in what they say of the same things: figures with intervals, and the traces behind each cell. */

export type Interval = readonly [low: number, high: number];

export const AGREEMENT_FIGURES = ['percent', 'kappa', 'ac1', 'alpha'] as const;
export type AgreementFigure = (typeof AGREEMENT_FIGURES)[number];

/**
 * `percent` is a share of 0…1 of all pairs of judgements on one item, `kappa` Cohen's and `ac1` Gwet's (of more than two
 * annotators the mean over their pairs), `alpha` Krippendorff's, nominal. Null where the definition divides by zero.
 */
export type AgreementFigures = {
  readonly items: number;
  readonly percent: number | null;
  readonly kappa: number | null;
  readonly ac1: number | null;
  readonly alpha: number | null;
  /** 95 % bootstrap intervals, items resampled. */
  readonly ci: { readonly [F in AgreementFigure]: Interval | null };
};

export type AgreementLabel = AgreementFigures & {
  readonly label: string;
  /** What people read, where it is not the label itself. */
  readonly title: string | null;
  /** Judgements that gave it. */
  readonly given: number;
  readonly warning: string | null;
};

export type ConfusionCell = {
  /** Indices into the labels. */
  readonly row: number;
  readonly column: number;
  readonly count: number;
  readonly traces: number;
  /** The first ones, at most 100. */
  readonly traceIds: readonly string[];
};

/** Rows are what the first of two annotators said, columns what the second did. Empty cells are left out. */
export type AgreementMatrix = {
  /** The most frequent; what else there is counts in the last one, '' (other labels). */
  readonly labels: readonly string[];
  readonly cells: readonly ConfusionCell[];
};

/** Scores are numbers: a near miss counts less than a far one. */
export type WeightedAgreement = {
  /** Weighted kappa; null where nobody's scores differ. */
  readonly linear: number | null;
  readonly quadratic: number | null;
  readonly alphaOrdinal: number | null;
  readonly alphaInterval: number | null;
  readonly ci: {
    readonly linear: Interval | null;
    readonly quadratic: Interval | null;
    readonly alphaOrdinal: Interval | null;
    readonly alphaInterval: Interval | null;
  };
};

export type AgreementSubject = AgreementFigures & {
  readonly about: 'agent' | 'step' | 'category' | 'verdict' | 'score';
  /** Of categories the taxonomy, of scores the schema, as annotations name it; else null. */
  readonly name: string | null;
  readonly title: string | null;
  /** Things that only one of the annotators judged: they say nothing about agreement. */
  readonly alone: number;
  readonly warning: string | null;
  /** One label against all others; not of steps. */
  readonly labels: readonly AgreementLabel[];
  readonly matrix: AgreementMatrix;
  readonly weighted: WeightedAgreement | null;
  /** Of steps: pairs that are at most `tolerance` steps apart. */
  readonly within: { readonly tolerance: number; readonly percent: number | null; readonly ci: Interval | null } | null;
};

export type Agreement = {
  /** Who was compared, in the order of the rows and columns. */
  readonly annotators: readonly string[];
  /** All who said something that can be compared. */
  readonly known: readonly { readonly name: string; readonly judgements: number }[];
  /** Things that two or more of the annotators judged: spans and other places, and traces of which only the blame was. */
  readonly items: number;
  readonly subjects: readonly AgreementSubject[];
  /** Agent and decisive step as Who&When counts them, the second annotator held against the first; of two annotators only. */
  readonly attribution: {
    readonly items: number;
    readonly agent: number | null;
    readonly step: number | null;
    readonly stepWithin: number | null;
    readonly both: number | null;
  } | null;
  readonly seed: number;
  readonly tolerance: number;
};

export type AgreementArgs = {
  /** All that there are, but for decisions of conflicts, unless named. */
  readonly annotators?: readonly string[];
  readonly taxonomy?: string;
  /** Only traces that match. */
  readonly query?: string;
  /** In steps; 1 unless given. */
  readonly tolerance?: number;
  /** Of the bootstrap; 42 unless given. */
  readonly seed?: number;
};

/** The name under which decisions of conflicts are compared: nobody's own judgement. */
export const ADJUDICATION = 'adjudication';
/** As many annotators are compared at most, those who said most. */
export const MOST_ANNOTATORS = 12;
