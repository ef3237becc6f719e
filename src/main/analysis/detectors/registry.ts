/** All detectors: adding one is a file, a line here, and its tests. */
import { callLoop } from './call-loop.ts';
import { contextOverflow } from './context-overflow.ts';
import { guardrailIgnored } from './guardrail-ignored.ts';
import { ignoredError } from './ignored-error.ts';
import { invalidCall } from './invalid-call.ts';
import { lostInstruction } from './lost-instruction.ts';
import { orphanWork } from './orphan-work.ts';
import { pingPong } from './ping-pong.ts';
import { prematureFinish } from './premature-finish.ts';
import { repeatedCall } from './repeated-call.ts';
import { retryStorm } from './retry-storm.ts';
import { stall } from './stall.ts';
import { truncatedOutput } from './truncated-output.ts';
import type { Detector } from './types.ts';
import { unfoundedArgument } from './unfounded-argument.ts';
import { unreadResult } from './unread-result.ts';
import { workAfterDone } from './work-after-done.ts';

export const DETECTORS: readonly Detector[] = [
  repeatedCall,
  pingPong,
  callLoop,
  ignoredError,
  unreadResult,
  retryStorm,
  stall,
  prematureFinish,
  workAfterDone,
  lostInstruction,
  unfoundedArgument,
  invalidCall,
  truncatedOutput,
  contextOverflow,
  guardrailIgnored,
  orphanWork,
];
