import { useRef, useState } from 'react';
import { ClipboardCheck, EyeOff, Plus, Trash2 } from 'lucide-react';
import type { ReviewQueue } from '#shared/review.ts';
import { attempt } from '#shared/rpc/client.ts';
import { engine, useEngine } from '../../data/engine.ts';
import { notify, notifyError } from '../../state/notices.ts';
import { go } from '../../state/place.ts';
import { askQueue } from '../../state/review-queues.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { Chip } from '../../widgets/chip.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { formatCount } from '../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../widgets/states.tsx';
import { visibleString } from '../../widgets/visible-text.ts';
import { ORDER_NAMES, taskName } from './words.ts';
import styles from './queue-list.module.css';

export function QueueList() {
  const queues = useEngine('queue.list', undefined);
  const info = useEngine('engine.info', undefined);
  const [deleting, setDeleting] = useState<ReviewQueue | null>(null);
  const list = queues.data ?? [];
  return (
    <div className={styles.view}>
      <div className={styles.page}>
        <header className={styles.header}>
          <h1>Review</h1>
          {list.length > 0 && (
            <Button variant="primary" icon={<Plus size={13} aria-hidden />} onClick={() => askQueue([], '')}>
              New queue…
            </Button>
          )}
        </header>
        {queues.error ? (
          <ErrorState error={queues.error} onRetry={queues.refetch} />
        ) : queues.loading ? (
          <Spinner label="Loading queues" />
        ) : list.length === 0 ? (
          <Nothing traces={info.data?.traces ?? 0} />
        ) : (
          <ul className={styles.queues} aria-label="Review queues">
            {list.map((queue) => (
              <QueueCard key={queue.id} queue={queue} onDelete={() => setDeleting(queue)} />
            ))}
          </ul>
        )}
      </div>
      <DeleteQueue queue={deleting} onClose={() => setDeleting(null)} />
    </div>
  );
}

function Nothing({ traces }: { readonly traces: number }) {
  return (
    <EmptyState
      icon={<ClipboardCheck size={26} strokeWidth={1.5} aria-hidden />}
      title="Nothing to review yet"
      actions={
        traces > 0 ? (
          <>
            <Button variant="primary" onClick={() => askQueue([], '')}>
              Review all traces…
            </Button>
            <Button onClick={() => go({ view: 'traces' })}>Choose traces</Button>
          </>
        ) : (
          <Button variant="primary" onClick={() => go({ view: 'connect' })}>
            Get traces first
          </Button>
        )
      }
    >
      A queue shows traces one at a time, and keys say what is right or wrong with each. Make one of all traces, or
      search and select some in Traces and press R.
    </EmptyState>
  );
}

function QueueCard({ queue, onDelete }: { readonly queue: ReviewQueue; readonly onDelete: () => void }) {
  const { todo, done, skipped, flagged } = queue.counts;
  const total = todo + done + skipped + flagged;
  const share = total === 0 ? 0 : (total - todo) / total;
  const ordered = queue.task.kind === 'trace' || queue.task.kind === 'span';
  const rest = [
    `${formatCount(done)} done`,
    skipped > 0 ? `${formatCount(skipped)} skipped` : '',
    flagged > 0 ? `${formatCount(flagged)} flagged` : '',
  ];
  return (
    <li className={styles.card}>
      <button
        type="button"
        className={styles.open}
        onClick={() => go({ view: 'review', tab: queue.id, span: null })}
        aria-label={`Open ${visibleString(queue.name)}, ${todo} to do`}
      >
        <span className={styles.name}>{visibleString(queue.name)}</span>
        <span className={styles.facts}>
          {taskName(queue.task)} ·{ordered ? ` ${ORDER_NAMES[queue.order]} ·` : ''} {rest.filter(Boolean).join(', ')} of{' '}
          {formatCount(total)}
        </span>
        {queue.about !== null && <span className={styles.about}>{visibleString(queue.about)}</span>}
        <span className={styles.bar} aria-hidden>
          <span style={{ width: `${share * 100}%` }} />
        </span>
      </button>
      {(queue.blind.labels || queue.blind.origin) && (
        <Chip icon={<EyeOff size={11} aria-hidden />} title="Labels of others or the origin of traces are hidden">
          blind
        </Chip>
      )}
      <span className={styles.count}>{todo === 0 ? 'all done' : `${formatCount(todo)} to do`}</span>
      <IconButton
        label={`Delete the queue ${visibleString(queue.name)}`}
        icon={<Trash2 size={14} aria-hidden />}
        onClick={onDelete}
      />
    </li>
  );
}

function DeleteQueue({ queue, onClose }: { readonly queue: ReviewQueue | null; readonly onClose: () => void }) {
  const confirm = useRef<HTMLButtonElement>(null);

  async function remove(): Promise<void> {
    if (!queue) return;
    const result = await attempt(engine.call('queue.delete', { queueId: queue.id }));
    onClose();
    if (result.ok) notify({ tone: 'ok', title: 'Queue deleted', detail: 'What was annotated in it stays.' });
    else notifyError('The queue was not deleted', result.error);
  }

  return (
    <Dialog
      open={queue !== null}
      onClose={onClose}
      initialFocus={confirm}
      title={`Delete the queue ${visibleString(queue?.name ?? '')}?`}
      actions={
        <>
          <Button onClick={onClose}>Keep</Button>
          <Button variant="danger" onClick={() => void remove()} ref={confirm}>
            Delete
          </Button>
        </>
      }
    >
      <p>Its order and progress are gone then. Every annotation that was made in it stays with its trace.</p>
    </Dialog>
  );
}
