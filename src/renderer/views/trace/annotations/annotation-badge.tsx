/** Marks a span in the tree that people said something about; what they say is its tooltip. */
import { MessageSquareText } from 'lucide-react';
import { useAnnotationMarks } from './annotation-marks.ts';
import { annotationTitle } from '../../../annotate/words.ts';
import styles from './annotations.module.css';

export function AnnotationBadge({ spanId }: { readonly spanId: string }) {
  const rows = useAnnotationMarks(({ marks }) => marks.get(spanId));
  if (!rows) return null;
  const said = rows
    .slice(0, 5)
    .map((row) => [annotationTitle(row), row.note?.slice(0, 300)].filter(Boolean).join('\n'))
    .join('\n\n');
  return (
    <span className={styles.badge} data-root={rows.some((row) => row.isRootCause) || undefined} title={said}>
      <MessageSquareText size={11} aria-hidden />
      {rows.length > 1 ? rows.length : null}
    </span>
  );
}
