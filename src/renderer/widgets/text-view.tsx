import { memo, useMemo, useState } from 'react';
import { formatBytes } from './format.ts';
import { Button } from './button.tsx';
import { Highlighted } from './highlighted.tsx';
import { textChunks } from './text-chunks.ts';
import { textPieces } from './visible-text.ts';
import styles from './text-view.module.css';

const FIRST = 65_536;
const MORE = 262_144;

type Props = {
  readonly text: string;
  /** Words to mark, compared without case. */
  readonly highlight?: readonly string[];
  readonly mono?: boolean;
};

/**
 * Text exactly as it is, with hidden characters made visible. Of a huge text the beginning is drawn, and more when
 * asked for.
 */
export function TextView({ text, highlight, mono = true }: Props) {
  const [shown, setShown] = useState(FIRST);
  const chunks = useMemo(() => textChunks(text, shown), [text, shown]);
  const left = text.length - shown;
  return (
    <div className={`${styles.view} ${mono ? styles.mono : ''} selectable`}>
      {chunks.map((chunk, index) => (
        <Chunk key={index} text={chunk} highlight={highlight} />
      ))}
      {left > 0 && (
        <div className={styles.more}>
          <Button onClick={() => setShown(shown + MORE)}>Show {formatBytes(Math.min(left, MORE))} more</Button>
          <span>{formatBytes(left)} not shown</span>
        </div>
      )}
    </div>
  );
}

const Chunk = memo(function Chunk({ text, highlight }: { text: string; highlight: readonly string[] | undefined }) {
  const pieces = useMemo(() => textPieces(text), [text]);
  return (
    <div className={styles.chunk}>
      {pieces.map((piece, index) =>
        piece.type === 'text' ? (
          <Highlighted key={index} text={piece.text} words={highlight} />
        ) : (
          <span key={index} className={styles.hidden} title={piece.title}>
            {piece.shown}
          </span>
        ),
      )}
    </div>
  );
});
