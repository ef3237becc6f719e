/** The axis over a flame chart: a press sets the time cursor, a drag zooms. */
import type { PointerEvent } from 'react';
import { WHOLE } from '../../../../charts/flame/left-heavy.ts';
import { useSelection } from '../../../../state/selection.ts';
import type { TimeRange } from '../../model/span-table.ts';
import { brush, ticks, timeLabel } from '../../model/time-axis.ts';
import { CursorLine } from '../../playback/cursor-line.tsx';
import { share, weightText } from './flame-words.ts';
import type { FlameScene } from './scene.ts';
import styles from './flame.module.css';

type Mark = { readonly at: number; readonly label: string };

type Props = {
  readonly scene: FlameScene;
  readonly range: TimeRange;
  readonly onRange: (range: TimeRange) => void;
  readonly width: number;
  readonly marks: readonly Mark[];
  /** Where the time cursor stands on this axis; null where it is not that of time. */
  readonly cursorAt: (cursor: number) => number | null;
  readonly placeAt: (clientX: number) => number;
};

export function FlameAxis({ scene, range, onRange, width, marks, cursorAt, placeAt }: Props) {
  const { folded, table, scale, boxes } = scene;
  const { domain } = boxes;
  const timed = table.times().timed;

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
        const drawn = brush(start, placeAt(up.clientX), domain);
        if (drawn) onRange(drawn);
        return;
      }
      if (folded) return;
      const near = (6 / Math.max(1, width)) * (range.to - range.from);
      const real = timed ? (table.folded?.real(start) ?? start) : Math.floor(start / scale);
      const { timeCursor, setTimeCursor } = useSelection.getState();
      const cursor = timeCursor === null ? null : cursorAt(timeCursor);
      setTimeCursor(cursor !== null && Math.abs(cursor - start) < near ? null : real);
    }
    element.addEventListener('pointerup', end);
    element.addEventListener('pointercancel', end);
  }

  const percent = (at: number): string => `${((at - range.from) / (range.to - range.from)) * 100}%`;
  return (
    <div
      className={styles.axis}
      onPointerDown={pressAxis}
      onDoubleClick={() => onRange(domain)}
      title={
        folded ? 'Drag to zoom, double-click for all' : 'Click for a time cursor, drag to zoom, double-click for all'
      }
    >
      {marks.map((mark) => (
        <span
          key={mark.at}
          className={styles.mark}
          style={{ left: percent(mark.at) }}
          data-late={((mark.at - range.from) / (range.to - range.from)) * width > width - 48 || undefined}
        >
          {mark.label}
        </span>
      ))}
      <CursorLine
        className={styles.cursorLabel}
        share={(cursor) => {
          const place = cursorAt(cursor);
          return place === null ? null : (place - range.from) / (range.to - range.from);
        }}
        label={(cursor) => (timed ? timeLabel(cursor, range, width) : `step ${(cursor + 1).toLocaleString('en-US')}`)}
      />
    </div>
  );
}

/** Times or steps; in the folded chart, shares of the whole. */
export function axisMarks({ folded, table, scale }: FlameScene, range: TimeRange, width: number): readonly Mark[] {
  if (width < 1) return [];
  if (folded) {
    const { weight, weighed } = folded;
    const whole = WHOLE;
    if (weight === 'time') {
      // Round times, not round shares.
      const perPlace = weighed.sum / whole;
      return ticks({ from: range.from * perPlace, to: range.to * perPlace }, width, 72).map(({ at, label }) => ({
        at: at / perPlace,
        label,
      }));
    }
    return ticks(range, width, 92).map(({ at }) => ({
      at,
      label:
        weight === 'calls' || weight === 'tokens' ? share(at, whole) : weightText(weight, (at / whole) * weighed.sum),
    }));
  }
  if (table.times().timed) return ticks(range, width, 72, table.folded?.real);
  return ticks(range, width, 72)
    .filter(({ at }) => at % scale === 0)
    .map(({ at }) => ({ at, label: (at / scale + 1).toLocaleString('en-US') }));
}
