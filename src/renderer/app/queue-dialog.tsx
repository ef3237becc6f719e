import { useRef, useState } from 'react';
import type { QueueDraft, QueueOrder, QueueSource, QueueTask } from '#shared/review.ts';
import { SPAN_KINDS, type SpanKind } from '#shared/record.ts';
import { useEngine } from '../data/engine.ts';
import { tracesOfRun } from '../state/evals.ts';
import { notify } from '../state/notices.ts';
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

/** Of the items of an eval run. */
const PARTS = [
  { id: 'failed', label: 'items that failed' },
  { id: 'errored', label: 'items that errored' },
  { id: 'passed', label: 'items that passed' },
  { id: 'all', label: 'all items' },
] as const;
type PartId = (typeof PARTS)[number]['id'];
const MOST_RUNS = 100;

function Open({ choice: asked, onClose }: { readonly choice: QueueChoice; readonly onClose: () => void }) {
  const runs = useEngine('run.list', {});
  const [runId, setRunId] = useState('');
  const [ofRun, setOfRun] = useState<PartId>('failed');
  const run = runs.data?.find(({ id }) => id === runId) ?? null;
  const choice: QueueChoice =
    run === null
      ? asked
      : {
          ...asked,
          what: `${PARTS.find(({ id }) => id === ofRun)?.label ?? 'items'} of “${visibleString(run.name.slice(0, 100))}”`,
        };
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
    const source = run === null ? choice.source : await sourceOfRun(run.id);
    const done = source !== null && (into === '' ? await createQueue(draft(source)) : await addToQueue(into, source));
    setBusy(false);
    if (done) onClose();
  }

  /** Null = there is nothing to add, or it could not be read: a notice says which. */
  async function sourceOfRun(id: string): Promise<QueueSource | null> {
    const traceIds = await tracesOfRun(id, ofRun === 'all' ? {} : { status: ofRun });
    if (traceIds?.length === 0)
      notify({ tone: 'info', title: 'No queue was made', detail: 'None of these items has its trace here.' });
    return traceIds === null || traceIds.length === 0 ? null : { kind: 'traces', traceIds };
  }

  function draft(source: QueueSource): QueueDraft {
    const [kind, id] = [words.slice(0, 1), words.slice(2)];
    return {
      name: name.trim() === '' ? proposedName(task, choice) : name.trim(),
      instructions,
      source,
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
        {(runs.data?.length ?? 0) > 0 && (
          <div className={styles.pair}>
            <label className={styles.field}>
              <span>Of</span>
              <select value={runId} onChange={(event) => setRunId(event.target.value)}>
                <option value="">{asked.what}</option>
                {runs.data?.slice(0, MOST_RUNS).map(({ id, name: title }) => (
                  <option key={id} value={id}>
                    eval run: {visibleString(title.slice(0, 100))}
                  </option>
                ))}
              </select>
            </label>
            {run !== null && (
              <label className={styles.field}>
                <span>Which of it</span>
                <select value={ofRun} onChange={(event) => setOfRun(event.target.value as PartId)}>
                  {PARTS.map(({ id, label }) => (
                    <option key={id} value={id}>
                      {label}
                    </option>
                  ))}
                </select>
              </label>
            )}
          </div>
        )}
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
