/** What the engine and its grading thread say to each other. Models and sandboxes live in the engine's thread. */
import type { AppError } from '#shared/result.ts';
import type { CodeRequest, EmbedRequest, JudgeRequest } from '../../graders/types.ts';
import type { GradeRequest, TraceResult } from './grader.ts';

export type GraderThreadData = { readonly workspace: string; readonly nativeBinding: string | null };

export type Ask =
  | { readonly service: 'judge'; readonly request: JudgeRequest }
  | { readonly service: 'embed'; readonly request: EmbedRequest }
  | { readonly service: 'runCode'; readonly request: CodeRequest };

export type ToGrader =
  | { readonly type: 'grade'; readonly id: number; readonly request: GradeRequest }
  | { readonly type: 'cancel'; readonly id: number }
  /** What a service answered; `error` when it broke. */
  | { readonly type: 'served'; readonly id: number; readonly value: unknown; readonly error: string | null }
  | { readonly type: 'close' };

export type FromGrader =
  | { readonly type: 'ready' }
  | { readonly type: 'graded'; readonly id: number; readonly index: number; readonly result: TraceResult }
  /** `error` null = all traces were told of. */
  | { readonly type: 'done'; readonly id: number; readonly error: AppError | null; readonly bug: string | null }
  | { readonly type: 'ask'; readonly id: number; readonly ask: Ask }
  /** Nobody waits for that answer any more. */
  | { readonly type: 'drop'; readonly id: number };
