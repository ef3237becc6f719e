/**
 * OTLP metrics over HTTP, gRPC or from files. Points that count tokens or money are kept, beside the traces: a counter is
 * of a process or a session, not of a run. All others are counted; the received bytes hold them.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import type { IssueRecord, MetricRecord, NormalisedRecord } from '#shared/record.ts';
import { ok, type Result } from '#shared/result.ts';
import { issue, textOf } from '../fields.ts';
import { decodeEither } from '../otlp/encoding.ts';
import { detectMetrics } from './detect.ts';
import { decodeJsonMetrics } from './json.ts';
import { measureOf } from './measures.ts';
import type { OtlpPoint, PointSink } from './metric.ts';
import { decodeProtobufMetrics } from './protobuf.ts';

export const otlpMetrics: DecoderFormat = {
  id: 'otlp-metrics',
  label: 'OpenTelemetry metrics (OTLP)',
  type: 'decoder',
  routes: [{ method: 'POST', suffix: '/v1/metrics' }],
  detect: detectMetrics,
  split: () => ({
    lines: true,
    list: true,
    protobuf: true,
    keys: [
      ['resourceMetrics', 'resource_metrics'],
      ['scopeMetrics', 'scope_metrics', 'instrumentationLibraryMetrics', 'instrumentation_library_metrics'],
      ['metrics'],
    ],
  }),
  decode,
};

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded> {
  if (bytes.length === 0) return ok({ records: [] });
  return decodeEither(bytes, context, {
    json: () => decodeWith(decodeJsonMetrics, bytes),
    protobuf: () => decodeWith(decodeProtobufMetrics, bytes),
  });
}

function decodeWith(
  read: (bytes: Uint8Array, sink: PointSink) => Result<readonly IssueRecord[]>,
  bytes: Uint8Array,
): Result<Decoded> {
  const records: NormalisedRecord[] = [];
  const unused = new Map<string, number>();
  const issues = read(bytes, (point) => {
    const record = toRecord(point);
    if (record) records.push(record);
    else unused.set(point.metric, (unused.get(point.metric) ?? 0) + 1);
  });
  if (!issues.ok) return issues;
  return ok({ records: [...records, ...issues.value, ...noteUnused(unused)] });
}

/** Null for a point of which nothing is kept: it counts something else, or nothing that adds up. */
function toRecord(point: OtlpPoint): MetricRecord | null {
  const { metric, unit, temporality, start, time, value, attributes, scope } = point;
  const measure = measureOf(point);
  if (measure === null || value === null || time === null || temporality < 1 || temporality > 2) return null;
  const resource = scope.resource.attributes;
  const first = (...keys: readonly string[]): string | null => {
    for (const key of keys) {
      const found = textOf(attributes[key]) ?? textOf(resource[key]);
      if (found !== null) return found;
    }
    return null;
  };
  return {
    type: 'metric',
    name: metric,
    measure,
    unit: unit === '' ? null : unit,
    temporality: temporality === 1 ? 'delta' : 'cumulative',
    start,
    time,
    value,
    session: first('session.id', 'gen_ai.conversation.id', 'conversation.id'),
    model: first('gen_ai.response.model', 'gen_ai.request.model', 'model'),
    agent: first('agent.name', 'gen_ai.agent.name'),
    service: first('service.name'),
    attributes,
    resource,
  };
}

const LISTED_NAMES = 50;

function noteUnused(unused: ReadonlyMap<string, number>): IssueRecord[] {
  if (unused.size === 0) return [];
  const points = [...unused.values()].reduce((sum, count) => sum + count, 0);
  const message = `${points} data points of ${unused.size} metrics count neither tokens nor cost and are not shown.`;
  const names = [...unused].slice(0, LISTED_NAMES).map(([name, count]) => `${count} × ${name.slice(0, 200)}`);
  return [issue('info', 'unmapped_field', message, { item: names.join('\n') })];
}
