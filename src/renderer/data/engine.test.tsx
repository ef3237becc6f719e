import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClientMessage, ServerMessage } from '#shared/rpc/wire.ts';
import { engine } from './connection.ts';
import { followChanges, queryClient, useEngine } from './engine.ts';

type Handler = (args: unknown) => unknown;

/** An engine behind a port: answers calls, counts them, and tells what it is told to tell. */
function connect(handlers: Record<string, Handler>) {
  let listener: (message: ServerMessage) => void = () => undefined;
  const calls: string[] = [];
  engine.reconnect({
    send(message: ClientMessage) {
      if (message.verb !== 'call') return;
      calls.push(message.method);
      queueMicrotask(() => {
        const result = handlers[message.method]?.(message.args);
        if (result instanceof Error)
          listener({ verb: 'error', id: message.id, error: { code: 'not_found', message: result.message } });
        else listener({ verb: 'answer', id: message.id, result });
      });
    },
    onMessage: (next) => (listener = next),
    onClose: () => undefined,
    close: () => undefined,
  });
  return {
    calls,
    changed: (traceIds: readonly string[] | null, tables: readonly string[] = ['span']) =>
      act(() => listener({ verb: 'event', event: 'changed', data: { revision: 9, tables, traceIds } })),
  };
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
  const fake = connect({ 'trace.get': () => ({ version: version++ }) });
  const { result } = renderHook(() => useEngine('trace.get', { traceId: 'a' }));
  expect(result.current.loading).toBe(true);
  await waitFor(() => expect(result.current.data).toEqual({ version: 1 }));

  fake.changed(['b']);
  fake.changed([], ['settings']);
  fake.changed(['a']);
  await waitFor(() => expect(result.current.data).toEqual({ version: 2 }));
  expect(fake.calls).toHaveLength(2);
});

test('a query that is not on screen is fetched at its next mount, only if it was touched', async () => {
  let version = 1;
  const fake = connect({ 'trace.get': () => ({ version: version++ }) });
  const first = renderHook(() => useEngine('trace.get', { traceId: 'a' }));
  await waitFor(() => expect(first.result.current.data).toEqual({ version: 1 }));
  first.unmount();

  fake.changed(['b']);
  const second = renderHook(() => useEngine('trace.get', { traceId: 'a' }));
  expect(second.result.current.data).toEqual({ version: 1 });
  second.unmount();
  expect(fake.calls).toHaveLength(1);

  fake.changed(['a']);
  expect(fake.calls).toHaveLength(1);
  const third = renderHook(() => useEngine('trace.get', { traceId: 'a' }));
  await waitFor(() => expect(third.result.current.data).toEqual({ version: 2 }));
});

test('an error is an AppError with its code, and refetch recovers', async () => {
  let broken = true;
  connect({ 'trace.get': () => (broken ? new Error('There is no such trace.') : { id: 'a' }) });
  const { result } = renderHook(() => useEngine('trace.get', { traceId: 'a' }));
  await waitFor(() => expect(result.current.error).toEqual({ code: 'not_found', message: 'There is no such trace.' }));
  expect(result.current.loading).toBe(false);
  broken = false;
  act(() => result.current.refetch());
  await waitFor(() => expect(result.current.data).toEqual({ id: 'a' }));
  expect(result.current.error).toBeNull();
});

test('keepPrevious shows the last answer until the new one is there', async () => {
  connect({ 'trace.get': (args) => args });
  const { result, rerender } = renderHook(({ id }) => useEngine('trace.get', { traceId: id }, { keepPrevious: true }), {
    initialProps: { id: 'a' },
  });
  await waitFor(() => expect(result.current.data).toEqual({ traceId: 'a' }));
  rerender({ id: 'b' });
  expect(result.current.data).toEqual({ traceId: 'a' });
  await waitFor(() => expect(result.current.data).toEqual({ traceId: 'b' }));
});

test('enabled: false asks nothing', async () => {
  const fake = connect({ 'trace.get': (args) => args });
  const { result } = renderHook(() => useEngine('trace.get', { traceId: 'a' }, { enabled: false }));
  fake.changed(null);
  await act(async () => undefined);
  expect(fake.calls).toEqual([]);
  expect(result.current.loading).toBe(false);
});
