/**
 * All kinds of graders. To add one: a file beside this one, a line here, and its vectors. A kind imports `errored` and its
 * like from verdict.ts: definition.ts and grade.ts import this file, so that it would be a circle.
 */
import { multi } from './multi.ts';
import { comparison } from './text/comparison.ts';
import { stringCheck } from './text/string-check.ts';
import { textSimilarity } from './text/text-similarity.ts';
import { javascript } from './code/javascript.ts';
import { python } from './code/python.ts';
import { trajectoryMatch } from './trajectory/match.ts';
import { labelModel } from './judge/label-model.ts';
import { rubric } from './judge/rubric.ts';
import { scoreModel } from './judge/score-model.ts';
import { budget } from './trajectory/budget.ts';
import { convergence, passK } from './trajectory/runs.ts';
import { detector } from './trajectory/detector.ts';
import { errorSpans } from './trajectory/error-spans.ts';
import { finalAnswer } from './trajectory/final-answer.ts';
import { guardrail } from './trajectory/guardrail.ts';
import { handoff } from './trajectory/handoff.ts';
import { loop } from './trajectory/loop.ts';
import { retries } from './trajectory/retries.ts';
import { toolRules } from './trajectory/tool-rules.ts';
import { toolSchema } from './trajectory/tool-schema.ts';
import { toolUse } from './trajectory/tool-use.ts';
import { pattern } from './pattern/pattern.ts';
import type { GraderKind } from './types.ts';

export const GRADER_KINDS: readonly GraderKind[] = [
  javascript,
  python,
  stringCheck,
  textSimilarity,
  comparison,
  multi,
  trajectoryMatch,
  toolUse,
  toolRules,
  toolSchema,
  budget,
  loop,
  retries,
  errorSpans,
  handoff,
  guardrail,
  finalAnswer,
  pattern,
  detector,
  convergence,
  passK,
  scoreModel,
  labelModel,
  rubric,
];

export function kindOf(type: string, kinds: readonly GraderKind[] = GRADER_KINDS): GraderKind | null {
  return kinds.find((kind) => kind.type === type) ?? null;
}
