/**
 * A run as OpenAI's API would list it: the eval, the run, and its output items as one list, in one JSON object. Times are
 * seconds; an item that errored is in neither count, as in `result_counts`.
 */
import type { EvalRunRow, RunItem } from '#shared/eval.ts';
import type { Grade } from '#shared/grader.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { writeGraders } from '../../../graders/exchange/write-graders.ts';
import { OWN_TASK } from './types.ts';

const STATUSES = {
  queued: 'queued',
  running: 'in_progress',
  done: 'completed',
  cancelled: 'canceled',
  failed: 'failed',
} as const;

/** @param items each with its sample, which of a trace is made from it */
export async function* writeOpenAiRun(run: EvalRunRow, items: AsyncIterable<RunItem>): AsyncGenerator<string> {
  yield `{\n"eval": ${JSON.stringify(evalJson(run))},\n"run": ${JSON.stringify(runJson(run))},\n"output_items": {"object":"list","data":[`;
  let first: string | null = null;
  let last: string | null = null;
  let position = 0;
  for await (const item of items) {
    const json = itemJson(run, item, position++);
    last = itemId(item);
    yield `${first === null ? '\n' : ',\n'}${JSON.stringify(json)}`;
    first ??= last;
  }
  yield `\n],"first_id":${JSON.stringify(first)},"last_id":${JSON.stringify(last)},"has_more":false}\n}\n`;
}

/** What OpenAI has no place for, said once for each criterion. */
export function openAiLosses(run: EvalRunRow): ExchangeProblem[] {
  const problems: ExchangeProblem[] = run.criteria.flatMap(({ name, definition, graderId }) => {
    if (graderId === null && !isOpenAiType(definition.type)) return [];
    return writeGraders([{ ...definition, name }], 'openai-eval').problems.map(({ severity, message }) => ({
      // It is in the file, with its verdicts: nothing is left out of a run.
      severity: severity === 'error' ? ('warning' as const) : severity,
      path: name,
      message:
        severity === 'error'
          ? message.replace(/: it was left out\.?.*$/, ': it is in the file all the same, with its verdicts.')
          : message,
    }));
  });
  if (run.counts.neither > 0)
    problems.push({
      severity: 'warning',
      path: '',
      message: `${run.counts.neither} items have neither pass nor fail, which OpenAI does not know: their status is "none".`,
    });
  return problems;
}

function isOpenAiType(type: string): boolean {
  return ['string_check', 'text_similarity', 'score_model', 'label_model', 'python'].includes(type);
}

function originalOf({ source }: EvalRunRow, part: 'eval' | 'run'): JsonObject {
  const original = source.kind === 'imported' ? source.original : undefined;
  const found = isJsonObject(original) ? original[part] : undefined;
  return isJsonObject(found) ? found : {};
}

export function evalJson(run: EvalRunRow): JsonObject {
  const { data_source_config: config } = originalOf(run, 'eval');
  return {
    object: 'eval',
    id: run.evalId,
    name: run.evalName,
    created_at: seconds(run.createdAt),
    metadata: {},
    data_source_config: config ?? {
      type: 'custom',
      schema: {
        type: 'object',
        properties: { item: { type: 'object' }, sample: { type: 'object' } },
        required: ['item', 'sample'],
      },
    },
    testing_criteria: run.criteria.map(({ name, definition, threshold, weight }) => ({
      ...definition,
      name,
      ...(threshold === null ? {} : { threshold }),
      ...(weight === 1 ? {} : { weight }),
    })),
  };
}

export function runJson(run: EvalRunRow): JsonObject {
  const original = originalOf(run, 'run');
  const pending = run.status === 'queued';
  return {
    report_url: null,
    model: run.modelUse[0]?.model ?? null,
    data_source: { type: 'jsonl', source: { type: 'file_content', content: [] } },
    ...original,
    object: 'eval.run',
    id: run.id,
    eval_id: run.evalId,
    name: run.name,
    status: STATUSES[run.status],
    created_at: seconds(run.createdAt),
    metadata: run.metadata,
    error: run.error === null ? null : { code: run.status === 'failed' ? 'failed' : 'error', message: run.error },
    result_counts: {
      total: run.counts.total,
      passed: run.counts.passed,
      failed: run.counts.failed,
      errored: run.counts.errored,
    },
    per_testing_criteria_results: pending
      ? null
      : run.criteria.map(({ name, passed, failed, errored }) => ({ testing_criteria: name, passed, failed, errored })),
    per_model_usage: pending
      ? null
      : run.modelUse.map(({ model, calls, promptTokens, completionTokens, cachedTokens }) => ({
          model_name: model,
          invocation_count: calls,
          prompt_tokens: promptTokens,
          completion_tokens: completionTokens,
          cached_tokens: cachedTokens,
          total_tokens: promptTokens + completionTokens,
        })),
  };
}

export function itemJson(run: EvalRunRow, { row, item, sample, grades }: RunItem, position: number): JsonObject {
  return {
    object: 'eval.run.output_item',
    id: itemId({ row }),
    created_at: seconds(run.finishedAt ?? run.startedAt ?? run.createdAt),
    run_id: run.id,
    eval_id: run.evalId,
    status: STATUS_OF_ITEM[row.status],
    datasource_item_id: position,
    datasource_item: item ?? {},
    results: grades.flatMap((grade, at) => {
      const criterion = run.criteria[at];
      return grade && criterion ? [resultJson(criterion, grade)] : [];
    }),
    sample,
    // The trace is named, so that the verdicts find it again where they are imported.
    metadata: { [OWN_TASK]: row.task, ...(row.traceId === null ? {} : { trace_id: row.traceId }) },
  };
}

function itemId({ row }: Pick<RunItem, 'row'>): string {
  return `outputitem_${row.id}`;
}

const STATUS_OF_ITEM = { due: 'queued', passed: 'pass', failed: 'fail', errored: 'error', neither: 'none' } as const;

function resultJson({ name, definition }: EvalRunRow['criteria'][number], grade: Grade): JsonObject {
  const { imported } = grade.notes;
  return {
    sample: null,
    ...(isJsonObject(imported) ? imported : {}),
    name,
    type: `${definition.type.replaceAll('_', '-')}-grader`,
    score: grade.status === 'errored' ? 0 : grade.score,
    passed: grade.status === 'errored' ? false : grade.passed,
    ...(grade.label === null ? {} : { label: grade.label }),
    ...(grade.explanation === '' ? {} : { reason: grade.explanation }),
    ...(grade.evidence.length === 0
      ? {}
      : { evidence: grade.evidence.map(({ spanId, quote, note }) => ({ span_id: spanId, quote, note })) }),
    ...(Object.keys(grade.subRewards).length === 0 ? {} : { sub_rewards: grade.subRewards }),
    ...(grade.status === 'not_applicable' ? { status: 'not_applicable' } : {}),
    ...(grade.status === 'errored'
      ? {
          error: {
            code: grade.errors[0]?.flag ?? 'other_error',
            message: grade.errors[0]?.message ?? grade.explanation,
          },
        }
      : {}),
  };
}

function seconds(at: number): number {
  return Math.floor(at / 1_000);
}
