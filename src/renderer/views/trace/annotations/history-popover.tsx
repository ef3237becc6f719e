/** All that was said of one annotation, by whom and when: earlier wordings can come back, and a conflict is decided here. */
import { Popover } from '@base-ui/react/popover';
import { History, RotateCcw, TriangleAlert } from 'lucide-react';
import type { AnnotationRevision, AnnotationRow } from '#shared/annotation.ts';
import { annotationTitle } from '../../../annotate/words.ts';
import { useEngine } from '../../../data/engine.ts';
import { removeAnnotation, saveAnnotations } from '../../../state/annotation-undo.ts';
import { notifyError } from '../../../state/notices.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatRelative } from '../../../widgets/format.ts';
import { ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { editAnnotation } from './annotate-store.ts';
import styles from './annotations.module.css';

const MOST = 100;

export function HistoryButton({ row }: { readonly row: AnnotationRow }) {
  return (
    <Popover.Root>
      <Popover.Trigger
        className={row.conflict ? styles.conflict : styles.act}
        aria-label={row.conflict ? 'Two wordings: decide' : 'History'}
        title={row.conflict ? 'Two people said different things of it at the same time' : 'History'}
      >
        {row.conflict ? <TriangleAlert size={12} aria-hidden /> : <History size={12} aria-hidden />}
        {row.conflict && 'Conflict: decide'}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="left" align="start" sideOffset={8} collisionPadding={12} className={styles.menuPlace}>
          <Popover.Popup className={styles.history}>
            <Popover.Title className={styles.historyTitle}>
              {row.conflict ? 'Said at the same time' : 'History of this annotation'}
            </Popover.Title>
            <Revisions row={row} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Revisions({ row }: { readonly row: AnnotationRow }) {
  const query = useEngine('annotation.history', { traceId: row.traceId, id: row.id });
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={query.refetch} />;
  if (!query.data) return <Spinner label="Reading the history" />;
  if (query.data.length === 0) {
    return (
      <p className={styles.about}>
        It came with the data{row.author === null ? '' : ` from ${visibleString(row.author.slice(0, 80))}`}, and was
        never edited here.
      </p>
    );
  }
  const heads = query.data.filter(({ head }) => head);
  const hashes = heads.map(({ hash }) => hash);
  // The last word first.
  const list = query.data.toReversed().slice(0, MOST);
  return (
    <>
      <ol className={styles.revisions}>
        {list.map((revision) => (
          <li key={revision.hash} className={styles.revision} data-head={revision.head || undefined}>
            <RevisionView revision={revision} />
            {row.conflict && revision.head ? (
              <Button onClick={() => void decide(row, revision, hashes)}>Keep this</Button>
            ) : (
              revision.state !== null &&
              !revision.head && (
                <Button
                  variant="ghost"
                  icon={<RotateCcw size={12} aria-hidden />}
                  onClick={() => void restore(row, revision)}
                >
                  Restore
                </Button>
              )
            )}
          </li>
        ))}
      </ol>
      {row.conflict && <Button onClick={() => editAnnotation(row)}>Write a new one</Button>}
      {query.data.length > MOST && <p className={styles.about}>and {query.data.length - MOST} earlier ones</p>}
    </>
  );
}

function RevisionView({ revision }: { readonly revision: AnnotationRevision }) {
  const { author, madeAt, state } = revision;
  const when = madeAt === 0 ? 'with the data' : formatRelative(madeAt, Date.now());
  return (
    <div className={styles.revisionText}>
      <p className={styles.source} title={madeAt === 0 ? undefined : new Date(madeAt).toLocaleString()}>
        {author === null || author === '' ? 'unknown' : visibleString(author.slice(0, 60))} · {when}
      </p>
      {state === null ? (
        <p className={styles.removed}>removed it</p>
      ) : (
        <>
          <p className={styles.title}>{annotationTitle(state)}</p>
          {state.agent !== null && <p className={styles.about}>Agent {visibleString(state.agent.slice(0, 80))}</p>}
          {[state.note, state.correction].map(
            (text, at) =>
              text !== null &&
              text !== '' && (
                <p key={at} className={styles.revisionNote}>
                  {visibleString(text.slice(0, 300))}
                  {text.length > 300 && '…'}
                </p>
              ),
          )}
        </>
      )}
    </div>
  );
}

async function restore(row: AnnotationRow, { state }: AnnotationRevision): Promise<void> {
  if (state === null) return;
  const result = await saveAnnotations('Earlier wording restored', [{ traceId: row.traceId, state, row }]);
  if (!result.ok) notifyError('It was not restored', result.error);
}

async function decide(row: AnnotationRow, { state }: AnnotationRevision, replaces: readonly string[]): Promise<void> {
  if (state === null) {
    await removeAnnotation(row);
    return;
  }
  const result = await saveAnnotations('Conflict decided', [{ traceId: row.traceId, state, row, replaces }]);
  if (!result.ok) notifyError('The conflict was not decided', result.error);
}
