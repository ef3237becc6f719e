/**
 * Which of many equally high rows are near the viewport. Moves in steps of several rows, so that most scroll events
 * cause no rendering at all; costs nothing that grows with the number of rows.
 */
import { useCallback, useLayoutEffect, useState, type RefObject } from 'react';

export const ROW_HEIGHT = 26;
const STEP = 4;
/** Rows drawn beyond the viewport on either side, so that a fast scroll meets rows and not a void. */
const OVERSCAN = 6;

export type RowWindow = {
  readonly first: number;
  /** Exclusive. */
  readonly last: number;
  /** The window never holds more rows than this; constant while the viewport keeps its height. */
  readonly slots: number;
};

export type RowScroller = {
  readonly window: RowWindow;
  /** Whole rows that fit. */
  readonly page: number;
  readonly onScroll: () => void;
  /** Brings a row into view: by the shortest way when it is near, else to the middle. */
  readonly reveal: (index: number) => void;
};

export function rowWindow(scrollTop: number, height: number, count: number): RowWindow {
  const top = Math.floor(scrollTop / ROW_HEIGHT / STEP) * STEP - OVERSCAN;
  const rows = Math.ceil(height / ROW_HEIGHT / STEP) * STEP + STEP + 2 * OVERSCAN;
  const first = Math.max(0, Math.min(top, count - 1));
  return { first, last: Math.min(count, Math.max(0, top) + rows), slots: rows };
}

/** Where to scroll so that a row is in view; null when it is. */
export function scrollToReveal(index: number, scrollTop: number, height: number): number | null {
  const top = index * ROW_HEIGHT;
  const bottom = top + ROW_HEIGHT;
  if (top >= scrollTop && bottom <= scrollTop + height) return null;
  const near = 3 * ROW_HEIGHT;
  if (top < scrollTop && top >= scrollTop - near) return top;
  if (bottom > scrollTop + height && bottom <= scrollTop + height + near) return bottom - height;
  return Math.max(0, top - (height - ROW_HEIGHT) / 2);
}

export function useRowWindow(scroller: RefObject<HTMLElement | null>, count: number): RowScroller {
  const [box, setBox] = useState({ top: 0, height: 0 });

  const read = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const top = Math.floor(element.scrollTop / ROW_HEIGHT / STEP) * STEP * ROW_HEIGHT;
    const height = element.clientHeight;
    setBox((before) => (before.top === top && before.height === height ? before : { top, height }));
  }, [scroller]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, read]);

  const reveal = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (!element || index < 0) return;
      const to = scrollToReveal(index, element.scrollTop, element.clientHeight);
      if (to === null) return;
      element.scrollTop = to;
      read();
    },
    [scroller, read],
  );

  return {
    window: rowWindow(box.top, box.height, count),
    page: Math.max(1, Math.floor(box.height / ROW_HEIGHT) - 1),
    onScroll: read,
    reveal,
  };
}
