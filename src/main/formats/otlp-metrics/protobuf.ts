/**
 * ExportMetricsServiceRequest → data points. Field numbers: opentelemetry-proto, metrics/v1/metrics.proto. The kinds of
 * points number their fields apart, hence a table; buckets, quantiles and exemplars are not read.
 */
import type { Json } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import type { Result } from '#shared/result.ts';
import { decodeProtobufEnvelope, type ProtobufDecoding } from '../otlp/protobuf-envelope.ts';
import { readKeyValue } from '../otlp/protobuf-values.ts';
import { MAX_TIME, type OtlpScope } from '../otlp/span.ts';
import { enter, leave, readDouble, readFixed64, readText, readVarint, skip } from '../otlp/wire.ts';
import type { MetricHead, PointSink } from './metric.ts';

/**
 * Fails with `bad_request` when the bytes are not a whole request.
 * @returns the issues; points go to the sink, also those before a failure
 */
export function decodeProtobufMetrics(bytes: Uint8Array, sink: PointSink): Result<readonly IssueRecord[]> {
  return decodeProtobufEnvelope(bytes, (decoding, scope) => {
    readMetric(decoding, scope, sink);
  });
}

/** Tags of the fields that are read; 0 = the kind has no such field. */
type PointTags = { readonly start: number; readonly time: number; readonly attributes: number; readonly sum: number };

const NUMBER: PointTags = { start: 0x11, time: 0x19, attributes: 0x3a, sum: 0 };
const HISTOGRAM: PointTags = { start: 0x11, time: 0x19, attributes: 0x4a, sum: 0x29 };
const EXPONENTIAL: PointTags = { start: 0x11, time: 0x19, attributes: 0x0a, sum: 0x29 };
const SUMMARY: PointTags = { start: 0x11, time: 0x19, attributes: 0x3a, sum: 0x29 };
const AS_DOUBLE = 0x21;
const AS_INT = 0x31;

/** Fields of Metric that hold its data: gauge 5, sum 7, histogram 9, exponential histogram 10, summary 11. */
const DATA: ReadonlyMap<number, PointTags> = new Map([
  [0x2a, NUMBER],
  [0x3a, NUMBER],
  [0x4a, HISTOGRAM],
  [0x52, EXPONENTIAL],
  [0x5a, SUMMARY],
]);
const GAUGE = 0x2a;

/** The name may follow the data on the wire, and the temporality its points, hence two walks over each. */
function readMetric(decoding: ProtobufDecoding, scope: OtlpScope, sink: PointSink): void {
  const { wire } = decoding;
  const outer = enter(wire);
  const start = wire.pos;
  let metric = '';
  let unit = '';
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x0a) metric = readText(wire);
    else if (tag === 0x1a) unit = readText(wire);
    else skip(wire, tag);
  }
  wire.pos = start;
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    const tags = DATA.get(tag);
    if (tags) readData(decoding, tags, tag === GAUGE, { metric, unit, temporality: 0, scope }, sink);
    else skip(wire, tag);
  }
  leave(wire, outer);
}

function readData(
  decoding: ProtobufDecoding,
  tags: PointTags,
  isGauge: boolean,
  given: MetricHead,
  sink: PointSink,
): void {
  const { wire } = decoding;
  const outer = enter(wire);
  const start = wire.pos;
  let temporality = 0;
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x10 && !isGauge) temporality = readVarint(wire);
    else skip(wire, tag);
  }
  const head: MetricHead = { ...given, temporality };
  wire.pos = start;
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x0a) readPoint(decoding, tags, head, sink);
    else skip(wire, tag);
  }
  leave(wire, outer);
}

function readPoint(decoding: ProtobufDecoding, tags: PointTags, head: MetricHead, sink: PointSink): void {
  const { wire, issues } = decoding;
  const outer = enter(wire);
  const attributes: Record<string, Json> = {};
  let start = 0n;
  let time = 0n;
  let value: number | null = null;
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === tags.start) start = readFixed64(wire);
    else if (tag === tags.time) time = readFixed64(wire);
    else if (tag === tags.attributes) readKeyValue(decoding, attributes, 0);
    else if (tag === tags.sum || (tags.sum === 0 && tag === AS_DOUBLE)) value = readDouble(wire);
    else if (tags.sum === 0 && tag === AS_INT) value = Number(BigInt.asIntN(64, readFixed64(wire)));
    else skip(wire, tag);
  }
  leave(wire, outer);
  if (start > MAX_TIME || time > MAX_TIME)
    issues.push({ type: 'issue', severity: 'warning', code: 'invalid_time', message: 'A time is past the year 2262.' });
  sink({
    ...head,
    start: start === 0n || start > MAX_TIME ? null : start,
    time: time === 0n || time > MAX_TIME ? null : time,
    value: value !== null && Number.isFinite(value) ? value : null,
    attributes,
  });
}
