/** A program whose log records tell its runs; one file each. */
import type { Collector } from './collect.ts';
import type { OtlpLog } from './log.ts';

export type LogClient = {
  readonly id: string;
  readonly is: (log: OtlpLog) => boolean;
  /** What one body tells: state may join neighbouring records, but must not be needed. */
  readonly open: (collector: Collector) => (log: OtlpLog) => void;
};
