/**
 * Results of promptfoo (`promptfoo eval -o results.json`, .jsonl, exports of its viewer), versions 2 to 4. One run for each
 * provider and prompt, so that they can be compared; its tests are the tasks, and repeats of a test are trials.
 */
import type { Grade } from '#shared/grader.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { canonicalJson } from '#shared/canonical-json.ts';
import { wellFormed } from '../well-formed.ts';
import type { MetCriterion } from './promptfoo-grades.ts';
import { componentsOf, criterionOf, gradesOf, isBroken, LONGEST_NAME, testOf } from './promptfoo-grades.ts';
import type { FoundItem, FoundRun, FoundRuns } from './types.ts';
import { numberOf, objectsIn, OWN_TASK, placesOf, textOf, timeOf, titleOf } from './types.ts';

/** Versions 3 and 4 differ in what is around the results. */
const NEWEST = 4;

/** Null when nothing in it is of that kind. */
export function findPromptfooRuns(value: Json): FoundRuns | null {
  const found = resultsIn(value);
  if (!found) return null;
  const { results, file, summary } = found;
  const problems: ExchangeProblem[] = [];
  const id = textOf(file.evalId) ?? textOf(file.id);
  const config = isJsonObject(file.config) ? file.config : {};
  const createdAt =
    timeOf(summary.timestamp) ??
    timeOf(file.createdAt) ??
    timeOf(isJsonObject(file.metadata) ? file.metadata.exportedAt : undefined);
  const name = textOf(config.description) ?? id ?? 'promptfoo results';
  const taskOf = tasks();
  const prompts = new Set(results.map(promptKey));
  const runs = placesOf((key: string) => ({
    key,
    results: [] as { readonly result: JsonObject; readonly task: string }[],
  }));
  for (const result of results)
    runs.all[runs.at(`${providerOf(result)}\n${promptKey(result)}`)]?.results.push({ result, task: taskOf(result) });
  if (typeof summary.version === 'number' && summary.version > NEWEST)
    problems.push({
      severity: 'warning',
      path: '/results/version',
      message: `Version ${summary.version} is not known here: it was read like version ${NEWEST}.`,
    });
  if (config.tests !== undefined || config.defaultTest !== undefined)
    problems.push({
      severity: 'info',
      path: '/config',
      message:
        'Its verdicts are taken as they are. To grade with its assertions here, import the configuration as graders.',
    });
  return {
    format: 'promptfoo results',
    kind: 'promptfoo',
    problems,
    evals: [
      {
        id,
        name: name.slice(0, LONGEST_NAME),
        metadata: {},
        createdAt,
        file: null,
        runs: runs.all.map(({ results: own }, at) =>
          runOf(own, { id, at, prompts: prompts.size, createdAt, problems }),
        ),
      },
    ],
  };
}

type Found = { readonly results: readonly JsonObject[]; readonly file: JsonObject; readonly summary: JsonObject };

/** `{results: {results}}`, the summary alone, or the lines of a .jsonl. */
function resultsIn(value: Json): Found | null {
  if (Array.isArray(value)) {
    const results = objectsIn(value as readonly Json[]);
    return results.length > 0 && results.every(isResult) ? { results, file: {}, summary: {} } : null;
  }
  if (!isJsonObject(value)) return isResultLine(value);
  for (const summary of [value.results, value]) {
    if (!isJsonObject(summary)) continue;
    const results = objectsIn(summary.results);
    if (results.some(isResult)) return { results: results.filter(isResult), file: value, summary };
    if (Array.isArray(summary.results) && isJsonObject(summary.stats)) return { results: [], file: value, summary };
  }
  return isResultLine(value);
}

function isResultLine(value: Json): Found | null {
  return isJsonObject(value) && isResult(value) ? { results: [value], file: {}, summary: {} } : null;
}

function isResult(value: JsonObject): boolean {
  return (
    typeof value.success === 'boolean' &&
    (isJsonObject(value.gradingResult) ||
      value.gradingResult === null ||
      isJsonObject(value.response) ||
      value.vars !== undefined ||
      value.testIdx !== undefined)
  );
}

/** One test with other vars is another task; the same once more is a trial. */
function tasks(): (result: JsonObject) => string {
  const known = new Map<string, string>();
  const taken = new Set<string>();
  return (result) => {
    const test = testOf(result);
    const key = canonicalJson([textOf(test.description), result.vars ?? test.vars ?? null, test.assert ?? null]);
    let task = known.get(key);
    if (task === undefined) {
      const own = isJsonObject(result.metadata) ? textOf(result.metadata[OWN_TASK]) : null;
      if (own !== null) return own;
      const stated = numberOf(result.testIdx);
      let number = stated !== null && stated >= 0 ? stated + 1 : known.size + 1;
      while (taken.has(`test ${number}`)) number++;
      task = `test ${number}`;
      taken.add(task);
      known.set(key, task);
    }
    return task;
  };
}

