/** How the list moves: to what is selected, with what arrives, and along the time axis. */
import { useEffect, useEffectEvent, useLayoutEffect, useRef, type RefObject } from 'react';
import { pan, zoom } from '../model/time-axis.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { nearestVisibleIndex } from '../model/visible-rows.ts';
import { usePlayback } from '../playback/playback-store.ts';
import { ROW_HEIGHT } from './use-row-window.ts';

/** Arrow keys work at once in an opened trace, unless the person is already somewhere else. */
export function useFirstFocus(tree: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const active = document.activeElement;
    if (active === null || active === document.body) tree.current?.focus({ preventScroll: true });
  }, [tree]);
}

/** Scrolls to the selected span whenever another one is selected, wherever that happened, or it is asked for again. */
export function useRevealSelection(tree: SpanTree, reveal: (index: number) => void): void {
  const { visible, selected, table, reveals } = tree;
  const last = useRef<{ id: string | null; reveals: number }>({ id: null, reveals });
  const id = selected < 0 ? null : (table.columns.ids[selected] ?? null);
  useLayoutEffect(() => {
    if (last.current.id === id && last.current.reveals === reveals) return;
    last.current = { id, reveals };
    if (id !== null) reveal(nearestVisibleIndex(visible, selected));
  }, [id, selected, visible, reveals, reveal]);
}

/** While playback runs, what happens is in sight; where its span is collapsed, what hides it is. */
export function useFollowPlayback(tree: SpanTree, reveal: (index: number) => void): void {
  const moves = usePlayback((state) => state.moves);
  const seen = useRef(moves);
  const follow = useEffectEvent(() => {
    const { span } = usePlayback.getState();
    const row = span === null ? -1 : tree.table.rowOf(span);
    if (row >= 0) reveal(nearestVisibleIndex(tree.visible, row));
  });
  useLayoutEffect(() => {
    if (seen.current === moves) return;
    seen.current = moves;
    follow();
  }, [moves]);
}

/** When spans arrive above what is being read, what is being read stays where it is. */
export function useStayInPlace(scroller: RefObject<HTMLDivElement | null>, { table, visible }: SpanTree): void {
  const anchor = useRef<{ id: string; offset: number } | null>(null);
  const seen = useRef(table);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    if (seen.current !== table) {
      seen.current = table;
      const row = anchor.current ? table.rowOf(anchor.current.id) : -1;
      if (anchor.current && row >= 0) {
        const top = nearestVisibleIndex(visible, row) * ROW_HEIGHT + anchor.current.offset;
        if (top !== element.scrollTop) element.scrollTop = top;
      }
    }
    function remember(): void {
      if (!element) return;
      const index = Math.floor(element.scrollTop / ROW_HEIGHT);
      // At the very top, new first rows may show themselves.
      const id = index === 0 ? undefined : table.columns.ids[visible[index] ?? -1];
      anchor.current = id === undefined ? null : { id, offset: element.scrollTop - index * ROW_HEIGHT };
    }
    remember();
    element.addEventListener('scroll', remember, { passive: true });
    return () => element.removeEventListener('scroll', remember);
  }, [scroller, table, visible]);
}

/** Ctrl+wheel zooms at the pointer; Shift+wheel or a sideways wheel moves along the axis. */
export function useWheelZoom(
  scroller: RefObject<HTMLDivElement | null>,
  lanes: RefObject<HTMLDivElement | null>,
  tree: SpanTree,
): void {
  const wheel = useEffectEvent((event: WheelEvent) => {
    const bounds = lanes.current?.getBoundingClientRect();
    if (!bounds || bounds.width <= 0) return;
    const { range, table } = tree;
    const width = range.to - range.from;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const anchor = range.from + Math.min(1, Math.max(0, (event.clientX - bounds.left) / bounds.width)) * width;
      tree.setRange(zoom(range, table.domain, anchor, Math.exp(Math.max(-80, Math.min(80, event.deltaY)) * 0.008)));
      return;
    }
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (sideways === 0 || !tree.zoomed) return;
    event.preventDefault();
    tree.setRange(pan(range, table.domain, (sideways / bounds.width) * width));
  });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const listener = (event: WheelEvent): void => wheel(event);
    // React's own wheel listeners are passive and cannot keep the page from zooming.
    element.addEventListener('wheel', listener, { passive: false });
    return () => element.removeEventListener('wheel', listener);
  }, [scroller]);
}
