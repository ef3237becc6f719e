/** What kinds answer with, and the pass rule. Kinds import this file; grade.ts imports the kinds. */
import type { Direction, GradeError, GraderDefinition } from '#shared/grader.ts';
import { DIRECTIONS } from '#shared/grader.ts';
import type { Verdict } from './types.ts';

export function errored(...errors: readonly GradeError[]): Verdict {
  return { status: 'errored', errors };
}

export function notApplicable(explanation: string): Verdict {
  return { status: 'not_applicable', explanation };
}

/**
 * The pass rule where a kind leaves it open: the score meets the threshold (inclusive). Without one in the definition it is
 * the middle of `range` (of score_model), else 0.5; neither is documented by OpenAI.
 */
export function thresholdOf({ pass_threshold: threshold, range }: GraderDefinition): number {
  if (typeof threshold === 'number') return threshold;
  if (Array.isArray(range) && typeof range[0] === 'number' && typeof range[1] === 'number')
    return (range[0] + range[1]) / 2;
  return 0.5;
}

export function directionOf({ direction }: GraderDefinition): Direction {
  return DIRECTIONS.find((each) => each === direction) ?? 'maximise';
}
