/**
 * Pan and zoom. The transform lives in the DOM, not in React: moving the picture draws nothing anew. While a person has
 * not moved it, the picture is kept fitted to the pane; after that it stays where they put it.
 */
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { select } from 'd3-selection';
import 'd3-transition';
import { zoom, zoomIdentity, type ZoomTransform } from 'd3-zoom';
import type { Box, Layout } from './layout-types.ts';

const CLOSEST = 2.5;
/** A small graph is not blown up beyond this. */
const FIT_MOST = 1.25;
const MOTION_MS = 140;
const PADDING = 6;
/** Smaller than this, not even names can be read. */
const UNREADABLE = 0.34;

export type Pane = { readonly width: number; readonly height: number };

export type Zoom = {
  /** Puts the whole picture in the pane, and keeps it fitted from then on. */
  readonly fit: () => void;
  readonly by: (factor: number) => void;
  /** Moves just enough to bring a box into sight; with `close`, also near enough to read. */
  readonly reveal: (box: Box, close?: boolean) => void;
  /** Puts a point of the picture in the middle of the pane. */
  readonly centre: (x: number, y: number) => void;
  readonly current: () => ZoomTransform;
  /** Called at each change of the transform and at once; returns the undo. */
  readonly onChange: (listener: (transform: ZoomTransform) => void) => () => void;
};

type Refs = {
  readonly svg: React.RefObject<SVGSVGElement | null>;
  readonly content: React.RefObject<SVGGElement | null>;
};

export function useZoom({ svg, content }: Refs, layout: Layout | null, pane: Pane | null, anchor: string | null): Zoom {
  const transform = useRef<ZoomTransform>(zoomIdentity);
  const moved = useRef(false);
  const listeners = useRef(new Set<(transform: ZoomTransform) => void>());
  const shown = useRef<{ layout: Layout; pane: Pane } | null>(null);
  /** The person asked for the whole picture, however small. */
  const whole = useRef(false);
  const latest = useRef({ layout, pane });

  const behaviour = useMemo(
    () =>
      zoom<SVGSVGElement, unknown>()
        .filter((event: MouseEvent) => event.type === 'wheel' || (event.button === 0 && !event.ctrlKey))
        .on('zoom', (event: { transform: ZoomTransform; sourceEvent: unknown }) => {
          transform.current = event.transform;
          if (event.sourceEvent) moved.current = true;
          content.current?.setAttribute('transform', event.transform.toString());
          for (const listener of listeners.current) listener(event.transform);
        }),
    [content],
  );

  const apply = useCallback(
    (next: ZoomTransform, animate: boolean) => {
      if (!svg.current) return;
      const picture = select(svg.current);
      picture.interrupt();
      if (animate && !prefersStill()) behaviour.transform(picture.transition().duration(MOTION_MS), next);
      else behaviour.transform(picture, next);
    },
    [svg, behaviour],
  );

  useEffect(() => {
    const element = svg.current;
    if (!element) return undefined;
    const picture = select<SVGSVGElement, unknown>(element);
    picture.call(behaviour).on('dblclick.zoom', null);
    return () => {
      picture.interrupt().on('.zoom', null);
    };
  }, [svg, behaviour]);

  useEffect(() => {
    latest.current = { layout, pane };
    if (!layout || !pane || pane.width === 0 || pane.height === 0) return;
    const before = shown.current;
    shown.current = { layout, pane };
    const fitted = fitTransform(layout, pane);
    // Another style of layout is another picture.
    if (before && before.layout.style !== layout.style) moved.current = false;
    const isFresh = !before || !moved.current;
    const first = fitted.k < UNREADABLE && isFresh && !whole.current ? startTransform(layout, pane) : null;
    behaviour.scaleExtent([Math.min(fitted.k, 0.4) / 2, CLOSEST]).extent([
      [0, 0],
      [pane.width, pane.height],
    ]);
    if (first) {
      apply(first, false);
      return;
    }
    if (!before || !moved.current) {
      apply(fitted, before !== null && before.layout !== layout);
      return;
    }
    // The person's view stays; what they look at stays where it is, even when the layout around it moved.
    const was = anchorPoint(before.layout, anchor);
    const is = anchorPoint(layout, anchor);
    if (was && is) apply(transform.current.translate(was.x - is.x, was.y - is.y), false);
  }, [layout, pane, anchor, apply, behaviour]);

  return useMemo<Zoom>(
    () => ({
      fit() {
        const { layout, pane } = latest.current;
        moved.current = false;
        whole.current = true;
        if (layout && pane) apply(fitTransform(layout, pane), true);
      },
      by(factor) {
        if (!svg.current) return;
        moved.current = true;
        const picture = select(svg.current);
        if (prefersStill()) behaviour.scaleBy(picture, factor);
        else behaviour.scaleBy(picture.transition().duration(MOTION_MS), factor);
      },
      reveal(box, close = false) {
        const { pane } = latest.current;
        if (!pane) return;
        const next = revealTransform(transform.current, box, pane, close);
        if (!next) return;
        moved.current = true;
        apply(next, true);
      },
      centre(x, y) {
        const { pane } = latest.current;
        if (!pane) return;
        moved.current = true;
        const { k } = transform.current;
        apply(zoomIdentity.translate(pane.width / 2 - x * k, pane.height / 2 - y * k).scale(k), false);
      },
      current: () => transform.current,
      onChange(listener) {
        const set = listeners.current;
        set.add(listener);
        listener(transform.current);
        return () => set.delete(listener);
      },
    }),
    [apply, behaviour, svg],
  );
}

