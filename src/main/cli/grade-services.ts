/** What graders ask of the outside, for a command without a workspace: judges told with options, and sandboxes of its own. */
import type { GradeServices } from '../graders/types.ts';
import { createKeyRing } from '../engine/judge/key-ring.ts';
import { passingMemory } from '../engine/judge/memory.ts';
import { createJudgeServices } from '../engine/judge/services.ts';
import { createSandboxes } from '../sandbox/sandboxes.ts';
import type { Context } from './context.ts';
import type { JudgeOptions } from './judge-options.ts';
import { endpointOf } from './judge-options.ts';
import type { SandboxOptions } from './sandbox-options.ts';
import { sandboxesOf } from './sandbox-options.ts';

export type ServiceOptions = JudgeOptions & SandboxOptions;

export async function withServices<T>(
  { io }: Context,
  options: ServiceOptions,
  work: (services: GradeServices) => Promise<T>,
): Promise<T> {
  const judges = createJudgeServices({
    memory: passingMemory(),
    endpoints: () => [],
    only: endpointOf(options),
    keys: createKeyRing(io.env),
    prices: () => null,
  });
  const sandboxes = createSandboxes(sandboxesOf(io, options));
  try {
    return await work({
      judge: judges.judge,
      embed: judges.embed,
      runCode: sandboxes.runCode,
      now: () => performance.now(),
    });
  } finally {
    judges.close();
    await sandboxes.close();
  }
}
