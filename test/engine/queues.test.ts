/** Review queues: made from traces, gone through, and what becomes of them. */
import { expect, test } from 'vitest';
import type { AnnotationState } from '../../src/shared/annotation.ts';
import type { QueueDraft } from '../../src/shared/review.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { sendItems, spanItem, traceItem } from '../support/agents-items.ts';
import { startEngine } from '../support/workspace.ts';

const QUEUE: QueueDraft = {
  name: 'Refunds',
  instructions: 'Did the customer get the money?',
  source: { kind: 'query', query: '' },
  task: { kind: 'trace' },
  order: 'oldest',
  seed: 1,
  limit: null,
  form: { verdict: true, taxonomy: null, schema: null, blame: true },
  blind: { labels: false, origin: false },
};

const VERDICT: AnnotationState = {
  place: { kind: 'trace' },
  kind: 'verdict',
  taxonomy: null,
  category: null,
  severity: null,
  score: null,
  passed: true,
  note: null,
  tags: [],
  agent: null,
  isRootCause: false,
  evidenceSpanId: null,
  correction: null,
  answers: null,
  preference: null,
  extra: {},
};

async function withTraces(count: number): Promise<Engine> {
  const engine = await startEngine();
  for (let at = 0; at < count; at++) {
    const id = `t${at}`;
    const time = new Date(Date.UTC(2026, 0, 1, 0, at)).toISOString();
    await sendItems(engine, [
      traceItem({ id, metadata: { task_id: at >> 1 } }),
      spanItem({ id: `s${at}`, trace_id: id, started_at: time, ended_at: time }),
    ]);
  }
  await engine.settle();
  return engine;
}

const create = (engine: Engine, change: Partial<QueueDraft> = {}) =>
  engine.call('queue.create', { jobId: 'job', queue: { ...QUEUE, ...change } });

test('made, gone through, marked, revisited, and gone with its traces', async () => {
  const engine = await withTraces(4);
  const queue = await create(engine);
  expect(queue).toMatchObject({ name: 'Refunds', counts: { todo: 4, done: 0, skipped: 0, flagged: 0 } });
  const first = await engine.call('queue.at', { queueId: queue.id });
  expect(first.item).toMatchObject({ traceId: 't0', position: 0, state: 'todo' });
  expect(first.previous).toBeNull();
  expect(first.next).toMatchObject({ traceId: 't1' });
  await engine.call('queue.draft', { itemId: first.item!.id, draft: 'half a sen' });
  expect((await engine.call('queue.at', { queueId: queue.id })).item).toMatchObject({ draft: 'half a sen' });
  await engine.call('queue.mark', { itemId: first.item!.id, state: 'done' });
  await engine.call('queue.mark', { itemId: first.next!.id, state: 'skipped' });
  const { queue: later, reviewer } = await engine.call('queue.get', { queueId: queue.id });
  expect(later.counts).toEqual({ todo: 2, done: 1, skipped: 1, flagged: 0 });
  expect((await engine.call('queue.at', { queueId: queue.id })).item).toMatchObject({ traceId: 't2' });
  // From the last item, the next that waits is sought from the beginning.
  const all = await engine.call('queue.items', { queueId: queue.id });
  const last = await engine.call('queue.at', { queueId: queue.id, itemId: all.items[3]!.id });
  expect(last).toMatchObject({ next: null, nextTodo: { traceId: 't2' } });
  const done = await engine.call('queue.items', { queueId: queue.id, states: ['done'] });
  expect(done).toMatchObject({ total: 1, items: [{ traceId: 't0', reviewer }] });
  expect(done.items[0]?.doneAt).toBeGreaterThan(0);
  await engine.call('trace.delete', { traceIds: ['t2'] });
  expect((await engine.call('queue.items', { queueId: queue.id })).total).toBe(3);
  expect((await engine.call('queue.at', { queueId: queue.id })).item).toMatchObject({ traceId: 't3' });
  await engine.call('queue.delete', { queueId: queue.id });
  expect(await engine.call('queue.list', undefined)).toEqual([]);
});

