/** A program whose log records tell its runs; one file each. */
import type { Collector } from './collect.ts';
import type { OtlpLog } from './log.ts';

export type LogClient = {
  readonly id: string;
  readonly is: (log: OtlpLog) => boolean;
  /** Takes the records of one body; what they say must not depend on which of them came together. */
  readonly open: (collector: Collector) => (log: OtlpLog) => void;
};
