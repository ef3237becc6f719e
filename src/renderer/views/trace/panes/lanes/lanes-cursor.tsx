/** The time cursor over the lanes, moved past React. */
import { useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react';
import { useSelection } from '../../../../state/selection.ts';
import { watchTimeCursor } from '../../../../state/time-cursor.ts';
import type { TimeRange } from '../../model/span-table.ts';
import { pan } from '../../model/time-axis.ts';
import type { LaneAxis } from './lane-axis.ts';
import styles from './lanes-pane.module.css';

type VeilProps = { readonly axis: LaneAxis; readonly range: TimeRange; readonly timed: boolean };

/** Over what has not happened yet. */
export function LanesVeil({ axis, range, timed }: VeilProps) {
  const veil = useRef<HTMLSpanElement>(null);
  // After each rendering: what is shown of the time has changed.
  useLayoutEffect(() =>
    watchTimeCursor((cursor) => {
      const element = veil.current;
      if (!element) return;
      const place = cursor === null ? null : axis.place(cursor);
      // A step that has begun is not veiled: it has no length that it could be in the middle of.
      const edge = place === null || timed ? place : Math.floor(place) + 1;
      const isSeen = edge !== null && edge < range.to;
      element.style.visibility = isSeen ? 'inherit' : 'hidden';
      if (!isSeen) return;
      const share = Math.max(0, (edge - range.from) / (range.to - range.from));
      element.style.transform = `translateX(${(share * 100).toFixed(3)}%)`;
      element.toggleAttribute('data-line', edge >= range.from);
    }),
  );
  return <span ref={veil} className={styles.veil} aria-hidden />;
}

/** Where a part of the axis is shown, the part moves with the cursor. */
export function useFollowCursor(axis: LaneAxis, range: TimeRange, onRange: (range: TimeRange) => void): void {
  const follow = useEffectEvent((ns: number) => {
    const cursor = axis.place(ns);
    if (cursor >= range.from && cursor <= range.to) return;
    // Room ahead, so that it does not move at each step.
    onRange(pan(range, axis.domain, cursor - range.from - (range.to - range.from) * 0.1));
  });
  useEffect(
    () =>
      useSelection.subscribe(({ timeCursor }, before) => {
        if (timeCursor !== null && timeCursor !== before.timeCursor) follow(timeCursor);
      }),
    [],
  );
}
