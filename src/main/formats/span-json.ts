/** The facts of a span as JSON and back, without what formats put elsewhere: ids, contents, attributes, events, links. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanEvent, SpanLink, SpanRecord } from '#shared/record.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';
import { errorFromJson, numberFromJson, textFromJson, timeFromJson, timeToJson, usageFromJson } from './record-json.ts';

type Placed = 'type' | 'traceId' | 'spanId' | 'parentId' | 'name' | 'input' | 'output' | 'attributes' | 'events';
export type SpanFacts = Omit<SpanRecord, Placed | 'links' | 'origin' | 'part' | 'aliases'>;

/** What is null is left out. */
export function spanFactsToJson(span: SpanRecord): Record<string, Json> {
  const { kind, subtype, agent, model, tool, toolCallId, status, error, usage, reportedUsage, cost, handoff } = span;
  const all: Readonly<Record<string, Json>> = {
    kind,
    subtype,
    agent,
    model,
    tool,
    toolCallId,
    start: timeToJson(span.start),
    end: timeToJson(span.end),
    status,
    error: error,
    usage,
    reportedUsage,
    cost,
    handoff,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

/** Null when it names no kind of ours. */
export function spanFactsFromJson(value: JsonObject): SpanFacts | null {
  const kind = SPAN_KINDS.find((each) => each === value.kind);
  if (!kind) return null;
  const { handoff } = value;
  return {
    kind,
    subtype: textFromJson(value.subtype),
    agent: textFromJson(value.agent),
    model: textFromJson(value.model),
    tool: textFromJson(value.tool),
    toolCallId: textFromJson(value.toolCallId),
    start: timeFromJson(value.start),
    end: timeFromJson(value.end),
    status: SPAN_STATUSES.find((each) => each === value.status) ?? 'unset',
    error: errorFromJson(value.error),
    usage: usageFromJson(value.usage),
    reportedUsage: usageFromJson(value.reportedUsage),
    cost: numberFromJson(value.cost),
    handoff: isJsonObject(handoff) ? { from: textFromJson(handoff.from), to: textFromJson(handoff.to) } : null,
  };
}

/** The item as it is when it has the shape of one; anything else as JSON, so that it is shown and not lost. */
export function contentFromJson(value: Json): ContentItem {
  if (isJsonObject(value)) {
    if (value.kind === 'text' && typeof value.text === 'string') return value as ContentItem;
    if (value.kind === 'json' && value.value !== undefined) return value as ContentItem;
    if (value.kind === 'message' && typeof value.role === 'string' && isParts(value.parts)) return value as ContentItem;
  }
  return { kind: 'json', value };
}

function isParts(value: Json | undefined): boolean {
  return Array.isArray(value) && (value as readonly Json[]).every(isPart);
}

function isPart(part: Json): boolean {
  if (!isJsonObject(part)) return false;
  const { type, content, id, name, mimeType, modality } = part;
  switch (typeof type === 'string' ? type : '') {
    case 'text':
    case 'reasoning':
      return typeof content === 'string';
    case 'tool_call':
      return isTextOrNull(id) && typeof name === 'string' && part.arguments !== undefined;
    case 'tool_call_response':
      return isTextOrNull(id) && (name === undefined || typeof name === 'string') && part.response !== undefined;
    case 'blob':
      return typeof modality === 'string' && isTextOrNull(mimeType) && typeof content === 'string';
    case 'uri':
      return isTextOrNull(modality) && typeof part.uri === 'string';
    case 'file':
      return typeof part.fileId === 'string';
    case 'other':
      return part.value !== undefined;
    default:
      return false;
  }
}

function isTextOrNull(value: Json | undefined): boolean {
  return value === null || typeof value === 'string';
}

export function eventsFromJson(value: Json | undefined): SpanEvent[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).flatMap((each) =>
    isJsonObject(each) && typeof each.name === 'string' && isTextOrNull(each.time) && isJsonObject(each.attributes)
      ? [each as unknown as SpanEvent]
      : [],
  );
}

export function linksFromJson(value: Json | undefined): SpanLink[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).flatMap((each) =>
    isJsonObject(each) &&
    typeof each.traceId === 'string' &&
    typeof each.spanId === 'string' &&
    isJsonObject(each.attributes)
      ? [each as unknown as SpanLink]
      : [],
  );
}
