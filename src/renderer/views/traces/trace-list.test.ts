import { expect, test, vi } from 'vitest';
import type { EngineClient } from '#shared/rpc/client.ts';
import type { TracePage } from '#shared/trace.ts';
import { AppFailure } from '#shared/result.ts';
import { createTraceList } from './trace-list.ts';
import { manualClock } from '../../data/testing/manual-clock.ts';
import { tracePage, traceRow } from './testing/trace-row.ts';

type Call = {
  method: string;
  args: { query?: string; cursor?: string; traceId?: string };
  answer: (page: unknown) => void;
  fail: () => void;
};

/** An engine whose answers the test gives, in the order it wants. */
function fakeEngine() {
  const calls: Call[] = [];
  let listener: (event: {
    revision: number;
    tables: readonly string[];
    traceIds: readonly string[] | null;
  }) => void = () => undefined;
  const engine = {
    call: (method: string, args: Call['args']) =>
      new Promise((resolve, reject) => {
        calls.push({
          method,
          args,
          answer: resolve,
          fail: () => reject(new AppFailure({ code: 'store_busy', message: 'Busy.' })),
        });
      }),
    subscribe: (_event: string, next: typeof listener) => {
      listener = next;
      return () => undefined;
    },
  } as unknown as Pick<EngineClient, 'call' | 'subscribe'>;
  return {
    engine,
    calls,
    changed: (traceIds: readonly string[] | null) => listener({ revision: 1, tables: ['span'], traceIds }),
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

function setUp() {
  const fake = fakeEngine();
  const { clock, advance, pending } = manualClock();
  const list = createTraceList(fake.engine, clock);
  list.follow();
  return {
    ...fake,
    list,
    /** Tells of a change and waits as long as it takes until it is followed. */
    changed: (traceIds: readonly string[] | null): void => {
      fake.changed(traceIds);
      while (pending() > 0) advance(1_000);
    },
    ids: () =>
      list.store
        .getState()
        .rows.map((row) => row.id)
        .join(''),
  };
}

test('an older search that answers late is dropped', async () => {
  const { list, calls, ids } = setUp();
  list.search('slow');
  list.search('fast');
  calls[1]!.answer(tracePage('ab'));
  await settle();
  calls[0]!.answer(tracePage('xyz'));
  await settle();
  expect(ids()).toBe('ab');
  expect(list.store.getState()).toMatchObject({ query: 'fast', loading: false });
});

test('the old rows stay until the new search answers', async () => {
  const { list, calls, ids } = setUp();
  list.search('a');
  calls[0]!.answer(tracePage('ab'));
  await settle();
  list.search('b');
  expect(ids()).toBe('ab');
  expect(list.store.getState().loading).toBe(true);
  calls[1]!.answer(tracePage('c'));
  await settle();
  expect(ids()).toBe('c');
});

test('changes come in live, or wait while someone reads', async () => {
  const { list, calls, ids, changed } = setUp();
  list.search('');
  calls[0]!.answer(tracePage('bc'));
  await settle();
  changed(['a']);
  calls[1]!.answer(tracePage('abc'));
  await settle();
  expect(ids()).toBe('abc');

  list.setLive(false);
  changed(['x']);
  calls[2]!.answer(tracePage('xabc'));
  await settle();
  expect(ids()).toBe('abc');
  expect(list.store.getState().fresh).toBe(1);
  list.setLive(true);
  expect(ids()).toBe('xabc');
});

test('the next page is asked for once', async () => {
  const { list, calls, ids } = setUp();
  list.search('q');
  calls[0]!.answer(tracePage('ab', 'two'));
  await settle();
  void list.more();
  void list.more();
  expect(calls).toHaveLength(2);
  expect(calls[1]!.args).toMatchObject({ query: 'q', cursor: 'two' });
  calls[1]!.answer(tracePage('cd'));
  await settle();
  expect(ids()).toBe('abcd');
  await list.more();
  expect(calls).toHaveLength(2);
});

test('a failure keeps the rows and says so', async () => {
  const { list, calls, ids, changed } = setUp();
  list.search('');
  calls[0]!.answer(tracePage('ab'));
  await settle();
  changed(null);
  calls[1]!.fail();
  await settle();
  expect(ids()).toBe('ab');
  expect(list.store.getState().error?.code).toBe('store_busy');
  list.reload();
  calls[2]!.answer(tracePage('abc'));
  await settle();
  expect(list.store.getState().error).toBeNull();
});

test('rows on screen below the first page are asked for one by one', async () => {
  const { list, calls, changed } = setUp();
  const page = (from: number, to: number, cursor: string | null): TracePage => ({
    rows: Array.from({ length: to - from }, (_, index) => traceRow(`t${from + index}`)),
    nextCursor: cursor,
    total: null,
  });
  list.search('');
  calls[0]!.answer(page(0, 200, '200'));
  await settle();
  void list.more();
  calls[1]!.answer(page(200, 300, null));
  await settle();
  list.setVisible(list.store.getState().rows.slice(248, 252));
  changed(['t250', 't3']);
  const single = calls.filter(({ method }) => method === 'trace.get');
  expect(single.map(({ args }) => args.traceId)).toEqual(['t250']);
  single[0]!.answer(traceRow('t250', { spans: 99, revision: 2 }));
  await settle();
  expect(list.store.getState().rows[250]?.spans).toBe(99);
});

test('a setting that changed asks for nothing', async () => {
  const fake = fakeEngine();
  const subscribe = vi.spyOn(fake.engine, 'subscribe');
  const list = createTraceList(fake.engine, manualClock().clock);
  list.follow();
  expect(subscribe).toHaveBeenCalledWith('changed', expect.any(Function));
  fake.changed(null);
  expect(fake.calls).toHaveLength(0);
});
