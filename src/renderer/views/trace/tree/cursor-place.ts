import type { SpanTable } from '../model/span-table.ts';

/** The time cursor on the axis of this table, whose pauses may be folded; null = none, or it is a step and no time. */
export function cursorPlace(table: SpanTable, cursor: number | null): number | null {
  if (cursor === null || !table.times().timed) return null;
  return table.folded?.place(cursor) ?? cursor;
}
