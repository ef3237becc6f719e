/** Steps from one span to another: errors, siblings, parent and first child. Rows in, rows out; -1 = nowhere to go. */
import { hasChildren, lowerBound, type SpanTable } from './span-table.ts';

/** The error after (or before) a row, around the end; `row` -1 = nothing selected. */
export function nextError({ errorRows }: SpanTable, row: number, direction: 1 | -1): number {
  return nextIn(errorRows, row, direction);
}

/** The next entry of an ascending list of rows after (or before) `row`, around the end. */
export function nextIn(rows: Int32Array, row: number, direction: 1 | -1): number {
  if (rows.length === 0) return -1;
  const at = direction === 1 ? lowerBound(rows, row + 1) : row < 0 ? -1 : lowerBound(rows, row) - 1;
  return rows[(at + rows.length) % rows.length] ?? -1;
}

export function nextSibling({ columns }: SpanTable, row: number, direction: 1 | -1): number {
  const parent = columns.parent[row] ?? -1;
  if (direction === 1) {
    const next = columns.subtreeEnd[row] ?? row + 1;
    return next < columns.count && (columns.parent[next] ?? -1) === parent ? next : -1;
  }
  // The row before belongs to the previous sibling's subtree: climb from it to our level.
  let at = row - 1;
  while (at > parent && at >= 0) {
    const up = columns.parent[at] ?? -1;
    if (up === parent) return at;
    if (up >= at) return -1;
    at = up;
  }
  return -1;
}

export function parentOf({ columns }: SpanTable, row: number): number {
  return columns.parent[row] ?? -1;
}

export function firstChild(table: SpanTable, row: number): number {
  return hasChildren(table, row) ? row + 1 : -1;
}
