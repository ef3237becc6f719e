/** A run as promptfoo's results file (version 3), for its viewer: one provider, one prompt, one result per item. */
import type { EvalRunRow, RunItem } from '#shared/eval.ts';
import type { Grade } from '#shared/grader.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { OWN_TASK } from './types.ts';
import { definitionHash } from '../../../graders/judge/hash.ts';

const NO_TOKENS: JsonObject = { total: 0, prompt: 0, completion: 0, cached: 0, numRequests: 0 };

/** @param items each with its sample, which of a trace is made from it */
export async function* writePromptfooRun(run: EvalRunRow, items: AsyncIterable<RunItem>): AsyncGenerator<string> {
  const about = aboutOf(run);
  const tests = new Map<string, number>();
  yield `{\n"evalId": ${JSON.stringify(run.evalId)},\n"results": {\n"version": 3,\n"timestamp": ${JSON.stringify(new Date(run.createdAt).toISOString())},\n"prompts": ${JSON.stringify([promptJson(run, about)])},\n"results": [`;
  let first = true;
  for await (const item of items) {
    yield `${first ? '\n' : ',\n'}${JSON.stringify(resultJson(run, about, item, tests))}`;
    first = false;
  }
  const { passed, failed, errored } = run.counts;
  const stats: JsonObject = { successes: passed, failures: failed, errors: errored, tokenUsage: tokensOf(run) };
  yield `\n],\n"stats": ${JSON.stringify(stats)}\n},\n"config": ${JSON.stringify({ description: run.evalName })},\n"shareableUrl": null\n}\n`;
}

/** What promptfoo has no place for. */
export function promptfooLosses(run: EvalRunRow): ExchangeProblem[] {
  const own = run.criteria.filter(({ definition }) => definition.type !== 'promptfoo');
  return [
    ...(own.length === 0
      ? []
      : [
          {
            severity: 'info' as const,
            path: '',
            message: `Verdicts stand under the kinds of their graders (${[...new Set(own.map(({ definition }) => definition.type))].join(', ')}) as assertion types, which promptfoo shows and cannot run.`,
          },
        ]),
    ...(run.criteria.some(({ threshold }) => threshold !== null)
      ? [
          {
            severity: 'warning' as const,
            path: '',
            message: 'Thresholds of criteria are of the run, and promptfoo has none of that kind: they are not in it.',
          },
        ]
      : []),
    ...(run.counts.neither > 0
      ? [
          {
            severity: 'warning' as const,
            path: '',
            message: `${run.counts.neither} items have neither pass nor fail: they are there as passed, without assertions.`,
          },
        ]
      : []),
  ];
}

type About = { readonly provider: JsonObject; readonly prompt: JsonObject; readonly promptId: string };

function aboutOf(run: EvalRunRow): About {
  const original = run.source.kind === 'imported' && isJsonObject(run.source.original) ? run.source.original : {};
  const { provider, prompt, promptId } = original;
  const raw: JsonObject = isJsonObject(prompt)
    ? prompt
    : { raw: typeof prompt === 'string' ? prompt : '{{input}}', label: run.evalName };
  return {
    provider: isJsonObject(provider)
      ? provider
      : {
          id: typeof provider === 'string' ? provider : `tracewright:${run.name}`,
          label: typeof provider === 'string' ? provider : run.name,
        },
    prompt: raw,
    promptId: typeof promptId === 'string' ? promptId : definitionHash({ type: 'prompt', name: '', raw }),
  };
}

function promptJson(run: EvalRunRow, { provider, prompt, promptId }: About): JsonObject {
  const { criteria, counts } = run;
  const sum = (of: (criterion: EvalRunRow['criteria'][number]) => number): number =>
    criteria.reduce((total, criterion) => total + of(criterion), 0);
  return {
    ...prompt,
    id: promptId,
    provider: typeof provider.label === 'string' ? provider.label : (provider.id ?? ''),
    metrics: {
      score: counts.passed,
      testPassCount: counts.passed + counts.neither,
      testFailCount: counts.failed,
      testErrorCount: counts.errored,
      assertPassCount: sum(({ passed }) => passed),
      assertFailCount: sum(({ failed }) => failed),
      totalLatencyMs: run.durationMs ?? 0,
      tokenUsage: tokensOf(run),
      namedScores: {},
      namedScoresCount: {},
      cost: run.cost ?? 0,
    },
  };
}

