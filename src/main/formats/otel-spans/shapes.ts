/** Where the writers of spans put the fields that all of them have. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import { objectOf } from '../fields.ts';

export type SpanIds = { readonly traceId: string; readonly spanId: string; readonly parentId: string | null };

export function isSpan(value: JsonObject): boolean {
  // Jaeger and Langfuse have formats of their own.
  if (typeof value.name !== 'string' || Object.hasOwn(value, 'spanID') || Object.hasOwn(value, 'parentObservationId')) {
    return false;
  }
  const hasTime = first(value, START) !== undefined || Object.hasOwn(value, 'attributes');
  return hasTime && spanIds(value) !== null;
}

export const START = ['start_time', 'startTime', 'start_time_unix_nano', 'startTimeUnixNano', 'timestamp'];
export const END = ['end_time', 'endTime', 'end_time_unix_nano', 'endTimeUnixNano'];

/** The first of several fields that is there and not null. */
export function first(value: JsonObject, fields: readonly string[]): Json | undefined {
  for (const field of fields) {
    const each = Object.hasOwn(value, field) ? value[field] : undefined;
    if (each !== undefined && each !== null) return each;
  }
  return undefined;
}

const TRACE = ['trace_id', 'traceId', 'context.trace_id', 'trace_id_hex'];
const SPAN = ['span_id', 'spanId', 'context.span_id', 'span_id_hex'];
const PARENT = ['parent_span_id', 'parentSpanId', 'parent_id', 'parentId'];

export function spanIds(span: JsonObject): SpanIds | null {
  const context = contextOf(span);
  const traceId = readId(first(span, TRACE) ?? first(context, TRACE), 32);
  const own = first(span, SPAN) ?? first(context, SPAN);
  // JavaScript's console exporter has `id` beside `traceId`; elsewhere it is a number of the database.
  const spanId = readId(own ?? (Object.hasOwn(span, 'traceId') ? span.id : undefined), 16);
  if (traceId === null || spanId === null) return null;
  const parent = first(span, PARENT) ?? span.parent ?? span.parentSpanContext;
  return { traceId, spanId, parentId: readId(isJsonObject(parent) ? first(parent, SPAN) : parent, 16) };
}

function contextOf(span: JsonObject): JsonObject {
  return objectOf(first(span, ['context', 'spanContext', '_spanContext', 'span_context']));
}

/**
 * An id as hex where it is one: text with or without `0x`, an integer (Python's own form), a UUID without its hyphens.
 * Any other text is kept: ids are opaque. Null for absent and all-zero ids.
 * @param digits 32 for a trace, 16 for a span
 */
export function readId(value: Json | undefined, digits: 16 | 32): string | null {
  if (typeof value === 'number') return value > 0 && Number.isSafeInteger(value) ? hex(BigInt(value), digits) : null;
  if (typeof value !== 'string' || value === '') return null;
  const plain = value.startsWith('0x') ? value.slice(2) : value;
  if (/^0+$/.test(plain)) return null;
  // Python's integers arrive as text when a double cannot hold them.
  if (plain.length !== digits && plain.length <= 39 && /^\d+$/.test(plain) && plain === value) {
    return hex(BigInt(plain), digits);
  }
  if (digits === 32 && UUID.test(plain)) return plain.replaceAll('-', '').toLowerCase();
  return /^[0-9a-fA-F]+$/.test(plain) ? plain.toLowerCase() : value;
}

const UUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

function hex(value: bigint, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
