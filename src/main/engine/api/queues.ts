/** Review queues: making them, going through them, and what became of each item. */
import { randomUUID } from 'node:crypto';
import { AppFailure } from '#shared/result.ts';
import { parseQueue, parseSource } from '#shared/parse-queue.ts';
import type { ItemPlace, QueueState, ReviewItem, ReviewQueue } from '#shared/review.ts';
import { ITEM_STATES } from '#shared/review.ts';
import { stopHint } from '../../review/stop-hint.ts';
import { annotationsOf } from '../../store/annotation-queries.ts';
import type { Reader, Writer } from '../../store/database.ts';
import {
  deleteQueue,
  itemById,
  itemNear,
  itemsOf,
  lastDone,
  markItem,
  putDraft,
  putItems,
  putQueue,
  queueById,
  queuesOf,
} from '../../store/review-store.ts';
import { traceKeyOf } from '../../store/trace-queries.ts';
import { buildQueue } from '../build-queue.ts';
import type { Events } from '../changes.ts';
import type { Writing } from '../create-engine.ts';
import { reviewerOf } from './annotations.ts';
import type { DomainHandlers } from './types.ts';

const PAGE = 200;
/** Enough to tell whether labels still change anything. */
const HINT_ITEMS = 500;
const ANNOTATIONS = 200;
const DRAFT = 100_000;

const NO_QUEUE = { code: 'not_found', message: 'This review queue does not exist, or was deleted.' } as const;
const NO_ITEM = { code: 'not_found', message: 'This item does not exist, or its trace was deleted.' } as const;

export function queueHandlers(
  reader: Reader,
  writing: () => Writing,
  events: Pick<Events, 'emit'>,
): DomainHandlers<'queue'> {
  function write<T>(work: (writer: Writer) => T): T {
    const { connection } = writing().workspace;
    if (!connection)
      throw new AppFailure({ code: 'workspace_locked', message: 'The workspace is open for reading only.' });
    return connection.transaction(work);
  }

  function changed(): void {
    writing().feed.changed(['review'], []);
  }

  /** Runs `work` with a job that shows its progress. */
  async function asJob<T>(
    jobId: string,
    label: string,
    work: (progress: (done: number, total: number) => void) => Promise<T>,
  ): Promise<T> {
    const job = { jobId, label, unit: 'traces' };
    let last = { done: 0, total: 0 };
    try {
      return await work((done, total) => {
        last = { done, total };
        events.emit('job', { ...job, done, total, finished: false });
      });
    } finally {
      events.emit('job', { ...job, ...last, finished: true });
    }
  }

  return {
    'queue.list': () => queuesOf(reader),
    'queue.get': (_context, { queueId }): QueueState => {
      const queue = existing(reader, queueId);
      const reviewer = reviewerOf(reader);
      return { queue, reviewer, stopHint: hintOf(reader, queue, reviewer) };
    },
    'queue.items': (_context, { queueId, states, cursor, limit }) => {
      const wanted = states ? ITEM_STATES.filter((state) => states.includes(state)) : ITEM_STATES;
      return itemsOf(
        reader,
        existing(reader, queueId).id,
        wanted,
        cursor ?? 0,
        Math.max(1, Math.min(limit ?? PAGE, 1_000)),
      );
    },
    'queue.at': (_context, { queueId, itemId }) => placeOf(reader, existing(reader, queueId).id, itemId),
    'queue.create': async (signal, { jobId, queue: given }) => {
      const parsed = parseQueue(given);
      if (!parsed.ok) throw new AppFailure(parsed.error);
      const { source, limit, ...queue } = parsed.value;
      writing();
      const built = await asJob(jobId, `Queue ${queue.name}`, (progress) =>
        buildQueue({ reader, signal, progress }, { ...queue, source, limit }),
      );
      if (built.items.length === 0)
        throw new AppFailure({
          code: 'not_found',
          message: built.about ?? 'There is no trace to review.',
          hint: 'Choose other traces, or another task.',
        });
      const id = randomUUID();
      write((writer) => {
        putQueue(writer, { ...queue, id, createdAt: Date.now(), about: built.about });
        putItems(writer, id, built.items);
      });
      changed();
      return existing(reader, id);
    },
    'queue.addItems': async (signal, { jobId, queueId, source: given }) => {
      const source = parseSource(given);
      if (!source.ok) throw new AppFailure(source.error);
      const queue = existing(reader, queueId);
      const built = await asJob(jobId, `Queue ${queue.name}`, (progress) =>
        buildQueue({ reader, signal, progress }, { ...queue, source: source.value, limit: null }),
      );
      const added = write((writer) => putItems(writer, queueId, built.items));
      changed();
      return { added };
    },
    'queue.mark': (_signal, { itemId, state }) => {
      const wanted = ITEM_STATES.find((each) => each === state);
      if (!wanted)
        throw new AppFailure({ code: 'bad_request', message: `The state is one of ${ITEM_STATES.join(', ')}.` });
      write((writer) => {
        markItem(writer, itemId, wanted, { reviewer: reviewerOf(reader), now: Date.now() });
      });
      changed();
      const item = itemById(reader, itemId);
      if (!item) throw new AppFailure(NO_ITEM);
      return item;
    },
    'queue.draft': (_signal, { itemId, draft }) => {
      if (!write((writer) => putDraft(writer, itemId, draft.slice(0, DRAFT), Date.now())))
        throw new AppFailure(NO_ITEM);
      return null;
    },
    'queue.delete': (_signal, { queueId }) => {
      if (!write((writer) => deleteQueue(writer, queueId))) throw new AppFailure(NO_QUEUE);
      changed();
      return null;
    },
  };
}

function existing(reader: Reader, queueId: string): ReviewQueue {
  const queue = queueById(reader, queueId);
  if (!queue) throw new AppFailure(NO_QUEUE);
  return queue;
}

/** Without an item, the first that waits; else the first of all. */
function placeOf(reader: Reader, queueId: string, itemId: number | undefined): ItemPlace {
  const asked = itemId === undefined ? null : itemById(reader, itemId);
  const item =
    asked?.queueId === queueId ? asked : (itemNear(reader, queueId, 0, { todo: true }) ?? itemNear(reader, queueId, 0));
  if (!item) return { item: null, previous: null, next: null, nextTodo: null };
  const waiting =
    itemNear(reader, queueId, item.position + 1, { todo: true }) ?? itemNear(reader, queueId, 0, { todo: true });
  return {
    item,
    previous: itemNear(reader, queueId, item.position - 1, { back: true }),
    next: itemNear(reader, queueId, item.position + 1),
    nextTodo: waiting?.id === item.id ? null : waiting,
  };
}

function hintOf(reader: Reader, { id, task }: ReviewQueue, reviewer: string): string | null {
  if (task.kind === 'pair' || task.kind === 'adjudicate') return null;
  const done = lastDone(reader, id, HINT_ITEMS).reverse();
  return stopHint(done.map((item) => labelsOf(reader, item, reviewer)));
}

function labelsOf(reader: Reader, { traceId, spanId }: ReviewItem, reviewer: string) {
  const key = traceKeyOf(reader, traceId);
  const own = (key === null ? [] : annotationsOf(reader, [key], ANNOTATIONS)).filter(
    ({ author, editor, place }) =>
      (editor ?? author) === reviewer && (spanId === null || ('spanId' in place && place.spanId === spanId)),
  );
  return {
    passed: own.find(({ kind }) => kind === 'verdict')?.passed ?? null,
    categories: own.flatMap(({ kind, category }) => (kind === 'category' && category !== null ? [category] : [])),
  };
}
