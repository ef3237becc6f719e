/** Sorting notes and making categories of them, each as one act that can be taken back. */
import type { NoteRef } from '#shared/coding.ts';
import { NOTES_AT_ONCE } from '#shared/coding.ts';
import { attempt } from '#shared/rpc/client.ts';
import { ok, type Result } from '#shared/result.ts';
import type { Taxonomy } from '#shared/taxonomy.ts';
import { engine } from '../../../data/engine.ts';
import { notify, notifyError } from '../../../state/notices.ts';
import { did, inTurn, putTaxonomy, standing, takeTaxonomy } from '../acts.ts';
import { counted } from '../label-query.ts';
import { addCategory, taxonomyId } from '../model/edit.ts';

export function groupNotes(notes: readonly NoteRef[], group: string | null): Promise<boolean> {
  return inTurn(async () => {
    const result = await attempt(engine.call('coding.group', { notes, group }));
    if (!result.ok) {
      notifyError('The notes were not grouped', result.error);
      return false;
    }
    const { changed } = result.value;
    if (changed.length === 0) return true;
    const what = counted(changed.length, 'note');
    const title = group === null ? `${what} taken out of the group` : `${what} put under “${group}”`;
    const refs = changed.map(({ traceId, id }) => ({ traceId, id }));
    did({
      title,
      undo: () =>
        inOrder(
          [...new Set(changed.map(({ before }) => before))].map((before) => () => {
            const of = changed.filter((each) => each.before === before);
            const were = of.map(({ traceId, id }) => ({ traceId, id }));
            return attempt(engine.call('coding.group', { notes: were, group: before }));
          }),
        ),
      redo: () => attempt(engine.call('coding.group', { notes: refs, group })),
    });
    return true;
  });
}

export type PromoteChoice = {
  /** Null = a new one with this title. */
  readonly taxonomy: Taxonomy | null;
  readonly taxonomyTitle: string;
  /** Null = a new one with this title. */
  readonly category: string | null;
  readonly categoryTitle: string;
};

/** Taxonomy and category are made where they are new. Answers the id of the taxonomy; null when it failed. */
export function promoteNotes(
  notes: readonly NoteRef[],
  choice: PromoteChoice,
  taken: readonly string[],
): Promise<string | null> {
  return inTurn(async () => {
    const before = choice.taxonomy && (await standing(choice.taxonomy));
    const start: Taxonomy = before ?? {
      id: taxonomyId(choice.taxonomyTitle, taken),
      title: choice.taxonomyTitle,
      about: 'Categories that were found by open coding: each was made of free notes.',
      version: 1,
      preset: false,
      categories: [],
    };
    const [after, category] =
      choice.category === null ? addCategory(start, choice.categoryTitle, null) : [start, choice.category];
    if (after !== before) {
      const saved = await putTaxonomy(after);
      if (!saved.ok) {
        notifyError('The category was not made', saved.error);
        return null;
      }
    }
    const code = { taxonomy: start.id, category };
    const result = await attempt(engine.call('coding.promote', { notes, ...code }));
    if (!result.ok) {
      notifyError('The notes were not promoted', result.error);
      return null;
    }
    let { made } = result.value;
    const name = after.categories.find((each) => each.code === category)?.title ?? category;
    if (made.length === 0 && after === before) {
      notify({ tone: 'info', title: `These notes are “${name}” already` });
      return start.id;
    }
    did({
      title: `${counted(made.length, 'note')} promoted to “${name}”`,
      undo: () =>
        inOrder([
          () => attempt(engine.call('coding.withdraw', { annotations: made })),
          async () => (after === before ? ok(null) : before === null ? takeTaxonomy(start.id) : putTaxonomy(before)),
        ]),
      redo: () =>
        inOrder([
          async () => (after === before ? ok(null) : putTaxonomy(after)),
          async () => {
            const again = await attempt(engine.call('coding.promote', { notes, ...code }));
            if (again.ok) ({ made } = again.value);
            return again;
          },
        ]),
    });
    return start.id;
  });
}

/** At most what one call takes. */
export function bounded(notes: readonly NoteRef[]): readonly NoteRef[] {
  if (notes.length > NOTES_AT_ONCE)
    notify({ tone: 'info', title: `Only the first ${counted(NOTES_AT_ONCE, 'note')} are changed at once` });
  return notes.slice(0, NOTES_AT_ONCE);
}

async function inOrder(steps: readonly (() => Promise<Result<unknown>>)[]): Promise<Result<unknown>> {
  for (const step of steps) {
    const result = await step();
    if (!result.ok) return result;
  }
  return ok(null);
}
