/** The sides of a dispute, and what a decision for one of them saves. Pure. */
import type { AnnotationRevision, AnnotationRow, AnnotationState } from '#shared/annotation.ts';
import { stateOf } from '../../state/annotation-undo.ts';

export type Side = {
  readonly author: string;
  /** What this side says; null = it removed the annotation. */
  readonly states: readonly (AnnotationState | null)[];
};

/** One annotation that was edited apart: each head is a side. */
export function sidesOfConflict(history: readonly AnnotationRevision[]): readonly Side[] {
  return history
    .filter(({ head }) => head)
    .map(({ author, state }) => ({ author: author ?? 'the source', states: [state] }));
}

/** Several annotations of the same thing: each author is a side. */
export function sidesOfRows(rows: readonly AnnotationRow[]): readonly Side[] {
  const byAuthor = new Map<string, AnnotationRow[]>();
  for (const row of rows) {
    const author = row.author ?? 'the source';
    const own = byAuthor.get(author);
    if (own) own.push(row);
    else byAuthor.set(author, [row]);
  }
  return [...byAuthor]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([author, own]) => ({ author, states: own.map(stateOf) }));
}

/** Names tell who is the boss: in a blind dispute the sides have letters. */
export function sideName(side: Side, at: number, blind: boolean): string {
  return blind ? String.fromCharCode(65 + (at % 26)) : side.author;
}

/** What is saved when a side is right. `ids` are the annotations that are decided. */
export function decided(side: Side, ids: readonly string[], reason: string): readonly AnnotationState[] {
  return side.states.flatMap((state) =>
    state === null
      ? []
      : [
          {
            ...state,
            extra: {
              ...state.extra,
              adjudicates: ids,
              ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
            },
          },
        ],
  );
}
