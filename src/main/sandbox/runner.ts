import type { CodeAnswer, CodeRequest } from '../graders/types.ts';

/** Runs the code of graders apart from everything else. */
export type CodeRunner = {
  /** Resolves with the code's faults and the sandbox's own; rejects only when the signal cancels it. */
  readonly run: (request: CodeRequest, signal: AbortSignal) => Promise<CodeAnswer>;
  readonly close: () => Promise<void>;
};
