/** One annotation: what it says, about what, by whom; editing, removing, its history. */
import { useState } from 'react';
import { MessageSquareText, Pencil, Trash2 } from 'lucide-react';
import type { AnnotationRow } from '#shared/annotation.ts';
import { useLabelTitles } from '../../../annotate/label-titles.ts';
import { annotationSource, annotationTitle, placeWords } from '../../../annotate/words.ts';
import { removeAnnotation } from '../../../state/annotation-undo.ts';
import { useSelection } from '../../../state/selection.ts';
import { IconButton } from '../../../widgets/button.tsx';
import { AgentChip, Chip } from '../../../widgets/chip.tsx';
import { formatRelative } from '../../../widgets/format.ts';
import { TextDiff } from '../../../widgets/text-diff.tsx';
import { TextView } from '../../../widgets/text-view.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { readRow } from '../model/span-table.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { editAnnotation } from './annotate-store.ts';
import { spanOf } from './annotation-marks.ts';
import { HistoryButton } from './history-popover.tsx';
import { nameOf } from './place-choices.ts';
import styles from './annotations.module.css';

const NOTE = 600;
const MOST_TAGS = 20;

type Props = {
  readonly row: AnnotationRow;
  readonly tree: SpanTree;
  /** The span that is on show already, null = the whole trace is. */
  readonly here: string | null;
};

export function AnnotationItem({ row, tree, here }: Props) {
  const [whole, setWhole] = useState(false);
  useLabelTitles();
  const { table } = tree;
  const spanId = spanOf(row);
  const span = spanId === null ? null : readRow(table, table.rowOf(spanId));
  const source = annotationSource(row);
  const note = row.note ?? '';
  const about = placeWords(row.place, (id) => nameOf(table, id));
  const isObvious = row.place.kind === 'trace' || (row.place.kind === 'span' && row.place.spanId === here);
  const begun = row.createdAt === null ? null : Number(BigInt(row.createdAt) / 1_000_000n);
  const made = row.editedAt ?? begun;
  const answers = Object.entries(row.answers ?? {});
  const original = row.extra['original'];
  return (
    <>
      <div className={styles.head}>
        <MessageSquareText size={13} aria-hidden className={styles.icon} />
        <span className={styles.title}>{annotationTitle(row)}</span>
        <span className={styles.acts}>
          {(row.conflict || !row.imported) && <HistoryButton row={row} />}
          <IconButton
            label="Edit this annotation"
            icon={<Pencil size={12} aria-hidden />}
            disabled={row.kind === 'preference'}
            onClick={() => editAnnotation(row)}
          />
          <IconButton
            label="Remove this annotation"
            icon={<Trash2 size={12} aria-hidden />}
            onClick={() => void removeAnnotation(row)}
          />
        </span>
      </div>
      {!isObvious &&
        (span || row.place.kind === 'edge' ? (
          <button type="button" className={styles.link} onClick={() => jump(row, tree)}>
            {visibleString(about)}
          </button>
        ) : (
          <p className={styles.about}>{visibleString(about)}</p>
        ))}
      {row.kind === 'blame' ? (
        <Blame row={row} actor={span?.agent ?? null} />
      ) : (
        row.agent !== null &&
        row.agent !== '' && <p className={styles.about}>About {visibleString(row.agent.slice(0, 120))}</p>
      )}
      {answers.length > 0 && (
        <p className={styles.about}>
          {answers
            .slice(0, 40)
            .map(
              ([item, answer]) =>
                `${visibleString(item.slice(0, 60))}: ${answer === null ? '–' : answer ? 'yes' : 'no'}`,
            )
            .join(', ')}
        </p>
      )}
      {note !== '' && <TextView text={whole ? note : note.slice(0, NOTE)} mono={false} />}
      {note.length > NOTE && !whole && (
        <button type="button" className={styles.more} onClick={() => setWhole(true)}>
          Show all of it
        </button>
      )}
      {row.tags.length > 0 && (
        <p className={styles.tags}>
          {row.tags.slice(0, MOST_TAGS).map((tag) => (
            <Chip key={tag}>{visibleString(tag.slice(0, 60))}</Chip>
          ))}
        </p>
      )}
      {row.correction !== null && row.correction !== '' && (
        <>
          <p className={styles.about}>Should have been</p>
          {typeof original === 'string' ? (
            <TextDiff before={original} after={row.correction} />
          ) : (
            <TextView text={row.correction} mono={false} />
          )}
        </>
      )}
      <p className={styles.source}>
        {source}
        {made !== null && made > 0 && (
          <time title={new Date(made).toLocaleString()}>
            {source === '' ? '' : ' · '}
            {made === begun ? '' : 'edited '}
            {formatRelative(made, Date.now())}
          </time>
        )}
      </p>
    </>
  );
}

/** The blamed agent, and the agent of the decisive span where that is another one. */
function Blame({ row, actor }: { readonly row: AnnotationRow; readonly actor: string | null }) {
  if (row.agent === null || row.agent === '') {
    return actor === null || actor === '' ? null : (
      <p className={styles.about}>Decisive step, by {visibleString(actor.slice(0, 80))}</p>
    );
  }
  return (
    <p className={styles.blame}>
      Blames <AgentChip name={row.agent} />
      {actor !== null && actor !== '' && actor !== row.agent && (
        <>
          ; the span is by <AgentChip name={actor} />
        </>
      )}
    </p>
  );
}

/** To where it stands: the edge, else the span. */
function jump(row: AnnotationRow, tree: SpanTree): void {
  const { place } = row;
  if (place.kind === 'edge' && place.spanId === null) {
    useSelection.getState().selectEdge({ from: place.from, to: place.to, kind: place.edge });
    return;
  }
  const spanId = spanOf(row);
  if (spanId !== null) tree.goTo(tree.table.rowOf(spanId));
}
