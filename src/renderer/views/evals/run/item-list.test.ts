import { expect, test } from 'vitest';
import type { RunItemRow } from '#shared/eval.ts';
import { connectFakeEngine } from '../../../data/testing/fake-engine.ts';
import { createItemList } from './item-list.ts';

type Status = RunItemRow['status'];

/** An engine with so many items; `statuses` may change between calls. */
function connect(statuses: Status[]) {
  const asked: (number | undefined)[] = [];
  connectFakeEngine({
    'run.items': ({ filter, cursor = 0, limit = 1_000 }) => {
      asked.push(cursor);
      const all = statuses
        .map((status, id) => ({ id, status }) as RunItemRow)
        .filter(({ id, status }) => id >= cursor && (filter?.status === undefined || status === filter.status));
      const rows = all.slice(0, limit);
      const last = rows.at(-1);
      return { rows, nextCursor: last && all.length > rows.length ? last.id + 1 : null };
    },
  });
  return asked;
}

const due = (count: number): Status[] => Array.from({ length: count }, () => 'due');

test('pages come one after the other, and all when the last is wanted', async () => {
  const asked = connect(due(3_500));
  const list = createItemList('r', {});
  await list.more();
  expect(list.store.getState()).toMatchObject({ cursor: 200, loading: false });
  await Promise.all([list.more(), list.more()]);
  expect(list.store.getState().rows).toHaveLength(1_200);
  await list.loadAll();
  expect(list.store.getState().rows.map(({ id }) => id)).toEqual(Array.from({ length: 3_500 }, (_, id) => id));
  expect(list.store.getState().cursor).toBeNull();
  expect(asked).toEqual([0, 200, 1_200, 2_200, 3_200]);
});

test('only what is on the screen is asked again, and nothing is lost beyond it', async () => {
  const statuses = due(2_500);
  const asked = connect(statuses);
  const list = createItemList('r', {});
  await list.loadAll();
  await list.more();
  await list.loadAll();
  asked.length = 0;
  statuses[300] = 'passed';
  statuses[2_400] = 'failed';
  list.refresh(290, 310);
  await list.loadAll();
  const { rows } = list.store.getState();
  expect(asked).toEqual([200]);
  expect(rows[300]?.status).toBe('passed');
  // Not on the screen: as it was, until it is.
  expect(rows[2_400]?.status).toBe('due');
  expect(rows).toHaveLength(2_500);
});

test('under a filter rows that no longer fit leave, and those behind are loaded anew', async () => {
  const statuses = due(1_500);
  connect(statuses);
  const list = createItemList('r', { status: 'due' });
  await list.more();
  await list.loadAll();
  expect(list.store.getState().rows).toHaveLength(1_500);
  for (let id = 0; id < 100; id++) statuses[id] = 'passed';
  list.refresh(0, 20);
  await list.loadAll();
  const ids = list.store.getState().rows.map(({ id }) => id);
  expect(ids).toHaveLength(1_400);
  expect(new Set(ids).size).toBe(1_400);
  expect(ids[0]).toBe(100);
});

test('an error is kept with what was loaded, and trying again goes on', async () => {
  const statuses = due(300);
  connect(statuses);
  const list = createItemList('r', {});
  await list.more();
  connectFakeEngine({ 'run.items': () => new Error('The engine stumbled.') });
  await list.more();
  expect(list.store.getState()).toMatchObject({ error: { message: 'The engine stumbled.' } });
  expect(list.store.getState().rows).toHaveLength(200);
  connect(statuses);
  list.reload();
  await list.loadAll();
  expect(list.store.getState()).toMatchObject({ error: null });
  expect(list.store.getState().rows).toHaveLength(300);
});
