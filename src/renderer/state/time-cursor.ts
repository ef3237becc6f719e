/** The time cursor past React: what moves with it in every frame need not be rendered anew for that. */
import { useSelection } from './selection.ts';

/** Calls the listener at once and at every change, until the returned undo. Nanoseconds; null = no cursor. */
export function watchTimeCursor(listener: (cursor: number | null) => void): () => void {
  listener(useSelection.getState().timeCursor);
  return useSelection.subscribe(({ timeCursor }, before) => {
    if (timeCursor !== before.timeCursor) listener(timeCursor);
  });
}
