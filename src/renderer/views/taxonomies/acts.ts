/** What was done in this view, to be taken back. Each act knows how to undo and redo itself; the engine keeps all versions. */
import { create } from 'zustand';
import { attempt } from '#shared/rpc/client.ts';
import type { AppError, Result } from '#shared/result.ts';
import type { Taxonomy } from '#shared/taxonomy.ts';
import { assumeAnswer, engine, queryClient } from '../../data/engine.ts';
import { dismiss, notify, notifyError } from '../../state/notices.ts';

type Step = () => Promise<Result<unknown>>;
type Act = { readonly title: string; readonly undo: Step; readonly redo: Step };

const MOST = 100;

export const useActs = create<{ readonly past: readonly Act[]; readonly future: readonly Act[] }>()(() => ({
  past: [],
  future: [],
}));

let working: Promise<unknown> = Promise.resolve();
let shown: number | null = null;

/** Acts happen one after the other, however fast keys are pressed. */
export function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const next = working.then(act, act);
  working = next.catch(() => undefined);
  return next;
}

/** `quiet` acts show for themselves what they did. */
export function did(act: Act, quiet = false): void {
  useActs.setState(({ past }) => ({ past: [...past, act].slice(-MOST), future: [] }));
  if (!quiet) tell(act.title, { label: 'Undo', run: () => void undo() });
}

export function undo(): Promise<void> {
  return inTurn(async () => {
    const act = useActs.getState().past.at(-1);
    if (!act || !(await succeeded(act.undo(), 'This could not be undone'))) return;
    useActs.setState(({ past, future }) => ({ past: past.slice(0, -1), future: [...future, act] }));
    tell(`Undone: ${lower(act.title)}`, { label: 'Redo', run: () => void redo() });
  });
}

export function redo(): Promise<void> {
  return inTurn(async () => {
    const act = useActs.getState().future.at(-1);
    if (!act || !(await succeeded(act.redo(), 'This could not be redone'))) return;
    useActs.setState(({ past, future }) => ({ past: [...past, act], future: future.slice(0, -1) }));
    tell(act.title, { label: 'Undo', run: () => void undo() });
  });
}

/** Saves a new version; null, or why it was not saved. `before` null = there was none. */
export function saveTaxonomy(title: string, before: Taxonomy | null, after: Taxonomy): Promise<AppError | null> {
  return inTurn(async () => {
    const result = await putTaxonomy(after);
    if (!result.ok) return result.error;
    const undoing: Step = () => (before === null ? takeTaxonomy(after.id) : putTaxonomy(before));
    did({ title, undo: undoing, redo: () => putTaxonomy(after) }, true);
    return null;
  });
}

export type Edit = (taxonomy: Taxonomy) => Taxonomy;

/** Changes what stands when its turn comes: the edit before it may be on its way while a person makes the next. */
export function editTaxonomy(title: string, shown: Taxonomy, edit: Edit): Promise<AppError | null> {
  return inTurn(async () => {
    const before = await standing(shown);
    const after = edit(before);
    if (after === before) return null;
    const result = await putTaxonomy(after);
    if (!result.ok) return result.error;
    did({ title, undo: () => putTaxonomy(before), redo: () => putTaxonomy(after) }, true);
    return null;
  });
}

/** Asked of the engine: the list on screen may be older than what was just saved. */
export async function standing(shown: Taxonomy): Promise<Taxonomy> {
  const list = await attempt(engine.call('taxonomy.list', undefined));
  return (list.ok ? list.value.find(({ id }) => id === shown.id) : undefined) ?? shown;
}

/** As it ships again, or gone. */
export function resetTaxonomy(before: Taxonomy, ships: boolean): Promise<void> {
  return inTurn(async () => {
    const result = await takeTaxonomy(before.id);
    const title = ships ? `“${before.title}” is as it ships with the app` : `“${before.title}” deleted`;
    if (result.ok) did({ title, undo: () => putTaxonomy(before), redo: () => takeTaxonomy(before.id) });
    else notifyError('The taxonomy was not changed', result.error);
  });
}

export async function putTaxonomy(taxonomy: Taxonomy): Promise<Result<Taxonomy>> {
  const result = await attempt(engine.call('taxonomy.save', { taxonomy }));
  if (result.ok) assume((list) => replaced(list, result.value));
  return result;
}

export async function takeTaxonomy(id: string): Promise<Result<Taxonomy | null>> {
  const result = await attempt(engine.call('taxonomy.reset', { id }));
  if (!result.ok) return result;
  const { value } = result;
  assume((list) => (value === null ? list.filter((each) => each.id !== id) : replaced(list, value)));
  return result;
}

/** What was saved shows at once, before the engine says that something changed. */
function assume(change: (list: readonly Taxonomy[]) => readonly Taxonomy[]): void {
  const list = queryClient.getQueryData<readonly Taxonomy[]>(['taxonomy.list', null]);
  if (list) assumeAnswer('taxonomy.list', undefined, change(list));
}

function replaced(list: readonly Taxonomy[], taxonomy: Taxonomy): readonly Taxonomy[] {
  return list.some(({ id }) => id === taxonomy.id)
    ? list.map((each) => (each.id === taxonomy.id ? taxonomy : each))
    : [...list, taxonomy];
}

async function succeeded(step: Promise<Result<unknown>>, what: string): Promise<boolean> {
  const result = await step;
  if (!result.ok) notifyError(what, result.error);
  return result.ok;
}

/** One notice at a time: the one before is about what is no longer the last act. */
function tell(title: string, action: { readonly label: string; readonly run: () => void }): void {
  if (shown !== null) dismiss(shown);
  shown = notify({ tone: 'ok', title, action });
}

function lower(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}
