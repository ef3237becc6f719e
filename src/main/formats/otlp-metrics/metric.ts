/** What both OTLP encodings of metrics decode to: one entry per data point whose value is a sum. */
import type { JsonObject } from '#shared/json.ts';
import type { OtlpScope } from '../otlp/span.ts';

export type OtlpPoint = {
  readonly metric: string;
  readonly unit: string;
  /** 0 unspecified, 1 delta, 2 cumulative. */
  readonly temporality: number;
  /** Nanoseconds since the Unix epoch: the beginning of what the value counts. */
  readonly start: bigint | null;
  readonly time: bigint | null;
  /** Of a histogram the sum of what was observed; null when the point has none. */
  readonly value: number | null;
  readonly attributes: JsonObject;
  readonly scope: OtlpScope;
};

export type PointSink = (point: OtlpPoint) => void;

/** A metric without its points; both encodings read it before them. */
export type MetricHead = Pick<OtlpPoint, 'metric' | 'unit' | 'temporality' | 'scope'>;
