/** The subtree that alone is looked at, as rows, for every pane that can dim what is outside of it. */
import { useMemo } from 'react';
import type { SpanColumns } from '#shared/trace.ts';
import { useSelection } from '../../../state/selection.ts';
import { rowIndex } from './row-index.ts';

/** Rows `from` up to, without, `to`. */
export type RowRange = { readonly from: number; readonly to: number };

/** Null = nothing is outside: the whole trace is looked at, or the span is not in these columns. */
export function useSubtree(columns: SpanColumns | null | undefined): RowRange | null {
  const subtree = useSelection((state) => state.subtree);
  return useMemo(() => (columns ? subtreeRange(columns, subtree) : null), [columns, subtree]);
}

export function subtreeRange(columns: SpanColumns, spanId: string | null): RowRange | null {
  const from = spanId === null ? -1 : (rowIndex(columns).get(spanId) ?? -1);
  return from < 0 ? null : { from, to: Math.max(from + 1, columns.subtreeEnd[from] ?? 0) };
}

export function isInside(range: RowRange | null, row: number): boolean {
  return range === null || (row >= range.from && row < range.to);
}
