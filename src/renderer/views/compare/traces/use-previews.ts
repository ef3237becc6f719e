import { useMemo } from 'react';
import type { SpanPreview } from '#shared/event-log.ts';
import { PREVIEW_SPANS } from '#shared/event-log.ts';
import { useEngine } from '../../../data/engine.ts';
import type { Side } from './model/sides.ts';

/** Rows are asked for in blocks, so that scrolling by a line asks for nothing. */
const BLOCK = 50;

/** What the spans of some lines were given and gave, in a line each, by row. */
export function usePreviews(
  side: Side,
  rows: Int32Array,
  first: number,
  last: number,
): ReadonlyMap<number, SpanPreview> {
  const from = Math.floor(first / BLOCK) * BLOCK;
  const to = Math.min(rows.length, (Math.floor(last / BLOCK) + 1) * BLOCK);
  const spanIds = useMemo(() => {
    const ids: string[] = [];
    for (let line = from; line < to && ids.length < PREVIEW_SPANS; line++) {
      const row = rows[line] ?? -1;
      const id = row < 0 ? null : side.at(row).spanId;
      if (id !== null) ids.push(id);
    }
    return ids;
  }, [side, rows, from, to]);
  const { data } = useEngine(
    'trace.previews',
    { traceId: side.address ?? '', spanIds },
    { enabled: side.address !== null && spanIds.length > 0, keepPrevious: true },
  );
  return useMemo(() => new Map((data ?? []).map((preview) => [side.rowOf(preview.spanId), preview])), [data, side]);
}
