import { useSelection } from '../../../state/selection.ts';
import type { SpanTable } from '../model/span-table.ts';

/** The time cursor on the axis of this table, whose pauses may be folded; null = none, or it is a step and no time. */
export function useCursorPlace(table: SpanTable): number | null {
  const cursor = useSelection((state) => state.timeCursor);
  if (cursor === null || !table.times().timed) return null;
  return table.folded?.place(cursor) ?? cursor;
}
