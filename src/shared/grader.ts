/**
 * Graders: what they are given, what they say, and how they are kept.
 * Definitions are OpenAI's grader JSON, unchanged, with optional fields of ours; error names are those of its grader endpoint.
 */
import type { Severity } from './detect.ts';
import type { GraphEdgeKind } from './graph.ts';
import type { Json, JsonObject } from './json.ts';
import type { SpanKind, SpanStatus } from './record.ts';

/** As it stands in a file: `type` names the kind, `name` is for people. */
export type GraderDefinition = JsonObject & { readonly type: string; readonly name: string };

export const GRADER_GROUPS = ['text', 'trajectory', 'code', 'judge', 'combined'] as const;
export type GraderGroup = (typeof GRADER_GROUPS)[number];

/**
 * How a kind works: `pure` = at once, in this process; `code` = in a sandbox; `endpoint` = asks a model that the user set up,
 * which takes time and may cost money.
 */
export type GraderRuns = 'pure' | 'code' | 'endpoint';

/** One kind of grader, for lists and forms. */
export type GraderKindInfo = {
  readonly type: string;
  readonly label: string;
  /** One sentence: what it measures. */
  readonly about: string;
  readonly group: GraderGroup;
  readonly runs: GraderRuns;
  /** JSON schema of the definition, `type` and `name` included; titles and descriptions are those of the form. */
  readonly schema: JsonObject;
  /** A definition that works as it is, to begin with. */
  readonly example: GraderDefinition;
};

/** What is wrong with a definition; `path` is a JSON pointer ("" = the whole). Only errors keep it from being used. */
export type GraderProblem = {
  readonly severity: 'error' | 'warning';
  readonly path: string;
  readonly message: string;
  /** Of an error: the flag of a grade that is asked for all the same; `other_error` unless given. */
  readonly flag?: GraderErrorFlag;
};

/** What a grader judges: a trace, each span that fits, each handoff, a session as one, or two traces of one task. */
export const GRADER_SCOPES = ['trace', 'span', 'handoff', 'session', 'pair'] as const;
export type GraderScope = (typeof GRADER_SCOPES)[number];

