/** Queues of traces or spans that wait for a person's judgement. */
import type { SpanKind } from './record.ts';

export const QUEUE_ORDERS = ['oldest', 'random', 'disagreement', 'uncertainty', 'clusters'] as const;
export type QueueOrder = (typeof QUEUE_ORDERS)[number];

export const ITEM_STATES = ['todo', 'done', 'skipped', 'flagged'] as const;
export type ItemState = (typeof ITEM_STATES)[number];

/** What makes two traces comparable: a task id in their metadata, the same first words of the user, the same workflow. */
export const PAIR_KEYS = ['task', 'input', 'workflow'] as const;
export type PairKey = (typeof PAIR_KEYS)[number];

/** What one item asks for. */
export type QueueTask =
  | { readonly kind: 'trace' }
  /** One item for each span that fits; null = any. `text` is a part of the span's name. */
  | {
      readonly kind: 'span';
      readonly spanKind: SpanKind | null;
      readonly agent: string | null;
      readonly text: string | null;
    }
  /** Which of two traces of the same task is better. */
  | { readonly kind: 'pair'; readonly by: PairKey }
  /** What people said differently of the same thing. */
  | { readonly kind: 'adjudicate' };

/** What the form offers beside a note. */
export type ReviewForm = {
  readonly verdict: boolean;
  /** Id of a taxonomy. */
  readonly taxonomy: string | null;
  /** Id of a score schema. */
  readonly schema: string | null;
  readonly blame: boolean;
};

/** What is kept from the reviewer's eyes. */
export type Blindness = {
  /** What others said, and verdicts and scores of graders. */
  readonly labels: boolean;
  /** Name, source, workflow and times of the trace: which run it came from. */
  readonly origin: boolean;
};

export type QueueSource =
  | { readonly kind: 'query'; readonly query: string }
  | { readonly kind: 'traces'; readonly traceIds: readonly string[] };

export type QueueDraft = {
  readonly name: string;
  readonly instructions: string;
  readonly source: QueueSource;
  readonly task: QueueTask;
  readonly order: QueueOrder;
  /** Of the random order, and of the sides of a pair. */
  readonly seed: number;
  /** At most so many items; null = as many as there are, within the engine's bound. */
  readonly limit: number | null;
  readonly form: ReviewForm;
  readonly blind: Blindness;
};

export type ReviewQueue = Omit<QueueDraft, 'source' | 'limit'> & {
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly counts: { readonly [S in ItemState]: number };
  /** What the order could not do, or what was left out, in a sentence; null = nothing. */
  readonly about: string | null;
};

export type ReviewItem = {
  readonly id: number;
  readonly queueId: string;
  /** From 0; never changes. */
  readonly position: number;
  /** Of a pair, the trace on the left. */
  readonly traceId: string;
  readonly spanId: string | null;
  /** Of a pair, the trace on the right. */
  readonly otherTraceId: string | null;
  /** What is to be adjudicated: one in conflict with itself, or several that differ. */
  readonly annotationIds: readonly string[];
  /** Why it stands where it stands, for people. */
  readonly why: string | null;
  readonly state: ItemState;
  /** Text that was typed and is not yet a note. */
  readonly draft: string;
  readonly reviewer: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number | null;
  readonly doneAt: number | null;
};

/** An item and where one can go from it. */
export type ItemPlace = {
  readonly item: ReviewItem | null;
  readonly previous: ReviewItem | null;
  readonly next: ReviewItem | null;
  /** The next that waits, from here on and then from the beginning; null = none is left but this one. */
  readonly nextTodo: ReviewItem | null;
};

export type QueueState = {
  readonly queue: ReviewQueue;
  /** In whose name annotations are made here. */
  readonly reviewer: string;
  /** Says with its numbers why more labels would change little; null = they still would. */
  readonly stopHint: string | null;
};

export type ItemPage = {
  readonly items: readonly (ReviewItem & { readonly traceName: string })[];
  readonly total: number;
};
