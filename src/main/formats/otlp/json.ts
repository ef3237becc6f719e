/**
 * OTLP/JSON → spans, with the tolerance that real senders need: hex or base64 ids, 64-bit integers as numbers or
 * text, nulls and missing values, snake_case keys, enum names, attributes as a plain map.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { isoToNs } from '#shared/time.ts';
import { readJsonId } from './ids.ts';
import { parseJsonBodies } from './json-text.ts';
import { readAttributeList, type JsonValues } from './json-values.ts';
import {
  MAX_DEPTH,
  cutDetail,
  MAX_TIME,
  NO_ATTRIBUTES,
  NONE_DROPPED,
  type OtlpEvent,
  type OtlpLink,
  type OtlpResource,
  type OtlpScope,
  type OtlpSpan,
  type SpanSink,
} from './span.ts';

type Decoding = JsonValues & { readonly sink: SpanSink; readonly issues: IssueRecord[]; badTimes: number };

/**
 * Fails with `bad_request` when the bytes are not JSON or hold no list of spans; bad spans become issues.
 * @returns the issues; spans go to the sink
 */
export function decodeJson(bytes: Uint8Array, sink: SpanSink): Result<readonly IssueRecord[]> {
  const parsed = parseJsonBodies(bytes);
  if (!parsed.ok) return parsed;
  const decoding: Decoding = { sink, issues: [...parsed.value.issues], tooDeep: 0, unreadable: 0, badTimes: 0 };
  let known = false;
  for (const body of parsed.value.bodies) {
    if (readBody(decoding, body)) known = true;
    else quarantine(decoding, 'A line holds no resourceSpans', body);
  }
  if (!known) return fail({ code: 'bad_request', message: 'The JSON holds no resourceSpans.' });
  return ok(decoding.issues);
}

/** A request, the `batches` of a trace store, one ResourceSpans, or a list of any of them. */
function readBody(decoding: Decoding, body: Json, nesting = 0): boolean {
  if (Array.isArray(body)) {
    if (nesting === 2) return false;
    let known = body.length === 0;
    for (const each of body as readonly Json[]) {
      if (readBody(decoding, each, nesting + 1)) known = true;
      else quarantine(decoding, 'An entry holds no resourceSpans', each);
    }
    return known;
  }
  if (!isJsonObject(body)) return false;
  const list = field(body, 'resourceSpans', 'resource_spans') ?? body.batches;
  if (Array.isArray(list)) {
    for (const each of list as readonly Json[]) {
      if (isJsonObject(each)) readResourceSpans(decoding, each);
      else quarantine(decoding, 'An entry of resourceSpans is not an object', each);
    }
    return true;
  }
  if (isJsonObject(body.trace) && nesting < 2) return readBody(decoding, body.trace, nesting + 1);
  if (scopeSpansOf(body)) {
    readResourceSpans(decoding, body);
    return true;
  }
  // `{}` and `{"resourceSpans":null}` are empty requests.
  return Object.keys(body).length === 0 || body.resourceSpans === null || body.resource_spans === null;
}

function scopeSpansOf(value: JsonObject): readonly Json[] | null {
  const list =
    field(value, 'scopeSpans', 'scope_spans') ??
    field(value, 'instrumentationLibrarySpans', 'instrumentation_library_spans');
  return Array.isArray(list) ? (list as readonly Json[]) : null;
}

function readResourceSpans(decoding: Decoding, value: JsonObject): void {
  const resource: OtlpResource = {
    attributes: isJsonObject(value.resource) ? readAttributeList(decoding, value.resource.attributes) : NO_ATTRIBUTES,
    schemaUrl: textOf(field(value, 'schemaUrl', 'schema_url')),
  };
  for (const each of scopeSpansOf(value) ?? []) {
    if (isJsonObject(each)) readScopeSpans(decoding, each, resource);
    else quarantine(decoding, 'An entry of scopeSpans is not an object', each);
  }
}

function readScopeSpans(decoding: Decoding, value: JsonObject, resource: OtlpResource): void {
  const given = value.scope ?? field(value, 'instrumentationLibrary', 'instrumentation_library');
  const from = isJsonObject(given) ? given : NO_ATTRIBUTES;
  const scope: OtlpScope = {
    name: textOf(from.name) || null,
    version: textOf(from.version) || null,
    attributes: readAttributeList(decoding, from.attributes),
    schemaUrl: textOf(field(value, 'schemaUrl', 'schema_url')),
    resource,
  };
  for (const each of listOf(value.spans)) {
    if (isJsonObject(each)) readSpan(decoding, each, scope);
    else quarantine(decoding, 'An entry of spans is not an object', each);
  }
}

