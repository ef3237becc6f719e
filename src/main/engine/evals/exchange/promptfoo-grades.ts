/** What assertions of promptfoo said of one result, and the criteria that they make together. */
import type { Grade } from '#shared/grader.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { FoundCriterion, placesOf } from './types.ts';
import { gradeWith, numberOf, objectsIn, textOf } from './types.ts';

export const LONGEST_NAME = 120;
/** The one criterion of results that tell no assertions. */
const WHOLE = 'success';

export function testOf(result: JsonObject): JsonObject {
  return isJsonObject(result.testCase) ? result.testCase : isJsonObject(result.test) ? result.test : {};
}

export type MetCriterion = {
  readonly name: string;
  type: string | null;
  readonly values: Set<string>;
  readonly weights: Set<number>;
};

export function criterionOf(
  { name, type, values, weights }: MetCriterion,
  problems: ExchangeProblem[],
): FoundCriterion {
  const [weight = 1, ...otherWeights] = weights;
  if (otherWeights.length > 0)
    problems.push({ severity: 'warning', path: name, message: 'Its weight differs between tests: each counts once.' });
  const [value, ...otherValues] = values;
  return {
    name,
    definition: {
      type: 'promptfoo',
      name,
      assertion: type ?? 'unknown',
      ...(value !== undefined && otherValues.length === 0 ? { value: JSON.parse(value) as Json } : {}),
    },
    threshold: null,
    weight: otherWeights.length > 0 ? 1 : weight,
  };
}

export function componentsOf(result: JsonObject): readonly JsonObject[] {
  return isJsonObject(result.gradingResult) ? objectsIn(result.gradingResult.componentResults) : [];
}

/** By place of the criterion. An assertion is named by its metric, else by its type; the second of a name in a test has a number. */
export function gradesOf(
  result: JsonObject,
  hasParts: boolean,
  criteria: ReturnType<typeof placesOf<MetCriterion>>,
): Map<number, Grade> {
  const grades = new Map<number, Grade>();
  const parts = componentsOf(result);
  const seen = new Map<string, number>();
  for (const part of parts) {
    const assertion = isJsonObject(part.assertion) ? part.assertion : {};
    const type = textOf(assertion.type);
    const named = (textOf(assertion.metric) ?? type ?? 'assertion').slice(0, LONGEST_NAME);
    const count = (seen.get(named) ?? 0) + 1;
    seen.set(named, count);
    const place = criteria.at(count === 1 ? named : `${named} (${count})`);
    const criterion = criteria.all[place];
    if (criterion) {
      criterion.type ??= type;
      if (assertion.value !== undefined && criterion.values.size < 2)
        criterion.values.add(JSON.stringify(assertion.value));
      criterion.weights.add(numberOf(assertion.weight) ?? 1);
    }
    grades.set(place, gradeOf(part, assertion));
  }
  const error = textOf(result.error);
  if (parts.length > 0) return grades;
  if (isBroken(result)) {
    const message = error ?? 'The provider failed.';
    const names = hasParts
      ? objectsIn(testOf(result).assert).map((each) => textOf(each.metric) ?? textOf(each.type) ?? 'assertion')
      : [WHOLE];
    for (const name of new Set(names))
      grades.set(
        criteria.at(name.slice(0, LONGEST_NAME)),
        gradeWith({ status: 'errored', explanation: message, errors: [{ flag: 'other_error', message }] }),
      );
  } else if (!hasParts) {
    const whole = isJsonObject(result.gradingResult) ? result.gradingResult : result;
    const place = criteria.at(WHOLE);
    grades.set(
      place,
      gradeWith({
        status: 'graded',
        score: numberOf(result.score),
        passed: result.success === true,
        explanation: textOf(whole.reason) ?? '',
      }),
    );
  }
  return grades;
}

/** promptfoo's ResultFailureReason: 0 none, 1 an assertion, 2 an error. Older files only have the error's text. */
export function isBroken(result: JsonObject): boolean {
  const reason = numberOf(result.failureReason);
  return reason === 2 || (reason === null && textOf(result.error) !== null && !isJsonObject(result.gradingResult));
}

function gradeOf(part: JsonObject, assertion: JsonObject): Grade {
  const explanation = textOf(part.reason) ?? '';
  const metadata = isJsonObject(part.metadata) ? part.metadata : {};
  const notes: JsonObject = {
    ...(Object.keys(assertion).length > 0 ? { assertion } : {}),
    ...(isJsonObject(part.namedScores) && Object.keys(part.namedScores).length > 0
      ? { namedScores: part.namedScores }
      : {}),
    ...(textOf(part.comment) === null ? {} : { comment: part.comment ?? null }),
  };
  if (metadata.graderError === true || textOf(part.error) !== null)
    return gradeWith({
      status: 'errored',
      explanation,
      errors: [
        { flag: 'model_grader_server_error', message: textOf(part.error) ?? (explanation || 'The grader failed.') },
      ],
      notes,
    });
  return gradeWith({
    status: 'graded',
    score: numberOf(part.score),
    passed: typeof part.pass === 'boolean' ? part.pass : null,
    explanation,
    notes,
  });
}
