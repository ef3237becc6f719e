/**
 * What a person did to annotations in this window, to be taken back: an act is one or several changes at once. Taking back
 * saves what there was before; the history of each annotation keeps all of it.
 */
import { create } from 'zustand';
import type { AnnotationRow, AnnotationState } from '#shared/annotation.ts';
import { attempt } from '#shared/rpc/client.ts';
import type { AppError, Result } from '#shared/result.ts';
import type { Command } from '../commands/registry.ts';
import { engine } from '../data/engine.ts';
import { dismiss, notify, notifyError } from './notices.ts';

export type AnnotationChange = {
  readonly traceId: string;
  readonly id: string;
  /** Null = there was none. */
  readonly before: AnnotationState | null;
  /** Null = it was removed. */
  readonly after: AnnotationState | null;
  /** What people said differently before somebody decided: taking the decision back opens the conflict again. */
  readonly sides?: readonly AnnotationState[];
};

type Act = { readonly title: string; readonly changes: readonly AnnotationChange[] };

/** Acts beyond this are only in the histories. */
const MOST = 100;

export const useAnnotationUndo = create<{ readonly past: readonly Act[]; readonly future: readonly Act[] }>()(() => ({
  past: [],
  future: [],
}));

let working: Promise<unknown> = Promise.resolve();
let shown: number | null = null;

export type SaveRequest = {
  readonly traceId: string;
  readonly state: AnnotationState;
  /** The one that is edited; absent = a new one. */
  readonly row?: AnnotationRow;
  /** Heads of a conflict that this decides. */
  readonly replaces?: readonly string[];
};

/** Saves one or several as one act. Stops at the first that fails; those before it stay, and can be taken back. */
export function saveAnnotations(
  title: string,
  requests: readonly SaveRequest[],
): Promise<Result<readonly AnnotationRow[]>> {
  return inTurn(async () => {
    const rows: AnnotationRow[] = [];
    const changes: AnnotationChange[] = [];
    let error: AppError | null = null;
    for (const { traceId, state, row, replaces } of requests) {
      const sides = row && replaces ? await sidesOf(traceId, row.id, replaces) : [];
      const result = await attempt(
        engine.call('annotation.save', {
          traceId,
          state,
          ...(row ? { id: row.id } : {}),
          ...(replaces ? { replaces } : {}),
        }),
      );
      if (!result.ok) {
        error = result.error;
        break;
      }
      rows.push(result.value);
      changes.push({ traceId, id: result.value.id, before: row ? stateOf(row) : null, after: state, sides });
    }
    if (changes.length > 0) did({ title, changes });
    return error ? { ok: false, error } : { ok: true, value: rows };
  });
}

export function removeAnnotation(row: AnnotationRow): Promise<boolean> {
  return inTurn(async () => {
    const result = await attempt(engine.call('annotation.remove', { traceId: row.traceId, id: row.id }));
    if (!result.ok) {
      notifyError('The annotation was not removed', result.error);
      return false;
    }
    const change = { traceId: row.traceId, id: row.id, before: stateOf(row), after: null };
    did({ title: 'Annotation removed', changes: [change] });
    return true;
  });
}

export function undoAnnotation(): Promise<void> {
  return inTurn(async () => {
    const act = useAnnotationUndo.getState().past.at(-1);
    if (!act || !(await apply(act.changes.toReversed(), 'before'))) return;
    useAnnotationUndo.setState(({ past, future }) => ({ past: past.slice(0, -1), future: [...future, act] }));
    tell(`Undone: ${lower(act.title)}`, { label: 'Redo', run: () => void redoAnnotation() });
  });
}

export function redoAnnotation(): Promise<void> {
  return inTurn(async () => {
    const act = useAnnotationUndo.getState().future.at(-1);
    if (!act || !(await apply(act.changes, 'after'))) return;
    useAnnotationUndo.setState(({ past, future }) => ({ past: [...past, act], future: future.slice(0, -1) }));
    tell(act.title, { label: 'Undo', run: () => void undoAnnotation() });
  });
}

