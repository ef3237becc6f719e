/** Graders that a trace, or a span of it, suggests: each a definition to begin with in the editor. */
import { create } from 'zustand';
import type { GraderDefinition, GraderKindInfo } from '#shared/grader.ts';
import type { DraftSource } from '#shared/grader-drafts.ts';

export type GraderIdea = {
  readonly title: string;
  /** One sentence: what it will measure. */
  readonly about: string;
  readonly definition: GraderDefinition;
};

export type GraderOrigin = { readonly traceId: string; readonly spanId: string | null };

/** What the dialog makes a grader of; null = closed. */
export const useGraderFrom = create<{ readonly from: GraderOrigin | null }>()(() => ({ from: null }));

export function askGraderFrom(traceId: string, spanId: string | null): void {
  useGraderFrom.setState({ from: { traceId, spanId } });
}

/** What the dialog of drafts is open for, with its name; null = closed. */
export type DraftsOf = { readonly from: DraftSource; readonly title: string };

export const useDraftsOf = create<{ readonly of: DraftsOf | null }>()(() => ({ of: null }));

export function askDraftsOf(from: DraftSource, title: string): void {
  useDraftsOf.setState({ of: { from, title } });
}

/** Definitions that the engine made ready, as ideas. */
export function ideasOf(drafts: readonly GraderDefinition[], kinds: readonly GraderKindInfo[]): readonly GraderIdea[] {
  return drafts.flatMap((definition) => {
    const kind = kinds.find(({ type }) => type === definition.type);
    return kind ? [{ title: definition.name, about: `${kind.label}: ${kind.about}`, definition }] : [];
  });
}
