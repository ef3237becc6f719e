import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import { jsonHead } from '../json-head.ts';

/** Fields that only Langfuse writes beside a trace or an observation. */
const TRACE_FIELDS = ['projectId', 'environment', 'bookmarked', 'public', 'release', 'htmlPath', 'scores', 'latency'];
const OBSERVATION_FIELDS = ['traceId', 'parentObservationId', 'startTime', 'type', 'level', 'completionStartTime'];
const TYPES = /^(?:SPAN|GENERATION|EVENT|AGENT|TOOL|CHAIN|RETRIEVER|EVALUATOR|EMBEDDING|GUARDRAIL)$/;

export function detectLangfuse(head: Uint8Array): number {
  const value = jsonHead(head);
  const first = firstOf(value);
  if (!isJsonObject(first)) return 0;
  const { trace, observations } = first;
  if (isJsonObject(trace) && isTrace(trace)) return Array.isArray(observations) ? 0.96 : 0.9;
  // A trace of which nothing was observed.
  if (isJsonObject(trace) && Object.hasOwn(trace, 'id') && Array.isArray(observations)) return 0.8;
  // A trace that the head cuts off, or one with observations alone.
  if (Array.isArray(observations) && observations.some((each) => isJsonObject(each) && isObservation(each)))
    return 0.95;
  if (isTrace(first)) return 0.85;
  return isObservation(first) ? 0.85 : 0;
}

function firstOf(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[])[0] ?? null;
  return isJsonObject(value) && Array.isArray(value.data) ? ((value.data as readonly Json[])[0] ?? null) : value;
}

export function isTrace(value: JsonObject): boolean {
  const said = TRACE_FIELDS.filter((field) => Object.hasOwn(value, field)).length;
  if (Object.hasOwn(value, 'traceId') || Object.hasOwn(value, 'traceID')) return false;
  return Object.hasOwn(value, 'id') && said + Number(Array.isArray(value.observations)) * 2 >= 3;
}

export function isObservation(value: JsonObject): boolean {
  if (typeof value.type !== 'string' || !TYPES.test(value.type.toUpperCase())) return false;
  return Object.hasOwn(value, 'id') && OBSERVATION_FIELDS.filter((field) => Object.hasOwn(value, field)).length >= 4;
}
