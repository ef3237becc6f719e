/**
 * The picture of the lanes: heads and axis in HTML, bars on a canvas. The wheel scrolls, Ctrl+wheel zooms, a drag pans,
 * a click selects; arrows walk from piece to piece and from lane to lane.
 */
import {
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
} from 'react';
import type { SpanColumns } from '#shared/trace.ts';
import { useSelection } from '../../../../state/selection.ts';
import { resolveColour } from '../../../../theme/resolve-colour.ts';
import { useThemeRevision } from '../../../../theme/theme.ts';
import { visibleString } from '../../../../widgets/visible-text.ts';
import { usePlaces } from '../../annotations/use-places.ts';
import type { TimeRange } from '../../model/span-table.ts';
import { useSubtree } from '../../model/subtree.ts';
import { brush, pan, ticks, timeLabel, zoom } from '../../model/time-axis.ts';
import { CursorLine } from '../../playback/cursor-line.tsx';
import { useAgentPaint } from '../../tree/agent-paint.ts';
import { usePaneSize } from '../use-pane-size.ts';
import { drawLanes, type LaneColours } from './draw-lanes.ts';
import type { LaneModel } from './lane-model.ts';
import { indexAtY, laneAtY, pieceAt } from './lane-model.ts';
import { LaneHeadNote, LaneNotes, useBrush } from './lane-notes.tsx';
import { stepInLane, stepLane } from './lane-walk.ts';
import { pieceLabels, pieceSentence } from './lane-words.ts';
import { LanesVeil, useFollowCursor } from './lanes-cursor.tsx';
import styles from './lanes-pane.module.css';

const HEADS = 132;
/** How far from a thin bar still means it, in pixels. */
const REACH = 4;

type Props = {
  readonly model: LaneModel;
  readonly columns: SpanColumns | null;
  readonly onlyPath: boolean;
  readonly range: TimeRange;
  readonly onRange: (range: TimeRange) => void;
  /** A drag marks a stretch of time instead of moving the picture; with Shift it always does. */
  readonly marking: boolean;
};

