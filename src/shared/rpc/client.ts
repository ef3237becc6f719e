/**
 * The one client of the engine, used by the renderer over a MessagePort and by the CLI and tests in-process.
 * When the engine restarts, `reconnect` fails with `engine_restarted` what the old port was asked, subscribes again, and
 * goes on with the new port. Calls made while there is no port wait for the next one.
 */
import type { AppError, Result } from '../result.ts';
import type { Answer, Args, EngineEvents, EventName, Method } from './contract.ts';
import type { ClientMessage, Port, ServerMessage } from './wire.ts';
import { AppFailure } from '../result.ts';

type Pending = { resolve: (value: unknown) => void; reject: (error: AppFailure) => void };
export type EnginePort = Port<ClientMessage, ServerMessage>;

export type EngineClient = {
  /** Rejects with an AppFailure. */
  readonly call: <M extends Method>(method: M, args: Args<M>, options?: { signal?: AbortSignal }) => Promise<Answer<M>>;
  readonly subscribe: <E extends EventName>(event: E, listener: (data: EngineEvents[E]) => void) => () => void;
  readonly reconnect: (port: EnginePort) => void;
};

export function createEngineClient(first: EnginePort | null): EngineClient {
  const pending = new Map<number, Pending>();
  const listeners = new Map<EventName, Set<(data: never) => void>>();
  let waiting: ClientMessage[] = [];
  let port: EnginePort | null = null;
  let nextId = 1;

  function send(message: ClientMessage): void {
    if (port) port.send(message);
    else waiting.push(message);
  }

  /** What still waits for a port was asked of none that could have failed. */
  function failAsked(error: AppError): void {
    const unasked = new Set(waiting.map((message) => (message.verb === 'call' ? message.id : null)));
    for (const [id, call] of pending) {
      if (unasked.has(id)) continue;
      pending.delete(id);
      call.reject(new AppFailure(error));
    }
  }

  function receive(message: ServerMessage): void {
    if (message.verb === 'event') {
      for (const listener of listeners.get(message.event) ?? []) listener(message.data as never);
      return;
    }
    const call = pending.get(message.id);
    if (!call) return;
    pending.delete(message.id);
    if (message.verb === 'answer') call.resolve(message.result);
    else call.reject(new AppFailure(message.error));
  }

  function connect(next: EnginePort): void {
    port = next;
    next.onMessage(receive);
    next.onClose(() => {
      if (port !== next) return;
      port = null;
      failAsked({ code: 'engine_restarted', message: 'The engine stopped before it answered.' });
    });
    for (const event of listeners.keys()) next.send({ verb: 'subscribe', event });
    const queued = waiting;
    waiting = [];
    for (const message of queued) next.send(message);
  }

  if (first) connect(first);

  return {
    call(method, args, options) {
      const id = nextId++;
      return new Promise((resolve, reject) => {
        const signal = options?.signal;
        if (signal?.aborted) {
          reject(new AppFailure({ code: 'cancelled', message: 'Cancelled.' }));
          return;
        }
        function abort(): void {
          if (!pending.delete(id)) return;
          send({ verb: 'cancel', id });
          reject(new AppFailure({ code: 'cancelled', message: 'Cancelled.' }));
        }
        signal?.addEventListener('abort', abort, { once: true });
        function done(): void {
          signal?.removeEventListener('abort', abort);
        }
        pending.set(id, {
          resolve: (value) => {
            done();
            resolve(value as never);
          },
          reject: (error) => {
            done();
            reject(error);
          },
        });
        send({ verb: 'call', id, method, args });
      });
    },
    subscribe(event, listener) {
      const known = listeners.get(event);
      const set = known ?? new Set<(data: never) => void>();
      if (!known) {
        listeners.set(event, set);
        if (port) port.send({ verb: 'subscribe', event });
      }
      set.add(listener);
      return () => {
        set.delete(listener);
        if (set.size > 0 || !listeners.delete(event)) return;
        port?.send({ verb: 'unsubscribe', event });
      };
    },
    reconnect(next) {
      const old = port;
      port = null;
      old?.close();
      failAsked({
        code: 'engine_restarted',
        message: 'The engine was restarted.',
        hint: 'The view loads again by itself.',
      });
      connect(next);
    },
  };
}

/** Turns a rejected call into a Result for code that handles the error in place. */
export async function attempt<T>(call: Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await call };
  } catch (cause) {
    if (cause instanceof AppFailure) return { ok: false, error: cause.error };
    throw cause;
  }
}
