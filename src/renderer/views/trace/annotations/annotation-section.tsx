/** What people say about a span, or about the trace: labels that came with the data, and those made here. */
import { useMemo, useState } from 'react';
import { MessageSquarePlus } from 'lucide-react';
import type { AnnotationRow } from '#shared/annotation.ts';
import { annotate } from './annotate-store.ts';
import { Button } from '../../../widgets/button.tsx';
import { Kbd } from '../../../widgets/kbd.tsx';
import { SectionHead } from '../inspector/section-head.tsx';
import { readRow } from '../model/span-table.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { ANNOTATE_KEY } from './annotate-commands.ts';
import { AnnotationItem } from './annotation-item.tsx';
import { spanOf, useAnnotationMarks } from './annotation-marks.ts';
import styles from './annotations.module.css';

const FIRST = 8;
const NONE: readonly AnnotationRow[] = [];

type Props = {
  readonly tree: SpanTree;
  /** Null = all of the trace. */
  readonly spanId: string | null;
};

export function AnnotationSection({ tree, spanId }: Props) {
  const all = useAnnotationMarks((state) => state.rows);
  const own = useAnnotationMarks(({ marks }) => (spanId === null ? NONE : (marks.get(spanId) ?? NONE)));
  const agent = spanId === null ? '' : (readRow(tree.table, tree.table.rowOf(spanId))?.agent ?? '');
  // What was said about the agent is about each of its spans, too.
  const rows = useMemo(() => {
    if (spanId === null) return all;
    if (agent === '') return own;
    return [
      ...own,
      ...all.filter((row) => row.place.kind === 'agent' && row.place.agent === agent && !own.includes(row)),
    ];
  }, [all, own, spanId, agent]);
  const [shown, setShown] = useState(FIRST);
  const rest = rows.length - shown;
  const add = (): void => annotate([spanId === null ? { kind: 'trace' } : { kind: 'span', spanId }]);
  if (rows.length === 0) {
    return (
      <div className={styles.none}>
        <Button variant="ghost" icon={<MessageSquarePlus size={13} aria-hidden />} onClick={add}>
          Annotate this {spanId === null ? 'trace' : 'span'} <Kbd keys={spanId === null ? 'shift+t' : ANNOTATE_KEY} />
        </Button>
      </div>
    );
  }
  return (
    <section className={styles.section} data-testid="annotations">
      <SectionHead title={rows.length === 1 ? '1 annotation' : `${rows.length.toLocaleString('en-US')} annotations`}>
        {spanId === null && rows.some((row) => spanOf(row) !== null) && (
          <span className={styles.keys}>
            <Kbd keys="m" /> next
          </span>
        )}
        <Button variant="ghost" icon={<MessageSquarePlus size={13} aria-hidden />} onClick={add}>
          Add <Kbd keys={spanId === null ? 'shift+t' : ANNOTATE_KEY} />
        </Button>
      </SectionHead>
      <ul className={styles.list}>
        {rows.slice(0, shown).map((row) => (
          <li
            key={`${row.traceId} ${row.id}`}
            className={styles.item}
            data-root={row.isRootCause || undefined}
            data-annotation={row.id}
          >
            <AnnotationItem row={row} tree={tree} here={spanId} />
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