/** For views in which annotations are made. While somebody types, the keys are the text field's. */
export function undoCommands(): readonly Command[] {
  return [
    {
      id: 'edit.undo',
      title: 'Undo the annotation',
      group: 'Annotations',
      keys: 'mod+z',
      when: () => useAnnotationUndo.getState().past.length > 0 && !isInField(),
      run: () => void undoAnnotation(),
    },
    {
      id: 'edit.redo',
      title: 'Redo the annotation',
      group: 'Annotations',
      keys: 'mod+shift+z',
      when: () => useAnnotationUndo.getState().future.length > 0 && !isInField(),
      run: () => void redoAnnotation(),
    },
  ];
}

/** What an annotation says, without who said it when. */
export function stateOf(row: AnnotationRow): AnnotationState {
  const { place, kind, taxonomy, category, severity, score, passed, note, tags, agent } = row;
  const { isRootCause, evidenceSpanId, correction, answers, preference, extra } = row;
  return {
    ...{ place, kind, taxonomy, category, severity, score, passed, note, tags, agent },
    ...{ isRootCause, evidenceSpanId, correction, answers, preference, extra },
  };
}

function did(act: Act): void {
  useAnnotationUndo.setState(({ past }) => ({ past: [...past, act].slice(-MOST), future: [] }));
  tell(act.title, { label: 'Undo', run: () => void undoAnnotation() });
}

/** One notice at a time: the one before is about what is no longer the last act. */
function tell(title: string, action: { readonly label: string; readonly run: () => void }): void {
  if (shown !== null) dismiss(shown);
  shown = notify({ tone: 'ok', title, action });
}

/** What the revisions with these hashes say; none where one of them is a removal, which nobody can make beside another act. */
export async function sidesOf(
  traceId: string,
  id: string,
  hashes: readonly string[],
): Promise<readonly AnnotationState[]> {
  if (hashes.length < 2) return [];
  const history = await attempt(engine.call('annotation.history', { traceId, id }));
  if (!history.ok) return [];
  const states = history.value.filter(({ hash }) => hashes.includes(hash)).map(({ state }) => state);
  return states.every((state) => state !== null) ? states : [];
}

/** Says each side anew in place of the decision: revisions are never taken back. */
async function reopen(traceId: string, id: string, sides: readonly AnnotationState[]): Promise<Result<unknown>> {
  const history = await attempt(engine.call('annotation.history', { traceId, id }));
  if (!history.ok) return history;
  const replaces = history.value.filter(({ head }) => head).map(({ hash }) => hash);
  for (const state of sides) {
    const result = await attempt(engine.call('annotation.save', { traceId, id, state, replaces }));
    if (!result.ok) return result;
  }
  return history;
}

async function apply(changes: readonly AnnotationChange[], side: 'before' | 'after'): Promise<boolean> {
  for (const { traceId, id, sides = [], [side]: state } of changes) {
    const result =
      side === 'before' && sides.length > 1
        ? await reopen(traceId, id, sides)
        : await attempt<unknown>(
            state === null
              ? engine.call('annotation.remove', { traceId, id })
              : engine.call('annotation.save', { traceId, id, state }),
          );
    // What somebody else removed meanwhile is where this wanted to get.
    if (!result.ok && !(state === null && result.error.code === 'not_found')) {
      notifyError(side === 'before' ? 'This could not be undone' : 'This could not be redone', result.error);
      return false;
    }
  }
  return true;
}

/** Acts happen one after the other, however fast keys are pressed. */
function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const next = working.then(act, act);
  working = next.catch(() => undefined);
  return next;
}

function isInField(): boolean {
  const active = document.activeElement;
  return active instanceof HTMLTextAreaElement || (active instanceof HTMLInputElement && active.type === 'text');
}

function lower(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}
