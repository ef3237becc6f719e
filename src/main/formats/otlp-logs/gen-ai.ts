/**
 * Log events of the GenAI conventions: messages and answers of the model call whose span they stand in, its details as a
 * whole, and evaluation results. Read by the dialects that read the same events on spans.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ScoreRecord, SpanRecord } from '#shared/record.ts';
import { numberOf, textOf } from '../fields.ts';
import { setOwn } from '../otlp/span.ts';
import { createSpanMerger, spanOf } from '../span-engine.ts';
import type { Collector } from './collect.ts';
import type { OtlpLog } from './log.ts';
import { LOG_RANK, originOfLog, SEEN_RANK } from './parts.ts';

const MESSAGES = new Set([
  'gen_ai.system.message',
  'gen_ai.user.message',
  'gen_ai.assistant.message',
  'gen_ai.tool.message',
  'gen_ai.choice',
  'gen_ai.content.prompt',
  'gen_ai.content.completion',
]);
const DETAILS = 'gen_ai.client.inference.operation.details';
const EVALUATION = 'gen_ai.evaluation.result';

/** False when the record is none of these events, or stands in no span. */
export function readGenAi(log: OtlpLog, collector: Collector): boolean {
  const { traceId, spanId, event } = log;
  if (traceId === null) return false;
  if (event === EVALUATION) {
    collector.add(score(log, traceId));
    return true;
  }
  if (spanId === null) return false;
  if (event === DETAILS) addCall(log, { traceId, spanId }, detailsOf(log), [], collector);
  else if (MESSAGES.has(event)) {
    const told = { time: log.time, name: event, attributes: fieldsOf(log) };
    addCall(log, { traceId, spanId }, NONE, [told], collector);
  } else return false;
  return true;
}

const NONE: JsonObject = {};

type SpanIds = { readonly traceId: string; readonly spanId: string };
type Told = { readonly time: bigint | null; readonly name: string; readonly attributes: JsonObject };

function addCall(
  log: OtlpLog,
  span: SpanIds,
  attributes: JsonObject,
  events: readonly Told[],
  collector: Collector,
): void {
  const merger = createSpanMerger();
  // Its own parent, so that nothing is taken for the facts of a root.
  const whole = { ...span, parentId: span.spanId, name: '', end: log.time, attributes, events, scope: log.scope };
  merger.add(spanOf(whole));
  // Its span may never come: then it lasted while it was logged.
  const seen = { kind: 'custom', name: 'chat', origin: originOfLog(log, 'generic') } as const;
  collector.extend(span, seen, log.time, log.time, SEEN_RANK);
  for (const record of merger.records()) {
    if (record.type !== 'span') {
      collector.add(record);
      continue;
    }
    const part: SpanRecord = {
      ...record,
      // The span itself knows better; a record alone, whose span never comes, is of a model call all the same.
      kind: record.kind === 'custom' ? 'generation' : record.kind,
      subtype: record.kind === 'custom' ? null : record.subtype,
      parentId: null,
      status: record.status === 'error' ? 'error' : 'unset',
      // What was logged when is not when the call was.
      start: null,
      end: null,
      events: record.events.filter((event) => Object.keys(event.attributes).length > 0),
      part: { id: collector.keyOf(log, span), rank: LOG_RANK },
    };
    collector.add(part);
  }
}

/** Attributes of the record, with what a structured body adds. */
function fieldsOf({ attributes, body }: OtlpLog): JsonObject {
  const fields: Record<string, Json> = {};
  for (const key in attributes) if (key !== 'event.name') setOwn(fields, key, attributes[key] ?? null);
  if (isJsonObject(body)) for (const key in body) setOwn(fields, key, body[key] ?? null);
  else if (body !== null && body !== '' && body !== attributes['event.name']) fields.content ??= body;
  return fields;
}

/** The event carries the attributes of the span; some senders put them into its body. */
function detailsOf(log: OtlpLog): JsonObject {
  const { content, ...fields } = fieldsOf(log);
  return typeof content === 'string' && content.includes(' ') === false
    ? fields
    : { ...fields, ...(content === undefined ? {} : { content }) };
}

function score({ attributes, body, scope, spanId }: OtlpLog, traceId: string): ScoreRecord {
  const given: JsonObject = isJsonObject(body) ? { ...body, ...attributes } : attributes;
  const value = given['gen_ai.evaluation.score.value'];
  return {
    type: 'score',
    traceId,
    spanId,
    name: textOf(given['gen_ai.evaluation.name']) ?? 'evaluation',
    value: numberOf(value),
    label: textOf(given['gen_ai.evaluation.score.label']),
    passed: typeof value === 'boolean' ? value : null,
    explanation: textOf(given['gen_ai.evaluation.explanation']),
    source: scope.name ?? EVALUATION,
  };
}
