/** What people say about the selected edge, and about single crossings of it. */
import { useMemo } from 'react';
import { MessageSquarePlus } from 'lucide-react';
import type { SelectedEdge } from '../../../state/selection.ts';
import { Button } from '../../../widgets/button.tsx';
import { Kbd } from '../../../widgets/kbd.tsx';
import type { SpanTree } from '../model/use-span-tree.ts';
import { ANNOTATE_KEY, edgePlace } from './annotate-commands.ts';
import { annotate } from './annotate-store.ts';
import { AnnotationItem } from './annotation-item.tsx';
import { useAnnotationMarks } from './annotation-marks.ts';
import { isAboutEdge } from './note-marks.ts';
import styles from './annotations.module.css';

const MOST = 100;

type Props = { readonly edge: SelectedEdge; readonly tree: SpanTree };

export function EdgeAnnotations({ edge, tree }: Props) {
  const all = useAnnotationMarks((state) => state.rows);
  const [from, to] = [edge.among?.from ?? [edge.from], edge.among?.to ?? [edge.to]];
  const rows = useMemo(() => {
    const [a, b] = [edge.among?.from ?? [edge.from], edge.among?.to ?? [edge.to]];
    return all.filter((row) => isAboutEdge(row, { from: a, to: b, kind: edge.kind }));
  }, [all, edge]);
  const [one, other] = [from[0], to[0]];
  return (
    <section className={styles.section} data-testid={rows.length > 0 ? 'annotations' : undefined}>
      {rows.length > 0 && (
        <ul className={styles.list}>
          {rows.slice(0, MOST).map((row) => (
            <li
              key={`${row.traceId} ${row.id}`}
              className={styles.item}
              data-root={row.isRootCause || undefined}
              data-annotation={row.id}
            >
              <AnnotationItem row={row} tree={tree} here={null} />
            </li>
          ))}
        </ul>
      )}
      {one !== undefined && other !== undefined && (
        <span>
          <Button
            variant="ghost"
            icon={<MessageSquarePlus size={13} aria-hidden />}
            onClick={() => annotate([edgePlace(one, other, edge.kind, null)])}
          >
            Annotate this edge <Kbd keys={ANNOTATE_KEY} />
          </Button>
        </span>
      )}
    </section>
  );
}
