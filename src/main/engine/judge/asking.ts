/** What one request of a service has at hand. */
import type { TokenUse } from '#shared/grader.ts';
import type { Result } from '#shared/result.ts';
import type { ChatUsage } from './chat.ts';
import type { EndpointInUse } from './endpoint-in-use.ts';
import type { ExchangeFailure, Incoming, Outgoing } from './exchange.ts';
import type { JudgeMemory } from './memory.ts';

export type Asking = {
  readonly endpoint: EndpointInUse;
  readonly key: string | null;
  readonly memory: JudgeMemory;
  /** In its turn, with all its tries; at once a failure while the endpoint is left alone. Rejects only when `signal` aborts. */
  readonly send: (outgoing: Outgoing, signal: AbortSignal) => Promise<Result<Incoming, ExchangeFailure>>;
  readonly priced: (model: string, calls: number, usage: ChatUsage | null) => TokenUse;
};
