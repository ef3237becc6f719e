import type { JsonObject } from '#shared/json.ts';
import type { ScoreRecord } from '#shared/record.ts';
import { idOf, numberOf, objectOf, textOf } from '../fields.ts';
import { factFromJson } from '../record-json.ts';

/** Where an export of ours keeps what Langfuse has no field for. */
export const OWN_SCORE = 'tracewright.score';

/** `dataType` is NUMERIC, BOOLEAN (1 and 0) or CATEGORICAL; `source` is API, EVAL or ANNOTATION (a person). */
export function readScore(traceId: string, score: JsonObject): ScoreRecord {
  const told = factFromJson(objectOf(score.metadata)[OWN_SCORE]);
  if (told?.type === 'score') return { ...told, traceId };
  const value = numberOf(score.value);
  const isBoolean = score.dataType === 'BOOLEAN';
  const source = textOf(score.source);
  return {
    type: 'score',
    traceId,
    spanId: idOf(score.observationId),
    name: textOf(score.name) ?? 'score',
    value: score.dataType === 'CATEGORICAL' ? null : value,
    label: textOf(score.stringValue) ?? (value === null ? textOf(score.value) : null),
    passed: isBoolean && value !== null ? value === 1 : null,
    explanation: textOf(score.comment),
    source: source === null ? 'langfuse' : `langfuse ${source.toLowerCase()}`,
  };
}
