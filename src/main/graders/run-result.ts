/** A grade in the shape that OpenAI's grader endpoint answers with (/fine_tuning/alpha/graders/run), its error names included. */
import type { Grade, GraderDefinition, GraderErrorFlag, TokenUse } from '#shared/grader.ts';
import { GRADER_ERROR_FLAGS } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';

type RunResult = {
  /** 0 where it errored, as there; null where it does not apply, which OpenAI does not know. */
  readonly reward: number | null;
  readonly sub_rewards: JsonObject;
  readonly model_grader_token_usage_per_model: JsonObject;
  readonly metadata: JsonObject;
};

export function toRunResult(definition: GraderDefinition, grade: Grade): RunResult {
  return {
    reward: grade.status === 'errored' ? 0 : grade.score,
    sub_rewards: grade.subRewards,
    model_grader_token_usage_per_model: usagePerModel(grade.usage),
    metadata: {
      name: definition.name,
      type: definition.type,
      errors: errorsOf(grade),
      /** Seconds. */
      execution_time: grade.durationMs / 1_000,
      scores: grade.status === 'errored' ? {} : { [definition.name]: grade.score, ...grade.subRewards },
      token_usage:
        grade.usage.length === 0
          ? null
          : grade.usage.reduce((sum, each) => sum + each.promptTokens + each.completionTokens, 0),
      sampled_model_name: grade.usage[0]?.model ?? null,
      // Ours from here on.
      status: grade.status,
      passed: grade.passed,
      label: grade.label,
      explanation: grade.explanation,
      error_messages: grade.errors.map(({ message }) => message),
      evidence: grade.evidence.map(({ spanId, quote, note }) => ({ span_id: spanId, quote, note })),
      notes: grade.notes,
    },
  };
}

function errorsOf({ errors }: Grade): JsonObject {
  const messages = new Map<GraderErrorFlag, string>();
  for (const { flag, message } of errors) {
    const before = messages.get(flag);
    messages.set(flag, before === undefined ? message : `${before} ${message}`);
  }
  const flags = GRADER_ERROR_FLAGS.map((flag): [string, Json] => [flag, messages.has(flag)]);
  return {
    ...Object.fromEntries(flags),
    python_grader_server_error_type: messages.get('python_grader_server_error') ?? null,
    python_grader_runtime_error_details: messages.get('python_grader_runtime_error') ?? null,
    model_grader_server_error_details: messages.get('model_grader_server_error') ?? null,
  };
}

function usagePerModel(usage: readonly TokenUse[]): JsonObject {
  const perModel = new Map<string, { prompt_tokens: number; completion_tokens: number; cached_tokens: number }>();
  for (const { model, promptTokens, completionTokens, cachedTokens } of usage) {
    const sum = perModel.get(model) ?? { prompt_tokens: 0, completion_tokens: 0, cached_tokens: 0 };
    sum.prompt_tokens += promptTokens;
    sum.completion_tokens += completionTokens;
    sum.cached_tokens += cachedTokens;
    perModel.set(model, sum);
  }
  return Object.fromEntries(
    [...perModel].map(([model, sum]) => [model, { ...sum, total_tokens: sum.prompt_tokens + sum.completion_tokens }]),
  );
}
