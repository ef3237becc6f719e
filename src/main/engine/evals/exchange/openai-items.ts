/** An output item of OpenAI's: the row, the answer, and what each criterion said of it. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { Grade, GraderErrorFlag } from '#shared/grader.ts';
import { GRADER_ERROR_FLAGS } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { taskOf } from '../../../review/pairs.ts';
import type { KeyedCriterion } from './openai-criteria.ts';
import { WITH_ID } from './openai-criteria.ts';
import type { FoundItem } from './types.ts';
import { gradeWith, numberOf, objectsIn, OWN_TASK, textOf, titleOf } from './types.ts';

export function itemOf(item: JsonObject, at: number, criteria: readonly KeyedCriterion[]): FoundItem {
  const data = item.datasource_item ?? null;
  const sample = item.sample ?? null;
  const failure = isJsonObject(sample) && isJsonObject(sample.error) ? sample.error : null;
  const message = failure ? (textOf(failure.message) ?? textOf(failure.code)) : null;
  const grades: (Grade | null)[] = criteria.map(() => null);
  for (const result of objectsIn(item.results)) {
    const name = textOf(result.name) ?? '';
    const exact = criteria.findIndex(({ keys }) => keys.includes(name));
    const place = exact >= 0 ? exact : criteria.findIndex(({ keys }) => keys.includes(name.replace(WITH_ID, '')));
    if (place >= 0) grades[place] = gradeOf(result);
  }
  if (message !== null)
    grades.forEach((grade, place) => {
      grades[place] =
        grade ?? gradeWith({ status: 'errored', errors: [{ flag: 'other_error', message }], explanation: message });
    });
  const row = isJsonObject(data) && Object.keys(data).length > 0 ? data : null;
  const told = row ?? (isJsonObject(data) ? null : data);
  const id = numberOf(item.datasource_item_id) ?? textOf(item.datasource_item_id);
  return {
    task:
      (isJsonObject(item.metadata) ? textOf(item.metadata[OWN_TASK]) : null) ??
      taskOf(row) ??
      taskOf(row && isJsonObject(row.item) ? row.item : null) ??
      `item ${told === null ? (id ?? at) : hashed(told)}`,
    title:
      titleOf(row && isJsonObject(row.item) ? row.item : told) ||
      titleOf(isJsonObject(sample) ? (sample.input ?? null) : null),
    traceId: traceIn([item, row, row?.item, row?.metadata, item.metadata]),
    item: told,
    sample,
    status: statusOf(textOf(item.status), grades, message !== null),
    score: null,
    cost: null,
    durationMs: null,
    grades,
  };
}

/** The same row is the same task in whichever run, also in one that was graded here. */
function hashed(item: Json): string {
  return createHash('sha256').update(canonicalJson(item)).digest('hex').slice(0, 12);
}

function traceIn(places: readonly (Json | undefined)[]): string | null {
  for (const place of places) {
    if (!isJsonObject(place)) continue;
    for (const key of ['trace_id', 'traceId', 'trace.id']) {
      const id = textOf(place[key]);
      if (id !== null) return id;
    }
  }
  return null;
}

/** What the item says of itself, unless it says nothing of the kind. */
function statusOf(stated: string | null, grades: readonly (Grade | null)[], broke: boolean): FoundItem['status'] {
  if (stated === 'error' || stated === 'errored' || grades.some((grade) => grade?.status === 'errored'))
    return 'errored';
  if (stated === 'pass' || stated === 'passed') return 'passed';
  // Without an answer there was nothing to fail: the API says "fail" of it all the same.
  if (broke) return 'errored';
  if (stated === 'fail' || stated === 'failed') return 'failed';
  const verdicts = grades.flatMap((grade) => (typeof grade?.passed === 'boolean' ? [grade.passed] : []));
  return verdicts.length === 0 ? 'neither' : verdicts.every(Boolean) ? 'passed' : 'failed';
}

const OF_RESULT = [
  ...['name', 'type', 'score', 'passed', 'label', 'reason', 'explanation', 'status', 'error'],
  ...['evidence', 'sub_rewards'],
];

function gradeOf(result: JsonObject): Grade {
  const sample = isJsonObject(result.sample) ? result.sample : null;
  const failure = [result.error, sample?.error].find((each) => isJsonObject(each) || textOf(each) !== null);
  const rest = Object.entries(result).filter(([key, value]) => !OF_RESULT.includes(key) && value !== null);
  const notes: Grade['notes'] = rest.length === 0 ? {} : { imported: Object.fromEntries(rest) };
  const explanation = textOf(result.reason) ?? textOf(result.explanation) ?? reasonIn(sample) ?? '';
  if (failure !== undefined || textOf(result.status) === 'error') {
    const message =
      (isJsonObject(failure) ? (textOf(failure.message) ?? textOf(failure.code)) : textOf(failure)) ?? 'It errored.';
    return gradeWith({ status: 'errored', explanation: message, errors: [{ flag: flagOf(failure), message }], notes });
  }
  const passed = typeof result.passed === 'boolean' ? result.passed : null;
  const score = numberOf(result.score);
  if (
    textOf(result.status) === 'not_applicable' ||
    (passed === null && score === null && textOf(result.label) === null)
  )
    return gradeWith({ status: 'not_applicable', explanation, notes });
  return gradeWith({
    status: 'graded',
    score,
    passed,
    label: textOf(result.label),
    explanation,
    notes,
    ...partsOf(result),
  });
}

function flagOf(failure: Json | undefined): GraderErrorFlag {
  const code = isJsonObject(failure) ? failure.code : null;
  return GRADER_ERROR_FLAGS.find((flag) => flag === code) ?? 'model_grader_server_error';
}

/** What a verdict that went out from here had beside it. */
function partsOf({ evidence, sub_rewards: parts }: JsonObject): Partial<Grade> {
  return {
    evidence: objectsIn(evidence).map(({ span_id: spanId, quote, note }) => ({
      spanId: textOf(spanId),
      quote: textOf(quote),
      note: textOf(note),
    })),
    subRewards: isJsonObject(parts)
      ? Object.fromEntries(Object.entries(parts).map(([name, score]) => [name, numberOf(score)]))
      : {},
  };
}

const LONGEST_ANSWER = 200_000;

/** A judge's own words: its answer is JSON with steps that end in conclusions. */
function reasonIn(sample: JsonObject | null): string | null {
  const [answer] = objectsIn(sample?.output);
  const content = textOf(answer?.content);
  if (content === null || !content.trimStart().startsWith('{') || content.length > LONGEST_ANSWER) return null;
  try {
    const value = JSON.parse(content) as Json;
    const steps = isJsonObject(value) ? objectsIn(value.steps) : [];
    return steps.flatMap(({ conclusion }) => textOf(conclusion) ?? []).join(' ') || null;
  } catch {
    return null;
  }
}
