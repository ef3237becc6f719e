/** Which row the keyboard is on and which are selected, by id: rows move, what was chosen does not. */
import { create } from 'zustand';
import type { TraceRow } from '#shared/trace.ts';
import type { GridState } from './grid-keys.ts';

export type GridSelection = {
  readonly active: string | null;
  readonly anchor: string | null;
  readonly selected: ReadonlySet<string>;
};

const NOTHING: GridSelection = { active: null, anchor: null, selected: new Set() };

/** Pixels, so that coming back finds the same place. Not in the store: nothing is drawn from it. */
export const lastScroll = { top: 0 };

export const useGridSelection = create<GridSelection>()(() => NOTHING);

export function clearSelection(): void {
  useGridSelection.setState(NOTHING, true);
}

export function toIndices(selection: GridSelection, rows: readonly TraceRow[]): GridState {
  const selected = new Set<number>();
  let active = -1;
  let anchor = -1;
  if (selection === NOTHING) return { active, anchor, selected };
  rows.forEach((row, index) => {
    if (row.id === selection.active) active = index;
    if (row.id === selection.anchor) anchor = index;
    if (selection.selected.has(row.id)) selected.add(index);
  });
  return { active, anchor, selected };
}

export function toIds(state: GridState, rows: readonly TraceRow[]): GridSelection {
  const selected = new Set<string>();
  for (const index of state.selected) {
    const row = rows[index];
    if (row) selected.add(row.id);
  }
  return { active: rows[state.active]?.id ?? null, anchor: rows[state.anchor]?.id ?? null, selected };
}