function providerOf({ provider }: JsonObject): string {
  return (
    (isJsonObject(provider) ? (textOf(provider.label) ?? textOf(provider.id)) : textOf(provider)) ?? 'unknown provider'
  );
}

function promptKey(result: JsonObject): string {
  return (
    textOf(result.promptId) ??
    (numberOf(result.promptIdx) === null ? promptName(result) : String(numberOf(result.promptIdx)))
  );
}

function promptName({ prompt }: JsonObject): string {
  return (
    (isJsonObject(prompt) ? (textOf(prompt.label) ?? textOf(prompt.raw) ?? textOf(prompt.display)) : textOf(prompt)) ??
    'prompt'
  );
}

type About = {
  readonly id: string | null;
  readonly at: number;
  readonly prompts: number;
  readonly createdAt: number | null;
  readonly problems: ExchangeProblem[];
};

function runOf(
  own: readonly { readonly result: JsonObject; readonly task: string }[],
  { id, at, prompts, createdAt, problems }: About,
): FoundRun {
  const first = own[0]?.result ?? {};
  const provider = providerOf(first);
  const prompt = promptName(first).replace(/\s+/g, ' ').trim();
  const hasParts = own.some(({ result }) => componentsOf(result).length > 0);
  const criteria = placesOf((name: string): MetCriterion => ({
    name,
    type: null,
    values: new Set(),
    weights: new Set(),
  }));
  const graded = own.map(({ result, task }) => ({ result, task, grades: gradesOf(result, hasParts, criteria) }));
  const items = graded.map(({ result, task, grades }): FoundItem =>
    itemOf(
      result,
      task,
      criteria.all.map((_, place) => grades.get(place) ?? null),
    ),
  );
  return {
    id: id === null ? null : `${id}:${at}`,
    name: wellFormed(`${provider}${prompts > 1 ? ` · ${prompt}` : ''}`.slice(0, LONGEST_NAME)),
    status: 'done',
    criteria: criteria.all.map((criterion) => criterionOf(criterion, problems)),
    items,
    modelUse: [],
    metadata: {},
    createdAt,
    error: null,
    original: {
      provider: isJsonObject(first.provider) ? first.provider : provider,
      prompt: isJsonObject(first.prompt)
        ? { ...first.prompt, raw: (textOf(first.prompt.raw) ?? '').slice(0, 20_000) }
        : prompt,
      ...(textOf(first.promptId) === null ? {} : { promptId: first.promptId ?? null }),
    },
  };
}

function itemOf(result: JsonObject, task: string, grades: readonly (Grade | null)[]): FoundItem {
  const test = testOf(result);
  const vars = result.vars ?? test.vars ?? null;
  const response = isJsonObject(result.response) ? result.response : null;
  const metadata = [result.metadata, test.metadata].find(isJsonObject) ?? {};
  const broken = isBroken(result) || grades.some((grade) => grade?.status === 'errored');
  const hasVerdict = grades.some((grade) => grade !== null);
  return {
    task,
    title: titleOf(textOf(test.description) ?? textOf(result.description) ?? vars),
    traceId: textOf(metadata.traceId) ?? textOf(metadata.trace_id) ?? textOf(result.traceId),
    item: isJsonObject(vars) ? vars : null,
    sample: sampleOf(result, response),
    status: broken ? 'errored' : result.success === true ? (hasVerdict ? 'passed' : 'neither') : 'failed',
    score: numberOf(result.score),
    cost: numberOf(result.cost) ?? numberOf(response?.cost),
    durationMs: numberOf(result.latencyMs) ?? numberOf(response?.latencyMs),
    grades,
  };
}

/** In OpenAI's shape, so that an item looks and is graded the same wherever it came from. */
function sampleOf(result: JsonObject, response: JsonObject | null): Json {
  const output = response?.output;
  const raw = isJsonObject(result.prompt) ? textOf(result.prompt.raw) : textOf(result.prompt);
  const error = textOf(result.error);
  if (output === undefined && raw === null && error === null) return null;
  const text =
    output === undefined || output === null ? null : typeof output === 'string' ? output : JSON.stringify(output);
  return {
    ...(raw === null ? {} : { input: [{ role: 'user', content: raw }] }),
    output: text === null ? [] : [{ role: 'assistant', content: text }],
    ...(text === null ? {} : { output_text: text }),
    ...(output !== null && typeof output === 'object' ? { output_json: output } : {}),
    ...(error === null || !isBroken(result) ? {} : { error: { code: 'provider_error', message: error } }),
  };
}
