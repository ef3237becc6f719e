import { act } from '@testing-library/react';
import type { Answer, Args, EngineEvents, EventName, Method } from '#shared/rpc/contract.ts';
import type { ClientMessage, ServerMessage } from '#shared/rpc/wire.ts';
import { engine } from '../connection.ts';

export type FakeHandlers = { readonly [M in Method]?: (args: Args<M>) => Answer<M> | Error };

export type FakeEngine = {
  /** Names of the calls so far. */
  readonly calls: readonly Method[];
  readonly emit: <E extends EventName>(event: E, data: EngineEvents[E]) => void;
};

/** Puts an engine behind the page's client: it answers calls in the next microtask; an Error becomes `not_found`. */
export function connectFakeEngine(handlers: FakeHandlers): FakeEngine {
  let listener: (message: ServerMessage) => void = () => undefined;
  const calls: Method[] = [];
  engine.reconnect({
    send(message: ClientMessage) {
      if (message.verb !== 'call') return;
      calls.push(message.method);
      const handler = handlers[message.method] as ((args: unknown) => unknown) | undefined;
      // Without a handler the call stays open, like that of a busy engine.
      if (!handler) return;
      queueMicrotask(() => {
        const result = handler(message.args);
        if (!(result instanceof Error)) listener({ verb: 'answer', id: message.id, result });
        else listener({ verb: 'error', id: message.id, error: { code: 'not_found', message: result.message } });
      });
    },
    onMessage: (next) => (listener = next),
    onClose: () => undefined,
    close: () => undefined,
  });
  return { calls, emit: (event, data) => act(() => listener({ verb: 'event', event, data })) };
}
