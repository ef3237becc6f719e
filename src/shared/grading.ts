/** What the engine answers about grading, beyond the rows of src/shared/grader.ts. */
import type { Grade, GradeRow } from './grader.ts';

/** Traces that one trial grades, at most. */
export const TRIAL_TRACES = 100;
/** Rows of one `grade.page`, at most. */
export const GRADE_PAGE = 500;

/** A definition tried on one trace; nothing is stored. */
export type GradeTrial = {
  readonly traceId: string;
  /** Of each part that the scope names; of the trace alone without one. At most 500. */
  readonly grades: readonly { readonly spanId: string | null; readonly grade: Grade }[];
  /** Of the trace as a whole: the parts under the scope's aggregate. */
  readonly grade: Grade;
};

/** What a grading would ask of model endpoints; an estimate, since answers differ in length. */
export type GradingCost = {
  readonly traces: number;
  /** Requests to models; 0 for graders that ask none. */
  readonly calls: number;
  readonly promptTokens: number;
  /** USD by the price table; null = a model has no price, 0 = nothing is asked. */
  readonly cost: number | null;
};

export type GradePage = { readonly rows: readonly GradeRow[]; readonly nextCursor: string | null };
