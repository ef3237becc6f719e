/** Answers that need no model: what became of facts at a handoff, and where a text came from. */

/**
 * `number` with its unit, `date` and time of day, `id` = identifiers, addresses, paths and code symbols, `name` = proper
 * names, `quote` = quoted texts, `constraint` = clauses that say what must, must not or may only be.
 */
export type FactKind = 'constraint' | 'number' | 'date' | 'id' | 'name' | 'quote';

/** How a message stands to the one who has it: who wrote it. */
export type Voice = 'user' | 'instructions' | 'tool' | 'agent' | 'other';

/** Where a piece of text stands: a span, one of its contents, and the text around it. */
export type TextPlace = {
  readonly spanId: string;
  readonly agent: string | null;
  /** `error` = the message of the span's error. */
  readonly side: 'input' | 'output' | 'error';
  /** Position among the contents of that side, and the content's key. */
  readonly item: number;
  readonly contentKey: number;
  /** Position among the parts of a message; 0 for other contents. */
  readonly part: number;
  /** Where it begins and ends in the text of the part, in UTF-16 units; JSON is read as lines of `field: value`. */
  readonly start: number;
  readonly end: number;
  /** The text as it stands there, and a little of what is around it, on one line. */
  readonly before: string;
  readonly text: string;
  readonly after: string;
};

export const FACT_FATES = ['dropped', 'rewritten', 'new', 'kept'] as const;
export type FactFate = (typeof FACT_FATES)[number];

export type HandoffFact = {
  readonly fate: FactFate;
  readonly kind: FactKind;
  /** As the sender had it; for a new one as the receiver was given it. */
  readonly text: string;
  /** What it became, where it was rewritten. */
  readonly became: string | null;
  /** Who said it first. */
  readonly voice: Voice;
  /**
   * True for what the user asked, what the sender itself wrote, and constraints; false for what only stands in results of
   * tools, and for what the sender's instructions say.
   */
  readonly matters: boolean;
  /** Null for a new one. */
  readonly sent: TextPlace | null;
  /** Null for a dropped one. */
  readonly given: TextPlace | null;
};

export type FateCounts = { readonly [F in FactFate]: number };

/** What a handoff, or a call of an agent as a tool, passed on of what its sender knew. */
export type HandoffFacts = {
  readonly spanId: string;
  readonly kind: 'handoff' | 'agent_call';
  readonly from: string | null;
  readonly to: string | null;
  /** No span states it: it was concluded from the order of the agents. */
  readonly inferred: boolean;
  /** What cannot be told, and why: contents that the source did not record. */
  readonly unrecorded: 'both' | 'sender' | 'receiver' | null;
  /** The model call that the receiver was given it in; null when only what was passed is recorded. */
  readonly readBy: string | null;
  /** Of those that matter. */
  readonly counts: FateCounts;
  /** Of the others. */
  readonly others: FateCounts;
  /** "12 of 15 facts kept, 2 dropped, 1 rewritten": of those that matter. */
  readonly summary: string;
  /** Those that matter first: dropped, rewritten, new, kept; constraints before the rest. At most 400. */
  readonly facts: readonly HandoffFact[];
  /** False when texts were too long to be looked at as a whole. */
  readonly complete: boolean;
};

/**
 * How a text was there: `given` = in the input of a model call, `said` = in its output, `asked` = arguments of a tool,
 * `returned` = what a tool gave back, `retrieved`, `passed` = by a handoff, `begun` = the input of an agent or another
 * span, `ended` = the output of one.
 */
export type OriginDeed = 'given' | 'said' | 'asked' | 'returned' | 'retrieved' | 'passed' | 'begun' | 'ended';

export type OriginStep = {
  readonly deed: OriginDeed;
  readonly place: TextPlace;
  /** Who wrote the message that it stands in. */
  readonly voice: Voice;
  /** Tool, model or span, as it is called. */
  readonly name: string;
  /** False: it stands here earlier, but the trace does not record how it came to the next step. */
  readonly linked: boolean;
  /** The handoff or call through which it came here from another agent; null = none is known. */
  readonly via: { readonly kind: 'handoff' | 'agent_call'; readonly spanId: string; readonly from: string } | null;
  /** The same letters, or the same words and numbers written in another way. */
  readonly match: 'exact' | 'alike';
};

export type FactOrigin = {
  readonly kind: FactKind;
  readonly text: string;
  /** The first place before the one asked about; null = none. */
  readonly step: OriginStep | null;
};

/** Where a text came from. */
export type Origin = {
  /**
   * `found` = it stands earlier; `begins` = it begins here, with somebody whom nobody needs to tell it (the user, a tool,
   * the instructions); `none` = the agent is the first to say it; `absent` = it is not in this content either.
   */
  readonly verdict: 'found' | 'begins' | 'none' | 'absent';
  /** From the first appearance to the place asked about, which is the last. */
  readonly steps: readonly OriginStep[];
  /** Further first appearances before, that did not lead here: at most 8. */
  readonly elsewhere: readonly OriginStep[];
  /** Other inputs and outputs before that repeat it. */
  readonly carried: number;
  /** The longest part of it that stands earlier than its first appearance, when an agent was the first to say the whole. */
  readonly partial: { readonly text: string; readonly words: number; readonly steps: readonly OriginStep[] } | null;
  /** Facts in it, in the same case: each with its own source. */
  readonly facts: readonly FactOrigin[];
  /** False when contents were too large to be read. */
  readonly complete: boolean;
};

/** Longer selections are cut. */
export const ORIGIN_TEXT = 20_000;
