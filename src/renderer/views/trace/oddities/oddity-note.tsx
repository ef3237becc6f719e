import { TriangleAlert } from 'lucide-react';
import type { SpanColumns } from '#shared/trace.ts';
import { useEngine } from '../../../data/engine.ts';
import { isOnlyRunning, odditiesOf, odditySentences, type Picture } from './oddities.ts';
import styles from './oddity-note.module.css';

type Props = { readonly columns: SpanColumns; readonly picture: Picture };

/** Above a picture: what in the trace it could not take at its word. Nothing where all is well. */
export function OddityNote({ columns, picture }: Props) {
  const oddities = odditiesOf(columns);
  const sentences = odditySentences(oddities, picture);
  if (sentences.length === 0) return null;
  const text = sentences.join(' ');
  return (
    <div
      className={styles.note}
      data-quiet={isOnlyRunning(oddities)}
      role="note"
      aria-label="What is odd about this trace"
      tabIndex={0}
      title={text}
    >
      {!isOnlyRunning(oddities) && <TriangleAlert size={13} aria-hidden />}
      <p className={styles.text}>{text}</p>
    </div>
  );
}

/** Of the trace that is open, whose spans every pane shares. */
export function PictureNote({ traceId, picture }: { readonly traceId: string; readonly picture: Picture }) {
  const columns = useEngine('trace.open', { traceId }).data?.columns;
  return columns && columns.count > 0 ? <OddityNote columns={columns} picture={picture} /> : null;
}
