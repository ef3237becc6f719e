/** Fields that all judges have, and what they mean for the request. */
import type { GraderDefinition, GraderProblem, Subject } from '#shared/grader.ts';
import { TRANSCRIPT_LENGTH } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';

export const MOST_JUDGES = 15;
const SMALLEST_TRANSCRIPT = 1_000;

export const MODEL = {
  type: 'string',
  title: 'Model',
  description:
    'As the endpoint names it; "default" = the one of the endpoint. An endpoint may be set to ask its own model always.',
} as const;

export const INPUT = {
  type: 'array',
  title: 'Messages',
  minItems: 1,
  maxItems: 100,
  description: 'What the judge is asked. Paths in {{ … }} are filled in, such as {{ trace.transcript }}.',
  items: {
    type: 'object',
    required: ['role', 'content'],
    properties: {
      role: { type: 'string', title: 'Role', enum: ['system', 'developer', 'user', 'assistant'] },
      content: { title: 'Text', format: 'template' },
    },
  },
} as const;

export const COMMON: JsonObject = {
  sampling_params: {
    type: ['object', 'null'],
    title: 'Sampling',
    properties: {
      temperature: { type: ['number', 'null'], title: 'Temperature', minimum: 0, maximum: 2 },
      top_p: { type: ['number', 'null'], title: 'Top p', minimum: 0, maximum: 1 },
      seed: { type: ['integer', 'null'], title: 'Seed' },
      max_completions_tokens: { type: ['integer', 'null'], title: 'Most tokens of an answer', minimum: 1 },
      reasoning_effort: {
        type: ['string', 'null'],
        title: 'Reasoning effort',
        enum: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', null],
      },
    },
  },
  judges: {
    title: 'Judges',
    description: `How often the judge is asked, from 1 to ${MOST_JUDGES}, or a list of models that are each asked.`,
    anyOf: [
      { type: 'integer', minimum: 1, maximum: MOST_JUDGES },
      { type: 'array', minItems: 1, maxItems: MOST_JUDGES, items: { type: 'string', minLength: 1 } },
    ],
  },
  combine: {
    type: 'string',
    title: 'Of several judges',
    enum: ['majority', 'mean'],
    description: 'majority: what most of them say, and of a tie what fails; mean: the mean of their scores.',
  },
  endpoint: {
    type: 'string',
    title: 'Endpoint',
    description: 'Name of an endpoint in Settings; without it, the default one.',
  },
  guard: {
    type: 'boolean',
    title: 'Mark what is filled in',
    description:
      'Texts of the trace stand between markers that they cannot hold, and the judge is told not to follow them. The transcript always does.',
  },
  max_transcript: {
    type: 'integer',
    title: 'Longest transcript',
    minimum: SMALLEST_TRANSCRIPT,
    maximum: TRANSCRIPT_LENGTH,
    description:
      'In characters; about four are a token. Of a longer one, the middle is left out, and the verdict says so.',
  },
  applies_when: {
    type: 'string',
    title: 'Applies to',
    enum: ['any', 'tool_calls', 'answer', 'several_agents'],
    description: 'Traces without such are not applicable, and the judge is not asked.',
  },
  direction: { type: 'string', title: 'Direction', enum: ['maximise', 'minimise', 'neutral'] },
};

const PARAMETERS = ['temperature', 'top_p', 'seed', 'reasoning_effort'] as const;

/** OpenAI's `sampling_params` as parameters of a chat completion; their limit of tokens has two spellings there. */
export function parametersOf({ sampling_params: sampling }: GraderDefinition): JsonObject {
  if (!isJsonObject(sampling)) return {};
  const parameters: Record<string, Json> = {};
  for (const name of PARAMETERS) {
    const value = sampling[name];
    if (value !== undefined && value !== null) parameters[name] = value;
  }
  const most = sampling.max_completions_tokens ?? sampling.max_completion_tokens ?? null;
  if (most !== null) parameters.max_completion_tokens = most;
  return parameters;
}

export function samplingProblems({ sampling_params: sampling }: GraderDefinition): GraderProblem[] {
  if (!isJsonObject(sampling)) return [];
  const { temperature = null, reasoning_effort: effort = null } = sampling;
  if (temperature === null || effort === null || effort === 'none') return [];
  const message = 'Reasoning models take no temperature, and other models no reasoning effort.';
  return [{ severity: 'warning', path: '/sampling_params', message }];
}

/** Why there is nothing to ask of this subject; null = there is. */
export function whyNot({ applies_when: when }: GraderDefinition, { trace }: Subject): string | null {
  if (!trace) return null;
  if (when === 'tool_calls' && trace.tool_calls.length === 0) return 'The trace has no tool calls.';
  if (when === 'answer' && trace.output_text === '') return 'The trace has no answer.';
  if (when === 'several_agents' && trace.agents.length < 2) return 'The trace has no second agent.';
  return null;
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value).filter((each): each is string => typeof each === 'string');
}
