import type { SpanColumns } from '#shared/trace.ts';

const known = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** Row by span id: one map for all panes that ask about the same columns, made on the first question. */
export function rowIndex({ ids }: Pick<SpanColumns, 'ids'>): ReadonlyMap<string, number> {
  const before = known.get(ids);
  if (before) return before;
  const rows = new Map(ids.map((id, row) => [id, row]));
  known.set(ids, rows);
  return rows;
}
