/** The axis above the waterfall: a click sets the time cursor, a drag zooms, a double click shows the whole trace. */
import { useRef, useState, type PointerEvent } from 'react';
import { useSelection } from '../../../state/selection.ts';
import { formatDuration } from '#shared/time.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import type { Tick } from '../model/time-axis.ts';
import type { SpanTable, TimeRange } from '../model/span-table.ts';
import { brush, timeLabel } from '../model/time-axis.ts';
import { CursorLine } from '../playback/cursor-line.tsx';
import { cursorPlace } from './cursor-place.ts';
import styles from './time.module.css';

type Props = {
  readonly tree: SpanTree;
  readonly marks: readonly Tick[];
  /** Pixels. */
  readonly width: number;
};

export function TimeScale({ tree, marks, ...props }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<{ from: number; to: number } | null>(null);
  const setCursor = useSelection((state) => state.setTimeCursor);
  const { range, table } = tree;
  const width = range.to - range.from;
  const percent = (time: number): number => ((time - range.from) / width) * 100;

  function press(event: PointerEvent<HTMLDivElement>): void {
    const element = box.current;
    if (!element || event.button !== 0) return;
    const bounds = element.getBoundingClientRect();
    const timeAt = (x: number): number =>
      range.from + Math.min(1, Math.max(0, (x - bounds.left) / bounds.width)) * width;
    const pressed = timeAt(event.clientX);
    let last = pressed;
    let dragged = false;
    element.setPointerCapture(event.pointerId);
    function move(next: globalThis.PointerEvent): void {
      dragged ||= Math.abs(next.clientX - event.clientX) > 3;
      last = timeAt(next.clientX);
      if (dragged) setDrawn({ from: Math.min(pressed, last), to: Math.max(pressed, last) });
    }
    function end(up: globalThis.PointerEvent): void {
      element?.removeEventListener('pointermove', move);
      element?.removeEventListener('pointerup', end);
      element?.removeEventListener('pointercancel', end);
      setDrawn(null);
      if (up.type === 'pointercancel') return;
      const cursor = cursorPlace(table, useSelection.getState().timeCursor);
      if (dragged) tree.setRange(brush(pressed, last, table.domain));
      else if (cursor !== null && Math.abs(cursor - pressed) < width / 60) setCursor(null);
      else if (table.times().timed) setCursor(table.folded?.real(pressed) ?? pressed);
    }
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', end);
    element.addEventListener('pointercancel', end);
  }

  return (
    <div
      ref={box}
      className={styles.scale}
      onPointerDown={press}
      onDoubleClick={() => {
        tree.setRange(null);
        setCursor(null);
      }}
      title="Click for a time cursor, drag to zoom, Ctrl+wheel over the bars"
    >
      {marks.map((mark) => (
        <span
          key={mark.at}
          className={styles.mark}
          style={{ left: `${percent(mark.at)}%` }}
          data-late={(percent(mark.at) / 100) * props.width + mark.label.length * 6.5 + 6 > props.width || undefined}
        >
          {mark.label}
        </span>
      ))}
      {drawn && (
        <span
          className={styles.drawn}
          style={{ left: `${percent(drawn.from)}%`, width: `${percent(drawn.to) - percent(drawn.from)}%` }}
        >
          {formatDuration(drawn.to - drawn.from)}
        </span>
      )}
      <CursorLine
        className={styles.cursorLabel}
        share={(cursor) => shareOf(table, range, cursor)}
        label={(cursor) => timeLabel(cursor, range, props.width)}
      />
    </div>
  );
}

/** Grid lines and the time cursor behind and over the rows. */
type GridProps = { readonly table: SpanTable; readonly range: TimeRange; readonly marks: readonly Tick[] };

export function TimeGrid({ table, range, marks }: GridProps) {
  const pauses = table.folded?.pauses ?? [];
  const percent = (time: number): number => ((time - range.from) / (range.to - range.from)) * 100;
  return (
    <div className={styles.grid} aria-hidden>
      {pauses.map(
        ({ from, to }) =>
          to > range.from &&
          from < range.to && (
            <span
              key={from}
              className={styles.pause}
              style={{ left: `${percent(from)}%`, width: `${percent(to) - percent(from)}%` }}
            />
          ),
      )}
      {marks.map((mark) => (
        <span key={mark.at} className={styles.line} style={{ left: `${percent(mark.at)}%` }} />
      ))}
      <CursorLine className={styles.cursor} share={(cursor) => shareOf(table, range, cursor)} />
    </div>
  );
}

/** Null where the cursor is no time. */
function shareOf(table: SpanTable, range: TimeRange, cursor: number): number | null {
  const place = cursorPlace(table, cursor);
  return place === null ? null : (place - range.from) / (range.to - range.from);
}
