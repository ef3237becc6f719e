/** Grades one subject with one definition: what every kind has in common. */
import type { Grade, GraderDefinition, Subject } from '#shared/grader.ts';
import { checkOnce } from './definition.ts';
import { GRADER_KINDS } from './registry.ts';
import type { GradeServices, GraderKind, Verdict } from './types.ts';
import { directionOf, errored, thresholdOf } from './verdict.ts';

export async function gradeSubject(
  definition: GraderDefinition,
  subject: Subject,
  services: GradeServices,
  signal: AbortSignal,
  kinds: readonly GraderKind[] = GRADER_KINDS,
): Promise<Grade> {
  const begun = services.now();
  const took = (): number => services.now() - begun;
  const checked = checkOnce(definition, kinds);
  if (!checked.definition || !checked.kind) {
    const faults = checked.problems.filter(({ severity }) => severity === 'error');
    const message = faults.map(({ path, message: why }) => (path === '' ? why : `${path}: ${why}`)).join(' ');
    const flag = faults.find((problem) => problem.flag !== undefined)?.flag ?? 'other_error';
    return finish(definition, errored({ flag, message }), took());
  }
  const { kind } = checked;
  try {
    const verdict = await kind.grade(checked.definition, {
      subject,
      services,
      signal,
      grade: (inner, other = subject) => gradeSubject(inner, other, services, signal, kinds),
    });
    return finish(definition, verdict, took());
  } catch (cause) {
    if (signal.aborted) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    return finish(definition, errored({ flag: 'other_error', message: `The grader failed: ${message}` }), took());
  }
}

function finish(definition: GraderDefinition, verdict: Verdict, durationMs: number): Grade {
  const graded = verdict.status === 'graded';
  const score = graded ? (verdict.score ?? null) : null;
  return {
    label: null,
    explanation: verdict.errors?.map(({ message }) => message).join(' ') ?? '',
    evidence: [],
    errors: [],
    subRewards: {},
    usage: [],
    notes: {},
    ...verdict,
    score,
    passed: graded ? passes(definition, verdict, score) : null,
    durationMs,
  };
}

function passes(definition: GraderDefinition, verdict: Verdict, score: number | null): boolean | null {
  const direction = directionOf(definition);
  if (direction === 'neutral') return null;
  if (verdict.passed !== undefined) return verdict.passed;
  if (score === null) return null;
  const threshold = thresholdOf(definition);
  return direction === 'maximise' ? score >= threshold : score <= threshold;
}
