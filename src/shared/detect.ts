/** Faults that detectors find in a trace: deterministic rules, no model, each with a reason a person can check. */

/** Most severe first. */
export const SEVERITIES = ['high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** All detectors, in the order of their list (src/main/analysis/detectors/registry.ts, whose test compares). */
export const DETECTOR_IDS = [
  'repeated-call',
  'ping-pong',
  'call-loop',
  'ignored-error',
  'unread-result',
  'retry-storm',
  'stall',
  'premature-finish',
  'work-after-done',
  'lost-instruction',
  'unfounded-argument',
  'invalid-call',
  'truncated-output',
  'context-overflow',
  'guardrail-ignored',
  'orphan-work',
] as const;

export type Finding = {
  /** Id of the detector. */
  readonly detector: string;
  readonly severity: Severity;
  /** The span at fault first, then those that prove it. Never empty. */
  readonly spanIds: readonly string[];
  /** Whose fault it would be; null when no agent is known. */
  readonly agent: string | null;
  /** One plain sentence, with its numbers. */
  readonly reason: string;
  /** Short quotations of what it rests on. */
  readonly evidence: readonly string[];
};

/**
 * Who may be to blame, and where: the findings that point to one agent, added up, with its share of the work as a weak hint
 * where they do not decide.
 */
export type Suspect = {
  readonly agent: string;
  /** Where the heaviest of its findings is; without one, its first call. */
  readonly spanId: string;
  /** Sum of the weights; only the order among the suspects of one trace means something. */
  readonly score: number;
  /** How many findings point to it; 0 = nothing but its share of the work. */
  readonly findings: number;
  readonly reasons: readonly string[];
};

export type DetectorParameter = {
  /** In use. */
  readonly value: number;
  /** What the program comes with. */
  readonly standard: number;
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
  /** In a few words, with the unit. */
  readonly about: string;
};

export type DetectorInfo = {
  readonly id: string;
  readonly title: string;
  /** What counts as this fault, in one paragraph. */
  readonly definition: string;
  readonly enabled: boolean;
  /** What a person chose for all its findings; null = as the rule says. */
  readonly severity: Severity | null;
  readonly parameters: { readonly [name: string]: DetectorParameter };
};

/** What a person changed of one detector; what is not here is as the program comes. */
export type DetectorEdit = {
  readonly enabled?: boolean;
  readonly severity?: Severity;
  readonly parameters?: { readonly [name: string]: number };
};

/** By id of the detector. */
export type DetectorEdits = { readonly [detector: string]: DetectorEdit };

export type DetectorSheet = {
  /** In the order of their list, with the values in use. */
  readonly detectors: readonly DetectorInfo[];
  readonly edits: DetectorEdits;
};

/** How many findings of one detector a trace has, and how severe the worst of them is. */
export type FindingCount = { readonly detector: string; readonly severity: Severity; readonly count: number };

/** What is kept of the findings of one trace, so that traces can be filtered by them. */
export type FindingSummary = {
  /** Of the trace that was looked at. */
  readonly revision: number;
  /** Fingerprint of the rules and their settings. */
  readonly rules: string;
  /** The worst first; a detector without findings is left out. */
  readonly found: readonly FindingCount[];
};

export type Detection = {
  /** Most severe first, then in time order. */
  readonly findings: readonly Finding[];
  /** Findings left out because a detector found too many, by its id. */
  readonly more: { readonly [detector: string]: number };
  /** Most suspect first. */
  readonly suspects: readonly Suspect[];
  readonly detectors: readonly DetectorInfo[];
  /** False when contents were too large to be read: rules that need them may have missed something. */
  readonly complete: boolean;
};
