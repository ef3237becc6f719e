/** A small count at a place of a picture that people annotated: in SVG, or in text. Its click is the picture's. */
import { memo, type CSSProperties } from 'react';
import { MessageSquareText } from 'lucide-react';
import { noteCount, noteTitle, type NoteMark } from './note-mark.ts';
import styles from './note-pin.module.css';

const HEIGHT = 16;
const ICON = 11;
const DIGIT = 6.5;

type PinProps = { readonly mark: NoteMark; readonly x: number; readonly y: number; readonly scaled?: boolean };

export const NotePin = memo(function NotePin({ mark, x, y, scaled = false }: PinProps) {
  const text = noteCount(mark);
  const width = HEIGHT + 1 + (text === '' ? 0 : text.length * DIGIT + 2);
  return (
    <g
      className={styles.pin}
      data-root={mark.root || undefined}
      data-note={mark.count}
      style={{ transform: `translate(${x}px, ${y}px)${scaled ? ' scale(var(--label-scale, 1))' : ''}` }}
      aria-hidden
    >
      <title>{noteTitle(mark)}</title>
      <rect x={-width / 2} y={-HEIGHT / 2} width={width} height={HEIGHT} rx={5} className={styles.plate} />
      <MessageSquareText x={-width / 2 + 3} y={-ICON / 2} width={ICON} height={ICON} strokeWidth={2.2} />
      {text !== '' && (
        <text x={width / 2 - 4} y={4} textAnchor="end">
          {text}
        </text>
      )}
    </g>
  );
});

export function NoteCount({ mark, style }: { readonly mark: NoteMark; readonly style?: CSSProperties }) {
  return (
    <span
      className={styles.count}
      data-root={mark.root || undefined}
      data-note={mark.count}
      title={noteTitle(mark)}
      style={style}
      aria-hidden
    >
      <MessageSquareText size={ICON} strokeWidth={2.2} />
      {noteCount(mark)}
    </span>
  );
}
