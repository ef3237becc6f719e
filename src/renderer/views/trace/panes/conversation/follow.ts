/** The conversation at the time cursor: which entries have not happened yet, and where what happens now stands. */
import { useCallback, useEffect, useEffectEvent, useMemo, useRef } from 'react';
import type { ConversationEntry } from '#shared/graph.ts';
import type { SpanColumns } from '#shared/trace.ts';
import { useSelection } from '../../../../state/selection.ts';
import { stateAt, timesOf } from '../../model/moments.ts';
import { rowIndex } from '../../model/row-index.ts';
import { isInside, useSubtree } from '../../model/subtree.ts';
import { usePlayback } from '../../playback/playback-store.ts';

export type Presence = 'later' | 'outside' | 'now';

/**
 * `later` = not begun at the cursor; `outside` = not in the subtree that is looked at. Renders anew only when that changes
 * for one of those that are shown.
 */
export function usePresence(
  columns: SpanColumns | null,
  shown: readonly (string | undefined)[],
): (spanId: string) => Presence {
  const range = useSubtree(columns);
  const times = useMemo(() => (columns ? timesOf(columns) : null), [columns]);
  const presence = useCallback(
    (spanId: string): Presence => {
      const cursor = useSelection.getState().timeCursor;
      const row = columns && (cursor !== null || range) ? (rowIndex(columns).get(spanId) ?? -1) : -1;
      if (row < 0) return 'now';
      if (cursor !== null && times && stateAt(times, row, cursor) === 'before') return 'later';
      return isInside(range, row) ? 'now' : 'outside';
    },
    [columns, range, times],
  );
  useSelection(({ timeCursor }) =>
    timeCursor === null ? '' : shown.map((id) => (id === undefined ? '' : presence(id)[0])).join(''),
  );
  return presence;
}

/** Index of the last entry that has begun, among entries in order of their start; -1 = none. */
export function lastBegun(
  entries: readonly Pick<ConversationEntry, 'spanId'>[],
  isLater: (spanId: string) => boolean,
): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry && !isLater(entry.spanId)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

type FollowArgs = {
  /** All of them, or null while some are not here. */
  readonly entries: readonly ConversationEntry[] | null;
  readonly presence: (spanId: string) => Presence;
  readonly scrollTo: (index: number) => void;
  /** Asks the engine where a span stands. */
  readonly search: (spanId: string) => Promise<number | null>;
};

/** Scrolls along with playback. One question at a time: what happened meanwhile is asked about next. */
export function useFollowPlayback({ entries, presence, scrollTo, search }: FollowArgs): void {
  const moves = usePlayback((state) => state.moves);
  const seen = useRef(moves);
  const asking = useRef(false);
  const found = useEffectEvent((index: number | null, span: string) => {
    asking.current = false;
    if (index !== null && index >= 0) scrollTo(index);
    if (usePlayback.getState().span !== span) follow();
  });
  const follow = useEffectEvent(() => {
    if (entries) {
      const index = lastBegun(entries, (id) => presence(id) === 'later');
      if (index >= 0) scrollTo(index);
      return;
    }
    const { span } = usePlayback.getState();
    if (span === null || asking.current) return;
    asking.current = true;
    search(span).then(
      (index) => found(index, span),
      () => found(null, span),
    );
  });
  useEffect(() => {
    if (seen.current === moves) return;
    seen.current = moves;
    follow();
  }, [moves]);
}
