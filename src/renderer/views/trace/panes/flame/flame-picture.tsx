/**
 * The picture of a flame chart: an axis, and boxes on one canvas. The wheel scrolls, Ctrl+wheel zooms, a drag pans, a
 * click selects, a double click zooms to what it hit. Arrows walk to parent, child and siblings; W, A, S and D move.
 */
import {
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
} from 'react';
import { boxAt, levelOf } from '../../../../charts/flame/boxes.ts';
import { useSelection } from '../../../../state/selection.ts';
import { watchTimeCursor } from '../../../../state/time-cursor.ts';
import type { TimeRange } from '../../model/span-table.ts';
import { clamp, pan, zoom } from '../../model/time-axis.ts';
import { usePaneSize } from '../use-pane-size.ts';
import { drawFlame, LEVEL } from './draw-flame.ts';
import { axisMarks, FlameAxis } from './flame-axis.tsx';
import { FlameNotes } from './flame-notes.tsx';
import { FlameCard } from './flame-card.tsx';
import { useFlameColours, useFlamePaint, type ColourBy } from './flame-paint.ts';
import { boxSentence, weightText } from './flame-words.ts';
import { sums, type FlameScene } from './scene.ts';
import styles from './flame.module.css';

/** How far from a thin box still means it, in pixels. */
const REACH = 4;

type Props = {
  readonly scene: FlameScene;
  readonly colourBy: ColourBy;
  readonly range: TimeRange;
  readonly onRange: (range: TimeRange) => void;
  /** Rows that a search found; null = nothing is looked for. */
  readonly found: Int32Array | null;
};

