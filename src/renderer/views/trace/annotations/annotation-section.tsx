/** What people say about a span, or about the trace: labels that came with the data, and those made here. */
import { useState } from 'react';
import { MessageSquareText } from 'lucide-react';
import type { AnnotationRow } from '#shared/annotation.ts';
import { Kbd } from '../../../widgets/kbd.tsx';
import { TextView } from '../../../widgets/text-view.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { SectionHead } from '../inspector/section-head.tsx';
import { readRow } from '../model/span-table.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { spanOf, useAnnotationMarks } from './annotation-marks.ts';
import { annotationSource, annotationTitle } from './annotation-words.ts';
import styles from './annotations.module.css';

const FIRST = 8;
const NOTE = 600;

type Props = {
  readonly tree: SpanTree;
  /** Null = all of the trace. */
  readonly spanId: string | null;
};

export function AnnotationSection({ tree, spanId }: Props) {
  const rows = useAnnotationMarks(({ rows: all, marks }) => (spanId === null ? all : marks.get(spanId)));
  const [shown, setShown] = useState(FIRST);
  if (!rows || rows.length === 0) return null;
  const rest = rows.length - shown;
  return (
    <section className={styles.section} data-testid="annotations">
      <SectionHead title={rows.length === 1 ? '1 annotation' : `${rows.length.toLocaleString('en-US')} annotations`}>
        {spanId === null && rows.some((row) => spanOf(row) !== null) && (
          <span className={styles.keys}>
            <Kbd keys="m" /> next
          </span>
        )}
      </SectionHead>
      <ul className={styles.list}>
        {rows.slice(0, shown).map((row) => (
          <li key={`${row.traceId} ${row.id}`} className={styles.item} data-root={row.isRootCause || undefined}>
            <Annotation row={row} tree={tree} here={spanId !== null} />
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" className={styles.more} onClick={() => setShown(shown + 50)}>
          {rest.toLocaleString('en-US')} more
        </button>
      )}
    </section>
  );
}

type AnnotationProps = {
  readonly row: AnnotationRow;
  readonly tree: SpanTree;
  /** Its span is on show already. */
  readonly here: boolean;
};

function Annotation({ row, tree, here }: AnnotationProps) {
  const [whole, setWhole] = useState(false);
  const spanId = spanOf(row);
  const at = spanId === null || here ? null : readRow(tree.table, tree.table.rowOf(spanId));
  const source = annotationSource(row);
  const note = row.note ?? '';
  return (
    <>
      <div className={styles.head}>
        <MessageSquareText size={13} aria-hidden className={styles.icon} />
        <span className={styles.title}>{annotationTitle(row)}</span>
        {at && (
          <button type="button" className={styles.link} onClick={() => tree.goTo(at.row)}>
            {visibleString(at.name.slice(0, 80)) || 'its span'}
          </button>
        )}
      </div>
      {row.agent !== null && row.agent !== '' && (
        <p className={styles.about}>About {visibleString(row.agent.slice(0, 120))}</p>
      )}
      {note !== '' && <TextView text={whole ? note : note.slice(0, NOTE)} mono={false} />}
      {note.length > NOTE && !whole && (
        <button type="button" className={styles.more} onClick={() => setWhole(true)}>
          Show all of it
        </button>
      )}
      {row.correction !== null && row.correction !== '' && (
        <>
          <p className={styles.about}>Should have been</p>
          <TextView text={row.correction} mono={false} />
        </>
      )}
      {source !== '' && <p className={styles.source}>{source}</p>}
    </>
  );
}
