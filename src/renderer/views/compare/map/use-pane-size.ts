import { useCallback, useState } from 'react';
import type { Pane } from '../../../charts/graph/use-zoom.ts';

/** The size of an element, followed; null before it is on screen. Give the first item as its `ref`. */
export function usePaneSize(): readonly [(element: HTMLElement | null) => (() => void) | undefined, Pane | null] {
  const [size, setSize] = useState<Pane | null>(null);
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      if (width > 0 && height > 0) setSize({ width: Math.round(width), height: Math.round(height) });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
