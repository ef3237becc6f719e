/** Reads what `grade(sample, item)` returned. It comes from code that anybody may have written. */
import type { GradeEvidence, GraderErrorFlag } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { errored, notApplicable } from '../verdict.ts';
import type { CodeAnswer, Verdict } from '../types.ts';

const MOST_EVIDENCE = 200;
const LONGEST_TEXT = 10_000;
const LONGEST_LABEL = 200;

/** The flags of a fault of the code, and of a sandbox that could not be had. */
export type CodeFlags = { readonly runtime: GraderErrorFlag; readonly server: GraderErrorFlag };

export function verdictOf(answer: CodeAnswer, flags: CodeFlags): Verdict {
  const notes = notesOf(answer);
  if (!answer.ok) return { ...errored({ flag: flags[answer.kind], message: answer.message }), notes };
  return { ...readValue(answer.value, flags.runtime), notes };
}

function notesOf(answer: CodeAnswer): JsonObject {
  return {
    ...(answer.printed === '' ? {} : { printed: answer.printed }),
    ...(answer.ok && answer.environment !== undefined ? { environment: answer.environment } : {}),
  };
}

/**
 * A number is a score and a boolean 1 or 0; null says that the grader does not apply. An object has `score` or
 * `not_applicable` (the reason), and may have `passed`, `label`, `explanation` and `evidence`.
 */
function readValue(value: Json, flag: GraderErrorFlag): Verdict {
  if (typeof value === 'number') return { status: 'graded', score: value };
  if (typeof value === 'boolean') return { status: 'graded', score: value ? 1 : 0 };
  if (value === null) return notApplicable('The grader says that it does not apply.');
  if (!isJsonObject(value))
    return errored({ flag, message: `grade() returned ${describe(value)}: it must return a number.` });
  const { not_applicable: reason, score, passed } = value;
  if (reason !== undefined && reason !== null && reason !== false)
    return notApplicable(textOf(reason) ?? 'The grader says that it does not apply.');
  const points = typeof score === 'boolean' ? Number(score) : score;
  if (typeof points !== 'number')
    return errored({ flag, message: `grade() returned an object whose "score" is ${describe(score)}, and no number.` });
  const label = textOf(value.label);
  return {
    status: 'graded',
    score: points,
    ...(typeof passed === 'boolean' ? { passed } : {}),
    ...(label === null ? {} : { label: label.slice(0, LONGEST_LABEL) }),
    explanation: textOf(value.explanation) ?? '',
    evidence: evidenceOf(value.evidence),
  };
}

/** A list of span ids, or of `{span_id, quote, note}`; what is neither is left out. */
function evidenceOf(value: Json | undefined): readonly GradeEvidence[] {
  const list = Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value];
  return list.slice(0, MOST_EVIDENCE).flatMap((each): GradeEvidence[] => {
    if (typeof each === 'string') return [{ spanId: each.slice(0, LONGEST_LABEL), quote: null, note: null }];
    if (!isJsonObject(each)) return [];
    const spanId = textOf(each.span_id ?? each.spanId)?.slice(0, LONGEST_LABEL) ?? null;
    const quote = textOf(each.quote);
    if (spanId === null && quote === null) return [];
    return [{ spanId, quote, note: textOf(each.note) }];
  });
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_TEXT) : null;
}

function describe(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
