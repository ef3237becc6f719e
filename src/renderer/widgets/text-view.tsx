import { memo, useMemo, useState } from 'react';
import { indexOfText, useFindText } from './find-text.ts';
import { formatBytes } from './format.ts';
import { Button } from './button.tsx';
import { Highlighted } from './highlighted.tsx';
import { safeCut, textChunks } from './text-chunks.ts';
import { textPieces } from './visible-text.ts';
import styles from './text-view.module.css';

const FIRST = 65_536;
const MORE = 262_144;
/** Characters before and after something that was looked for. */
const AROUND = 16_384;

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
  const find = useFindText();
  const chunks = useMemo(() => textChunks(text, shown), [text, shown]);
  const left = text.length - shown;
  // What is looked for may stand far below what is shown: then there is a part around it, and none of what is between.
  const found = useMemo(() => (left > 0 ? indexOfText(text, find) : -1), [text, find, left]);
  const around = useMemo(() => {
    if (found < shown - find.length) return null;
    const from = Math.max(shown, safeCut(text, found - AROUND));
    const to = Math.min(text.length, found + find.length + AROUND);
    return { from, to, chunks: textChunks(text.slice(from, to), to - from) };
  }, [text, find, found, shown]);
  return (
    <div className={`${styles.view} ${mono ? styles.mono : ''} selectable`}>
      {chunks.map((chunk, index) => (
        <Chunk key={index} text={chunk} highlight={highlight} />
      ))}
      {around && (
        <>
          {around.from > shown && (
            <div className={styles.more}>{formatBytes(around.from - shown)} in between not shown</div>
          )}
          {around.chunks.map((chunk, index) => (
            <Chunk key={`found ${index}`} text={chunk} highlight={highlight} />
          ))}
        </>
      )}
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
