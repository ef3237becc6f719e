import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import { idOf, isEmpty, issue, listOf, numberOf, setField, textOf } from '../fields.ts';
import { type OtlpEvent, type OtlpLink, type OtlpScope, type OtlpSpan, spanOf } from '../span-engine.ts';

type Around = { readonly traceId: string | null; readonly processes: JsonObject };
export type SpanReader = { readonly read: (span: JsonObject, around: Around) => void };

const SPAN_KINDS: readonly (Json | undefined)[] = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];
/** Tags that are fields of the span in OpenTelemetry, from where Jaeger has them. */
const SCOPE_NAME = ['otel.scope.name', 'otel.library.name'];
const SCOPE_VERSION = ['otel.scope.version', 'otel.library.version'];
const FIELD_TAGS = new Set([
  ...SCOPE_NAME,
  ...SCOPE_VERSION,
  'span.kind',
  'otel.status_code',
  'otel.status_description',
  'w3c.tracestate',
  // Jaeger's mark for status ERROR, and how it received the span.
  'error',
  'internal.span.format',
]);

export function createSpanReader(add: (span: OtlpSpan) => void, report: (issue: IssueRecord) => void): SpanReader {
  const resources = new WeakMap<JsonObject, JsonObject>();
  const scopes = new WeakMap<JsonObject, Map<string, OtlpScope>>();

  function resourceOf(process: JsonObject): JsonObject {
    const known = resources.get(process);
    if (known) return known;
    const attributes: Record<string, Json> = {};
    if (!isEmpty(process.serviceName)) attributes['service.name'] = process.serviceName ?? null;
    for (const [key, value] of tagsOf(process.tags)) setField(attributes, key, value);
    resources.set(process, attributes);
    return attributes;
  }

  function scopeOf(process: JsonObject, name: string | null, version: string | null): OtlpScope {
    const ofProcess = scopes.get(process) ?? new Map<string, OtlpScope>();
    scopes.set(process, ofProcess);
    const key = JSON.stringify([name, version]);
    const scope = ofProcess.get(key) ?? {
      name,
      version,
      attributes: {},
      schemaUrl: '',
      resource: { attributes: resourceOf(process), schemaUrl: '' },
    };
    ofProcess.set(key, scope);
    return scope;
  }

  return {
    read(span, around) {
      const traceId = idOf(span.traceID) ?? around.traceId;
      const spanId = idOf(span.spanID);
      if (traceId === null || spanId === null) {
        report(issue('error', 'invalid_item', 'The span has no trace id and span id.', { traceId, item: span }));
        return;
      }
      const where = { traceId, spanId };
      const tags = new Map(tagsOf(span.tags));
      const { parentId, links } = readReferences(span, traceId);
      const start = micros(span.startTime);
      const duration = numberOf(span.duration);
      if (start === null) report(issue('warning', 'invalid_time', 'The start time is not in microseconds.', where));
      const warnings = listOf(span.warnings).filter((each) => typeof each === 'string');
      for (const warning of warnings)
        report(issue('info', 'unmapped_field', `Jaeger warns: ${warning.slice(0, 500)}`, where));
      add(
        spanOf({
          traceId,
          spanId,
          parentId,
          name: textOf(span.operationName) ?? '',
          otelKind: Math.max(0, SPAN_KINDS.indexOf(tags.get('span.kind'))),
          start,
          end:
            start === null || duration === null || duration < 0 ? null : start + BigInt(Math.round(duration * 1_000)),
          attributes: attributesOf(tags, warnings),
          events: listOf(span.logs).flatMap((each) => (isJsonObject(each) ? [readLog(each)] : [])),
          links,
          ...statusOf(tags),
          traceState: textOf(tags.get('w3c.tracestate')) ?? '',
          scope: scopeOf(processOf(span, around), firstTag(tags, SCOPE_NAME), firstTag(tags, SCOPE_VERSION)),
        }),
      );
    },
  };
}

const NO_PROCESS: JsonObject = {};

function processOf(span: JsonObject, { processes }: Around): JsonObject {
  const id = textOf(span.processID);
  const named = id !== null && Object.hasOwn(processes, id) ? processes[id] : span.process;
  return isJsonObject(named) ? named : NO_PROCESS;
}