function resultJson(
  run: EvalRunRow,
  { provider, prompt, promptId }: About,
  { row, item, sample, grades }: RunItem,
  tests: Map<string, number>,
): JsonObject {
  const vars: JsonObject = isJsonObject(item) ? item : { input: row.title };
  let test = tests.get(row.task);
  if (test === undefined) {
    const stated = /^test (\d{1,9})$/.exec(row.task)?.[1];
    test = stated === undefined ? tests.size : Number(stated) - 1;
    tests.set(row.task, test);
  }
  const parts = grades.flatMap((grade, at) => {
    const criterion = run.criteria[at];
    return grade && criterion && grade.status !== 'not_applicable' ? [componentJson(criterion, grade)] : [];
  });
  const broken = isJsonObject(sample) && isJsonObject(sample.error) ? sample.error : null;
  const success = row.status === 'passed' || row.status === 'neither';
  const failing = grades.find((grade) => grade?.passed === false || grade?.status === 'errored');
  const reason = success
    ? 'All assertions passed'
    : (failing?.errors[0]?.message ?? failing?.explanation ?? 'It failed.');
  const score = row.score ?? (success ? 1 : 0);
  const metadata: JsonObject = { [OWN_TASK]: row.task, ...(row.traceId === null ? {} : { traceId: row.traceId }) };
  const output = outputOf(sample);
  return {
    id: `${run.id}:${row.id}`,
    promptIdx: 0,
    testIdx: test,
    promptId,
    testCase: {
      ...(row.title === '' ? {} : { description: row.title }),
      vars,
      assert: parts.map(({ assertion }) => assertion ?? null),
      metadata,
    },
    provider,
    prompt: isJsonObject(sample) ? { ...prompt, raw: inputOf(sample) ?? prompt.raw ?? '' } : prompt,
    vars,
    ...(broken ? {} : { response: { output } }),
    error: typeof broken?.message === 'string' ? broken.message : null,
    // promptfoo's reasons: 2 = no answer, 1 = an assertion; a grader that errs is of the second kind.
    failureReason: broken ? 2 : success ? 0 : 1,
    success,
    score,
    latencyMs: row.durationMs ?? 0,
    ...(row.cost === null ? {} : { cost: row.cost }),
    gradingResult: broken
      ? null
      : { pass: success, score, reason, namedScores: {}, tokensUsed: NO_TOKENS, componentResults: parts },
    namedScores: {},
    metadata,
    tokenUsage: NO_TOKENS,
  };
}

function componentJson({ name, definition, weight }: EvalRunRow['criteria'][number], grade: Grade): JsonObject {
  const { assertion } = grade.notes;
  const errored = grade.status === 'errored';
  const message = grade.errors[0]?.message ?? grade.explanation;
  return {
    pass: grade.passed ?? !errored,
    score: grade.score ?? (grade.passed === true ? 1 : 0),
    reason: errored ? message : grade.explanation,
    assertion: isJsonObject(assertion)
      ? assertion
      : { type: definition.type, metric: name, ...(weight === 1 ? {} : { weight }) },
    ...(isJsonObject(grade.notes.namedScores) ? { namedScores: grade.notes.namedScores } : {}),
    ...(typeof grade.notes.comment === 'string' ? { comment: grade.notes.comment } : {}),
    ...(errored ? { metadata: { graderError: true } } : {}),
  };
}

function outputOf(sample: Json): Json {
  if (!isJsonObject(sample)) return '';
  const { output_json: value, output_text: text, output } = sample;
  if (value !== undefined && (typeof text !== 'string' || text === JSON.stringify(value))) return value;
  if (typeof text === 'string') return text;
  const last: unknown = Array.isArray(output) ? output.at(-1) : null;
  return isJsonObject(last) && typeof last.content === 'string' ? last.content : '';
}

function inputOf({ input }: JsonObject): string | null {
  const last: unknown = Array.isArray(input) ? input.at(-1) : null;
  return isJsonObject(last) && typeof last.content === 'string' ? last.content : null;
}

function tokensOf({ modelUse }: EvalRunRow): JsonObject {
  const sum = (of: (use: EvalRunRow['modelUse'][number]) => number): number =>
    modelUse.reduce((total, use) => total + of(use), 0);
  const prompt = sum(({ promptTokens }) => promptTokens);
  const completion = sum(({ completionTokens }) => completionTokens);
  return {
    ...NO_TOKENS,
    prompt,
    completion,
    total: prompt + completion,
    cached: sum(({ cachedTokens }) => cachedTokens),
    numRequests: sum(({ calls }) => calls),
  };
}
