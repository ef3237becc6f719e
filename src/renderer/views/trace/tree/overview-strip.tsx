/**
 * The whole trace on one strip, a lane per agent, with the visible part of the time axis as a window that can be drawn,
 * moved and stretched. Drawn once per width, theme and answer.
 */
import { useEffect, useMemo, useRef, type PointerEvent } from 'react';
import { agentColour } from '../../../theme/agent-colour.ts';
import { resolveColour } from '../../../theme/resolve-colour.ts';
import { useThemeRevision } from '../../../theme/theme.ts';
import { overview, type Overview } from '../model/overview.ts';
import type { SpanTable, TimeRange } from '../model/span-table.ts';
import { brush, pan } from '../model/time-axis.ts';
import { CursorLine } from '../playback/cursor-line.tsx';
import { cursorPlace } from './cursor-place.ts';
import { useWidth } from './use-width.ts';
import styles from './time.module.css';

const HEIGHT = 44;
const TOP = 6;
const MOST_LANES = 7;
/** Pixels around an edge of the window that take hold of it. */
const GRIP = 5;

type Props = {
  readonly table: SpanTable;
  readonly range: TimeRange;
  readonly zoomed: boolean;
  readonly onRange: (range: TimeRange | null) => void;
};

export function OverviewStrip({ table, range, zoomed, onRange }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(box);
  const theme = useThemeRevision();
  const picture = useMemo(() => (width > 0 ? overview(table, width, MOST_LANES) : null), [table, width]);

  useEffect(() => {
    if (canvas.current && picture) draw(canvas.current, picture);
  }, [picture, theme]);

  const { domain } = table;
  const full = domain.to - domain.from;
  const percent = (time: number): number => ((time - domain.from) / full) * 100;

  function hold(event: PointerEvent<HTMLDivElement>): void {
    const element = box.current;
    if (!element || event.button !== 0) return;
    const bounds = element.getBoundingClientRect();
    const timeAt = (x: number): number =>
      domain.from + Math.min(1, Math.max(0, (x - bounds.left) / bounds.width)) * full;
    const pressed = timeAt(event.clientX);
    const grip = (GRIP / bounds.width) * full;
    const before = range;
    const edge = !zoomed
      ? null
      : Math.abs(pressed - range.from) < grip
        ? range.to
        : Math.abs(pressed - range.to) < grip
          ? range.from
          : null;
    const inside = zoomed && edge === null && pressed > range.from && pressed < range.to;
    element.setPointerCapture(event.pointerId);
    function move(next: globalThis.PointerEvent): void {
      if (Math.abs(next.clientX - event.clientX) < 3) return;
      const time = timeAt(next.clientX);
      onRange(inside ? pan(before, domain, time - pressed) : brush(edge ?? pressed, time, domain));
    }
    function release(): void {
      element?.removeEventListener('pointermove', move);
      element?.removeEventListener('pointerup', release);
      element?.removeEventListener('pointercancel', release);
    }
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', release);
    element.addEventListener('pointercancel', release);
  }

  return (
    <div
      ref={box}
      className={styles.overview}
      style={{ height: HEIGHT }}
      onPointerDown={hold}
      onDoubleClick={() => onRange(null)}
      title={
        zoomed ? 'Drag to show another part; double-click for the whole trace' : 'Drag to zoom into a part of the trace'
      }
      data-zoomed={zoomed || undefined}
      aria-hidden
    >
      <canvas ref={canvas} className={styles.canvas} style={{ height: HEIGHT }} />
      {zoomed && (
        <>
          <span className={styles.outside} style={{ left: 0, width: `${percent(range.from)}%` }} />
          <span className={styles.outside} style={{ left: `${percent(range.to)}%`, right: 0 }} />
          <span
            className={styles.window}
            style={{ left: `${percent(range.from)}%`, width: `${percent(range.to) - percent(range.from)}%` }}
          />
        </>
      )}
      <CursorLine
        className={styles.cursor}
        share={(cursor) => {
          const place = cursorPlace(table, cursor);
          return place === null ? null : (place - domain.from) / full;
        }}
      />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, { width, lanes, errors }: Overview): void {
  const scale = window.devicePixelRatio || 1;
  canvas.width = width * scale;
  canvas.height = HEIGHT * scale;
  canvas.style.width = `${width}px`;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(scale, scale);
  context.clearRect(0, 0, width, HEIGHT);
  const room = HEIGHT - TOP - 5;
  const step = Math.min(9, room / Math.max(1, lanes.length));
  const top = TOP + (room - step * lanes.length) / 2;
  lanes.forEach((lane, index) => {
    const y = top + index * step;
    const colour = resolveColour(agentColour(lane.agent).solid);
    fillRuns(context, lane.frame, y + step / 2 - 0.5, 1, colour, 0.45);
    fillRuns(context, lane.work, y + 1, Math.max(1.5, step - 2), colour, 0.95);
  });
  drawErrors(context, errors, width);
}

/** A notch at the top, so that an error does not depend on its colour; a line down from it while there are few. */
function drawErrors(context: CanvasRenderingContext2D, errors: Uint8Array, width: number): void {
  const few = errors.reduce((sum, error) => sum + error, 0) <= width / 24;
  context.globalAlpha = 1;
  context.fillStyle = resolveColour('var(--error)');
  for (let x = 0; x < width; x++) {
    if (errors[x] !== 1) continue;
    context.beginPath();
    context.moveTo(x - 3, 0);
    context.lineTo(x + 3, 0);
    context.lineTo(x, 5);
    context.fill();
    if (few) context.fillRect(x - 0.5, 4, 1, HEIGHT - 8);
    // The next notch would only cover this one.
    x += 3;
  }
}

/** How strongly a column is drawn: where there is more than elsewhere in a lane that is full from end to end, it shows. */
const LEVELS = 4;

/** One rectangle per run of columns that are as busy as each other. */
function fillRuns(
  context: CanvasRenderingContext2D,
  counts: Uint32Array,
  y: number,
  height: number,
  colour: string,
  alpha: number,
): void {
  const most = counts.reduce((max, count) => Math.max(max, count), 0);
  const level = (x: number): number =>
    most <= 2 ? Math.min(1, counts[x] ?? 0) * LEVELS : Math.ceil(((counts[x] ?? 0) / most) * LEVELS);
  context.fillStyle = colour;
  for (let x = 0; x < counts.length; x++) {
    const busy = level(x);
    if (busy === 0) continue;
    const from = x;
    while (x + 1 < counts.length && level(x + 1) === busy) x++;
    context.globalAlpha = alpha * (0.4 + (0.6 * busy) / LEVELS);
    context.fillRect(from, y, x - from + 1, height);
  }
}
