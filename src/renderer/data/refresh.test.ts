import { expect, test } from 'vitest';
import { createRefresher, isTouched } from './refresh.ts';
import { manualClock } from './testing/manual-clock.ts';

const event = (traceIds: readonly string[] | null, tables: readonly string[] = ['span']) => ({
  revision: 2,
  tables,
  traceIds,
});

test('a query of one trace is touched by that trace only', () => {
  expect(isTouched('trace.open', { traceId: 'a' }, event(['a', 'b']))).toBe(true);
  expect(isTouched('trace.open', { traceId: 'a' }, event(['b']))).toBe(false);
  expect(isTouched('trace.open', { traceId: 'a' }, event(null))).toBe(true);
  expect(isTouched('trace.list', { query: 'x' }, event(['b']))).toBe(true);
});

test('a session that is read as one may be touched by any trace', () => {
  expect(isTouched('trace.open', { traceId: 'session:s' }, event(['b']))).toBe(true);
});

test('an alignment is touched by the traces that it is of', () => {
  expect(isTouched('align.traces', { a: 'a', b: 'b' }, event(['b']))).toBe(true);
  expect(isTouched('align.traces', { a: 'a', b: 'b' }, event(['c']))).toBe(false);
  expect(isTouched('align.many', { baseline: 'a', traceIds: ['c'] }, event(['c']))).toBe(true);
  expect(isTouched('align.traces', { a: 'a', b: 'session:s' }, event(['c']))).toBe(true);
});

test('settings and data do not touch each other, and stored content never changes', () => {
  expect(isTouched('settings.get', { key: 'theme' }, event(['a']))).toBe(false);
  expect(isTouched('settings.get', { key: 'theme' }, event([], ['settings']))).toBe(true);
  expect(isTouched('trace.list', {}, event([], ['settings']))).toBe(false);
  expect(isTouched('content.get', { key: 1 }, event(null))).toBe(false);
});

test('a slow query is fetched again after ten times its duration, a fast one after 100 ms', async () => {
  const { clock, advance } = manualClock();
  const fetched: number[] = [];
  const refresher = createRefresher(() => fetched.push(clock.now()), clock);

  let finish: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (finish = resolve));
  const running = refresher.measure('q', () => slow);
  refresher.request('q');
  advance(50);
  expect(fetched).toEqual([]);
  finish();
  await running;
  refresher.request('q');
  advance(499);
  expect(fetched).toEqual([]);
  advance(1);
  expect(fetched).toEqual([550]);

  await refresher.measure('q', () => Promise.resolve());
  refresher.request('q');
  refresher.request('q');
  advance(99);
  expect(fetched).toHaveLength(1);
  advance(1);
  expect(fetched).toEqual([550, 650]);
  advance(10_000);
  expect(fetched).toHaveLength(2);
});

test('what was never fetched is fetched at once, and what is gone never', async () => {
  const { clock, advance, pending } = manualClock();
  const fetched: string[] = [];
  const refresher = createRefresher((key) => fetched.push(key), clock);
  refresher.request('new');
  expect(fetched).toEqual(['new']);
  await refresher.measure('gone', () => Promise.resolve());
  refresher.request('gone');
  refresher.forget('gone');
  expect(pending()).toBe(0);
  advance(1_000);
  expect(fetched).toEqual(['new']);
});

test('a failing fetch is paced like any other', async () => {
  const { clock, advance } = manualClock();
  let fetches = 0;
  const refresher = createRefresher(() => fetches++, clock);
  await expect(refresher.measure('q', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  refresher.request('q');
  expect(fetches).toBe(0);
  advance(100);
  expect(fetches).toBe(1);
});

test('a fetch during which the computer slept does not stop the query for hours', async () => {
  const { clock, advance } = manualClock();
  let fetches = 0;
  const refresher = createRefresher(() => fetches++, clock);
  let finish: () => void = () => undefined;
  const running = refresher.measure('q', () => new Promise<void>((resolve) => (finish = resolve)));
  advance(8 * 3_600_000);
  finish();
  await running;
  refresher.request('q');
  advance(60_000);
  expect(fetches).toBe(1);
});
