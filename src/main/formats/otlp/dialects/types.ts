/**
 * A dialect is one attribute convention inside OTLP, as data: which attribute, event or name says which fact, and at
 * which place in the order of all sources of that fact. `merge.ts` evaluates all dialects that match a span at once.
 */
import type { Json, JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanKind } from '#shared/record.ts';
import type { OtlpEvent, OtlpSpan } from '../span.ts';

export type KindFact = { readonly kind: SpanKind; readonly subtype: string | null };

/** Facts that a span states, by field. The last group is about its trace. */
export type Facts = {
  readonly kind: KindFact;
  readonly agent: string;
  readonly model: string;
  readonly tool: string;
  readonly toolCallId: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly reasoning: number;
  readonly cost: number;
  /** Present when an attribute says that the operation failed, whatever the status says. */
  readonly failed: true;
  readonly errorType: string;
  readonly errorMessage: string;
  readonly handoffFrom: string;
  readonly handoffTo: string;
  readonly traceName: string;
  readonly workflow: string;
  readonly session: string;
  readonly user: string;
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
};
export type Field = keyof Facts;

/**
 * `rank` is the place among all sources of the field, over all dialects: the lowest that reads a value wins. Ranks are
 * ten times the position in the published order of sources, so that a later dialect finds its place without
 * renumbering. `when` limits a source to span kinds. `bare` marks a key without a namespace ("model"), or of another
 * convention that this one uses in its own way: it counts only when the scope or a tell shows the dialect. `costly`
 * readers are asked only when nothing cheaper ranks before.
 */
type SourceBase = {
  readonly rank: number;
  readonly when?: readonly SpanKind[];
  readonly bare?: true;
  readonly costly?: true;
};

/** One fact out of one attribute. `read` answers null for "does not say". */
export type FactSource = {
  [F in Field]: SourceBase & {
    readonly field: F;
    readonly key: string;
    readonly read: (value: Json, span: OtlpSpan) => Facts[F] | null;
  };
}[Field];

/** One fact out of the span's name, or out of several of its attributes together. */
export type NameSource = {
  [F in Field]: Omit<SourceBase, 'costly'> & {
    readonly field: F;
    readonly read: (name: string, span: OtlpSpan) => Facts[F] | null;
  };
}[Field];

/** One fact out of an attribute of the resource: about the trace, from its root span only. */
export type ResourceSource = { readonly rank: number; readonly field: 'workflow' | 'session'; readonly key: string };

/** `system` is instructions kept apart from the messages; they go before the input. */
export type ContentField = 'system' | 'input' | 'output';

export type ContentContext = {
  readonly field: ContentField;
  readonly kind: SpanKind;
  readonly subtype: string | null;
  readonly span: OtlpSpan;
};

/** Content out of one attribute; an attribute whose content is taken leaves `attributes`. */
export type ContentSource = SourceBase & {
  readonly field: ContentField;
  readonly key: string;
  readonly read: (value: Json, context: ContentContext) => ContentItem[];
  /** Says again, in one raw value, what a better source said: only what is new in it stays an attribute. */
  readonly restates?: true;
};

/** An attribute of a flattened list: `path` is the key after the prefix, split at dots. */
export type ListEntry = { readonly path: readonly string[]; readonly value: Json };

/** Content out of a list that is flattened into attributes: `llm.input_messages.0.message.role`. */
export type ListSource = SourceBase & {
  readonly field: ContentField;
  readonly prefix: string;
  /** What may follow the prefix; other keys stay attributes. Must hold no unbounded repetition. */
  readonly path: RegExp;
  readonly read: (entries: readonly ListEntry[], context: ContentContext) => ContentItem[];
};

/** Content out of span events, in their order; what was taken leaves the event, the event stays. */
export type EventSource = SourceBase & {
  readonly field: ContentField;
  readonly events: readonly string[];
  readonly read: (event: OtlpEvent, context: ContentContext) => ContentItem[];
  /** The event's attributes that hold the content. */
  readonly consumes: readonly string[];
};

export type Dialect = {
  readonly id: string;
  /** Scope names of its instrumentations. */
  readonly scopes: readonly RegExp[];
  /** Attribute keys that only this dialect writes. */
  readonly tells: readonly string[];
  readonly facts?: readonly FactSource[];
  readonly names?: readonly NameSource[];
  readonly resource?: readonly ResourceSource[];
  readonly content?: readonly ContentSource[];
  readonly lists?: readonly ListSource[];
  readonly events?: readonly EventSource[];
  /** The convention counts cache tokens outside the input count, or reasoning tokens outside the output count. */
  readonly tokens?: { readonly inputExcludesCache?: true; readonly outputExcludesReasoning?: true };
  readonly marker?: StartMarker;
  /** Other names of a span, by which other records (logs) speak of it; see `SpanRecord.aliases`. */
  readonly aliases?: (span: OtlpSpan, fact: KindFact) => readonly string[];
  /** Token counts of spans of subtype `internal` repeat those of the model call around them. */
  readonly internalRepeatsUsage?: true;
};

/** A span that only says that another one has started; `key` is an attribute that every marker has. */
export type StartMarker = {
  readonly key: string;
  /** The span that started, without an end, under its own id; null when this is no marker. */
  readonly read: (span: OtlpSpan) => OtlpSpan | null;
};
