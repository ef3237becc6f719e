/** The time cursor over a picture: a line, or its label. It is moved by a transform: no frame renders or lays out. */
import { useLayoutEffect, useRef } from 'react';
import { watchTimeCursor } from '../../../state/time-cursor.ts';
import styles from './cursor-line.module.css';

type Props = {
  /** Where the cursor stands between the left and the right edge of what it is in, 0 to 1; elsewhere it is not shown. */
  readonly share: (cursor: number) => number | null;
  /** Of the line. It stands at the left edge of a box that moves with it. */
  readonly className: string | undefined;
  readonly label?: (cursor: number) => string;
  /** Pixels that it keeps from either edge. */
  readonly inset?: number;
};

export function CursorLine({ share, className, label, inset = 0 }: Props) {
  const mover = useRef<HTMLSpanElement>(null);
  const mark = useRef<HTMLSpanElement>(null);
  // After each rendering: what is shown of the time has changed.
  useLayoutEffect(() =>
    watchTimeCursor((cursor) => {
      const place = cursor === null ? null : share(cursor);
      if (!mover.current || !mark.current) return;
      const isIn = place !== null && place >= 0 && place <= 1;
      mover.current.style.visibility = isIn ? 'inherit' : 'hidden';
      if (!isIn || cursor === null) return;
      const percent = `${(place * 100).toFixed(3)}%`;
      mover.current.style.transform = `translateX(${inset > 0 ? `clamp(${inset}px, ${percent}, calc(100% - ${inset}px))` : percent})`;
      mark.current.toggleAttribute('data-late', place > 0.5);
      if (label) setText(mark.current, label(cursor));
    }),
  );
  return (
    <span ref={mover} className={styles.mover} aria-hidden>
      <span ref={mark} className={className} />
    </span>
  );
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
