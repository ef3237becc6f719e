/**
 * Our records as JSON and back. Reading checks every field, because a file or a sender may hold anything: what is not of
 * its type reads as not said, and a record without an identity is none.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type {
  AnnotationRecord,
  AnnotationTarget,
  DefinitionRecord,
  IssueCode,
  IssueRecord,
  NormalisedRecord,
  RevisionRecord,
  ScoreRecord,
  SpanError,
  TraceRecord,
  Usage,
} from '#shared/record.ts';
import { readRevision } from '#shared/revision.ts';

/** Beyond 64 bits a time is none. */
const TIME = /^-?\d{1,19}$/;
const MAX_TIME = 2n ** 63n - 1n;
const SEVERITIES = ['error', 'warning', 'info'] as const;

/** Everything but spans. */
export type FactRecord = Exclude<NormalisedRecord, { readonly type: 'span' }>;

export function factToJson(record: FactRecord): JsonObject {
  if (record.type === 'revision') return { type: record.type, ...record.body, hash: record.hash };
  if (record.type !== 'annotation') return record as JsonObject;
  return { ...record, createdAt: timeToJson(record.createdAt) };
}

/** Null when the value is no such record, or says nothing that can be kept. */
export function factFromJson(value: Json | undefined): FactRecord | null {
  if (!isJsonObject(value)) return null;
  const { type } = value;
  if (type === 'trace') return traceFromJson(value);
  if (type === 'annotation') return annotationFromJson(value);
  if (type === 'revision') return revisionFromJson(value);
  if (type === 'score') return scoreFromJson(value);
  if (type === 'definition') return definitionFromJson(value);
  return type === 'issue' ? issueFromJson(value) : null;
}

export function timeToJson(time: bigint | null): string | null {
  return time === null ? null : time.toString();
}

export function timeFromJson(value: Json | undefined): bigint | null {
  if (typeof value !== 'string' || !TIME.test(value)) return null;
  const time = BigInt(value);
  return time <= MAX_TIME && time >= -MAX_TIME ? time : null;
}

export function textFromJson(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** Null also for the empty text: nothing can be found again by it. */
export function idFromJson(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function numberFromJson(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function usageFromJson(value: Json | undefined): Usage | null {
  if (!isJsonObject(value)) return null;
  return {
    input: numberFromJson(value.input),
    output: numberFromJson(value.output),
    cacheRead: numberFromJson(value.cacheRead),
    cacheWrite: numberFromJson(value.cacheWrite),
    reasoning: numberFromJson(value.reasoning),
  };
}

export function errorFromJson(value: Json | undefined): SpanError | null {
  if (!isJsonObject(value)) return null;
  const error = { type: textFromJson(value.type), message: textFromJson(value.message) ?? '' };
  return value.data === undefined ? error : { ...error, data: value.data };
}

function traceFromJson(value: JsonObject): TraceRecord | null {
  const { name, workflow, sessionId, userId, metadata, tags, source } = value;
  const traceId = idFromJson(value.traceId);
  if (traceId === null) return null;
  return {
    type: 'trace',
    traceId,
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof workflow === 'string' ? { workflow } : {}),
    ...(typeof sessionId === 'string' ? { sessionId } : {}),
    ...(typeof userId === 'string' ? { userId } : {}),
    ...(isJsonObject(metadata) ? { metadata } : {}),
    ...(Array.isArray(tags) ? { tags: (tags as readonly Json[]).filter((tag) => typeof tag === 'string') } : {}),
    ...(typeof source === 'string' ? { source } : {}),
  };
}

function annotationFromJson(value: JsonObject): AnnotationRecord | null {
  const traceId = idFromJson(value.traceId);
  const annotationId = idFromJson(value.annotationId);
  const target = targetFromJson(value.target);
  if (traceId === null || annotationId === null || !target) return null;
  return {
    type: 'annotation',
    traceId,
    annotationId,
    target,
    annotator: textFromJson(value.annotator),
    taxonomy: textFromJson(value.taxonomy),
    category: textFromJson(value.category),
    severity: textFromJson(value.severity),
    score: numberFromJson(value.score),
    note: textFromJson(value.note),
    agent: textFromJson(value.agent),
    isRootCause: value.isRootCause === true,
    createdAt: timeFromJson(value.createdAt),
    extra: isJsonObject(value.extra) ? value.extra : {},
  };
}

function revisionFromJson(value: JsonObject): RevisionRecord | null {
  const { tracewright: _version, type: _type, hash, ...body } = value;
  const revision = readRevision(body);
  if (!revision) return null;
  const { traceId, annotationId } = revision;
  return { type: 'revision', traceId, annotationId, body, hash: textFromJson(hash) };
}

function targetFromJson(value: Json | undefined): AnnotationTarget | null {
  if (!isJsonObject(value)) return null;
  const { kind, id } = value;
  if (kind === 'trace') return { kind, id: null };
  return (kind === 'span' || kind === 'agent') && typeof id === 'string' ? { kind, id } : null;
}

function scoreFromJson(value: JsonObject): ScoreRecord | null {
  const { name, source } = value;
  const traceId = idFromJson(value.traceId);
  if (traceId === null || typeof name !== 'string' || typeof source !== 'string') return null;
  return {
    type: 'score',
    traceId,
    spanId: textFromJson(value.spanId),
    name,
    value: numberFromJson(value.value),
    label: textFromJson(value.label),
    passed: typeof value.passed === 'boolean' ? value.passed : null,
    explanation: textFromJson(value.explanation),
    source,
  };
}

function definitionFromJson({ kind, definition }: JsonObject): DefinitionRecord | null {
  if ((kind !== 'taxonomy' && kind !== 'score_schema') || !isJsonObject(definition)) return null;
  return { type: 'definition', kind, definition };
}

function issueFromJson(value: JsonObject): IssueRecord | null {
  const { code, message, traceId, spanId, detail } = value;
  const severity = SEVERITIES.find((each) => each === value.severity);
  if (typeof code !== 'string' || typeof message !== 'string' || !severity) return null;
  return {
    type: 'issue',
    severity,
    code: code as IssueCode,
    message,
    ...(typeof traceId === 'string' ? { traceId } : {}),
    ...(typeof spanId === 'string' ? { spanId } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
  };
}
