import { useMemo } from 'react';
import { useEngine } from '../../../data/engine.ts';
import { useFindText } from '../../../widgets/find-text.ts';
import type { SpanTable } from '../model/span-table.ts';

/** Rows that "find in trace" has found, ascending, for a pane that marks them; null = nothing is looked for. */
export function useFound(traceId: string, table: SpanTable): Int32Array | null {
  const text = useFindText();
  // The question that the tree asks too: one answer serves both.
  const { data } = useEngine('trace.find', { traceId, text }, { enabled: text !== '' });
  return useMemo(() => {
    if (text === '' || !data) return null;
    return Int32Array.from(data.spanIds.map((id) => table.rowOf(id)).filter((row) => row >= 0)).sort();
  }, [text, data, table]);
}