/** The first CHILD_OF in the trace is the parent, else the first FOLLOWS_FROM; all others are links. */
function readReferences(span: JsonObject, traceId: string): { parentId: string | null; links: OtlpLink[] } {
  const references = listOf(span.references).flatMap((each) => {
    if (!isJsonObject(each)) return [];
    const spanId = idOf(each.spanID);
    const type = textOf(each.refType) ?? 'CHILD_OF';
    return spanId === null ? [] : [{ spanId, traceId: idOf(each.traceID) ?? traceId, type }];
  });
  const own = references.filter((each) => each.traceId === traceId);
  const parent = own.find((each) => each.type === 'CHILD_OF') ?? own.find((each) => each.type === 'FOLLOWS_FROM');
  const links = references
    .filter((each) => each !== parent)
    .map((each) => ({ traceId: each.traceId, spanId: each.spanId, attributes: { 'jaeger.ref_type': each.type } }));
  // Before there were references.
  return { parentId: parent?.spanId ?? idOf(span.parentSpanID), links };
}

/** A key that is there twice keeps its last value, as in a map of attributes. */
function tagsOf(list: Json | undefined): [string, Json][] {
  return listOf(list).flatMap((each) => {
    const key = isJsonObject(each) ? textOf(each.key) : null;
    return isJsonObject(each) && key !== null ? [[key, tagValue(each)] satisfies [string, Json]] : [];
  });
}

/** Lists and objects arrive as JSON text, which the readers of attributes take. */
function tagValue({ type, value }: JsonObject): Json {
  if (typeof value !== 'string') return value ?? null;
  if (type === 'bool') return value === 'true' ? true : value === 'false' ? false : value;
  if (type !== 'int64' && type !== 'float64') return value;
  const number = value === '' ? NaN : Number(value);
  return Number.isFinite(number) && (type === 'float64' || Number.isSafeInteger(number)) ? number : value;
}

function attributesOf(tags: ReadonlyMap<string, Json>, warnings: readonly string[]): JsonObject {
  const attributes: Record<string, Json> = {};
  for (const [key, value] of tags) if (!FIELD_TAGS.has(key)) setField(attributes, key, value);
  // Text says what went wrong.
  const error = tags.get('error');
  if (typeof error === 'string' && error !== '' && error !== 'true' && error !== 'false') attributes.error = error;
  if (warnings.length > 0) attributes['jaeger.warnings'] = warnings;
  return attributes;
}

function statusOf(tags: ReadonlyMap<string, Json>): { statusCode: number; statusMessage: string } {
  const code = textOf(tags.get('otel.status_code'))?.toUpperCase();
  const error = tags.get('error');
  const statusCode = code === 'ERROR' || error === true || error === 'true' ? 2 : code === 'OK' ? 1 : 0;
  return { statusCode, statusMessage: textOf(tags.get('otel.status_description')) ?? '' };
}

function firstTag(tags: ReadonlyMap<string, Json>, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = textOf(tags.get(key));
    if (value !== null) return value;
  }
  return null;
}

function readLog(log: JsonObject): OtlpEvent {
  const fields = tagsOf(log.fields);
  const name = fields.find(([key]) => key === 'event') ?? fields.find(([key]) => key === 'message');
  const attributes: Record<string, Json> = {};
  for (const field of fields) if (field !== name) setField(attributes, field[0], field[1]);
  return { time: micros(log.timestamp), name: textOf(name?.[1]) ?? 'log', attributes };
}

/** Microseconds since the Unix epoch → nanoseconds; digits as text when a double would change them. */
function micros(value: Json | undefined): bigint | null {
  if (typeof value === 'string') return /^\d{1,16}$/.test(value) ? BigInt(value) * 1_000n : null;
  if (typeof value !== 'number' || !(value > 0) || value >= 9e15) return null;
  // In nanoseconds a double is exact to 256 only.
  return Number.isInteger(value) ? BigInt(value) * 1_000n : BigInt(Math.round(value * 1_000));
}
