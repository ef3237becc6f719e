import type { AppError } from '#shared/result.ts';
import type { SpanColumns, TraceRow } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { wholeSession } from '../header/session-place.tsx';
import { createSpanTable, type SpanTable } from '../model/span-table.ts';

const tables = new WeakMap<SpanColumns, SpanTable>();

/** The spans of the open trace for a pane: the answer that the tree is drawn from, its table made once for all panes. */
export function useTraceTable(traceId: string): {
  readonly open: { readonly trace: TraceRow; readonly table: SpanTable } | null;
  readonly error: AppError | null;
  readonly refetch: () => void;
} {
  const { data, error, refetch } = useEngine('trace.open', { traceId });
  if (!data) return { open: null, error, refetch };
  let table = tables.get(data.columns);
  if (!table) {
    table = createSpanTable(data.columns, wholeSession(data.trace) !== null);
    tables.set(data.columns, table);
  }
  return { open: { trace: data.trace, table }, error, refetch };
}
