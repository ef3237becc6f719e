import { useRef, useState } from 'react';
import type { QueueDraft, QueueOrder, QueueTask } from '#shared/review.ts';
import { SPAN_KINDS, type SpanKind } from '#shared/record.ts';
import { useEngine } from '../data/engine.ts';
import { addToQueue, createQueue, useQueueDialog, type QueueChoice } from '../state/review-queues.ts';
import { KIND_LABELS } from '../theme/kind-icon.tsx';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { formatCount } from '../widgets/format.ts';
import { visibleString } from '../widgets/visible-text.ts';
import styles from './queue-dialog.module.css';

/** Makes a review queue of traces that were chosen, or adds them to one. */
export function QueueDialog() {
  const { choice } = useQueueDialog();
  const close = () => useQueueDialog.setState({ choice: null });
  return choice === null ? null : <Open choice={choice} onClose={close} />;
}

type TaskId = 'trace' | 'span' | 'pair-task' | 'pair-input' | 'pair-workflow' | 'adjudicate';

const TASKS: readonly { readonly id: TaskId; readonly label: string; readonly about: string }[] = [
  { id: 'trace', label: 'Judge each trace', about: 'One item for each trace.' },
  { id: 'span', label: 'Judge single spans', about: 'One item for each span that fits.' },
  {
    id: 'pair-task',
    label: 'Compare two of the same task',
    about: 'Two traces side by side whose metadata names one task id: which is better, and why.',
  },
  {
    id: 'pair-input',
    label: 'Compare two with the same input',
    about: 'Two traces side by side that began with the same words: which is better, and why.',
  },
  {
    id: 'pair-workflow',
    label: 'Compare two of the same workflow',
    about: 'Two traces side by side of one workflow: which is better, and why.',
  },
  {
    id: 'adjudicate',
    label: 'Settle what people say differently',
    about: 'One item for each conflict, and for each thing that two people judged differently.',
  },
];

const ORDERS: readonly { readonly id: QueueOrder; readonly label: string; readonly about: string }[] = [
  { id: 'oldest', label: 'Oldest first', about: 'By the time of the trace.' },
  { id: 'random', label: 'Random', about: 'The same seed gives the same order.' },
  { id: 'clusters', label: 'One of each kind', about: 'Similar traces are grouped; one stands for each group.' },
  { id: 'disagreement', label: 'Most disputed first', about: 'Where annotations of people differ most.' },
  { id: 'uncertainty', label: 'Least certain first', about: "Where a grader's score is nearest to its threshold." },
];