export function FlamePicture({ scene, colourBy, range, onRange, found }: Props) {
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
  const [pointed, setPointed] = useState<{ readonly box: number; readonly x: number; readonly y: number } | null>(null);
  const [dragging, setDragging] = useState(false);
  const [spoken, setSpoken] = useState('');
  const colours = useFlameColours();
  const paint = useFlamePaint(scene, colourBy);
  const spanId = useSelection((state) => state.spanId);
  const hoveredSpan = useSelection((state) => state.hovered);
  const { selectSpan, hover } = useSelection.getState();
  const { table, boxes, folded, scale } = scene;
  const { columns } = table;
  const { domain } = boxes;
  const timed = table.times().timed;

  const width = size?.width ?? 0;
  const height = size?.height ?? 0;
  const ownerOfSpan = (id: string | null): number => {
    const row = id === null ? -1 : table.rowOf(id);
    return row < 0 ? -1 : scene.ownerOf(row);
  };
  const selectedOwner = ownerOfSpan(spanId);
  const selected = selectedOwner < 0 ? -1 : (boxes.boxOf[selectedOwner] ?? -1);
  const hoveredOwner = ownerOfSpan(hoveredSpan);
  const hovered = pointed ? pointed.box : hoveredOwner < 0 ? -1 : (boxes.boxOf[hoveredOwner] ?? -1);
  const cursorAt = useCallback(
    (cursor: number): number | null =>
      folded ? null : timed ? (table.folded?.place(cursor) ?? cursor) : cursor * scale,
    [folded, timed, table, scale],
  );
  const marks = useMemo(() => axisMarks(scene, range, width), [scene, range, width]);
  const matches = useMemo(() => {
    if (!found) return null;
    const of = new Uint8Array(boxes.boxOf.length);
    for (const row of found) {
      const owner = scene.ownerOf(row);
      if (owner >= 0) of[owner] = 1;
    }
    return { of, before: sums(boxes, of) };
  }, [found, scene, boxes]);

  useEffect(() => {
    const element = canvas.current;
    if (!element || width < 1 || height < 1) return undefined;
    let request = 0;
    function paintFrame(): void {
      request = 0;
      if (!element) return;
      const dpr = window.devicePixelRatio || 1;
      const [w, h] = [Math.round(width * dpr), Math.round(height * dpr)];
      if (element.width !== w) element.width = w;
      if (element.height !== h) element.height = h;
      const context = element.getContext('2d', { alpha: false });
      if (!context) return;
      const { timeCursor: now } = useSelection.getState();
      const cursor = now === null ? null : cursorAt(now);
      const view = { width, height, scale: dpr, scrollTop, range, selected, hovered, cursor, now, matches };
      drawFlame(context, scene, { ...view, marks: marks.map(({ at }) => at) }, colours, paint);
    }
    // The cursor is drawn as well, and past React: it may move in every frame.
    const stop = watchTimeCursor(() => {
      if (request === 0) request = requestAnimationFrame(paintFrame);
    });
    return () => {
      stop();
      cancelAnimationFrame(request);
    };
  }, [scene, width, height, scrollTop, range, selected, hovered, cursorAt, matches, marks, colours, paint]);

  const placeAt = (clientX: number): number => {
    const left = canvas.current?.getBoundingClientRect().left ?? 0;
    return range.from + ((clientX - left) / Math.max(1, width)) * (range.to - range.from);
  };
  const find = (clientX: number, clientY: number): number => {
    const top = canvas.current?.getBoundingClientRect().top ?? 0;
    const reach = (REACH / Math.max(1, width)) * (range.to - range.from);
    return boxAt(boxes, Math.floor((clientY - top + scrollTop) / LEVEL), placeAt(clientX), reach);
  };

  const wheel = useEffectEvent((event: globalThis.WheelEvent) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      onRange(zoom(range, domain, placeAt(event.clientX), Math.exp(event.deltaY * 0.0022)));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      onRange(pan(range, domain, ((event.deltaX || event.deltaY) / Math.max(1, width)) * (range.to - range.from)));
    }
  });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const listen = (event: globalThis.WheelEvent): void => wheel(event);
    element.addEventListener('wheel', listen, { passive: false });
    return () => element.removeEventListener('wheel', listen);
  }, []);

  function reveal(box: number): void {
    const element = scroller.current;
    if (!element || box < 0) return;
    const top = levelOf(boxes, box) * LEVEL;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + LEVEL > element.scrollTop + height) element.scrollTop = top + LEVEL - height;
    const from = boxes.from[box] ?? 0;
    const to = boxes.to[box] ?? 0;
    if (to < range.from || from > range.to) onRange(pan(range, domain, (from + to) / 2 - (range.from + range.to) / 2));
  }
  const revealSelected = useEffectEvent(reveal);
  useLayoutEffect(() => {
    if (selected >= 0 && height > 0) revealSelected(selected);
  }, [selected, height]);
  // While the trace is played, what is going on stays in sight on a zoomed axis.
  const followCursor = useEffectEvent((cursor: number | null) => {
    const at = cursor === null ? null : cursorAt(cursor);
    if (at === null) return;
    if (at < range.from || at > range.to) onRange(pan(range, domain, at - (range.from * 3 + range.to) / 4));
  });
  useEffect(() => watchTimeCursor((cursor) => followCursor(cursor)), []);

  function selectRow(row: number): void {
    selectSpan(columns.ids[row] ?? null);
  }
  function selectOwner(owner: number): void {
    if (owner < 0) return;
    selectRow(scene.face[owner] ?? -1);
    const box = boxes.boxOf[owner] ?? -1;
    setSpoken(boxSentence(scene, owner, levelOf(boxes, box)));
    reveal(box);
  }
  function zoomTo(box: number): void {
    if (box < 0) return;
    const from = boxes.from[box] ?? 0;
    const to = boxes.to[box] ?? from;
    const margin = Math.max((to - from) * 0.03, (domain.to - domain.from) * 1e-7);
    onRange(clamp({ from: from - margin, to: to + margin }, domain));
  }

  function press(event: PointerEvent<HTMLCanvasElement>): void {
    if (event.button !== 0) return;
    const element = event.currentTarget;
    const before = range;
    const { clientX, clientY } = event;
    const scrolled = scroller.current?.scrollTop ?? 0;
    let moved = false;
    element.setPointerCapture(event.pointerId);
    function move(next: globalThis.PointerEvent): void {
      moved ||= Math.abs(next.clientX - clientX) > 3 || Math.abs(next.clientY - clientY) > 3;
      if (!moved) return;
      setDragging(true);
      setPointed(null);
      onRange(pan(before, domain, ((clientX - next.clientX) / Math.max(1, width)) * (before.to - before.from)));
      if (scroller.current) scroller.current.scrollTop = scrolled + clientY - next.clientY;
    }
    function end(up: globalThis.PointerEvent): void {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', end);
      element.removeEventListener('pointercancel', end);
      setDragging(false);
      if (moved || up.type === 'pointercancel') return;
      const box = find(clientX, clientY);
      if (box >= 0) selectOwner(boxes.owner[box] ?? -1);
    }
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', end);
    element.addEventListener('pointercancel', end);
  }

  function point(event: PointerEvent<HTMLCanvasElement>): void {
    if (event.buttons !== 0) return;
    const box = find(event.clientX, event.clientY);
    const bounds = event.currentTarget.getBoundingClientRect();
    setPointed(box < 0 ? null : { box, x: event.clientX - bounds.left, y: event.clientY - bounds.top });
    hover(box < 0 ? null : (columns.ids[scene.face[boxes.owner[box] ?? 0] ?? -1] ?? null));
  }

  function nextMember(): void {
    if (!folded || selectedOwner < 0) return zoomTo(selected);
    const members = scene.members(selectedOwner);
    const at = (members.indexOf(table.rowOf(spanId ?? '')) + 1) % Math.max(1, members.length);
    selectRow(members[at] ?? -1);
    setSpoken(
      `Span ${at + 1} of ${scene.counts[selectedOwner] ?? 1}, ${weightText(folded.weight, folded.own[members[at] ?? 0] ?? 0)} itself`,
    );
  }

  function walk(event: KeyboardEvent): void {
    const middle =
      selected < 0 ? (range.from + range.to) / 2 : Math.min(range.to, Math.max(range.from, boxes.from[selected] ?? 0));
    const step = (range.to - range.from) / 5;
    const first = boxes.owner[0] ?? -1;
    const from = (next: (owner: number) => number): void =>
      selectOwner(selectedOwner < 0 ? first : next(selectedOwner));
    const zoomBy = (factor: number) => () => onRange(zoom(range, domain, middle, factor));
    const panBy = (by: number) => () => onRange(pan(range, domain, by));
    const acts: Readonly<Record<string, () => void>> = {
      ArrowUp: () => from(scene.parent),
      ArrowDown: () => from(scene.child),
      ArrowRight: () => from((owner) => scene.sibling(owner, 1)),
      ArrowLeft: () => from((owner) => scene.sibling(owner, -1)),
      Home: () => selectOwner(first),
      Enter: nextMember,
      '+': zoomBy(0.6),
      '=': zoomBy(0.6),
      w: zoomBy(0.6),
      '-': zoomBy(1 / 0.6),
      s: zoomBy(1 / 0.6),
      a: panBy(-step),
      d: panBy(step),
      0: () => onRange(domain),
      PageUp: () => scroller.current?.scrollBy({ top: -height * 0.8 }),
      PageDown: () => scroller.current?.scrollBy({ top: height * 0.8 }),
    };
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  return (
    <div className={styles.picture}>
      <FlameAxis
        scene={scene}
        range={range}
        onRange={onRange}
        width={width}
        marks={marks}
        cursorAt={cursorAt}
        placeAt={placeAt}
      />
      <div
        ref={hold}
        className={styles.scroller}
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
        role="application"
        aria-label={folded ? 'Folded flame chart, the heaviest first' : 'Flame chart in order of time'}
        aria-roledescription="flame chart"
        aria-describedby="flame-text"
        tabIndex={0}
        onKeyDown={walk}
        data-testid="flame"
        data-boxes={boxes.count}
        data-dragging={dragging || undefined}
      >
        <div className={styles.sheet} style={{ height: Math.max(1, boxes.levels * LEVEL) }}>
          <div className={styles.window}>
            <canvas
              ref={canvas}
              className={styles.canvas}
              style={{ width, height }}
              onPointerDown={press}
              onPointerMove={point}
              onPointerLeave={() => {
                setPointed(null);
                hover(null);
              }}
              onDoubleClick={(event) => zoomTo(find(event.clientX, event.clientY))}
            />
            <FlameNotes scene={scene} range={range} width={width} height={height} scrollTop={scrollTop} level={LEVEL} />
          </div>
        </div>
      </div>
      {pointed && pointed.box < boxes.count && (
        <div className={styles.cardPlace}>
          <FlameCard
            scene={scene}
            owner={boxes.owner[pointed.box] ?? 0}
            x={pointed.x}
            y={pointed.y}
            width={width}
            height={height}
          />
        </div>
      )}
      <span className="visually-hidden" role="status">
        {spoken}
      </span>
    </div>
  );
}
