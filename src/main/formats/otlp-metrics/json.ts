/** OTLP/JSON metrics → data points, with the tolerance of the trace decoder. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord } from '#shared/record.ts';
import type { Result } from '#shared/result.ts';
import { decodeJsonEnvelope, type Envelope } from '../otlp/json-envelope.ts';
import { enumOf, field, type JsonDecoding, objectsOf, readTime, textOf } from '../otlp/json-fields.ts';
import { readAttributeList } from '../otlp/json-values.ts';
import type { OtlpScope } from '../otlp/span.ts';
import type { MetricHead, PointSink } from './metric.ts';

const ENVELOPE: Envelope = {
  groups: ['resourceMetrics', 'resource_metrics'],
  scopes: ['scopeMetrics', 'scope_metrics', 'instrumentationLibraryMetrics', 'instrumentation_library_metrics'],
  items: ['metrics'],
};

/**
 * Fails with `bad_request` when the bytes are not JSON or hold no list of metrics.
 * @returns the issues; points go to the sink
 */
export function decodeJsonMetrics(bytes: Uint8Array, sink: PointSink): Result<readonly IssueRecord[]> {
  return decodeJsonEnvelope(bytes, ENVELOPE, (decoding, value, scope) => {
    readMetric(decoding, value, scope, sink);
  });
}

const KINDS: readonly (readonly [string, string])[] = [
  ['sum', 'sum'],
  ['gauge', 'gauge'],
  ['histogram', 'histogram'],
  ['exponentialHistogram', 'exponential_histogram'],
  ['summary', 'summary'],
];
const TEMPORALITIES = ['UNSPECIFIED', 'DELTA', 'CUMULATIVE'];

function readMetric(decoding: JsonDecoding, value: JsonObject, scope: OtlpScope, sink: PointSink): void {
  const { unreadable, badTimes } = decoding;
  for (const [camel, snake] of KINDS) {
    const data = field(value, camel, snake);
    if (!isJsonObject(data)) continue;
    const given = field(data, 'aggregationTemporality', 'aggregation_temporality');
    const head: MetricHead = {
      metric: textOf(value.name),
      unit: textOf(value.unit),
      // A gauge is a level, not an amount: it adds up to nothing.
      temporality: camel === 'gauge' ? 0 : enumOf(given, TEMPORALITIES, /^AGGREGATION_TEMPORALITY_/),
      scope,
    };
    for (const point of objectsOf(decoding, field(data, 'dataPoints', 'data_points')))
      readPoint(decoding, point, head, sink);
  }
  if (decoding.unreadable > unreadable) note(decoding, 'invalid_item', 'A data point is not what it should be');
  if (decoding.badTimes > badTimes) note(decoding, 'invalid_time', 'The time of a data point could not be read');
}

function readPoint(decoding: JsonDecoding, value: JsonObject, head: MetricHead, sink: PointSink): void {
  const given = field(value, 'asDouble', 'as_double') ?? field(value, 'asInt', 'as_int') ?? value.sum;
  sink({
    ...head,
    start: readTime(decoding, field(value, 'startTimeUnixNano', 'start_time_unix_nano')),
    time: readTime(decoding, field(value, 'timeUnixNano', 'time_unix_nano')),
    value: numberOf(given),
    attributes: readAttributeList(decoding, value.attributes),
  });
}

function numberOf(value: Json | undefined): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function note({ issues }: JsonDecoding, code: IssueRecord['code'], message: string): void {
  issues.push({ type: 'issue', severity: 'warning', code, message: `${message}.` });
}
