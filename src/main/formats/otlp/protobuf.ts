/**
 * ExportTraceServiceRequest → spans. Field numbers: opentelemetry-proto, trace/v1/trace.proto and common/v1/common.proto.
 * Cases are whole tags (field << 3 | wire type), so that a known field of another wire type is skipped as unknown.
 */
import type { Json } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import type { Result } from '#shared/result.ts';
import { isZeroId } from './ids.ts';
import {
  MAX_ATTRIBUTES,
  MAX_DEPTH,
  cutDetail,
  MAX_TIME,
  NONE_DROPPED,
  type OtlpEvent,
  type OtlpLink,
  type OtlpScope,
  type OtlpSpan,
  type SpanSink,
  tooManyAttributes,
} from './span.ts';
import { decodeProtobufEnvelope, hexOf, type ProtobufDecoding, readTraceId } from './protobuf-envelope.ts';
import { readKeyValue } from './protobuf-values.ts';
import { enter, leave, readBytes, readFixed32, readFixed64, readText, readVarint, skip } from './wire.ts';

/**
 * Fails with `bad_request` when the bytes are not a whole request; spans without valid ids become issues.
 * @returns the issues; spans go to the sink, also those before a failure
 */
export function decodeProtobuf(bytes: Uint8Array, sink: SpanSink): Result<readonly IssueRecord[]> {
  return decodeProtobufEnvelope(bytes, (decoding, scope) => {
    readSpan(decoding, scope, sink);
  });
}

function readSpan(decoding: ProtobufDecoding, scope: OtlpScope, sink: SpanSink): void {
  const { wire } = decoding;
  const outer = enter(wire);
  const tooDeepBefore = decoding.tooDeep;
  const attributes: Record<string, Json> = {};
  let given = 0;
  let traceId = '';
  let spanId = '';
  let parentId: string | null = null;
  let badParent = '';
  let name = '';
  let otelKind = 0;
  let start = 0n;
  let end = 0n;
  let statusCode = 0;
  let statusMessage = '';
  let traceState = '';
  let flags = 0;
  let dropped = NONE_DROPPED;
  let events: OtlpEvent[] | null = null;
  let links: OtlpLink[] | null = null;
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    switch (tag) {
      case 0x0a:
        traceId = readTraceId(decoding);
        break;
      case 0x12:
        spanId = hexOf(readBytes(wire));
        break;
      case 0x1a:
        traceState = readText(wire);
        break;
      case 0x22:
        parentId = hexOf(readBytes(wire));
        if (parentId === '' || isZeroId(parentId)) parentId = null;
        else if (parentId.length !== 16) {
          badParent = parentId;
          parentId = null;
        }
        break;
      case 0x2a:
        name = readText(wire);
        break;
      case 0x30:
        otelKind = readVarint(wire);
        break;
      case 0x39:
        start = readFixed64(wire);
        break;
      case 0x41:
        end = readFixed64(wire);
        break;
      case 0x4a:
        given++;
        if (given > MAX_ATTRIBUTES) skip(wire, tag);
        else readKeyValue(decoding, attributes, 0);
        break;
      case 0x50:
        dropped = { ...dropped, attributes: readVarint(wire) };
        break;
      case 0x5a:
        (events ??= []).push(readEvent(decoding));
        break;
      case 0x60:
        dropped = { ...dropped, events: readVarint(wire) };
        break;
      case 0x6a:
        (links ??= []).push(readLink(decoding));
        break;
      case 0x70:
        dropped = { ...dropped, links: readVarint(wire) };
        break;
      case 0x7a: {
        const outerStatus = enter(wire);
        while (wire.pos < wire.limit) {
          const field = readVarint(wire);
          if (field === 0x12) statusMessage = readText(wire);
          else if (field === 0x18) statusCode = readVarint(wire);
          else skip(wire, field);
        }
        leave(wire, outerStatus);
        break;
      }
      case 0x85:
        flags = readFixed32(wire);
        break;
      default:
        skip(wire, tag);
    }
  }
  leave(wire, outer);
  const span: OtlpSpan = {
    traceId,
    spanId,
    parentId,
    name,
    otelKind,
    start: start === 0n || start > MAX_TIME ? null : start,
    end: end === 0n || end > MAX_TIME ? null : end,
    attributes,
    events: events ?? NO_EVENTS,
    links: links ?? NO_LINKS,
    statusCode,
    statusMessage,
    dropped,
    traceState,
    flags,
    scope,
  };
  if (isValid(decoding, span)) {
    sink(span);
    if (start > MAX_TIME || end > MAX_TIME) note(decoding, span, 'invalid_time', 'A time is past the year 2262');
    if (given > MAX_ATTRIBUTES) note(decoding, span, 'truncated_field', tooManyAttributes(given));
    if (badParent !== '')
      note(decoding, span, 'invalid_item', `The parent id ${badParent.slice(0, 64)} is not 8 bytes; shown as a root`);
    if (decoding.tooDeep > tooDeepBefore)
      note(decoding, span, 'too_deep', `A value is nested deeper than ${MAX_DEPTH} levels and was cut`);
  }
}

const NO_EVENTS: readonly OtlpEvent[] = [];
const NO_LINKS: readonly OtlpLink[] = [];

function isValid(decoding: ProtobufDecoding, span: OtlpSpan): boolean {
  if (span.traceId.length === 32 && span.spanId.length === 16 && !isZeroId(span.traceId) && !isZeroId(span.spanId))
    return true;
  decoding.issues.push({
    type: 'issue',
    severity: 'error',
    code: 'invalid_item',
    message: `The span "${span.name.slice(0, 200)}" has no valid trace id and span id.`,
    detail: cutDetail(JSON.stringify({ traceId: span.traceId, spanId: span.spanId, attributes: span.attributes })),
  });
  return false;
}

function note(
  decoding: ProtobufDecoding,
  span: OtlpSpan,
  code: 'invalid_time' | 'invalid_item' | 'too_deep' | 'truncated_field',
  message: string,
): void {
  const { traceId, spanId } = span;
  decoding.issues.push({ type: 'issue', severity: 'warning', code, message: `${message}.`, traceId, spanId });
}

function readEvent(decoding: ProtobufDecoding): OtlpEvent {
  const { wire } = decoding;
  const outer = enter(wire);
  let time = 0n;
  let name = '';
  const attributes: Record<string, Json> = {};
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x09) time = readFixed64(wire);
    else if (tag === 0x12) name = readText(wire);
    else if (tag === 0x1a) readKeyValue(decoding, attributes, 0);
    else skip(wire, tag);
  }
  leave(wire, outer);
  return { time: time === 0n ? null : time, name, attributes };
}

function readLink(decoding: ProtobufDecoding): OtlpLink {
  const { wire } = decoding;
  const outer = enter(wire);
  let traceId = '';
  let spanId = '';
  const attributes: Record<string, Json> = {};
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x0a) traceId = hexOf(readBytes(wire));
    else if (tag === 0x12) spanId = hexOf(readBytes(wire));
    else if (tag === 0x22) readKeyValue(decoding, attributes, 0);
    else skip(wire, tag);
  }
  leave(wire, outer);
  return { traceId, spanId, attributes };
}
