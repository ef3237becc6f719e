import { isJsonObject, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { idOf, issue, listOf, numberOf, remaining, textOf } from '../fields.ts';

const TAKEN = new Set(['category', 'description', 'impact']);

/** { errors: [{ category, location, evidence, description, impact }], scores: [{ …_score, …_reasoning, overall }] }. */
export function readLabels(traceId: string, labels: JsonObject, records: NormalisedRecord[]): void {
  for (const [index, error] of listOf(labels.errors).entries()) {
    if (!isJsonObject(error)) {
      records.push(issue('error', 'invalid_item', `Error ${index} is not an object.`, { traceId, item: error }));
      continue;
    }
    const location = idOf(error.location);
    records.push({
      type: 'annotation',
      traceId,
      annotationId: `trail:${index}`,
      target: location === null ? { kind: 'trace', id: null } : { kind: 'span', id: location },
      annotator: null,
      taxonomy: 'trail',
      category: textOf(error.category),
      severity: textOf(error.impact),
      score: null,
      note: textOf(error.description),
      agent: null,
      isRootCause: false,
      createdAt: null,
      extra: remaining(error, TAKEN),
    });
  }
  for (const scores of listOf(labels.scores).filter(isJsonObject)) {
    for (const [key, value] of Object.entries(scores)) {
      const number = numberOf(value);
      if (number === null) continue;
      const name = key.replace(/_score$/, '');
      const explanation = textOf(scores[`${name}_reasoning`]);
      records.push({
        type: 'score',
        traceId,
        spanId: null,
        name,
        value: number,
        label: null,
        passed: null,
        explanation,
        source: 'trail',
      });
    }
  }
}
