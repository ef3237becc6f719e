/**
 * OTLP/JSON → spans, with the tolerance that real senders need: hex or base64 ids, 64-bit integers as numbers or
 * text, nulls and missing values, snake_case keys, enum names, attributes as a plain map.
 */
import { isJsonObject, type JsonObject } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import type { Result } from '#shared/result.ts';
import { readJsonId } from './ids.ts';
import { decodeJsonEnvelope, type Envelope } from './json-envelope.ts';
import {
  countOf,
  enumOf,
  field,
  type JsonDecoding,
  listOf,
  objectsOf,
  quarantine,
  readTime,
  textOf,
} from './json-fields.ts';
import { readAttributeList } from './json-values.ts';
import {
  MAX_ATTRIBUTES,
  MAX_DEPTH,
  NO_ATTRIBUTES,
  NONE_DROPPED,
  type OtlpEvent,
  type OtlpLink,
  type OtlpScope,
  type OtlpSpan,
  type SpanSink,
  tooManyAttributes,
} from './span.ts';

const ENVELOPE: Envelope = {
  groups: ['resourceSpans', 'resource_spans', 'batches'],
  scopes: ['scopeSpans', 'scope_spans', 'instrumentationLibrarySpans', 'instrumentation_library_spans'],
  items: ['spans'],
};

/**
 * Fails with `bad_request` when the bytes are not JSON or hold no list of spans; bad spans become issues.
 * @returns the issues; spans go to the sink
 */
export function decodeJson(bytes: Uint8Array, sink: SpanSink): Result<readonly IssueRecord[]> {
  return decodeJsonEnvelope(bytes, ENVELOPE, (decoding, value, scope) => {
    readSpan(decoding, value, scope, sink);
  });
}

function readSpan(decoding: JsonDecoding, value: JsonObject, scope: OtlpScope, sink: SpanSink): void {
  const traceId = readJsonId(field(value, 'traceId', 'trace_id'), 16);
  const spanId = readJsonId(field(value, 'spanId', 'span_id'), 8);
  if (!traceId || !spanId) {
    quarantine(decoding, `The span "${textOf(value.name).slice(0, 200)}" has no valid trace id and span id`, value);
    return;
  }
  const parentId = readJsonId(field(value, 'parentSpanId', 'parent_span_id'), 8);
  const status = isJsonObject(value.status) ? value.status : NO_ATTRIBUTES;
  const { tooDeep, unreadable, badTimes } = decoding;
  const given = Array.isArray(value.attributes) ? value.attributes.length : 0;
  sink({
    traceId,
    spanId,
    parentId: parentId || null,
    name: textOf(value.name),
    otelKind: enumOf(value.kind, SPAN_KINDS, ENUM_PREFIX),
    start: readTime(decoding, field(value, 'startTimeUnixNano', 'start_time_unix_nano')),
    end: readTime(decoding, field(value, 'endTimeUnixNano', 'end_time_unix_nano')),
    attributes: readAttributeList(
      decoding,
      given > MAX_ATTRIBUTES ? listOf(value.attributes).slice(0, MAX_ATTRIBUTES) : value.attributes,
    ),
    events: objectsOf(decoding, value.events).map((each) => readEvent(decoding, each)),
    links: objectsOf(decoding, value.links).map((each) => readLink(decoding, each)),
    statusCode: enumOf(status.code, STATUS_CODES, ENUM_PREFIX),
    statusMessage: textOf(status.message),
    dropped: readDropped(value),
    traceState: textOf(field(value, 'traceState', 'trace_state')),
    flags: countOf(value.flags),
    scope,
  });
  if (given > MAX_ATTRIBUTES) note(decoding, traceId, spanId, 'truncated_field', tooManyAttributes(given));
  if (parentId === null) note(decoding, traceId, spanId, 'invalid_item', 'The parent id is not valid; shown as a root');
  if (decoding.unreadable > unreadable)
    note(decoding, traceId, spanId, 'invalid_item', 'An attribute, event or link is not an object with a key');
  if (decoding.badTimes > badTimes) note(decoding, traceId, spanId, 'invalid_time', 'A time could not be read');
  if (decoding.tooDeep > tooDeep)
    note(decoding, traceId, spanId, 'too_deep', `A value is nested deeper than ${MAX_DEPTH} levels and was cut`);
}

function readEvent(decoding: JsonDecoding, value: JsonObject): OtlpEvent {
  return {
    time: readTime(decoding, field(value, 'timeUnixNano', 'time_unix_nano')),
    name: textOf(value.name),
    attributes: readAttributeList(decoding, value.attributes),
  };
}

function readLink(decoding: JsonDecoding, value: JsonObject): OtlpLink {
  return {
    traceId: readJsonId(field(value, 'traceId', 'trace_id'), 16) ?? textOf(field(value, 'traceId', 'trace_id')),
    spanId: readJsonId(field(value, 'spanId', 'span_id'), 8) ?? textOf(field(value, 'spanId', 'span_id')),
    attributes: readAttributeList(decoding, value.attributes),
  };
}

function readDropped(value: JsonObject): OtlpSpan['dropped'] {
  const attributes = countOf(field(value, 'droppedAttributesCount', 'dropped_attributes_count'));
  const events = countOf(field(value, 'droppedEventsCount', 'dropped_events_count'));
  const links = countOf(field(value, 'droppedLinksCount', 'dropped_links_count'));
  return attributes || events || links ? { attributes, events, links } : NONE_DROPPED;
}

const SPAN_KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const STATUS_CODES = ['UNSET', 'OK', 'ERROR'];
const ENUM_PREFIX = /^(?:SPAN_KIND_|STATUS_CODE_)/;

function note(
  decoding: JsonDecoding,
  traceId: string,
  spanId: string,
  code: 'invalid_time' | 'invalid_item' | 'too_deep' | 'truncated_field',
  message: string,
): void {
  decoding.issues.push({ type: 'issue', severity: 'warning', code, message: `${message}.`, traceId, spanId });
}
