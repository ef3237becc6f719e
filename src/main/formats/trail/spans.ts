/** Spans as TRAIL writes them → the spans that the attribute conventions of OTLP are read from. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { idOf, issue, listOf, objectOf, textOf, timeOf } from '../fields.ts';
import { DIALECTS } from '../otlp/dialects/registry.ts';
import { createMerger } from '../otlp/merge.ts';
import { NONE_DROPPED, type OtlpEvent, type OtlpScope } from '../otlp/span.ts';
import { compile } from '../otlp/table.ts';

const TABLE = compile(DIALECTS);
const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

export function readSpans(traceId: string, spans: readonly Json[], records: NormalisedRecord[]): void {
  const merger = createMerger(TABLE);
  const scopes = new Map<string, OtlpScope>();
  const waiting: { readonly span: Json; readonly parent: string | null }[] = [];
  for (const span of [...spans].reverse()) waiting.push({ span, parent: null });
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { span } = next;
    const spanId = isJsonObject(span) ? idOf(span.span_id) : null;
    if (!isJsonObject(span) || spanId === null) {
      records.push(issue('error', 'invalid_item', 'A span has no usable span_id.', { traceId, item: span }));
      continue;
    }
    const children = listOf(span.child_spans);
    for (let at = children.length - 1; at >= 0; at--) waiting.push({ span: children[at] ?? null, parent: spanId });
    const start = timeOf(span.timestamp);
    const duration = durationOf(span.duration);
    if (duration === null && span.duration !== undefined) {
      records.push(
        issue('warning', 'invalid_time', 'The duration of a span is not one in ISO 8601.', {
          traceId,
          spanId,
          item: span.duration,
        }),
      );
    }
    const kind = KINDS.indexOf((textOf(span.span_kind) ?? '').toLowerCase().replace(/^span_kind_/, ''));
    const status = (textOf(span.status_code) ?? '').toLowerCase();
    merger.add({
      traceId,
      spanId,
      parentId: idOf(span.parent_span_id) ?? next.parent,
      name: textOf(span.span_name) ?? 'span',
      otelKind: Math.max(0, kind),
      start,
      end: start === null || duration === null ? null : start + duration,
      attributes: objectOf(span.span_attributes),
      events: listOf(span.events).flatMap(eventOf),
      links: [],
      statusCode: status.endsWith('error') ? 2 : status.endsWith('ok') ? 1 : 0,
      statusMessage: textOf(span.status_message) ?? '',
      dropped: NONE_DROPPED,
      traceState: textOf(span.trace_state) ?? '',
      flags: 0,
      scope: scopeOf(span, scopes),
    });
  }
  for (const record of merger.records()) records.push(record);
}

function eventOf(event: Json): OtlpEvent[] {
  if (!isJsonObject(event)) return [];
  const name = textOf(event.name) ?? textOf(event.Name) ?? 'event';
  return [
    {
      time: timeOf(event.timestamp ?? event.Timestamp),
      name,
      attributes: objectOf(event.attributes ?? event.Attributes),
    },
  ];
}

function scopeOf(span: JsonObject, scopes: Map<string, OtlpScope>): OtlpScope {
  const name = textOf(span.scope_name);
  const version = textOf(span.scope_version);
  const service = textOf(span.service_name);
  const attributes: JsonObject = {
    ...(service === null ? {} : { 'service.name': service }),
    ...objectOf(span.resource_attributes),
  };
  const key = JSON.stringify([name, version, attributes]);
  const known = scopes.get(key);
  if (known) return known;
  const fresh: OtlpScope = { name, version, attributes: {}, schemaUrl: '', resource: { attributes, schemaUrl: '' } };
  scopes.set(key, fresh);
  return fresh;
}

const DURATION = /^P(?:(\d{1,6})D)?T?(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,10})(?:\.(\d{1,9})\d{0,9})?S)?$/;

/** Nanoseconds of an ISO 8601 duration (`PT3M9.513434S`) or of a number of seconds. */
export function durationOf(value: Json | undefined): bigint | null {
  if (typeof value === 'number')
    return Number.isFinite(value) && value >= 0 && value < 1e9 ? BigInt(Math.round(value * 1e6)) * 1_000n : null;
  const match = typeof value === 'string' && value.length <= 64 ? DURATION.exec(value) : null;
  if (!match) return null;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  return whole * 1_000_000_000n + BigInt(fraction.padEnd(9, '0') || '0');
}
