import type { JsonObject } from '#shared/json.ts';
import type { AnnotationTarget, NormalisedRecord } from '#shared/record.ts';
import { labelOf } from '../agents-sdk/values.ts';
import { issue, textOf } from '../fields.ts';

/**
 * Who is to blame, and which message decided it. `mistake_step` is a 0-based index, written as text. The agent is the
 * annotators' word: it may differ from the speaker of that message.
 */
export function readBlame(traceId: string, document: JsonObject, messages: number, records: NormalisedRecord[]): void {
  const { mistake_agent, mistake_step, mistake_reason, mistake_type } = document;
  if (mistake_agent === undefined && mistake_step === undefined && mistake_reason === undefined) return;
  const step = typeof mistake_step === 'number' ? String(mistake_step) : (textOf(mistake_step)?.trim() ?? '');
  const isPlaced = /^\d{1,9}$/.test(step) && Number(step) < messages;
  if (!isPlaced && mistake_step !== undefined) {
    const message = 'The decisive step is not an index of a message; the annotation is about the trace.';
    records.push(issue('warning', 'invalid_item', message, { traceId, item: mistake_step }));
  }
  const target: AnnotationTarget = isPlaced ? { kind: 'span', id: `m${Number(step)}` } : { kind: 'trace', id: null };
  records.push({
    type: 'annotation',
    traceId,
    annotationId: 'who_and_when',
    target,
    annotator: null,
    taxonomy: 'who_and_when',
    category: labelOf(mistake_type),
    severity: null,
    score: null,
    note: labelOf(mistake_reason),
    agent: labelOf(mistake_agent),
    isRootCause: true,
    createdAt: null,
    extra: {
      ...(mistake_step === undefined ? {} : { mistake_step }),
      ...(mistake_type === undefined ? {} : { mistake_type }),
    },
  });
}
