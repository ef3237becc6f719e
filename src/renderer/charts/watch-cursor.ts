/** The time cursor for pictures: past React for what moves with it, or as a value that seldom changes. */
import { useCallback, useSyncExternalStore } from 'react';

/** Calls the listener at once and at every change until the returned undo; null = no cursor. */
export type WatchCursor = (listener: (cursor: number | null) => void) => () => void;

/** What `select` makes of the cursor. Renders anew when that changes, so it should be as coarse as what is drawn. */
export function useAtCursor<T extends number | string | boolean | null>(
  watch: WatchCursor,
  select: (cursor: number | null) => T,
): T {
  const subscribe = useCallback((tell: () => void) => watch(tell), [watch]);
  return useSyncExternalStore(subscribe, () => select(cursorNow(watch)));
}

export function cursorNow(watch: WatchCursor): number | null {
  let now: number | null = null;
  watch((cursor) => {
    now = cursor;
  })();
  return now;
}
