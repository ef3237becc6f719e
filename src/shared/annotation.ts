/** What people say about traces: labels that came with the data, and those made here. */
import type { GraphEdgeKind } from './graph.ts';
import type { JsonObject } from './json.ts';

/** What an annotation is about, beyond the trace that it belongs to. */
export type AnnotationPlace =
  | { readonly kind: 'trace' }
  | { readonly kind: 'span'; readonly spanId: string }
  /** All crossings of an edge of the graph, or the one that a span proves. `from` and `to` are node ids. */
  | {
      readonly kind: 'edge';
      readonly from: string;
      readonly to: string;
      readonly edge: GraphEdgeKind;
      readonly spanId: string | null;
    }
  | { readonly kind: 'agent'; readonly agent: string }
  /** Nanoseconds after the trace's start. */
  | { readonly kind: 'range'; readonly startNs: number; readonly endNs: number }
  /** Characters (UTF-16 units) of one content item of a span; `quote` finds them again where the item was stored anew. */
  | {
      readonly kind: 'text';
      readonly spanId: string;
      readonly side: 'input' | 'output';
      readonly item: number;
      readonly start: number;
      readonly end: number;
      readonly quote: string;
    }
  /** Something is missing after a span (null: anywhere), which an agent (null: anyone) should have done. */
  | { readonly kind: 'absence'; readonly afterSpanId: string | null; readonly agent: string | null }
  /** A comparison with another trace of the same task. */
  | { readonly kind: 'pair'; readonly otherTraceId: string };

export const ANNOTATION_KINDS = ['category', 'score', 'verdict', 'note', 'correction', 'blame', 'preference'] as const;
export type AnnotationKind = (typeof ANNOTATION_KINDS)[number];

/** What one revision of an annotation says. */
export type AnnotationState = {
  readonly place: AnnotationPlace;
  readonly kind: AnnotationKind;
  /** Label set of `category`, or name of the schema of `score`; null for a free note. */
  readonly taxonomy: string | null;
  /** As it was written: aliases only count together. */
  readonly category: string | null;
  readonly severity: string | null;
  readonly score: number | null;
  readonly passed: boolean | null;
  readonly note: string | null;
  readonly tags: readonly string[];
  /** The blamed agent: may differ from the actor of the span. */
  readonly agent: string | null;
  readonly isRootCause: boolean;
  /** The span that shows it, where that is not the place itself. */
  readonly evidenceSpanId: string | null;
  /** What the output should have been. */
  readonly correction: string | null;
  /** Of a rubric: yes or no by item; null = not answered. */
  readonly answers: { readonly [item: string]: boolean | null } | null;
  /** Which of a pair is better. */
  readonly preference: 'this' | 'other' | 'tie' | null;
  /** What a source said beyond that, so that an export in its layout loses nothing. */
  readonly extra: JsonObject;
};

/** One act of somebody on an annotation; never changed. Its hash is its name. */
export type Revision = {
  readonly traceId: string;
  readonly annotationId: string;
  /** Hashes of the revisions that this one replaces, sorted; none = it begins the annotation. */
  readonly parents: readonly string[];
  readonly author: string | null;
  /** Milliseconds since the Unix epoch, by the author's clock: for people, and to break ties; never to decide what is newer. */
  readonly madeAt: number;
  /** Null = the annotation was removed. */
  readonly state: AnnotationState | null;
  /** Set on what came with the data: whatever somebody says replaces it. `createdAt`: nanoseconds since the Unix epoch as decimal text. */
  readonly imported?: { readonly createdAt: string | null };
};

/** An annotation as it stands now. */
export type AnnotationRow = AnnotationState & {
  /** Stable within its trace. */
  readonly id: string;
  readonly traceId: string;
  /** Who made it; of one that came with the data, the annotator that its source names. */
  readonly author: string | null;
  /** Nanoseconds since the Unix epoch as decimal text. */
  readonly createdAt: string | null;
  /** Who spoke last, and when (milliseconds since the Unix epoch); null = it is as it was made. */
  readonly editor: string | null;
  readonly editedAt: number | null;
  /** Came with the data and was never edited here. */
  readonly imported: boolean;
  /** People said different things of it at the same time: `annotation.history` has them all. */
  readonly conflict: boolean;
};

/** A revision as history shows it. */
export type AnnotationRevision = Omit<Revision, 'traceId' | 'annotationId' | 'imported'> & {
  readonly hash: string;
  /** Nothing replaces it. */
  readonly head: boolean;
};
