/** Where the log stands when entries arrive: at its end for who was there, else at what was being read. */
import { useLayoutEffect, useRef, type RefObject } from 'react';
import type { SpanTable } from '../../model/span-table.ts';
import { lowerBound } from '../../model/span-table.ts';
import { ROW_HEIGHT } from '../../tree/use-row-window.ts';
import type { LogRows } from './log-rows.ts';

type Anchor = { readonly spanId: string; readonly end: boolean; readonly offset: number };

export function useFollow(
  scroller: RefObject<HTMLDivElement | null>,
  table: SpanTable,
  log: LogRows,
  places: Int32Array | null,
  onMoved: () => void,
): void {
  const seen = useRef(log);
  const atEnd = useRef(false);
  const anchor = useRef<Anchor | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    if (seen.current !== log) {
      seen.current = log;
      if (atEnd.current) element.scrollTop = element.scrollHeight;
      else if (anchor.current) {
        const { spanId, end, offset } = anchor.current;
        const row = table.rowOf(spanId);
        const place = (end ? log.last[row] : log.first[row]) ?? -1;
        const index = places ? lowerBound(places, place) : place;
        if (row >= 0 && place >= 0) element.scrollTop = index * ROW_HEIGHT + offset;
      }
      onMoved();
    }
    function remember(): void {
      if (!element) return;
      const { scrollTop, scrollHeight, clientHeight } = element;
      const running = table.times().running.includes(1);
      // A short log of a finished trace is at both ends: it stays at its beginning.
      atEnd.current = scrollHeight - scrollTop - clientHeight < 4 && (scrollTop > 0 || running);
      const index = Math.floor(scrollTop / ROW_HEIGHT);
      const place = places ? (places[index] ?? -1) : index;
      const id = table.columns.ids[log.span[place] ?? -1];
      anchor.current =
        id === undefined || scrollTop === 0
          ? null
          : { spanId: id, end: log.last[log.span[place] ?? -1] === place, offset: scrollTop - index * ROW_HEIGHT };
    }
    remember();
    element.addEventListener('scroll', remember, { passive: true });
    return () => element.removeEventListener('scroll', remember);
  }, [scroller, table, log, places, onMoved]);
}
