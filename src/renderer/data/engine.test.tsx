import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TraceRow } from '#shared/trace.ts';
import type { FakeEngine } from './testing/fake-engine.ts';
import { followChanges, queryClient, useEngine } from './engine.ts';
import { connectFakeEngine } from './testing/fake-engine.ts';

/** Answers that only tell themselves apart. */
function connect(answer: (args: unknown) => unknown): FakeEngine {
  return connectFakeEngine({ 'trace.get': answer as () => TraceRow });
}

function changed(fake: FakeEngine, traceIds: readonly string[] | null, tables: readonly string[] = ['span']): void {
  fake.emit('changed', { revision: 9, tables, traceIds });
}

let stop: () => void;
beforeEach(() => {
  stop = followChanges();
});
afterEach(() => {
  cleanup();
  stop();
  queryClient.clear();
});

test('a mounted query follows the changes that touch it, and no others', async () => {
  let version = 1;
  const fake = connect(() => ({ version: version++ }));
  const { result } = renderHook(() => useEngine('trace.get', { traceId: 'a' }));
  expect(result.current.loading).toBe(true);
  await waitFor(() => expect(result.current.data).toEqual({ version: 1 }));

  changed(fake, ['b']);
  changed(fake, [], ['settings']);
  changed(fake, ['a']);
  await waitFor(() => expect(result.current.data).toEqual({ version: 2 }));
  expect(fake.calls).toHaveLength(2);
});

test('a query that is not on screen is fetched at its next mount, only if it was touched', async () => {
  let version = 1;
  const fake = connect(() => ({ version: version++ }));
  const first = renderHook(() => useEngine('trace.get', { traceId: 'a' }));
  await waitFor(() => expect(first.result.current.data).toEqual({ version: 1 }));
  first.unmount();

  changed(fake, ['b']);
  const second = renderHook(() => useEngine('trace.get', { traceId: 'a' }));
  expect(second.result.current.data).toEqual({ version: 1 });
  second.unmount();
  expect(fake.calls).toHaveLength(1);

  changed(fake, ['a']);
  expect(fake.calls).toHaveLength(1);
  const third = renderHook(() => useEngine('trace.get', { traceId: 'a' }));
  await waitFor(() => expect(third.result.current.data).toEqual({ version: 2 }));
});

test('an error is an AppError with its code, and refetch recovers', async () => {
  let broken = true;
  connect(() => (broken ? new Error('There is no such trace.') : { id: 'a' }));
  const { result } = renderHook(() => useEngine('trace.get', { traceId: 'a' }));
  await waitFor(() => expect(result.current.error).toEqual({ code: 'not_found', message: 'There is no such trace.' }));
  expect(result.current.loading).toBe(false);
  broken = false;
  act(() => result.current.refetch());
  await waitFor(() => expect(result.current.data).toEqual({ id: 'a' }));
  expect(result.current.error).toBeNull();
});

test('keepPrevious shows the last answer until the new one is there', async () => {
  connect((args) => args);
  const { result, rerender } = renderHook(({ id }) => useEngine('trace.get', { traceId: id }, { keepPrevious: true }), {
    initialProps: { id: 'a' },
  });
  await waitFor(() => expect(result.current.data).toEqual({ traceId: 'a' }));
  rerender({ id: 'b' });
  expect(result.current.data).toEqual({ traceId: 'a' });
  await waitFor(() => expect(result.current.data).toEqual({ traceId: 'b' }));
});

test('enabled: false asks nothing', async () => {
  const fake = connect((args) => args);
  const { result } = renderHook(() => useEngine('trace.get', { traceId: 'a' }, { enabled: false }));
  changed(fake, null);
  await act(async () => undefined);
  expect(fake.calls).toEqual([]);
  expect(result.current.loading).toBe(false);
});