/** Of a picture too big to read as a whole: its beginning, near enough to read. The minimap shows the rest. */
export function startTransform(layout: Layout, pane: Pane): ZoomTransform {
  const k = 0.6;
  const start = anchorPoint(layout, null) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [x, y] = layout.direction === 'LR' ? [6 * PADDING, pane.height / 2] : [pane.width / 2, 6 * PADDING];
  const [dx, dy] =
    layout.direction === 'LR' ? [start.x, start.y + start.height / 2] : [start.x + start.width / 2, start.y];
  // As much of the picture as there is room for, rather than the ground beside it.
  const within = (shift: number, size: number, room: number): number =>
    size * k <= room ? (room - size * k) / 2 : Math.min(PADDING, Math.max(room - size * k - PADDING, shift));
  return zoomIdentity
    .translate(within(x - dx * k, layout.width, pane.width), within(y - dy * k, layout.height, pane.height))
    .scale(k);
}

export function fitTransform(layout: Pick<Layout, 'width' | 'height'>, pane: Pane): ZoomTransform {
  const k = Math.min(FIT_MOST, (pane.width - PADDING) / layout.width, (pane.height - PADDING) / layout.height);
  const scale = Math.max(k, 0.01);
  return zoomIdentity
    .translate((pane.width - layout.width * scale) / 2, (pane.height - layout.height * scale) / 2)
    .scale(scale);
}

/** Null when the box is in sight and big enough already. */
export function revealTransform(now: ZoomTransform, box: Box, pane: Pane, close: boolean): ZoomTransform | null {
  const k = close ? Math.max(now.k, 0.9) : now.k;
  const x = now.applyX(box.x);
  const y = now.applyY(box.y);
  const inSight = x >= 0 && y >= 0 && x + box.width * now.k <= pane.width && y + box.height * now.k <= pane.height;
  if (inSight && k === now.k) return null;
  return zoomIdentity
    .translate(pane.width / 2 - (box.x + box.width / 2) * k, pane.height / 2 - (box.y + box.height / 2) * k)
    .scale(k);
}

function anchorPoint(layout: Layout, anchor: string | null): Box | undefined {
  const wanted = anchor === null ? undefined : layout.nodes.get(anchor);
  if (wanted) return wanted;
  for (const first of layout.nodes.values()) return first;
  return undefined;
}

function prefersStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