export const AGGREGATES = ['all', 'any', 'mean', 'min', 'max', 'count'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/** The optional field `scope` of a definition; without it, the trace. */
export type ScopeSpec = {
  readonly on: GraderScope;
  /** Of spans: all that are given must fit. `name` is a part of the span's name. */
  readonly filter?: {
    readonly kind?: SpanKind;
    readonly agent?: string;
    readonly tool?: string;
    readonly name?: string;
    readonly status?: SpanStatus;
  };
  /** How the verdicts of several parts become one of the trace; `all` unless given. */
  readonly aggregate?: Aggregate;
};

/** The optional field `direction`; maximise unless given. Neutral ones have no pass or fail. */
export const DIRECTIONS = ['maximise', 'minimise', 'neutral'] as const;
export type Direction = (typeof DIRECTIONS)[number];

// What a grader is given -----------------------------------------------------------------------------------------------

/** A span as graders, templates and grader code see it: plain JSON, in the order of time. */
export type SubjectSpan = {
  readonly id: string;
  readonly parent_id: string | null;
  readonly kind: SpanKind;
  readonly name: string;
  readonly agent: string | null;
  readonly tool: string | null;
  readonly model: string | null;
  readonly status: SpanStatus;
  /** Milliseconds after the trace's start; null = unknown. */
  readonly start: number | null;
  readonly end: number | null;
  readonly duration_ms: number | null;
  /** Text of what it was given and gave: readable, each at most `SUBJECT_TEXT` characters. */
  readonly input: string;
  readonly output: string;
  readonly error: string | null;
  readonly usage: SubjectUsage | null;
  readonly cost: number | null;
};

export type SubjectUsage = {
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly total_tokens: number | null;
};

/** One tool call, in order of time; echoes of the same call in several spans are one. */
export type SubjectCall = {
  readonly span_id: string;
  readonly id: string | null;
  readonly name: string;
  /** Parsed where it is JSON; null = not recorded. */
  readonly arguments: Json;
  readonly output: string;
  readonly status: SpanStatus;
  readonly error: string | null;
  readonly agent: string | null;
  /** JSON schema of the arguments, as the model was given it; null = not recorded. */
  readonly schema: Json;
};

/** One crossing of an edge of the graph. */
export type SubjectEdge = {
  readonly span_id: string;
  readonly kind: GraphEdgeKind;
  readonly from: string;
  readonly to: string;
  readonly inferred: boolean;
  /** Place among all crossings of the trace, in the order of the sequence. */
  readonly step: number;
};

export type SubjectFinding = {
  readonly detector: string;
  readonly severity: Severity;
  readonly span_ids: readonly string[];
  readonly agent: string | null;
  readonly reason: string;
  readonly evidence: readonly string[];
};

/** The namespace `trace`. */
export type SubjectTrace = {
  readonly id: string;
  readonly name: string;
  readonly workflow: string | null;
  readonly session: string | null;
  readonly status: string;
  readonly metadata: JsonObject;
  readonly tags: readonly string[];
  /** Null = the trace has no times. */
  readonly duration_ms: number | null;
  /** USD; null = unknown. */
  readonly cost: number | null;
  readonly usage: SubjectUsage;
  /** The first text of the user, and the last text of the agent that answers. */
  readonly input: string;
  readonly output_text: string;
  readonly spans: readonly SubjectSpan[];
  readonly tool_calls: readonly SubjectCall[];
  readonly agents: readonly string[];
  /** Handoffs and calls of agents as tools among them are `edges` of those kinds; this is the handoffs alone. */
  readonly handoffs: readonly SubjectEdge[];
  readonly edges: readonly SubjectEdge[];
  readonly error_spans: readonly SubjectSpan[];
  readonly guardrails: readonly { readonly span_id: string; readonly name: string; readonly triggered: boolean }[];
  /** Only where a grader asks for them: see `SubjectNeeds`. */
  readonly findings: readonly SubjectFinding[];
  /** Detectors that are switched off in the workspace, so that nobody looked; there where `findings` are. */
  readonly detectors_off?: readonly string[];
  /** The whole as text, with span ids, within `TRANSCRIPT_LENGTH` characters; only where a grader asks for it. */
  readonly transcript: string;
  /** Something was cut to its bound. */
  readonly truncated: boolean;
  /** Still running: what has not happened yet is no fault. */
  readonly running: boolean;
};

/** OpenAI's `sample`, made of a trace (or span): the final answer, and all tool calls in chat format. */
export type SubjectSample = {
  readonly output_text: string;
  /** The answer as JSON where it parses as an object or list; else absent. */
  readonly output_json?: Json;
  readonly output_tools: readonly {
    readonly id: string;
    readonly type: 'function';
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly choices: readonly Json[];
};

/** All that a grader may look at. `item` is the row of a dataset, else the trace's metadata with its labels (`item.label…`). */
export type Subject = {
  readonly item: Json;
  readonly sample: Json;
  /** Absent when JSON files are graded instead of a trace. */
  readonly trace?: SubjectTrace;
  /** Of the scope `span` or `handoff`. */
  readonly span?: SubjectSpan;
  readonly handoff?: SubjectEdge & { readonly payload: string };
  /** Of the scope `session`, of runs of one task (pass^k, convergence): all of them, in order of time. */
  readonly traces?: readonly SubjectTrace[];
  /** Of the scope `pair`: the other one. */
  readonly other?: SubjectTrace;
};

/** What is made only when a grader of the batch asks for it. */
export type SubjectNeeds = { readonly findings: boolean; readonly transcript: boolean };

export const SUBJECT_TEXT = 100_000;
export const TRANSCRIPT_LENGTH = 60_000;

// What a grader says ---------------------------------------------------------------------------------------------------

/** What a verdict rests on: a span, or a text in it. */
export type GradeEvidence = {
  readonly spanId: string | null;
  /** Where the span is in another trace of the session; absent = in the trace that was graded. */
  readonly traceId?: string;
  /** Literally in the span's (or, without a span, the answer's) text; null = the span as a whole. */
  readonly quote: string | null;
  /** In a few words: why it counts. */
  readonly note: string | null;
};

/** The error flags of OpenAI's grader endpoint (`metadata.errors`), by their exact names. */
export const GRADER_ERROR_FLAGS = [
  'formula_parse_error',
  'sample_parse_error',
  'truncated_observation_error',
  'unresponsive_reward_error',
  'invalid_variable_error',
  'other_error',
  'python_grader_server_error',
  'python_grader_runtime_error',
  'model_grader_server_error',
  'model_grader_refusal_error',
  'model_grader_parse_error',
] as const;
export type GraderErrorFlag = (typeof GRADER_ERROR_FLAGS)[number];

export type GradeError = {
  readonly flag: GraderErrorFlag;
  /** One sentence, with what to do where that is known. */
  readonly message: string;
};

export type TokenUse = {
  readonly model: string;
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens: number;
  /** USD by the price table; null = unknown. */
  readonly cost: number | null;
  /** Answered from the cache: nothing was sent. */
  readonly cached: boolean;
};

/**
 * One verdict. `errored` and `not_applicable` leave every denominator; an errored one has score 0 in OpenAI's shape only.
 * `passed` is null where there is no pass or fail (neutral), and for those two.
 */
export type Grade = {
  readonly status: 'graded' | 'errored' | 'not_applicable';
  readonly score: number | null;
  readonly label: string | null;
  readonly passed: boolean | null;
  readonly explanation: string;
  readonly evidence: readonly GradeEvidence[];
  readonly errors: readonly GradeError[];
  /** Of `multi` by variable, of a rubric by item, of a scope by part; raw scores. Null = that one errored. */
  readonly subRewards: { readonly [name: string]: number | null };
  readonly usage: readonly TokenUse[];
  /** What a person should know of how it was measured: tokenizer, `synonyms: false`, model, seed, dims… */
  readonly notes: { readonly [name: string]: Json };
  readonly durationMs: number;
};

// How graders are kept -------------------------------------------------------------------------------------------------

/** Never changed once written; its hash is the SHA-256 of its canonical JSON. */
export type GraderVersion = {
  readonly graderId: string;
  /** 1, 2, 3… within the grader. */
  readonly number: number;
  readonly hash: string;
  readonly definition: GraderDefinition;
  readonly author: string | null;
  readonly note: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
};

export type GraderRow = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly archived: boolean;
  readonly current: GraderVersion;
  readonly versions: number;
  /** Stored verdicts of all versions. */
  readonly grades: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
};

/** A stored verdict. */
export type GradeRow = Grade & {
  readonly traceId: string;
  /** Null for the trace as a whole. */
  readonly spanId: string | null;
  readonly graderId: string;
  readonly grader: string;
  readonly versionHash: string;
  readonly versionNumber: number;
  /** Of the trace when it was graded. */
  readonly traceRevision: number;
  /** The trace has changed since. */
  readonly stale: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly gradedAt: number;
};

/** Work of the grading queue: it goes on after a restart. */
export type GradingRow = {
  readonly id: string;
  readonly label: string;
  readonly graderIds: readonly string[];
  readonly status: 'queued' | 'running' | 'done' | 'cancelled' | 'failed';
  readonly total: number;
  readonly done: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly notApplicable: number;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  readonly error: string | null;
};
