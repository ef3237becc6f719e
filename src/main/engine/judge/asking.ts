/** What one request of a service has at hand. */
import type { TokenUse } from '#shared/grader.ts';
import type { AskHost } from './ask.ts';
import type { ChatUsage } from './chat.ts';
import type { EndpointInUse } from './endpoint-in-use.ts';
import type { Limiter } from './limiter.ts';
import type { JudgeMemory } from './memory.ts';

export type Asking = {
  readonly host: AskHost;
  readonly endpoint: EndpointInUse;
  readonly key: string | null;
  readonly memory: JudgeMemory;
  readonly limited: Limiter;
  readonly priced: (model: string, calls: number, usage: ChatUsage | null) => TokenUse;
};
