/**
 * Edits of a dataset that are not saved yet, kept while its view is away. Each act is one step to take back; saving makes
 * one version of all of them. Pure, with one store at the end.
 */
import { create } from 'zustand';
import type { DatasetEdit, DatasetExample } from '#shared/dataset.ts';

/** Rows that are new have ids of their own until they are saved. */
export type Edits = {
  readonly changed: ReadonlyMap<string, DatasetExample>;
  readonly removed: ReadonlySet<string>;
  readonly added: ReadonlyMap<string, DatasetExample>;
};

export type Draft = {
  /** The version that is edited. */
  readonly base: number;
  readonly now: Edits;
  readonly past: readonly Edits[];
  readonly future: readonly Edits[];
};

export const NO_EDITS: Edits = { changed: new Map(), removed: new Set(), added: new Map() };
const NEW = 'new:';
/** Steps that can be taken back. */
const MOST_STEPS = 200;

export type GridRow = {
  readonly id: string;
  readonly example: DatasetExample;
  readonly state: 'kept' | 'changed' | 'added' | 'removed';
};

/** As the grid shows them: kept ones in their order, new ones behind. */
export function rowsWith(kept: readonly DatasetExample[], edits: Edits): GridRow[] {
  const rows = kept.map((example): GridRow => {
    const { key } = example;
    if (edits.removed.has(key)) return { id: key, example, state: 'removed' };
    const changed = edits.changed.get(key);
    return changed ? { id: key, example: changed, state: 'changed' } : { id: key, example, state: 'kept' };
  });
  for (const [id, example] of edits.added) rows.push({ id, example, state: 'added' });
  return rows;
}

export function countEdits({ changed, removed, added }: Edits): number {
  return changed.size + removed.size + added.size;
}

/** @param original as it is saved; null = the row is new */
export function putExample(edits: Edits, id: string, example: DatasetExample, original: DatasetExample | null): Edits {
  if (original === null) return { ...edits, added: new Map(edits.added).set(id, example) };
  const changed = new Map(edits.changed);
  if (JSON.stringify(example) === JSON.stringify(original)) changed.delete(id);
  else changed.set(id, example);
  return { ...edits, changed };
}

export function addExample(edits: Edits): { readonly edits: Edits; readonly id: string } {
  const id = `${NEW}${crypto.randomUUID()}`;
  const example: DatasetExample = {
    key: '',
    item: {},
    input: null,
    expectedOutput: null,
    expectedTrajectory: null,
    origin: { kind: 'hand' },
  };
  return { id, edits: { ...edits, added: new Map(edits.added).set(id, example) } };
}

/** New rows are gone at once; others are marked until they are saved. All of them marked already: they come back. */
export function removeRows(edits: Edits, ids: readonly string[]): Edits {
  const added = new Map(edits.added);
  const removed = new Set(edits.removed);
  const kept = ids.filter((id) => !added.delete(id));
  const back = kept.length > 0 && kept.every((id) => removed.has(id));
  for (const id of kept) {
    if (back) removed.delete(id);
    else removed.add(id);
  }
  return { ...edits, added, removed };
}

export function editsToSave({ changed, removed, added }: Edits): DatasetEdit[] {
  return [
    ...[...changed].flatMap(([id, example]) => (removed.has(id) ? [] : [{ op: 'put', example } as const])),
    ...[...removed].map((key) => ({ op: 'remove', key }) as const),
    // One that says nothing is none.
    ...[...added.values()]
      .filter((example) => !isBlank(example))
      .map(({ key, ...example }) => ({ op: 'put', example: key === '' ? example : { key, ...example } }) as const),
  ];
}

function isBlank({ key, item, input, expectedOutput, expectedTrajectory }: DatasetExample): boolean {
  return (
    key === '' &&
    input === null &&
    expectedOutput === null &&
    expectedTrajectory === null &&
    Object.keys(item).length === 0
  );
}

export const useDatasetDrafts = create<{ readonly drafts: Readonly<Record<string, Draft>> }>()(() => ({ drafts: {} }));

function set(id: string, draft: Draft | null): void {
  useDatasetDrafts.setState(({ drafts }) => {
    const { [id]: _old, ...others } = drafts;
    return { drafts: draft === null ? others : { ...others, [id]: draft } };
  });
}

/** One act. `base` is the version on the screen. */
export function act(id: string, base: number, change: (edits: Edits) => Edits): void {
  const draft = useDatasetDrafts.getState().drafts[id] ?? { base, now: NO_EDITS, past: [], future: [] };
  const now = change(draft.now);
  if (now === draft.now) return;
  set(id, { ...draft, now, past: [...draft.past, draft.now].slice(-MOST_STEPS), future: [] });
}

/** False when there is nothing unsaved to take back. */
export function undoAct(id: string): boolean {
  const draft = useDatasetDrafts.getState().drafts[id];
  const before = draft?.past.at(-1);
  if (!draft || !before) return false;
  set(id, { ...draft, now: before, past: draft.past.slice(0, -1), future: [...draft.future, draft.now] });
  return true;
}

export function redoAct(id: string): boolean {
  const draft = useDatasetDrafts.getState().drafts[id];
  const after = draft?.future.at(-1);
  if (!draft || !after) return false;
  set(id, { ...draft, now: after, past: [...draft.past, draft.now], future: draft.future.slice(0, -1) });
  return true;
}

export function discardDraft(id: string): void {
  set(id, null);
}

/** The edits count against another version from now on. */
export function rebaseDraft(id: string, base: number): void {
  const draft = useDatasetDrafts.getState().drafts[id];
  if (draft) set(id, { ...draft, base });
}
