/** Queues of what is to be reviewed, and their items. */
import type { ItemPage, ItemState, ReviewItem, ReviewQueue } from '#shared/review.ts';
import { ITEM_STATES } from '#shared/review.ts';
import type { Reader, Writer } from './database.ts';

export type StoredQueue = Omit<ReviewQueue, 'counts'>;

/** An item before it is stored. */
export type NewItem = {
  readonly traceId: string;
  readonly spanId: string | null;
  readonly otherTraceId: string | null;
  readonly annotationIds: readonly string[];
  readonly why: string | null;
};

type QueueRow = {
  readonly queue_key: number;
  readonly queue_id: string;
  readonly name: string;
  readonly created_at: number;
  readonly body: string;
};

type ItemRow = {
  readonly item_key: number;
  readonly queue_id: string;
  readonly position: number;
  readonly trace_id: string;
  readonly span_id: string;
  readonly other_id: string | null;
  readonly annotations: string;
  readonly why: string | null;
  readonly state: string;
  readonly draft: string;
  readonly reviewer: string | null;
  readonly started_at: number | null;
  readonly done_at: number | null;
};

const ITEM = `i.item_key, q.queue_id, i.position, t.trace_id, i.span_id, o.trace_id AS other_id, i.annotations, i.why, i.state, i.draft, i.reviewer,
  i.started_at, i.done_at`;
const FROM_ITEM = `review_item i JOIN review_queue q USING (queue_key) JOIN trace t ON t.trace_key = i.trace_key
  LEFT JOIN trace o ON o.trace_key = i.other_key`;

export function putQueue(writer: Writer, { id, name, createdAt, ...body }: StoredQueue): void {
  writer.run('INSERT INTO review_queue (queue_id, name, created_at, body) VALUES (?, ?, ?, ?)', [
    id,
    name,
    createdAt,
    JSON.stringify(body),
  ]);
}

/** False when there was none. Annotations that were made in it stay. */
export function deleteQueue(writer: Writer, queueId: string): boolean {
  return writer.run('DELETE FROM review_queue WHERE queue_id = ?', [queueId]).changes > 0;
}

/** Puts items at the end; those of traces that are gone by now, or that the queue has already, are left out. */
export function putItems(writer: Writer, queueId: string, items: readonly NewItem[]): number {
  const queue = queueKey(writer, queueId);
  if (queue === null) return 0;
  let position = writer.get<{ next: number }>(
    'SELECT coalesce(max(position) + 1, 0) AS next FROM review_item WHERE queue_key = ?',
    [queue],
  )?.next;
  position ??= 0;
  let put = 0;
  for (const item of items) {
    const annotations = JSON.stringify(item.annotationIds);
    const { changes } = writer.run(
      `WITH new (queue_key, position, trace_id, span_id, other_id, annotations, why) AS (VALUES (?, ?, ?, ?, ?, ?, ?))
       INSERT INTO review_item (queue_key, position, trace_key, span_id, other_key, annotations, why)
       SELECT n.queue_key, n.position, t.trace_key, n.span_id, o.trace_key, n.annotations, n.why
       FROM new n JOIN trace t ON t.trace_id = n.trace_id LEFT JOIN trace o ON o.trace_id = n.other_id
       WHERE (n.other_id IS NULL OR o.trace_key IS NOT NULL) AND NOT EXISTS (
         SELECT 1 FROM review_item e WHERE e.trace_key = t.trace_key AND e.queue_key = n.queue_key AND e.span_id = n.span_id
           AND e.other_key IS o.trace_key AND e.annotations = n.annotations)`,
      [queue, position, item.traceId, item.spanId ?? '', item.otherTraceId, annotations, item.why],
    );
    position += changes;
    put += changes;
  }
  return put;
}

export function queuesOf(reader: Reader): ReviewQueue[] {
  const rows = reader.all<QueueRow>('SELECT * FROM review_queue ORDER BY created_at DESC, queue_key DESC');
  return rows.map((row) => queueOf(reader, row));
}

export function queueById(reader: Reader, queueId: string): ReviewQueue | null {
  const row = reader.get<QueueRow>('SELECT * FROM review_queue WHERE queue_id = ?', [queueId]);
  return row ? queueOf(reader, row) : null;
}

export function itemById(reader: Reader, itemId: number): ReviewItem | null {
  return first(reader, 'i.item_key = ?', [itemId]);
}

