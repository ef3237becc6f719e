/** The line between names and bars: moved by the pointer and by arrow keys, remembered on this machine. */
import { useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import styles from './span-tree.module.css';

const KEY = 'trace:name-share';
const DEFAULT = 66;
const LEAST = 25;
const MOST = 85;

/** Percent of the pane that names take. */
export function useNameShare(): [number, (share: number) => void] {
  const [share, setShare] = useState(() => {
    const stored = Number(localStorage.getItem(KEY) ?? NaN);
    return stored >= LEAST && stored <= MOST ? stored : DEFAULT;
  });
  return [
    share,
    (next) => {
      const rounded = Math.round(Math.min(MOST, Math.max(LEAST, next)) * 10) / 10;
      setShare(rounded);
      localStorage.setItem(KEY, String(rounded));
    },
  ];
}

type Props = {
  readonly share: number;
  readonly onShare: (share: number) => void;
  readonly pane: RefObject<HTMLElement | null>;
};

export function ColumnDivider({ share, onShare, pane }: Props) {
  function move(event: PointerEvent<HTMLDivElement>): void {
    const bounds = pane.current?.getBoundingClientRect();
    if (!bounds || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    onShare(((event.clientX - bounds.left) / bounds.width) * 100);
  }

  function press(event: KeyboardEvent): void {
    const by = event.key === 'ArrowLeft' ? -2 : event.key === 'ArrowRight' ? 2 : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    onShare(share + by);
  }

  return (
    <div
      className={styles.divider}
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the names"
      aria-valuenow={Math.round(share)}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={move}
      onDoubleClick={() => onShare(DEFAULT)}
      onKeyDown={press}
    />
  );
}
