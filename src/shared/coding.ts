/** Open coding: free notes over all traces, put under working titles and promoted to categories. */
import type { AnnotationRow } from './annotation.ts';

export type NoteRef = { readonly traceId: string; readonly id: string };

export type NoteFilter = {
  readonly author?: string;
  readonly workflow?: string;
  readonly tag?: string;
  /** Part of the note; letter case does not count. */
  readonly text?: string;
  /** Only notes that no category was made of. */
  readonly open?: boolean;
};

export type NoteRow = AnnotationRow & {
  readonly traceName: string;
  readonly workflow: string | null;
  /** The working title that it was put under. */
  readonly group: string | null;
  /** Categories that were made of it. */
  readonly codes: readonly {
    readonly id: string;
    readonly taxonomy: string | null;
    readonly category: string | null;
  }[];
};

export type NotePage = {
  /** Newest first. */
  readonly notes: readonly NoteRow[];
  readonly nextCursor: number | null;
};

export type NoteCounts = {
  readonly total: number;
  /** Of which a category was made. */
  readonly coded: number;
  /** By working title, the largest first, at most 500; null = under none yet. */
  readonly groups: readonly { readonly group: string | null; readonly notes: number; readonly coded: number }[];
  /** For the filters, over all notes, at most 50 of each. */
  readonly authors: readonly Counted[];
  readonly workflows: readonly Counted[];
  readonly tags: readonly Counted[];
};

export type Counted = { readonly value: string; readonly count: number };

/** At most so many notes at once. */
export const NOTES_AT_ONCE = 1_000;