function readSpan(decoding: Decoding, value: JsonObject, scope: OtlpScope): void {
  const traceId = readJsonId(field(value, 'traceId', 'trace_id'), 16);
  const spanId = readJsonId(field(value, 'spanId', 'span_id'), 8);
  if (!traceId || !spanId) {
    quarantine(decoding, `The span "${textOf(value.name).slice(0, 200)}" has no valid trace id and span id`, value);
    return;
  }
  const parentId = readJsonId(field(value, 'parentSpanId', 'parent_span_id'), 8);
  const status = isJsonObject(value.status) ? value.status : NO_ATTRIBUTES;
  const { tooDeep, unreadable, badTimes } = decoding;
  decoding.sink({
    traceId,
    spanId,
    parentId: parentId || null,
    name: textOf(value.name),
    otelKind: enumOf(value.kind, SPAN_KINDS),
    start: readTime(decoding, field(value, 'startTimeUnixNano', 'start_time_unix_nano')),
    end: readTime(decoding, field(value, 'endTimeUnixNano', 'end_time_unix_nano')),
    attributes: readAttributeList(decoding, value.attributes),
    events: objectsOf(decoding, value.events).map((each) => readEvent(decoding, each)),
    links: objectsOf(decoding, value.links).map((each) => readLink(decoding, each)),
    statusCode: enumOf(status.code, STATUS_CODES),
    statusMessage: textOf(status.message),
    dropped: readDropped(value),
    traceState: textOf(field(value, 'traceState', 'trace_state')),
    flags: countOf(value.flags),
    scope,
  });
  if (parentId === null) note(decoding, traceId, spanId, 'invalid_item', 'The parent id is not valid; shown as a root');
  if (decoding.unreadable > unreadable)
    note(decoding, traceId, spanId, 'invalid_item', 'An attribute, event or link is not an object with a key');
  if (decoding.badTimes > badTimes) note(decoding, traceId, spanId, 'invalid_time', 'A time could not be read');
  if (decoding.tooDeep > tooDeep)
    note(decoding, traceId, spanId, 'too_deep', `A value is nested deeper than ${MAX_DEPTH} levels and was cut`);
}

function readEvent(decoding: Decoding, value: JsonObject): OtlpEvent {
  return {
    time: readTime(decoding, field(value, 'timeUnixNano', 'time_unix_nano')),
    name: textOf(value.name),
    attributes: readAttributeList(decoding, value.attributes),
  };
}

function readLink(decoding: Decoding, value: JsonObject): OtlpLink {
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

/** Decimal text or a number; ISO 8601 from hand-made senders. 0, null and nothing mean "not known". */
function readTime(decoding: Decoding, value: Json | undefined): bigint | null {
  if (value === undefined || value === null || value === '' || value === 0 || value === '0') return null;
  let time: bigint | null = null;
  if (typeof value === 'string') time = /^\d{1,20}$/.test(value) ? BigInt(value) : isoToNs(value);
  else if (typeof value === 'number' && value > 0 && value < 1e20) time = BigInt(Math.round(value));
  if (time !== null && time >= 0n && time <= MAX_TIME) return time === 0n ? null : time;
  decoding.badTimes++;
  return null;
}

const SPAN_KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const STATUS_CODES = ['UNSET', 'OK', 'ERROR'];

/** `3`, `"3"`, `"SPAN_KIND_CLIENT"` or `"client"`. */
function enumOf(value: Json | undefined, names: readonly string[]): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > 40) return 0;
  if (/^\d+$/.test(value)) return Number(value);
  return Math.max(0, names.indexOf(value.toUpperCase().replace(/^(?:SPAN_KIND_|STATUS_CODE_)/, '')));
}

function countOf(value: Json | undefined): number {
  const count = typeof value === 'string' ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function objectsOf(decoding: Decoding, value: Json | undefined): readonly JsonObject[] {
  const list = listOf(value);
  const objects = list.filter(isJsonObject);
  decoding.unreadable += list.length - objects.length;
  return objects;
}

function field(value: JsonObject, camel: string, snake: string): Json | undefined {
  return value[camel] ?? value[snake];
}

function quarantine(decoding: Decoding, message: string, item: Json): void {
  const detail = verbatim(item);
  decoding.issues.push({ type: 'issue', severity: 'error', code: 'invalid_item', message: `${message}.`, detail });
}

function verbatim(item: Json): string {
  try {
    return cutDetail(JSON.stringify(item));
  } catch {
    // Nested deeper than the stack.
    return TOO_NESTED;
  }
}

const TOO_NESTED = 'The item is nested too deep to show.';

function note(
  decoding: Decoding,
  traceId: string,
  spanId: string,
  code: 'invalid_time' | 'invalid_item' | 'too_deep',
  message: string,
): void {
  decoding.issues.push({ type: 'issue', severity: 'warning', code, message: `${message}.`, traceId, spanId });
}