test('more can be added, and nothing twice; a random order is that of its seed', async () => {
  const engine = await withTraces(6);
  const queue = await create(engine, { source: { kind: 'traces', traceIds: ['t3', 't1', 'gone'] } });
  expect((await engine.call('queue.items', { queueId: queue.id })).items.map(({ traceId }) => traceId)).toEqual([
    't1',
    't3',
  ]);
  expect(await engine.call('queue.addItems', { jobId: 'more', queueId: queue.id, source: QUEUE.source })).toEqual({
    added: 4,
  });
  const order = async (seed: number) => {
    const { id } = await create(engine, { order: 'random', seed });
    return (await engine.call('queue.items', { queueId: id })).items.map(({ traceId }) => traceId);
  };
  expect(await order(5)).toEqual(await order(5));
  expect(await order(5)).not.toEqual(await order(6));
});

test('one item for each span that fits', async () => {
  const engine = await withTraces(3);
  const task = { kind: 'span', spanKind: null, agent: null, text: null } as const;
  const { id } = await create(engine, { task });
  expect((await engine.call('queue.items', { queueId: id })).items.map(({ spanId }) => spanId)).toEqual([
    's0',
    's1',
    's2',
  ]);
  await expect(create(engine, { task: { ...task, agent: 'Nobody' } })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
});

test('pairs of the same task, with their sides kept', async () => {
  const engine = await withTraces(4);
  const { id } = await create(engine, { task: { kind: 'pair', by: 'task' }, seed: 3 });
  const { items } = await engine.call('queue.items', { queueId: id });
  expect(items.map(({ traceId, otherTraceId }) => [traceId, otherTraceId].sort())).toEqual(
    expect.arrayContaining([
      ['t0', 't1'],
      ['t2', 't3'],
    ]),
  );
  await engine.call('trace.delete', { traceIds: ['t0'] });
  expect((await engine.call('queue.items', { queueId: id })).total).toBe(1);
});

test('what people say differently is found first, and is to be adjudicated until it was', async () => {
  const engine = await withTraces(3);
  const say = async (name: string, passed: boolean) => {
    await engine.call('settings.set', { key: 'reviewer', value: name });
    return engine.call('annotation.save', { traceId: 't1', state: { ...VERDICT, passed } });
  };
  await expect(create(engine, { task: { kind: 'adjudicate' } })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
  const ids = [(await say('Ann', true)).id, (await say('Ben', false)).id];
  const first = await create(engine, { order: 'disagreement' });
  expect((await engine.call('queue.at', { queueId: first.id })).item).toMatchObject({
    traceId: 't1',
    why: 'People differ on the verdict.',
  });
  const { id } = await create(engine, { task: { kind: 'adjudicate' } });
  const { items } = await engine.call('queue.items', { queueId: id });
  expect(items).toMatchObject([{ traceId: 't1', annotationIds: ids.sort() }]);
  await engine.call('annotation.save', { traceId: 't1', state: { ...VERDICT, extra: { adjudicates: ids } } });
  await expect(create(engine, { task: { kind: 'adjudicate' } })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
});

test('similar traces are shown by one of them, and graders without scores are said to have none', async () => {
  const engine = await withTraces(5);
  const clusters = await create(engine, { order: 'clusters' });
  expect(clusters.about).toContain('5 in 1 group');
  expect(clusters.counts.todo).toBe(1);
  expect((await create(engine, { order: 'uncertainty' })).about).toContain('None of these has a score');
});

test('what is no queue is refused with the reason', async () => {
  const engine = await withTraces(1);
  for (const [change, reason] of [
    [{ name: ' ' }, /has no name/],
    [{ order: 'best' }, /order must be one of/],
    [{ seed: 0.5 }, /seed must be/],
    [{ limit: 0 }, /limit must be/],
    [{ task: { kind: 'guess' } }, /task is of no known kind/],
    [{ source: { kind: 'traces', traceIds: [7] } }, /must be a text/],
  ] as const)
    await expect(create(engine, change as unknown as Partial<QueueDraft>)).rejects.toMatchObject({
      error: { code: 'bad_request', message: expect.stringMatching(reason) as string },
    });
  for (const call of [
    engine.call('queue.get', { queueId: 'none' }),
    engine.call('queue.mark', { itemId: 4_711, state: 'done' }),
    engine.call('queue.draft', { itemId: 4_711, draft: 'x' }),
  ])
    await expect(call).rejects.toMatchObject({ error: { code: 'not_found' } });
});
