/** Ground truth of one trajectory: its failures, each with step, category and agent, and which of them is the root cause. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { AnnotationRecord, NormalisedRecord } from '#shared/record.ts';
import { labelOf } from '../agents-sdk/values.ts';
import { idOf, issue, listOf, objectOf, remaining } from '../fields.ts';
import { indexOfStep } from '../logs/chat.ts';

export function isTruth(value: Json | undefined): value is JsonObject {
  return isJsonObject(value) && value.trajectory_id !== undefined && Array.isArray(value.failures);
}

const TAKEN = new Set(['failures']);
const FAILURE_TAKEN = new Set(['step_reason', 'failure_category', 'failed_agent']);

/** `step_number` counts from 1; `extra` keeps its raw form and what the source says of the trajectory as a whole. */
export function readTruth(traceId: string, item: JsonObject, records: NormalisedRecord[]): void {
  const whole = remaining(item, TAKEN);
  // The id of the root cause is sometimes text where the failures' are numbers.
  const root = idOf(objectOf(item.root_cause).failure_id)?.trim() ?? null;
  const failures = listOf(item.failures);
  const base = {
    type: 'annotation',
    traceId,
    annotator: null,
    taxonomy: 'agentrx',
    severity: null,
    score: null,
  } as const;
  const used = new Set<string>();
  for (const [index, failure] of failures.entries()) {
    if (!isJsonObject(failure)) {
      records.push(issue('error', 'invalid_item', `Failure ${index} is not an object.`, { traceId, item: failure }));
      continue;
    }
    const failureId = idOf(failure.failure_id)?.trim() ?? null;
    const step = indexOfStep(failure.step_number, 1);
    if (step === null) {
      const message = 'The step of a failure is not a number from 1; the annotation is about the trace.';
      records.push(issue('warning', 'invalid_item', message, { traceId, item: failure }));
    }
    let annotationId = failureId ?? `#${index}`;
    if (used.has(annotationId)) annotationId = `${annotationId}#${index}`;
    used.add(annotationId);
    records.push({
      ...base,
      annotationId: `agentrx:${annotationId}`,
      target: step === null ? { kind: 'trace', id: null } : { kind: 'span', id: `m${step}` },
      category: labelOf(failure.failure_category),
      note: labelOf(failure.step_reason),
      agent: labelOf(failure.failed_agent),
      isRootCause: root !== null && failureId === root,
      createdAt: null,
      extra: { ...remaining(failure, FAILURE_TAKEN), trajectory: whole },
    } satisfies AnnotationRecord);
  }
  if (failures.length > 0) return;
  records.push({
    ...base,
    annotationId: 'agentrx',
    target: { kind: 'trace', id: null },
    category: null,
    note: labelOf(item.failure_summary),
    agent: null,
    isRootCause: false,
    createdAt: null,
    extra: { trajectory: whole },
  });
}
