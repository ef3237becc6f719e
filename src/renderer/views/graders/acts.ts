/** Saving and archiving graders. What is archived keeps its versions and verdicts, and comes back by undo. */
import type { GraderKindInfo, GraderRow } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import type { AppError } from '#shared/result.ts';
import { attempt } from '#shared/rpc/client.ts';
import { engine } from '../../data/engine.ts';
import { beginDraft, dropDraft, NEW_GRADER, setDraft } from '../../state/grader-drafts.ts';
import { dismiss, notify, notifyError } from '../../state/notices.ts';
import { replacePlace } from '../../state/place.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import { printArranged } from './model/arrange.ts';

/** Null, or why it was not saved. Goes on in the editor of what was saved. */
export async function saveGrader(
  key: string,
  definition: Json,
  note: string,
  before: number | null,
  kinds: readonly GraderKindInfo[],
): Promise<AppError | null> {
  const said = note.trim() === '' ? {} : { note: note.trim() };
  const result = await attempt(
    engine.call('grader.save', { definition, ...(key === NEW_GRADER ? {} : { id: key }), ...said }),
  );
  if (!result.ok) return result.error;
  const { id, name, current } = result.value;
  const text = printArranged(current.definition, kinds);
  setDraft(id, beginDraft(text, text));
  if (key === NEW_GRADER) {
    dropDraft(NEW_GRADER);
    replacePlace({ tab: id });
  }
  const same = before !== null && current.number === before;
  notify({
    tone: same ? 'info' : 'ok',
    title: same
      ? `“${visibleString(name.slice(0, 80))}” says what it said before`
      : `“${visibleString(name.slice(0, 80))}” saved as version ${current.number}`,
    ...(same ? { detail: `It stays version ${current.number}.` } : {}),
  });
  return null;
}

let shown: number | null = null;

export async function archiveGrader(row: GraderRow, archived: boolean): Promise<void> {
  const result = await attempt(engine.call('grader.archive', { id: row.id, archived }));
  const name = `“${visibleString(row.name.slice(0, 80))}”`;
  if (!result.ok) {
    notifyError(`${name} was not ${archived ? 'archived' : 'restored'}`, result.error);
    return;
  }
  if (shown !== null) dismiss(shown);
  shown = notify({
    tone: 'ok',
    title: `${name} ${archived ? 'archived' : 'is back'}`,
    ...(archived ? { detail: 'Its versions and verdicts stay.' } : {}),
    action: { label: 'Undo', run: () => void archiveGrader(row, !archived) },
  });
}
