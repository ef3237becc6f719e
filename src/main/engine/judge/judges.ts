/** Judges of one workspace: its endpoints, their keys, and the services that graders ask. */
import type { PriceBook } from '#shared/estimate.ts';
import type { Workspace } from '../../store/open.ts';
import type { EndpointBook } from './endpoint-book.ts';
import { createEndpointBook } from './endpoint-book.ts';
import type { EndpointInUse } from './endpoint-in-use.ts';
import type { KeyRing } from './key-ring.ts';
import { createKeyRing } from './key-ring.ts';
import type { JudgeMemory } from './memory.ts';
import { passingMemory, storedMemory } from './memory.ts';
import type { JudgeServices } from './services.ts';
import { createJudgeServices } from './services.ts';

export type Judges = {
  readonly book: EndpointBook;
  readonly keys: KeyRing;
  readonly memory: JudgeMemory;
  readonly services: JudgeServices;
};

export type JudgesOptions = {
  readonly prices: () => PriceBook;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of by who started this process, as with --judge-url: it is asked instead of those of the workspace. */
  readonly endpoint?: EndpointInUse | undefined;
  /** After each request that went out. */
  readonly sent: () => void;
};

export function createJudges({ reader, connection }: Workspace, options: JudgesOptions): Judges {
  const keys = createKeyRing(options.env);
  const book = createEndpointBook(reader, keys);
  const memory = connection ? storedMemory(connection, options.sent) : passingMemory();
  const { endpoint } = options;
  const services = createJudgeServices({
    memory,
    endpoints: book.inUse,
    only: endpoint ?? null,
    keys,
    prices: options.prices,
  });
  return { book, keys, memory, services };
}
