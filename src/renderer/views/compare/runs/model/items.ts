/** Rows of the item table that fit a filter, and how many fit each: over columns, as there may be tens of thousands. */
import type { ComparedItems, ItemChange } from '#shared/comparison.ts';
import { ITEM_CHANGES } from '#shared/comparison.ts';

export type ChangeFilter = ItemChange | 'all';

export type ItemFilter = {
  readonly change: ChangeFilter;
  /** Only rows in which some value, or whether it is there, differs between the sides. */
  readonly differing: boolean;
  /** Index of a criterion: changes are then those under it alone, and the rows in its order. */
  readonly criterion: number | null;
  readonly agent: string | null;
  readonly tool: string | null;
  readonly text: string;
};

export const NO_FILTER: ItemFilter = {
  change: 'all',
  differing: false,
  criterion: null,
  agent: null,
  tool: null,
  text: '',
};

export type Named = { readonly name: string; readonly count: number };

export type FilteredItems = {
  /** Rows of `ComparedItems`, in the order in which they are shown. */
  readonly rows: Int32Array;
  /** Of the rows that fit all but the filter by change. */
  readonly counts: Readonly<Record<ItemChange, number>>;
  readonly all: number;
};

const NAMES = 300;

/** What a row is: of the whole item, or under one criterion. `lessIsBetter` by criterion. */
export function changeOf(
  items: ComparedItems,
  row: number,
  criterion: number | null,
  lessIsBetter: readonly boolean[],
): ItemChange {
  const whole = ITEM_CHANGES[items.change[row] ?? 0] ?? 'same';
  if (criterion === null || whole === 'only in A' || whole === 'only in B') return whole;
  const [a, b] = valuesAt(items, row, criterion);
  if (Number.isNaN(a) || Number.isNaN(b)) return whole === 'errored' ? 'errored' : 'same';
  if (a === b) return 'same';
  return b > a !== (lessIsBetter[criterion] ?? false) ? 'fixed' : 'regressed';
}

export function valuesAt(items: ComparedItems, row: number, criterion: number): readonly [a: number, b: number] {
  const at = row * items.criteria.length + criterion;
  return [items.valuesA[at] ?? Number.NaN, items.valuesB[at] ?? Number.NaN];
}

/** Under the chosen criterion, or under any. */
export function differs(items: ComparedItems, row: number, criterion: number | null): boolean {
  const from = criterion ?? 0;
  const to = criterion === null ? items.criteria.length : criterion + 1;
  for (let k = from; k < to; k++) {
    const [a, b] = valuesAt(items, row, k);
    if (a !== b && !(Number.isNaN(a) && Number.isNaN(b))) return true;
  }
  // Neither has a verdict there, yet the items are not alike: one is missing, or errored.
  return criterion === null && (ITEM_CHANGES[items.change[row] ?? 0] ?? 'same') !== 'same';
}

export function filterItems(
  items: ComparedItems,
  filter: ItemFilter,
  lessIsBetter: readonly boolean[] = [],
): FilteredItems {
  const counts: Record<ItemChange, number> = {
    fixed: 0,
    regressed: 0,
    same: 0,
    'only in A': 0,
    'only in B': 0,
    errored: 0,
  };
  const rows: number[] = [];
  const { criterion, agent, tool } = filter;
  const text = filter.text.trim().toLowerCase();
  let all = 0;
  for (let row = 0; row < items.keys.length; row++) {
    if (filter.differing && !differs(items, row, criterion)) continue;
    if (agent !== null && !(items.agents[row]?.includes(agent) ?? false)) continue;
    if (tool !== null && !(items.tools[row]?.includes(tool) ?? false)) continue;
    if (text !== '' && !holds(items.titles[row], text) && !holds(items.keys[row], text)) continue;
    const change = changeOf(items, row, criterion, lessIsBetter);
    counts[change]++;
    all++;
    if (filter.change === 'all' || filter.change === change) rows.push(row);
  }
  if (criterion !== null) rows.sort(byLoss(items, criterion, lessIsBetter[criterion] ?? false));
  return { rows: Int32Array.from(rows), counts, all };
}

/** The most regressed first, rows without both values last. */
function byLoss(items: ComparedItems, criterion: number, less: boolean): (one: number, other: number) => number {
  const gain = (row: number): number => {
    const [a, b] = valuesAt(items, row, criterion);
    return Number.isNaN(a) || Number.isNaN(b) ? Number.POSITIVE_INFINITY : less ? a - b : b - a;
  };
  const gains = new Map<number, number>();
  const of = (row: number): number => {
    const known = gains.get(row);
    if (known !== undefined) return known;
    const value = gain(row);
    gains.set(row, value);
    return value;
  };
  return (one, other) => {
    const [a, b] = [of(one), of(other)];
    return a === b ? one - other : a < b ? -1 : 1;
  };
}

function holds(text: string | undefined, part: string): boolean {
  return text !== undefined && text.toLowerCase().includes(part);
}

/** Agents or tools that occur, the most frequent first. */
export function namesIn(lists: readonly (readonly string[])[]): readonly Named[] {
  const counts = new Map<string, number>();
  for (const list of lists) for (const name of new Set(list)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1))
    .slice(0, NAMES);
}