/** The item at or after a position (before it, going back) with one of the states; null when there is none. */
export function itemNear(
  reader: Reader,
  queueId: string,
  position: number,
  { back = false, todo = false }: { readonly back?: boolean; readonly todo?: boolean } = {},
): ReviewItem | null {
  const queue = queueKey(reader, queueId);
  const side = back ? '<=' : '>=';
  return first(
    reader,
    `i.queue_key = ? AND i.position ${side} ?${todo ? " AND i.state = 'todo'" : ''}`,
    [queue, position],
    `ORDER BY i.position ${back ? 'DESC' : ''}`,
  );
}

/** In order of position; of `states`, or all. */
export function itemsOf(
  reader: Reader,
  queueId: string,
  states: readonly ItemState[],
  offset: number,
  limit: number,
): ItemPage {
  const queue = queueKey(reader, queueId);
  const where = 'i.queue_key = ? AND i.state IN (SELECT value FROM json_each(?))';
  const params = [queue, JSON.stringify(states)];
  const rows = reader.all<ItemRow & { trace_name: string }>(
    `SELECT ${ITEM}, coalesce(t.name, t.root_name, t.trace_id) AS trace_name FROM ${FROM_ITEM} WHERE ${where} ORDER BY i.position LIMIT ? OFFSET ?`,
    [...params, limit, offset],
  );
  const total = reader.get<{ n: number }>(`SELECT count(*) AS n FROM review_item i WHERE ${where}`, params)?.n ?? 0;
  return { items: rows.map((row) => ({ ...itemOf(row), traceName: row.trace_name })), total };
}

/** Items that were done, the latest first. */
export function lastDone(reader: Reader, queueId: string, limit: number): ReviewItem[] {
  const queue = queueKey(reader, queueId);
  return reader
    .all<ItemRow>(
      `SELECT ${ITEM} FROM ${FROM_ITEM} WHERE i.queue_key = ? AND i.state = 'done' ORDER BY i.done_at DESC, i.position DESC LIMIT ?`,
      [queue, limit],
    )
    .map(itemOf);
}

export function markItem(
  writer: Writer,
  itemId: number,
  state: ItemState,
  { reviewer, now }: { readonly reviewer: string; readonly now: number },
): void {
  writer.run(
    `UPDATE review_item SET state = ?, reviewer = ?, started_at = coalesce(started_at, ?), done_at = ? WHERE item_key = ?`,
    [state, reviewer, now, state === 'todo' ? null : now, itemId],
  );
}

/** False when there is no such item. */
export function putDraft(writer: Writer, itemId: number, draft: string, now: number): boolean {
  return (
    writer.run('UPDATE review_item SET draft = ?, started_at = coalesce(started_at, ?) WHERE item_key = ?', [
      draft,
      now,
      itemId,
    ]).changes > 0
  );
}

function queueKey(reader: Reader, queueId: string): number | null {
  return (
    reader.get<{ queue_key: number }>('SELECT queue_key FROM review_queue WHERE queue_id = ?', [queueId])?.queue_key ??
    null
  );
}

function queueOf(reader: Reader, row: QueueRow): ReviewQueue {
  const counts = { todo: 0, done: 0, skipped: 0, flagged: 0 };
  for (const [state, count] of reader.rows<[string, number]>(
    'SELECT state, count(*) FROM review_item WHERE queue_key = ? GROUP BY state',
    [row.queue_key],
  ))
    counts[stateOf(state)] += count;
  const body = JSON.parse(row.body) as Omit<StoredQueue, 'id' | 'name' | 'createdAt'>;
  return { ...body, id: row.queue_id, name: row.name, createdAt: row.created_at, counts };
}

function first(
  reader: Reader,
  where: string,
  params: readonly (string | number | null)[],
  order = '',
): ReviewItem | null {
  const row = reader.get<ItemRow>(`SELECT ${ITEM} FROM ${FROM_ITEM} WHERE ${where} ${order} LIMIT 1`, params);
  return row ? itemOf(row) : null;
}

function itemOf(row: ItemRow): ReviewItem {
  return {
    id: row.item_key,
    queueId: row.queue_id,
    position: row.position,
    traceId: row.trace_id,
    spanId: row.span_id === '' ? null : row.span_id,
    otherTraceId: row.other_id,
    annotationIds: JSON.parse(row.annotations) as string[],
    why: row.why,
    state: stateOf(row.state),
    draft: row.draft,
    reviewer: row.reviewer,
    startedAt: row.started_at,
    doneAt: row.done_at,
  };
}

function stateOf(text: string): ItemState {
  return ITEM_STATES.find((state) => state === text) ?? 'todo';
}
