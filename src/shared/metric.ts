/** What the engine answers about metrics: counters that clients keep themselves, beside the traces. */
import type { Measure } from './record.ts';

export type MetricListArgs = {
  readonly session?: string;
  readonly model?: string;
  readonly measure?: string;
  /** Nanoseconds since the Unix epoch as decimal text: only what was counted in points of this time and later… */
  readonly fromNs?: string;
  /** … and not after this one. */
  readonly toNs?: string;
};

/** What one counter of a client came to. Never to be added to what traces say: it mostly counts the same. */
export type MetricRow = {
  /** As the source calls it. */
  readonly name: string;
  readonly measure: Measure;
  readonly unit: string | null;
  readonly session: string | null;
  readonly model: string | null;
  readonly agent: string | null;
  readonly service: string | null;
  /** Tokens, or the unit's money (USD). */
  readonly value: number;
  readonly points: number;
  readonly firstNs: string;
  readonly lastNs: string;
};
