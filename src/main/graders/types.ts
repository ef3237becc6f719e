/**
 * What a kind of grader is, and what it is given. Graders read nothing by themselves: clock, models and sandboxes are
 * passed in, so that the same code runs in the app, the command line and tests.
 */
import type { Grade, GraderDefinition, GraderKindInfo, GraderProblem, Subject, SubjectNeeds } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';

/** What a kind answers; the rest of a `Grade` has defaults (see `finish` in grade.ts). */
export type Verdict = Partial<Grade> & Pick<Grade, 'status'>;

export type GraderKind = GraderKindInfo & {
  /** Other ways of writing the same, as they come from elsewhere, in the one that is kept. It drops nothing. */
  readonly normalise?: (definition: GraderDefinition, inner: Inner) => GraderDefinition;
  /** Beyond the schema: template paths, formulas, patterns, subset rules. */
  readonly check?: (definition: GraderDefinition, inner: Inner) => readonly GraderProblem[];
  /** What the subject must hold for this definition. */
  readonly needs?: (definition: GraderDefinition, inner: Inner) => Partial<SubjectNeeds>;
  /**
   * Grades one subject. Expected failures are verdicts of status `errored`; what is thrown is a bug and becomes `other_error`.
   * `passed` may be left open: it then follows from score, threshold and direction.
   */
  readonly grade: (definition: GraderDefinition, context: GradeContext) => Verdict | Promise<Verdict>;
};

/** For a kind that holds other graders: the same, asked of one of them. */
export type Inner = {
  readonly check: (definition: Json) => {
    readonly definition: GraderDefinition | null;
    readonly problems: readonly GraderProblem[];
  };
  readonly needs: (definition: Json) => SubjectNeeds;
};

export type GradeContext = {
  readonly subject: Subject;
  readonly services: GradeServices;
  readonly signal: AbortSignal;
  /** Grades another definition on the same subject (`multi`, rubrics), or on another one: each run of `pass_k`. */
  readonly grade: (definition: GraderDefinition, subject?: Subject) => Promise<Grade>;
};

/** What lies outside of a grader. Each answers expected failures as such: nothing throws but a bug. */
export type GradeServices = {
  readonly judge: (request: JudgeRequest, signal: AbortSignal) => Promise<JudgeAnswer>;
  readonly embed: (request: EmbedRequest, signal: AbortSignal) => Promise<Result<Embeddings, ServiceError>>;
  readonly runCode: (request: CodeRequest, signal: AbortSignal) => Promise<CodeAnswer>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
};

/** `flag` is the one that the grade gets. */
export type ServiceError = {
  readonly flag:
    'model_grader_server_error' | 'model_grader_refusal_error' | 'model_grader_parse_error' | 'other_error';
  readonly message: string;
};

export type ChatMessage = { readonly role: 'system' | 'developer' | 'user' | 'assistant'; readonly content: Json };

export type JudgeRequest = {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** OpenAI's names: temperature, top_p, seed, max_completion_tokens, reasoning_effort; null or absent = the endpoint's own. */
  readonly parameters: JsonObject;
  /** JSON schema of the answer; endpoints that do not know it are asked in words. */
  readonly schema: JsonObject;
  /** Hash of the definition: part of the key of the cache. */
  readonly graderHash: string;
  /** Number of the ask, where one judge is asked several times; part of the key. */
  readonly attempt?: number;
  /** Id or name of an endpoint; without it, the default one. */
  readonly endpoint?: string;
  /** The model is asked as it is, also where an endpoint has one for all graders. */
  readonly exactModel?: boolean;
  /** Traces that the messages hold something of: what is kept of the answer goes with them. */
  readonly traceIds?: readonly string[];
};

export type JudgeAnswer =
  | { readonly ok: true; readonly value: Json; readonly text: string; readonly usage: Grade['usage'] }
  | { readonly ok: false; readonly error: ServiceError; readonly text: string; readonly usage: Grade['usage'] };

export type EmbedRequest = {
  readonly model: string | null;
  readonly texts: readonly string[];
  /** As of a judge's request. */
  readonly endpoint?: string;
  readonly traceIds?: readonly string[];
};
export type Embeddings = {
  readonly model: string;
  readonly vectors: readonly Float32Array[];
  readonly usage: Grade['usage'];
};

/** `args` cross as JSON text: nothing of the host is handed in. */
export type CodeRequest = {
  readonly language: 'javascript' | 'python';
  readonly source: string;
  /** JSON texts of `grade(sample, item)`. */
  readonly sample: string;
  readonly item: string;
  /** JSON text of an object: each of its entries is a global of the code (`trace`, `span`…). */
  readonly globals?: string;
  /** Milliseconds for one grade. */
  readonly timeoutMs: number;
  readonly memoryMb: number;
};

export type CodeAnswer =
  /** What `grade` returned, as JSON; `printed` is what it wrote, cut; `environment` names what ran it, where that matters. */
  | { readonly ok: true; readonly value: Json; readonly printed: string; readonly environment?: string }
  /** `runtime`: the code's own fault; `server`: no sandbox could be had, or it broke. */
  | { readonly ok: false; readonly kind: 'runtime' | 'server'; readonly message: string; readonly printed: string };
