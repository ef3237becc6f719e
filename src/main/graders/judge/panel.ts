/** Asks one judge or several, and puts together what they have in common: tokens, errors, reasons, evidence. */
import type { GradeError, GradeEvidence, GraderDefinition, TokenUse } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { answerSpan, textEvidence } from '../text/evidence.ts';
import { tracesOf } from '../traces.ts';
import type { GradeContext, JudgeAnswer, Verdict } from '../types.ts';
import { errored, notApplicable } from '../verdict.ts';
import type { Step } from './answer.ts';
import { answerSchema, checkEvidence, stepsOf } from './answer.ts';
import { listOf, parametersOf, textsOf, whyNot } from './fields.ts';
import { definitionHash } from './hash.ts';
import { messageNeeds, renderMessages, templatesOf } from './messages.ts';

export type Voice<T> = {
  readonly model: string;
  readonly value: T;
  readonly steps: readonly Step[];
  readonly evidence: readonly GradeEvidence[];
};

export type Panel<T> = {
  /** Of those that gave a verdict; at least one, and more than half of those that were asked. */
  readonly voices: readonly Voice<T>[];
  readonly asked: number;
  /** What the verdict has, whatever they say. */
  readonly base: Pick<Verdict, 'usage' | 'errors' | 'notes' | 'evidence'>;
};

/**
 * @param result JSON schema of the member `result`
 * @param read reads that member; an error of it is one of the judge, not a score
 */
export async function askPanel<T>(
  definition: GraderDefinition,
  { subject, services, signal }: GradeContext,
  input: readonly Json[],
  result: JsonObject,
  read: (value: Json | undefined) => Result<T, string>,
): Promise<{ readonly panel: Panel<T> } | { readonly verdict: Verdict }> {
  const reason = whyNot(definition, subject);
  if (reason !== null) return { verdict: notApplicable(reason) };
  const rendered = renderMessages(definition, input, subject);
  if (!rendered.ok) return { verdict: errored(...rendered.error) };
  const showsTrace = subject.trace !== undefined && messageNeeds(input).transcript === true;
  const request = {
    messages: rendered.value.messages,
    parameters: parametersOf(definition),
    schema: answerSchema(result, showsTrace),
    graderHash: definitionHash(definition),
    traceIds: tracesOf(subject),
    ...(typeof definition.endpoint === 'string' && { endpoint: definition.endpoint }),
  };
  const judges = judgesOf(definition);
  const answers = await Promise.all(judges.map((judge) => services.judge({ ...request, ...judge }, signal)));

  const voices: Voice<T>[] = [];
  const errors: GradeError[] = [];
  let unfound = 0;
  for (const [index, answer] of answers.entries()) {
    const value = answer.ok ? read((answer.value as JsonObject).result) : null;
    if (!answer.ok || !value?.ok) {
      errors.push(answer.ok ? parseError(value) : answer.error);
      continue;
    }
    const checked = checkEvidence(answer.value, subject);
    unfound += checked.unfound;
    const model = answer.usage[0]?.model ?? judges[index]?.model ?? '';
    voices.push({ model, value: value.value, steps: stepsOf(answer.value), evidence: checked.evidence });
  }
  const usage = sumUsage(answers);
  const truncated = showsTrace && (rendered.value.leftOut > 0 || subject.trace?.truncated === true);
  const notes = {
    models: [...new Set(usage.map(({ model }) => model))],
    ...(judges.length > 1 && { judges: judges.length, answered: voices.length }),
    ...(truncated && { left_out: rendered.value.leftOut }),
    ...(unfound > 0 && { evidence_not_found: unfound }),
    ...(voices[0] && voices[0].steps.length > 0 && { steps: voices[0].steps }),
  };
  // A few voices of many could be chance.
  if (voices.length * 2 <= judges.length) return { verdict: { ...errored(...distinct(errors)), usage, notes } };
  if (truncated) errors.push(TRUNCATED);
  const evidence = voices.flatMap((voice) => voice.evidence);
  return {
    panel: {
      voices,
      asked: judges.length,
      base: {
        usage,
        notes,
        errors: distinct(errors),
        evidence: evidence.length > 0 ? distinctEvidence(evidence) : fallbackEvidence(input, subject),
      },
    },
  };
}

const TRUNCATED: GradeError = {
  flag: 'truncated_observation_error',
  message: 'The judge did not see the whole trace: it is longer than what it can be shown.',
};

function parseError(value: { readonly ok: boolean; readonly error?: string } | null): GradeError {
  return { flag: 'model_grader_parse_error', message: value?.error ?? 'The answer holds no result.' };
}

/** Which models are asked, each how manyth time. */
function judgesOf({ judges, model }: GraderDefinition): { model: string; attempt: number; exactModel: boolean }[] {
  const named = textsOf(judges);
  if (named.length > 0)
    return named.map((each, index) => ({
      model: each,
      attempt: named.slice(0, index).filter((other) => other === each).length,
      exactModel: each !== 'default',
    }));
  const times = typeof judges === 'number' ? judges : 1;
  const own = typeof model === 'string' ? model : '';
  return Array.from({ length: times }, (_, attempt) => ({ model: own, attempt, exactModel: false }));
}

export function combineOf({ combine }: GraderDefinition, otherwise: 'majority' | 'mean'): 'majority' | 'mean' {
  return combine === 'majority' || combine === 'mean' ? combine : otherwise;
}

/** One row for each model. */
function sumUsage(answers: readonly JudgeAnswer[]): TokenUse[] {
  const sums = new Map<string, TokenUse>();
  for (const use of answers.flatMap(({ usage }) => usage)) {
    const sum = sums.get(use.model);
    sums.set(
      use.model,
      sum
        ? {
            model: use.model,
            calls: sum.calls + use.calls,
            promptTokens: sum.promptTokens + use.promptTokens,
            completionTokens: sum.completionTokens + use.completionTokens,
            cachedTokens: sum.cachedTokens + use.cachedTokens,
            cost: sum.cost === null || use.cost === null ? null : sum.cost + use.cost,
            cached: sum.cached && use.cached,
          }
        : use,
    );
  }
  return [...sums.values()];
}

function distinct(errors: readonly GradeError[]): GradeError[] {
  return [...new Map(errors.map((error) => [`${error.flag} ${error.message}`, error])).values()];
}

function distinctEvidence(evidence: readonly GradeEvidence[]): GradeEvidence[] {
  return [...new Map(evidence.map((each) => [`${each.spanId ?? ''} ${each.quote ?? ''}`, each])).values()];
}

/** Where the judge named nothing: what it was shown, or the span that is judged. */
function fallbackEvidence(input: readonly Json[], subject: GradeContext['subject']): readonly GradeEvidence[] {
  const shown = templatesOf(listOf(input)).flatMap(({ template }) =>
    textEvidence(subject, template, { quote: null, note: null }),
  );
  if (shown.length > 0) return distinctEvidence(shown);
  const { span, trace } = subject;
  const spanId = span?.id ?? (trace ? (answerSpan(trace) ?? trace.spans[0]?.id) : undefined);
  return spanId === undefined ? [] : [{ spanId, quote: null, note: 'The judge named no place in the trace.' }];
}
