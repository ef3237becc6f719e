/** What a generation was given, part by part; how that differs from the agent's generation before; whether its calls fit. */
import type { Json } from './json.ts';

/**
 * In the order of drawing. `history` = what this agent was given or said before; `message` = what is new, from a user or
 * another agent; `unrecorded` = stated tokens for which the source recorded no content.
 */
export const CONTEXT_KINDS = [
  'system',
  'tools',
  'history',
  'retrieved',
  'tool_output',
  'message',
  'media',
  'unrecorded',
] as const;
export type ContextKind = (typeof CONTEXT_KINDS)[number];

export type ContextPart = {
  readonly kind: ContextKind;
  /** Messages, definitions or pictures; a message of several kinds counts in each. */
  readonly items: number;
  /** UTF-8. */
  readonly bytes: number;
  readonly tokens: number;
  /** False only where one part stands for all of a stated count. */
  readonly estimated: boolean;
  /** Of `tokens`, those of content that the generation before was given as well. */
  readonly repeated: number;
  /** Indices into the span's input, ascending, at most MOST_PLACES. */
  readonly inputs: readonly number[];
};

export const MOST_PLACES = 2_000;

/**
 * How tokens are estimated, for people. Stated input tokens are shared out in this proportion, so that the parts sum to
 * them; where they exceed the estimate by more than MOST_SCALE, the rest is `unrecorded`.
 */
export const TOKEN_RULE =
  'A token for every 4 bytes of text, 4 for each message, and 1,000 for each picture, sound or file.';
export const MOST_SCALE = 1.6;

export type OfferedTool = {
  readonly name: string;
  readonly description: string | null;
  readonly schema: Json | null;
  readonly bytes: number;
};

/** `at` is an index into the span's input, `before` one into the input of the generation before. */
export type InputEdit =
  | { readonly type: 'same'; readonly at: number; readonly before: number; readonly count: number }
  /** `answer`: what the generation before had said itself. */
  | { readonly type: 'added'; readonly at: number; readonly answer: boolean }
  | { readonly type: 'removed'; readonly before: number }
  | { readonly type: 'changed'; readonly at: number; readonly before: number };

export type ContextChanges = {
  readonly inputs: readonly InputEdit[];
  readonly kept: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** The history was shortened: messages went, and less came in their place. */
  readonly compacted: {
    readonly removed: number;
    readonly removedBytes: number;
    /** New messages that are neither the model's own answer nor the result of a tool. */
    readonly added: number;
    readonly addedBytes: number;
  } | null;
  /** Nothing but instructions is the same: another conversation, or a source that records only what is new for a call. */
  readonly fresh: boolean;
  /** Undefined on one side = not set there. */
  readonly parameters: readonly { readonly name: string; readonly before?: Json; readonly after?: Json }[];
  readonly tools: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  };
};

export type SpanContext = {
  readonly parts: readonly ContextPart[];
  /** Sum of the parts. */
  readonly total: number;
  /** Whether the source states the total. */
  readonly stated: boolean;
  /** Of the total, tokens that came from the provider's cache; null = not stated. */
  readonly cached: number | null;
  readonly tools: readonly OfferedTool[];
  /** The generations of the same agent before and after this one, by time. */
  readonly previous: string | null;
  readonly next: string | null;
  /** Null without a generation before. */
  readonly changes: ContextChanges | null;
};

export type SchemaProblem = {
  /** From the arguments down. */
  readonly path: readonly (string | number)[];
  /** The rule of JSON Schema that is broken: `required`, `type`, …; `json` = the arguments are no JSON. */
  readonly keyword: string;
  /** A predicate, for after the name of the place: `is missing`. */
  readonly message: string;
};

/** One tool call of a span, held against the schema that was recorded for its tool. */
export type CallCheck = {
  readonly tool: string;
  readonly callId: string | null;
  /** Where it stands in the output of a generation; null = the span is the call. */
  readonly place: { readonly item: number; readonly part: number } | null;
  /** `no_schema`: none is recorded; `not_offered`: definitions are, and this tool is not among them. */
  readonly verdict: 'valid' | 'invalid' | 'no_schema' | 'not_offered';
  readonly problems: readonly SchemaProblem[];
  /** Rules that were not checked: `format "date"`. */
  readonly unchecked: readonly string[];
  readonly schema: Json | null;
  /** The span whose definitions were used. */
  readonly definedBy: string | null;
};