function Open({ choice, onClose }: { readonly choice: QueueChoice; readonly onClose: () => void }) {
  const queues = useEngine('queue.list', undefined);
  const taxonomies = useEngine('taxonomy.list', undefined);
  const schemas = useEngine('schema.list', undefined);
  const [name, setName] = useState('');
  const [instructions, setInstructions] = useState('');
  const [into, setInto] = useState('');
  const [task, setTask] = useState<TaskId>('trace');
  const [spanKind, setSpanKind] = useState<SpanKind | ''>('');
  const [part, setPart] = useState('');
  const [order, setOrder] = useState<QueueOrder>('oldest');
  const [seed, setSeed] = useState(1);
  const [limit, setLimit] = useState('');
  const [words, setWords] = useState('');
  const [blind, setBlind] = useState({ labels: false, origin: false });
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const ordered = task === 'trace' || task === 'span';

  async function make(): Promise<void> {
    setBusy(true);
    const done = into === '' ? await createQueue(draft()) : await addToQueue(into, choice.source);
    setBusy(false);
    if (done) onClose();
  }

  function draft(): QueueDraft {
    const [kind, id] = [words.slice(0, 1), words.slice(2)];
    return {
      name: name.trim() === '' ? proposedName(task, choice) : name.trim(),
      instructions,
      source: choice.source,
      task: taskOf(task, spanKind === '' ? null : spanKind, part.trim() === '' ? null : part.trim()),
      order: ordered ? order : 'oldest',
      seed,
      limit: /^\d+$/.test(limit) && Number(limit) > 0 ? Number(limit) : null,
      form: { verdict: true, taxonomy: kind === 't' ? id : null, schema: kind === 's' ? id : null, blame: true },
      blind,
    };
  }

  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={first}
      size="large"
      title={`Review ${choice.what}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={busy} onClick={() => void make()}>
            {busy ? 'Looking…' : into === '' ? 'Make the queue' : 'Add to the queue'}
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void make();
        }}
      >
        {(queues.data?.length ?? 0) > 0 && (
          <label className={styles.field}>
            <span>Queue</span>
            <select value={into} onChange={(event) => setInto(event.target.value)}>
              <option value="">a new one</option>
              {queues.data?.map((queue) => (
                <option key={queue.id} value={queue.id}>
                  {visibleString(queue.name)} ({formatCount(queue.counts.todo)} to do)
                </option>
              ))}
            </select>
          </label>
        )}
        {into === '' && (
          <>
            <label className={styles.field}>
              <span>Name</span>
              <input
                ref={first}
                value={name}
                maxLength={200}
                placeholder={proposedName(task, choice)}
                onChange={(event) => setName(event.target.value)}
              />
            </label>
            <label className={styles.field}>
              <span>What to do</span>
              <select value={task} onChange={(event) => setTask(event.target.value as TaskId)}>
                {TASKS.map(({ id, label }) => (
                  <option key={id} value={id}>
                    {label}
                  </option>
                ))}
              </select>
              <small>{TASKS.find(({ id }) => id === task)?.about}</small>
            </label>
            {task === 'span' && (
              <div className={styles.pair}>
                <label className={styles.field}>
                  <span>Kind of span</span>
                  <select value={spanKind} onChange={(event) => setSpanKind(event.target.value as SpanKind | '')}>
                    <option value="">any</option>
                    {SPAN_KINDS.map((kind) => (
                      <option key={kind} value={kind}>
                        {KIND_LABELS[kind]}
                      </option>
                    ))}
                  </select>
                </label>
                <label className={styles.field}>
                  <span>Name holds</span>
                  <input value={part} maxLength={200} onChange={(event) => setPart(event.target.value)} />
                </label>
              </div>
            )}
            {ordered && (
              <label className={styles.field}>
                <span>Order</span>
                <select value={order} onChange={(event) => setOrder(event.target.value as QueueOrder)}>
                  {ORDERS.map(({ id, label }) => (
                    <option key={id} value={id}>
                      {label}
                    </option>
                  ))}
                </select>
                <small>{ORDERS.find(({ id }) => id === order)?.about}</small>
              </label>
            )}
            <div className={styles.pair}>
              {(!ordered || order === 'random' || order === 'clusters') && task !== 'adjudicate' && (
                <label className={styles.field}>
                  <span>Seed</span>
                  <input
                    type="number"
                    value={seed}
                    onChange={(event) => setSeed(Math.trunc(event.target.valueAsNumber) || 0)}
                  />
                </label>
              )}
              <label className={styles.field}>
                <span>At most</span>
                <input
                  inputMode="numeric"
                  value={limit}
                  placeholder="all"
                  onChange={(event) => setLimit(event.target.value)}
                />
              </label>
            </div>
            {ordered && (
              <label className={styles.field}>
                <span>Keys 1 to 9 choose</span>
                <select value={words} onChange={(event) => setWords(event.target.value)}>
                  <option value="">nothing: pass, fail and notes are enough</option>
                  {taxonomies.data?.map(({ id, title }) => (
                    <option key={id} value={`t ${id}`}>
                      labels of {visibleString(title)}
                    </option>
                  ))}
                  {schemas.data?.map(({ id, title }) => (
                    <option key={id} value={`s ${id}`}>
                      a score: {visibleString(title)}
                    </option>
                  ))}
                </select>
              </label>
            )}
            <label className={styles.field}>
              <span>Instructions</span>
              <textarea
                rows={2}
                value={instructions}
                maxLength={20_000}
                placeholder="What a reviewer should look at. Shown above each item."
                onChange={(event) => setInstructions(event.target.value)}
              />
            </label>
            <fieldset className={styles.checks}>
              <legend>Blind</legend>
              <label>
                <input
                  type="checkbox"
                  checked={blind.labels}
                  onChange={(event) => setBlind({ ...blind, labels: event.target.checked })}
                />
                Hide what others said, and verdicts and scores of graders
              </label>
              <label>
                <input
                  type="checkbox"
                  checked={blind.origin}
                  onChange={(event) => setBlind({ ...blind, origin: event.target.checked })}
                />
                Hide which run a trace came from: its name, source and time
              </label>
            </fieldset>
          </>
        )}
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}

function taskOf(task: TaskId, spanKind: SpanKind | null, text: string | null): QueueTask {
  switch (task) {
    case 'trace':
    case 'adjudicate':
      return { kind: task };
    case 'span':
      return { kind: 'span', spanKind, agent: null, text };
    case 'pair-task':
      return { kind: 'pair', by: 'task' };
    case 'pair-input':
      return { kind: 'pair', by: 'input' };
    case 'pair-workflow':
      return { kind: 'pair', by: 'workflow' };
  }
}

function proposedName(task: TaskId, { what }: QueueChoice): string {
  const verb = task === 'adjudicate' ? 'Disputes in' : task.startsWith('pair') ? 'Pairs of' : 'Review of';
  return `${verb} ${what}`.slice(0, 200);
}
