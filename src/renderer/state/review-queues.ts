/** Asking for a review queue, from wherever traces are chosen: the list of traces, the Review view, the palette. */
import { create } from 'zustand';
import { attempt } from '#shared/rpc/client.ts';
import type { QueueDraft, QueueSource } from '#shared/review.ts';
import { engine } from '../data/engine.ts';
import { formatCount } from '../widgets/format.ts';
import { endJob, startJob } from './jobs.ts';
import { notify, notifyError } from './notices.ts';
import { go } from './place.ts';

export type QueueChoice = {
  readonly source: QueueSource;
  /** For people: "3 selected traces". */
  readonly what: string;
};

/** What the dialog makes a queue of; null = closed. */
export const useQueueDialog = create<{ readonly choice: QueueChoice | null }>()(() => ({ choice: null }));

/** The selected traces, else all that the search finds. */
export function askQueue(selected: readonly string[], query: string, total: number | null = null): void {
  if (selected.length > 0) {
    const what = `${formatCount(selected.length)} selected ${selected.length === 1 ? 'trace' : 'traces'}`;
    useQueueDialog.setState({ choice: { source: { kind: 'traces', traceIds: selected }, what } });
    return;
  }
  const count = total === null ? 'all traces' : `${formatCount(total)} ${total === 1 ? 'trace' : 'traces'}`;
  const what = query === '' ? (total === null ? count : `all ${count}`) : `${count} that match the search`;
  useQueueDialog.setState({ choice: { source: { kind: 'query', query }, what } });
}

/** False when it failed: then a notice says why. */
export async function createQueue(queue: QueueDraft): Promise<boolean> {
  const jobId = crypto.randomUUID();
  const signal = startJob(jobId, `Queue ${queue.name}`);
  const result = await attempt(engine.call('queue.create', { jobId, queue }, { signal }));
  endJob(jobId);
  if (!result.ok) {
    if (result.error.code !== 'cancelled') notifyError('No queue was made', result.error);
    return false;
  }
  go({ view: 'review', tab: result.value.id, span: null });
  return true;
}

export async function addToQueue(queueId: string, source: QueueSource): Promise<boolean> {
  const jobId = crypto.randomUUID();
  const signal = startJob(jobId, 'Adding to a queue');
  const result = await attempt(engine.call('queue.addItems', { jobId, queueId, source }, { signal }));
  endJob(jobId);
  if (!result.ok) {
    if (result.error.code !== 'cancelled') notifyError('Nothing was added', result.error);
    return false;
  }
  const { added } = result.value;
  notify({
    tone: added === 0 ? 'info' : 'ok',
    title: `${formatCount(added)} ${added === 1 ? 'item' : 'items'} added`,
    ...(added === 0 ? { detail: 'The queue has all of these already, or none of them fits its task.' } : {}),
    action: { label: 'Open the queue', run: () => go({ view: 'review', tab: queueId, span: null }) },
  });
  return true;
}
