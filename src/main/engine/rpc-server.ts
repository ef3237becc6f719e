/** Serves the contract on one port: call, cancel, subscribe, unsubscribe. */
import { AppFailure, toAppError } from '#shared/result.ts';
import type { EventName, Method } from '#shared/rpc/contract.ts';
import type { ClientMessage, Port, ServerMessage } from '#shared/rpc/wire.ts';
import type { Events } from './changes.ts';

export type Dispatch = (method: Method, args: unknown, signal: AbortSignal) => Promise<unknown>;

export function serve(port: Port<ServerMessage, ClientMessage>, dispatch: Dispatch, events: Events): void {
  const running = new Map<number, AbortController>();
  const subscriptions = new Map<EventName, () => void>();

  async function answer(id: number, method: Method, args: unknown): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const result = await dispatch(method, args, controller.signal);
      if (!controller.signal.aborted) port.send({ verb: 'answer', id, result });
    } catch (cause) {
      const error = toAppError(cause);
      // A bug, not an expected failure: the stack belongs in the log, the sentence to the user.
      if (!(cause instanceof AppFailure)) console.error(`${method}:`, cause);
      if (!controller.signal.aborted) port.send({ verb: 'error', id, error });
    } finally {
      running.delete(id);
    }
  }

  port.onMessage((message) => {
    // A message that is none must not take the engine down.
    if (typeof message !== 'object' || (message as unknown) === null) return;
    switch (message.verb) {
      case 'call':
        void answer(message.id, message.method, message.args);
        break;
      case 'cancel':
        running.get(message.id)?.abort();
        break;
      case 'subscribe':
        if (!subscriptions.has(message.event)) {
          const { event } = message;
          subscriptions.set(
            event,
            events.on(event, (data) => {
              port.send({ verb: 'event', event, data });
            }),
          );
        }
        break;
      case 'unsubscribe':
        subscriptions.get(message.event)?.();
        subscriptions.delete(message.event);
        break;
    }
  });
  port.onClose(() => {
    for (const stop of subscriptions.values()) stop();
    for (const controller of running.values()) controller.abort();
  });
}
