import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import { isEmpty, issue, listOf, numberOf, objectOf, remaining, setField, textOf, timeOf } from '../fields.ts';
import {
  type OtlpEvent,
  type OtlpLink,
  type OtlpScope,
  type OtlpSpan,
  readAttributeList,
  spanOf,
} from '../span-engine.ts';
import { flatAttributes } from './attributes.ts';
import { END, first, readId, spanIds, START } from './shapes.ts';

export type SpanReader = { readonly read: (span: JsonObject) => void };

const SCOPE = [
  'scope',
  'instrumentationScope',
  'instrumentation_scope',
  'instrumentationLibrary',
  'instrumentation_info',
];
const EVENTS = ['events', 'span_events'];
const STATUS = ['status', 'status_code', 'statusCode'];
/** What became a field of the span; all else is kept as attributes. */
const TAKEN = new Set([
  ...START,
  ...END,
  ...SCOPE,
  ...EVENTS,
  ...STATUS,
  ...(
    'name context spanContext _spanContext span_context trace_id traceId span_id spanId id parent parent_id parentId ' +
    'parent_span_id parentSpanId parentSpanContext kind span_kind spanKind attributes links resource status_message ' +
    'statusMessage duration ended'
  ).split(' '),
]);

export function createSpanReader(add: (span: OtlpSpan) => void, report: (issue: IssueRecord) => void): SpanReader {
  const scopes = new Map<string, OtlpScope>();

  function scopeOf(span: JsonObject): OtlpScope {
    const scope = objectOf(first(span, SCOPE));
    const resource = isJsonObject(span.resource) ? span.resource : {};
    const key = JSON.stringify([scope, resource]);
    let known = scopes.get(key);
    if (!known) {
      known = {
        name: textOf(scope.name),
        version: textOf(scope.version),
        attributes: plainAttributes(scope.attributes),
        schemaUrl: textOf(scope.schema_url ?? scope.schemaUrl) ?? '',
        resource: {
          attributes: plainAttributes(resource.attributes ?? resource._attributes),
          schemaUrl: textOf(resource.schema_url ?? resource.schemaUrl) ?? '',
        },
      };
      scopes.set(key, known);
    }
    return known;
  }

  return {
    read(span) {
      const ids = spanIds(span);
      if (ids === null) return;
      const where = { traceId: ids.traceId, spanId: ids.spanId };
      const { start, end } = timesOf(span);
      if (start === null && first(span, START) !== undefined) {
        report(issue('warning', 'invalid_time', 'The start of the span is not a time.', where));
      }
      add(
        spanOf({
          ...ids,
          name: textOf(span.name) ?? '',
          otelKind: kindOf(span),
          start,
          end,
          attributes: attributesOf(span),
          events: listOf(first(span, EVENTS)).flatMap((each) => (isJsonObject(each) ? [readEvent(each)] : [])),
          links: listOf(span.links).flatMap((each) => (isJsonObject(each) ? readLink(each) : [])),
          ...statusOf(span),
          scope: scopeOf(span),
        }),
      );
    },
  };
}

function attributesOf(span: JsonObject): JsonObject {
  // A list of OTLP's key and value pairs.
  const attributes = Array.isArray(span.attributes) ? { ...plainAttributes(span.attributes) } : flatAttributes(span);
  const kind = textOf(span.span_kind ?? span.spanKind);
  if (kind !== null && !/^(?:SPAN_KIND|SpanKind)|^UNKNOWN$/.test(kind)) attributes['openinference.span.kind'] ??= kind;
  for (const [key, value] of Object.entries(remaining(span, TAKEN))) {
    if (!/^(?:attributes|context)\./.test(key) && !Object.hasOwn(attributes, key)) setField(attributes, key, value);
  }
  return attributes;
}

function plainAttributes(value: Json | undefined): JsonObject {
  return isEmpty(value) ? {} : readAttributeList({ tooDeep: 0, unreadable: 0 }, value);
}

/** JavaScript's console exporter writes a start and a duration, both in microseconds. */
function timesOf(span: JsonObject): { start: bigint | null; end: bigint | null } {
  const start = readTime(first(span, START));
  const given = first(span, END);
  if (given !== undefined) return { start, end: readTime(given) };
  const duration = Array.isArray(span.duration) ? readTime(span.duration) : null;
  const micros = numberOf(span.duration);
  if (start === null) return { start, end: null };
  if (duration !== null) return { start, end: start + duration };
  return {
    start,
    end: micros === null || micros < 0 || micros > 1e15 ? null : start + BigInt(Math.round(micros * 1e3)),
  };
}

/** Any time, or JavaScript's pair of seconds and nanoseconds. */
function readTime(value: Json | undefined): bigint | null {
  if (!Array.isArray(value)) return timeOf(value);
  const [seconds, nanos] = value as readonly Json[];
  if (!Number.isSafeInteger(seconds) || !Number.isSafeInteger(nanos)) return null;
  const time = BigInt(seconds as number) * 1_000_000_000n + BigInt(nanos as number);
  return time >= 0n && time < 9_223_372_036_854_775_807n ? time : null;
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

/** `internal`, `SpanKind.CLIENT`, `SPAN_KIND_SERVER`, or a number, which JavaScript's own spans count from 0. */
function kindOf(span: JsonObject): number {
  const value = span.kind ?? span.span_kind;
  if (typeof value === 'number') {
    const isJavaScript =
      Object.hasOwn(span, 'spanContext') || Object.hasOwn(span, '_spanContext') || Array.isArray(span.startTime);
    return value >= 0 && value <= 5 ? value + (isJavaScript ? 1 : 0) : 0;
  }
  if (typeof value !== 'string' || value.length > 40) return 0;
  return Math.max(0, KINDS.indexOf(value.toLowerCase().replace(/^(?:span_kind_|spankind\.)/, '')));
}

/** A code beside the span, or in its status under either name; 0 unset, 1 ok, 2 error. */
function statusOf(span: JsonObject): { statusCode: number; statusMessage: string } {
  const given = first(span, STATUS);
  const status = isJsonObject(given) ? given : {};
  const code = isJsonObject(given) ? (given.code ?? given.status_code ?? given.statusCode) : given;
  const message = status.message ?? status.description ?? span.status_message ?? span.statusMessage;
  return { statusCode: codeOf(code), statusMessage: textOf(message) ?? '' };
}

function codeOf(code: Json | undefined): number {
  if (typeof code === 'number') return code === 1 || code === 2 ? code : 0;
  if (typeof code !== 'string' || code.length > 40) return 0;
  const word = code.toUpperCase().replace(/^(?:STATUS_CODE_|STATUSCODE\.)/, '');
  return word === 'OK' || word === '1' ? 1 : word === 'ERROR' || word === '2' ? 2 : 0;
}

function readEvent(event: JsonObject): OtlpEvent {
  return {
    time: readTime(first(event, ['timestamp', 'time', 'timeUnixNano', 'time_unix_nano'])),
    name: textOf(event.name ?? event.event_name) ?? '',
    attributes: plainAttributes(event.attributes),
  };
}

function readLink(link: JsonObject): OtlpLink[] {
  const context = objectOf(link.context ?? link.spanContext ?? link);
  const traceId = readId(first(context, ['trace_id', 'traceId']), 32);
  const spanId = readId(first(context, ['span_id', 'spanId']), 16);
  return traceId === null || spanId === null ? [] : [{ traceId, spanId, attributes: plainAttributes(link.attributes) }];
}
