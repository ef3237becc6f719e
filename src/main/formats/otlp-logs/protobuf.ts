/**
 * ExportLogsServiceRequest → records. Field numbers: opentelemetry-proto, logs/v1/logs.proto. Cases are whole tags
 * (field << 3 | wire type), so that a known field of another wire type is skipped as unknown.
 */
import type { Json } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import type { Result } from '#shared/result.ts';
import { isZeroId } from '../otlp/ids.ts';
import { decodeProtobufEnvelope, hexOf, type ProtobufDecoding, readTraceId } from '../otlp/protobuf-envelope.ts';
import { readAnyValue, readKeyValue } from '../otlp/protobuf-values.ts';
import { MAX_DEPTH, MAX_TIME, type OtlpScope } from '../otlp/span.ts';
import { enter, leave, readBytes, readFixed64, readText, readVarint, skip } from '../otlp/wire.ts';
import { type LogSink, toLog } from './log.ts';

/**
 * Fails with `bad_request` when the bytes are not a whole request.
 * @returns the issues; records go to the sink, also those before a failure
 */
export function decodeProtobufLogs(bytes: Uint8Array, sink: LogSink): Result<readonly IssueRecord[]> {
  return decodeProtobufEnvelope(bytes, (decoding, scope) => {
    readLog(decoding, scope, sink);
  });
}

function readLog(decoding: ProtobufDecoding, scope: OtlpScope, sink: LogSink): void {
  const { wire } = decoding;
  const outer = enter(wire);
  const tooDeepBefore = decoding.tooDeep;
  const attributes: Record<string, Json> = {};
  let traceId = '';
  let spanId = '';
  let time = 0n;
  let observed = 0n;
  let severityNumber = 0;
  let severityText = '';
  let eventName = '';
  let body: Json = null;
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    switch (tag) {
      case 0x09:
        time = readFixed64(wire);
        break;
      case 0x10:
        severityNumber = readVarint(wire);
        break;
      case 0x1a:
        severityText = readText(wire);
        break;
      case 0x2a:
        body = readAnyValue(decoding, 0);
        break;
      case 0x32:
        readKeyValue(decoding, attributes, 0);
        break;
      case 0x4a:
        traceId = readTraceId(decoding);
        break;
      case 0x52:
        spanId = hexOf(readBytes(wire));
        break;
      case 0x59:
        observed = readFixed64(wire);
        break;
      case 0x62:
        eventName = readText(wire);
        break;
      default:
        skip(wire, tag);
    }
  }
  leave(wire, outer);
  sink(
    toLog({
      traceId: validId(traceId, 32),
      spanId: validId(spanId, 16),
      time: validTime(time),
      observed: validTime(observed),
      eventName,
      severityText,
      severityNumber,
      body,
      attributes,
      scope,
    }),
  );
  if (time > MAX_TIME || observed > MAX_TIME) note(decoding, 'invalid_time', 'A time is past the year 2262');
  if (decoding.tooDeep > tooDeepBefore)
    note(decoding, 'too_deep', `A value is nested deeper than ${MAX_DEPTH} levels and was cut`);
}

function validId(hex: string, digits: number): string | null {
  return hex.length === digits && !isZeroId(hex) ? hex : null;
}

function validTime(time: bigint): bigint | null {
  return time === 0n || time > MAX_TIME ? null : time;
}

function note({ issues }: ProtobufDecoding, code: IssueRecord['code'], message: string): void {
  issues.push({ type: 'issue', severity: 'warning', code, message: `${message}.` });
}