export function LanesPicture({ model, columns, onlyPath, range, onRange, marking }: Props) {
  const [frame, size] = usePaneSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const hold = useCallback(
    (element: HTMLDivElement | null) => {
      scroller.current = element;
      return frame(element);
    },
    [frame],
  );
  const [scrollTop, setScrollTop] = useState(0);
  const theme = useThemeRevision();
  const paint = useAgentPaint();
  const colours = useMemo(() => readColours(theme), [theme]);
  const spanId = useSelection((state) => state.spanId);
  const hoveredSpan = useSelection((state) => state.hovered);
  const { selectSpan, hover, setTimeCursor } = useSelection.getState();
  const [pointed, setPointed] = useState(-1);
  const [focused, setFocused] = useState(-1);

  const width = Math.max(1, (size?.width ?? 0) - HEADS);
  const height = size?.height ?? 0;
  const { axis, data } = model;
  const marks = useMemo(
    () => (data.timed ? ticks(range, width, 72, axis.gaps.length > 0 ? axis.real : undefined) : []),
    [data, range, width, axis],
  );
  const selected = useMemo(() => (spanId === null ? [] : model.piecesOf(spanId)), [model, spanId]);
  useFollowCursor(axis, range, onRange);
  const subtree = useSubtree(columns);
  const label = useMemo(() => pieceLabels(model, columns), [model, columns]);
  const hovered = pointed >= 0 ? pointed : hoveredSpan === null ? -1 : (model.piecesOf(hoveredSpan)[0] ?? -1);

  useEffect(() => {
    const element = canvas.current;
    if (!element || !size) return undefined;
    const request = requestAnimationFrame(() => {
      const scale = window.devicePixelRatio || 1;
      const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
      if (element.width !== w) element.width = w;
      if (element.height !== h) element.height = h;
      const context = element.getContext('2d', { alpha: false });
      if (!context) return;
      const view = { width, height, scale, scrollTop, range, onlyPath, subtree, selected, hovered, label };
      drawLanes(context, model, { ...view, marks: marks.map(({ at }) => at) }, colours, paint);
    });
    return () => cancelAnimationFrame(request);
  }, [
    model,
    size,
    width,
    height,
    scrollTop,
    range,
    onlyPath,
    subtree,
    selected,
    hovered,
    marks,
    label,
    colours,
    paint,
  ]);

  const placeAt = (clientX: number): number => {
    const left = canvas.current?.getBoundingClientRect().left ?? 0;
    return range.from + ((clientX - left) / width) * (range.to - range.from);
  };
  const find = (clientX: number, clientY: number): number => {
    const top = canvas.current?.getBoundingClientRect().top ?? 0;
    const found = laneAtY(model, clientY - top + scrollTop);
    const reach = (REACH / width) * (range.to - range.from);
    return found ? pieceAt(model, found.lane, found.row, placeAt(clientX), reach) : -1;
  };

  const wheel = useEffectEvent((event: globalThis.WheelEvent) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      onRange(zoom(range, axis.domain, placeAt(event.clientX), Math.exp(event.deltaY * 0.0022)));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      const by = ((event.deltaX || event.deltaY) / width) * (range.to - range.from);
      onRange(pan(range, axis.domain, by));
    }
  });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const listen = (event: globalThis.WheelEvent): void => wheel(event);
    element.addEventListener('wheel', listen, { passive: false });
    return () => element.removeEventListener('wheel', listen);
  }, []);

  // What was selected elsewhere is brought into view.
  function reveal(piece: number): void {
    const lane = model.shown.find(({ lane: index }) => index === data.pieces.lane[piece]);
    const element = scroller.current;
    if (!lane || !element) return;
    if (lane.top < element.scrollTop) element.scrollTop = lane.top;
    else if (lane.top + lane.height > element.scrollTop + height) element.scrollTop = lane.top + lane.height - height;
    const from = model.from[piece] ?? 0;
    const to = model.to[piece] ?? 0;
    if (to < range.from || from > range.to)
      onRange(pan(range, axis.domain, (from + to) / 2 - (range.from + range.to) / 2));
  }
  const revealFirst = useEffectEvent(reveal);
  const first = selected[0] ?? -1;
  useEffect(() => {
    if (first >= 0) revealFirst(first);
  }, [first]);

  function select(piece: number): void {
    setFocused(piece);
    selectSpan(data.ids[data.pieces.span[piece] ?? -1] ?? null);
  }

  const brushing = useBrush(axis, placeAt);
  usePlaces(scroller, (target) => {
    const agent = target.closest<HTMLElement>('[data-agent]')?.dataset.agent ?? '';
    return agent === '' ? [] : [{ kind: 'agent', agent }];
  });

  function press(event: PointerEvent<HTMLCanvasElement>): void {
    if (event.button !== 0) return;
    if (data.timed && (marking || event.shiftKey)) {
      brushing.start(event);
      return;
    }
    const element = event.currentTarget;
    const before = range;
    const { clientX, clientY } = event;
    let moved = false;
    element.setPointerCapture(event.pointerId);
    function move(next: globalThis.PointerEvent): void {
      moved ||= Math.abs(next.clientX - clientX) > 3;
      if (moved) onRange(pan(before, axis.domain, ((clientX - next.clientX) / width) * (before.to - before.from)));
    }
    function end(up: globalThis.PointerEvent): void {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', end);
      element.removeEventListener('pointercancel', end);
      if (moved || up.type === 'pointercancel') return;
      const piece = find(clientX, clientY);
      if (piece >= 0) select(piece);
    }
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', end);
    element.addEventListener('pointercancel', end);
  }

  function point(piece: number): void {
    if (piece === pointed) return;
    setPointed(piece);
    hover(piece < 0 ? null : (data.ids[data.pieces.span[piece] ?? -1] ?? null));
  }

  function walk(event: KeyboardEvent): void {
    const at = focused >= 0 && focused < data.pieces.count ? focused : (selected[0] ?? -1);
    const middle = (range.from + range.to) / 2;
    const step = (range.to - range.from) / 4;
    const acts: Readonly<Record<string, () => void>> = {
      ArrowRight: () => go(at < 0 ? (model.shown[0]?.first ?? -1) : stepInLane(model, at, 1)),
      ArrowLeft: () => go(at < 0 ? (model.shown[0]?.first ?? -1) : stepInLane(model, at, -1)),
      ArrowDown: () => go(stepLane(model, at, 1)),
      ArrowUp: () => go(stepLane(model, at, -1)),
      '+': () => onRange(zoom(range, axis.domain, at < 0 ? middle : (model.from[at] ?? middle), 0.6)),
      '=': () => onRange(zoom(range, axis.domain, at < 0 ? middle : (model.from[at] ?? middle), 0.6)),
      '-': () => onRange(zoom(range, axis.domain, middle, 1 / 0.6)),
      0: () => onRange(axis.domain),
      PageUp: () => onRange(pan(range, axis.domain, -step)),
      PageDown: () => onRange(pan(range, axis.domain, step)),
    };
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
  function go(piece: number): void {
    if (piece < 0) return;
    select(piece);
    reveal(piece);
  }

  function pressAxis(event: PointerEvent<HTMLDivElement>): void {
    if (event.button !== 0) return;
    const element = event.currentTarget;
    const start = placeAt(event.clientX);
    const { clientX } = event;
    element.setPointerCapture(event.pointerId);
    function end(up: globalThis.PointerEvent): void {
      element.removeEventListener('pointerup', end);
      element.removeEventListener('pointercancel', end);
      if (up.type === 'pointercancel') return;
      if (Math.abs(up.clientX - clientX) > 3) {
        const drawn = brush(start, placeAt(up.clientX), axis.domain);
        if (drawn) onRange(drawn);
      } else {
        const near = (6 / width) * (range.to - range.from);
        const { timeCursor } = useSelection.getState();
        const cursor = timeCursor === null ? null : axis.place(timeCursor);
        if (cursor !== null && Math.abs(cursor - start) < near) setTimeCursor(null);
        else setTimeCursor(data.timed ? axis.real(start) : Math.floor(start));
      }
    }
    element.addEventListener('pointerup', end);
    element.addEventListener('pointercancel', end);
  }

  const firstHead = indexAtY(model.shown, scrollTop);
  const heads = model.shown.slice(firstHead, indexAtY(model.shown, scrollTop + height) + 1);
  const spoken = focused >= 0 ? pieceSentence(model, columns, focused) : '';
  return (
    <div className={styles.picture}>
      <div className={styles.axisRow}>
        <span className={styles.corner}>{data.timed ? 'Agent' : 'Agent, by step'}</span>
        <div
          className={styles.axis}
          onPointerDown={pressAxis}
          onDoubleClick={() => onRange(axis.domain)}
          title="Click for a time cursor, drag to zoom, double-click for all"
        >
          {marks.map((mark) => (
            <span
              key={mark.at}
              className={styles.mark}
              style={{ left: `${((mark.at - range.from) / (range.to - range.from)) * 100}%` }}
              data-late={((mark.at - range.from) / (range.to - range.from)) * width > width - 44 || undefined}
            >
              {mark.label}
            </span>
          ))}
          <CursorLine
            className={styles.cursorLabel}
            inset={24}
            share={(cursor) => (axis.place(cursor) - range.from) / (range.to - range.from)}
            label={(cursor) => (data.timed ? timeLabel(cursor, range, width) : `step ${Math.floor(cursor) + 1}`)}
          />
        </div>
      </div>
      <div
        ref={hold}
        className={styles.scroller}
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
        role="application"
        aria-label="Lanes of the agents over time"
        aria-roledescription="lanes"
        tabIndex={0}
        onKeyDown={walk}
        title={pointed >= 0 ? pieceSentence(model, columns, pointed) : undefined}
        data-testid="lanes"
        data-pieces={data.pieces.count}
      >
        <div className={styles.sheet} style={{ height: Math.max(model.height, 1) }}>
          <div className={styles.window}>
            <canvas
              ref={canvas}
              className={styles.canvas}
              style={{ left: HEADS, width, height }}
              data-marking={marking || undefined}
              onPointerDown={press}
              onPointerMove={(event) => point(find(event.clientX, event.clientY))}
              onPointerLeave={() => point(-1)}
            />
            {/* Beside the canvas, which need not be drawn again while the cursor runs. */}
            <span className={styles.veilPlace} style={{ left: HEADS, width, height }}>
              <LanesVeil axis={axis} range={range} timed={data.timed} />
            </span>
            <div className={styles.noteLayer} style={{ left: HEADS, width, height }}>
              <LaneNotes
                model={model}
                columns={columns}
                range={range}
                width={width}
                height={height}
                scrollTop={scrollTop}
                drawn={brushing.drawn}
              />
            </div>
          </div>
          {heads.map((lane) => (
            <div
              key={lane.lane}
              className={styles.head}
              style={{ top: lane.top, height: lane.height, width: HEADS }}
              data-agent={lane.agent}
            >
              <span className={styles.dot} style={{ background: paint(lane.agent).solid }} />
              <span className={styles.name} title={visibleString(lane.agent)}>
                {visibleString(lane.agent) || 'No agent'}
              </span>
              <LaneHeadNote agent={lane.agent} />
            </div>
          ))}
        </div>
      </div>
      <span className="visually-hidden" role="status">
        {spoken}
      </span>
    </div>
  );
}

function readColours(_theme: number): LaneColours {
  return {
    back: resolveColour('var(--n-0)'),
    line: resolveColour('var(--n-2)'),
    text: resolveColour('var(--n-7)'),
    onBar: resolveColour('var(--n-0)'),
    accent: resolveColour('var(--accent)'),
    path: resolveColour('var(--n-7)'),
    gap: resolveColour('color-mix(in oklab, var(--n-4) 30%, var(--n-0))'),
  };
}
