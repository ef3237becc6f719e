/** What is open of the comparison of runs: kept while other views are shown, so that Back returns to it. */
import { create } from 'zustand';
import type { ItemFilter } from './model/items.ts';
import { NO_FILTER } from './model/items.ts';

export type Pane = 'criteria' | 'items' | 'charts';

type State = {
  readonly pane: Pane;
  /** Of the other runs, the one that is looked at. */
  readonly otherId: string | null;
  readonly filter: ItemFilter;
  /** Key of the chosen item; null = none. */
  readonly item: string | null;
  readonly k: number;
  /** Names of criteria whose details are open. */
  readonly open: ReadonlySet<string>;
};

const START: State = { pane: 'criteria', otherId: null, filter: NO_FILTER, item: null, k: 2, open: new Set() };

export const useCompareRuns = create<State>()(() => START);

export function setFilter(change: Partial<ItemFilter>): void {
  useCompareRuns.setState(({ filter }) => ({ filter: { ...filter, ...change } }));
}

/** The list stands elsewhere on the page when the panel beside it is gone: the focus follows it. */
export function closeItem(): void {
  useCompareRuns.setState({ item: null });
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-item-grid]')?.focus());
}

/** Other runs have other items and criteria. */
export function forgetChosen(): void {
  useCompareRuns.setState({ filter: NO_FILTER, item: null, open: new Set() });
}

export function resetCompareRuns(): void {
  useCompareRuns.setState(START);
}
