/**
 * Which rows of the tree are on show. The answer is an ascending list of row numbers, rebuilt only when something is
 * collapsed or expanded, so that scrolling is an array lookup and finding a row is a binary search.
 */
import { hasChildren, lowerBound, type SpanTable } from './span-table.ts';

/** Ids, not rows, so that it survives rows that arrive in between. */
export type Collapsed = ReadonlySet<string>;

/** `root` limits the tree to one subtree; -1 = the whole trace. */
export function visibleRows(table: SpanTable, collapsed: Collapsed, root = -1): Int32Array {
  const { count, ids, subtreeEnd } = table.columns;
  const from = root < 0 ? 0 : root;
  const to = root < 0 ? count : (subtreeEnd[root] ?? root + 1);
  const rows = new Int32Array(Math.max(0, to - from));
  let length = 0;
  for (let row = from; row < to;) {
    rows[length++] = row;
    const end = subtreeEnd[row] ?? row + 1;
    // `end > row + 1` also keeps a wrong `subtreeEnd` from making this loop stand still.
    const jump = end > row + 1 && collapsed.size > 0 && collapsed.has(ids[row] ?? '');
    row = jump ? end : row + 1;
  }
  return rows.subarray(0, length);
}

/** Index of a row in the visible list, -1 when it is hidden. */
export function visibleIndex(visible: Int32Array, row: number): number {
  const at = lowerBound(visible, row);
  return visible[at] === row ? at : -1;
}

/** Where a row is, or where the collapsed ancestor that hides it is; -1 when the list does not reach it. */
export function nearestVisibleIndex(visible: Int32Array, row: number): number {
  const at = lowerBound(visible, row);
  return visible[at] === row ? at : at - 1;
}

/** The collapsed set with every ancestor of a row open; the same set when nothing hides the row. */
export function expandTo(table: SpanTable, collapsed: Collapsed, row: number): Collapsed {
  let next: Set<string> | null = null;
  for (const ancestor of ancestors(table, row)) {
    const id = table.columns.ids[ancestor] ?? '';
    if (!collapsed.has(id)) continue;
    next ??= new Set(collapsed);
    next.delete(id);
  }
  return next ?? collapsed;
}

export function toggle(collapsed: Collapsed, spanId: string, open: boolean): Collapsed {
  if (collapsed.has(spanId) !== open) return collapsed;
  const next = new Set(collapsed);
  if (open) next.delete(spanId);
  else next.add(spanId);
  return next;
}

/** Every span that has children, below `root` or in the whole trace; a root that stands alone is left open. */
export function collapseAll(table: SpanTable, root = -1): Collapsed {
  const { count, ids, subtreeEnd } = table.columns;
  const to = root < 0 ? count : (subtreeEnd[root] ?? root + 1);
  const collapsed = new Set<string>();
  const single = root < 0 && table.setSize[0] === 1;
  for (let row = single ? 1 : root + 1; row < to; row++) if (hasChildren(table, row)) collapsed.add(ids[row] ?? '');
  return collapsed;
}

/** Rows from the parent up to the root. */
export function ancestors({ columns }: SpanTable, row: number): readonly number[] {
  const rows: number[] = [];
  // Parents stand before their children, so a row that does not decrease is corrupt and ends the walk.
  for (let at = columns.parent[row] ?? -1, last = row; at >= 0 && at < last; at = columns.parent[at] ?? -1) {
    rows.push(at);
    last = at;
  }
  return rows;
}
