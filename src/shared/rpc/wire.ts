/** The messages on an engine port. Verbs: call, cancel, subscribe, unsubscribe; answers carry the call's id. */
import type { AppError } from '../result.ts';
import type { EventName, Method } from './contract.ts';

export type ClientMessage =
  | { readonly verb: 'call'; readonly id: number; readonly method: Method; readonly args: unknown }
  | { readonly verb: 'cancel'; readonly id: number }
  | { readonly verb: 'subscribe'; readonly event: EventName }
  | { readonly verb: 'unsubscribe'; readonly event: EventName };

export type ServerMessage =
  | { readonly verb: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly verb: 'error'; readonly id: number; readonly error: AppError }
  | { readonly verb: 'event'; readonly event: EventName; readonly data: unknown };

/** The least that a port must do: satisfied by DOM and Electron message ports through small wrappers. */
export type Port<Out, In> = {
  readonly send: (message: Out) => void;
  readonly onMessage: (listener: (message: In) => void) => void;
  readonly onClose: (listener: () => void) => void;
  readonly close: () => void;
};
