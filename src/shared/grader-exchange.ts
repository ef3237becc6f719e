/** Graders that come from and go to other tools, with what does not survive the way said one by one. */
import type { GraderRow } from './grader.ts';

export const GRADER_EXPORTS = ['openai-graders', 'openai-eval', 'promptfoo'] as const;
export type GraderExport = (typeof GRADER_EXPORTS)[number];

/**
 * What was lost or changed on the way. `error`: this one did not come along; `warning`: it did, and means something else or
 * less; `info`: what was chosen where the source leaves it open.
 */
export type ExchangeProblem = {
  readonly severity: 'error' | 'warning' | 'info';
  /** JSON pointer in the file, or the name of the grader that goes out. */
  readonly path: string;
  readonly message: string;
};

export type GraderImport = {
  /** In a word: "promptfoo configuration". */
  readonly format: string;
  /** New ones, and those that were here already with the same definition. */
  readonly imported: readonly GraderRow[];
  readonly problems: readonly ExchangeProblem[];
};

export type GraderExportReport = { readonly written: number; readonly problems: readonly ExchangeProblem[] };
