/**
 * Evals, runs and output items as OpenAI's API lists them (GET /evals, /evals/ID/runs, …/output_items): single objects, lists
 * of pages, or all of them in one file, in whatever order. What belongs together is found by the ids that they name; what
 * names none belongs to the one that there is.
 */
import type { RunModelUse, RunStatus } from '#shared/eval.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { token } from '../../../graders/exchange/types.ts';
import { criteriaOf } from './openai-criteria.ts';
import { itemOf } from './openai-items.ts';
import type { FoundEval, FoundItem, FoundRun, FoundRuns } from './types.ts';
import { numberOf, objectsIn, pairsOf, textOf, timeOf } from './types.ts';

const DEEPEST = 5;
const MOST_PROBLEMS = 500;

type Parts = { readonly evals: JsonObject[]; readonly runs: JsonObject[]; readonly items: JsonObject[] };

/** Null when nothing in it is of that kind. */
export function findOpenAiRuns(value: Json): FoundRuns | null {
  const parts: Parts = { evals: [], runs: [], items: [] };
  const problems: ExchangeProblem[] = [];
  collect(value, '', 0, parts, problems);
  if (parts.evals.length + parts.runs.length + parts.items.length === 0) return null;
  const runs = uniqueById(parts.runs, 'run', problems);
  const items = uniqueById(parts.items, 'output item', problems);
  const evals = uniqueById(parts.evals, 'eval', problems);
  return {
    format: items.length > 0 || runs.length > 0 ? 'OpenAI eval run' : 'OpenAI eval',
    kind: 'openai',
    evals: joined(evals, runs, items, problems),
    problems: problems.slice(0, MOST_PROBLEMS),
  };
}

function collect(value: Json, path: string, depth: number, parts: Parts, problems: ExchangeProblem[]): void {
  if (depth > DEEPEST) return;
  if (Array.isArray(value)) {
    (value as readonly Json[]).forEach((each, at) => {
      collect(each, `${path}${token(at)}`, depth + 1, parts, problems);
    });
    return;
  }
  if (!isJsonObject(value)) return;
  const { object } = value;
  if (isItem(value)) parts.items.push(value);
  else if (object === 'eval.run' || (textOf(value.eval_id) !== null && isJsonObject(value.result_counts)))
    parts.runs.push(value);
  else if (object === 'eval' || Array.isArray(value.testing_criteria)) parts.evals.push(value);
  else {
    if (value.has_more === true)
      problems.push({
        severity: 'warning',
        path: `${path}/has_more`,
        message: 'This is one page of a list: the others are not in the file.',
      });
    for (const key of ['eval', 'evals', 'run', 'runs', 'output_items', 'items', 'data'])
      if (value[key] !== undefined) collect(value[key], `${path}${token(key)}`, depth + 1, parts, problems);
    return;
  }
  // A run that holds its items, and an eval that holds its runs.
  for (const key of ['runs', 'output_items']) {
    const inside = value[key];
    if (Array.isArray(inside) || isJsonObject(inside))
      collect(inside, `${path}${token(key)}`, depth + 1, parts, problems);
  }
}

function isItem(value: JsonObject): boolean {
  return (
    value.object === 'eval.run.output_item' ||
    (Array.isArray(value.results) && (value.datasource_item !== undefined || value.datasource_item_id !== undefined))
  );
}

/** Pages that overlap hold the same twice. */
function uniqueById(all: readonly JsonObject[], what: string, problems: ExchangeProblem[]): JsonObject[] {
  const known = new Map<string, JsonObject>();
  let twice = 0;
  const unique = all.filter((each) => {
    const id = textOf(each.id);
    // Ids of items are unique within their run only.
    const key = id === null ? null : `${textOf(each.run_id) ?? ''} ${id}`;
    if (key !== null && known.has(key)) {
      twice++;
      return false;
    }
    if (key !== null) known.set(key, each);
    return true;
  });
  if (twice > 0)
    problems.push({
      severity: 'info',
      path: '',
      message: `${twice} ${what}${twice === 1 ? ' is' : 's are'} in it twice; the first counts.`,
    });
  return unique;
}

function joined(
  evals: readonly JsonObject[],
  runs: readonly JsonObject[],
  items: readonly JsonObject[],
  problems: ExchangeProblem[],
): FoundEval[] {
  const [onlyRun] = runs.length === 1 ? runs : [];
  const itemsOfRun = groupBy(items, (item) => textOf(item.run_id) ?? textOf(onlyRun?.id) ?? '');
  const runsOfEval = groupBy(
    runs,
    (run) => textOf(run.eval_id) ?? (evals.length === 1 ? (textOf(evals[0]?.id) ?? '') : ''),
  );
  const runIds = new Set(runs.map(({ id }) => textOf(id) ?? ''));
  // Items whose run is not in the file make one.
  for (const [runId, own] of itemsOfRun) {
    if (runIds.has(runId)) continue;
    const evalId = textOf(own[0]?.eval_id) ?? (evals.length === 1 ? (textOf(evals[0]?.id) ?? '') : '');
    const made: JsonObject = { ...(runId === '' ? {} : { id: runId }), eval_id: evalId, status: 'completed' };
    append(runsOfEval, evalId, made);
    problems.push({
      severity: 'info',
      path: '',
      message: `The run ${runId === '' ? 'of its items' : runId} is not in it: it was made of ${own.length} output items.`,
    });
  }
  const evalIds = new Set(evals.map(({ id }) => textOf(id) ?? ''));
  const made = [...runsOfEval.keys()]
    .filter((id) => !evalIds.has(id))
    .map((id): JsonObject => ({ ...(id === '' ? {} : { id }), name: id === '' ? 'Imported eval' : id }));
  return [...evals, ...made].map((each) => {
    const id = textOf(each.id);
    const file = Array.isArray(each.testing_criteria) ? each : null;
    const own = runsOfEval.get(id ?? '') ?? [];
    return {
      id,
      name: textOf(each.name) ?? id ?? 'Imported eval',
      metadata: pairsOf(each.metadata),
      createdAt: timeOf(each.created_at),
      file,
      runs: own.map((run) => runOf(run, itemsOfRun.get(textOf(run.id) ?? '') ?? [], each, problems)),
    };
  });
}

function append<T>(groups: Map<string, T[]>, key: string, value: T): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}

function groupBy<T>(all: readonly T[], key: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) append(groups, key(each), each);
  return groups;
}

const STATUSES: Readonly<Record<string, RunStatus>> = {
  completed: 'done',
  canceled: 'cancelled',
  cancelled: 'cancelled',
  failed: 'failed',
  // Nobody here goes on with what another tool was doing.
  queued: 'cancelled',
  in_progress: 'cancelled',
};

/** Kept elsewhere, or of no use here. */
const TAKEN = ['object', 'name', 'status', 'metadata', 'created_at', 'error', 'per_model_usage', 'output_items'];

function runOf(run: JsonObject, items: readonly JsonObject[], of: JsonObject, problems: ExchangeProblem[]): FoundRun {
  const id = textOf(run.id);
  const criteria = criteriaOf(run, items, of);
  const stated = textOf(run.status) ?? 'completed';
  const error = isJsonObject(run.error)
    ? [textOf(run.error.code), textOf(run.error.message)].filter((part) => part !== null).join(': ')
    : null;
  if (stated === 'queued' || stated === 'in_progress')
    problems.push({
      severity: 'warning',
      path: id ?? '',
      message: `The run was ${stated} when it was listed: what was there is taken, as a cancelled run.`,
    });
  if (items.length === 0 && (numberOf(isJsonObject(run.result_counts) ? run.result_counts.total : undefined) ?? 0) > 0)
    problems.push({
      severity: 'warning',
      path: id ?? '',
      message: 'The output items of the run are not in it: the run comes without items.',
    });
  const found = items.map((item, at) => itemOf(item, at, criteria));
  tellOfCounts(run, found, problems);
  const evalRest = Object.fromEntries(
    Object.entries(of).filter(([key]) => ['id', 'data_source_config', 'created_at'].includes(key)),
  );
  const runRest = Object.fromEntries(Object.entries(run).filter(([key]) => !TAKEN.includes(key)));
  return {
    id,
    name: textOf(run.name) ?? id ?? 'Imported run',
    status: STATUSES[stated] ?? 'done',
    criteria: criteria.map(({ keys: _keys, ...criterion }) => criterion),
    items: found,
    modelUse: objectsIn(run.per_model_usage).map(useOf),
    metadata: pairsOf(run.metadata),
    createdAt: timeOf(run.created_at),
    error: error === '' ? null : error,
    original: { eval: evalRest, run: withoutContent(runRest) },
  };
}

const LARGEST_ORIGINAL = 64 * 1024;

/** Rows in the run's data source are those of the items: once is enough. */
function withoutContent(run: JsonObject): JsonObject {
  const source = run.data_source;
  const slim: JsonObject =
    isJsonObject(source) && isJsonObject(source.source) && Array.isArray(source.source.content)
      ? { ...run, data_source: { ...source, source: { ...source.source, content: [] } } }
      : run;
  if (JSON.stringify(slim).length <= LARGEST_ORIGINAL) return slim;
  return Object.fromEntries(
    ['id', 'eval_id', 'model', 'report_url'].flatMap((key) => (slim[key] === undefined ? [] : [[key, slim[key]]])),
  );
}

function tellOfCounts(run: JsonObject, items: readonly FoundItem[], problems: ExchangeProblem[]): void {
  if (!isJsonObject(run.result_counts) || items.length === 0) return;
  for (const status of ['passed', 'failed', 'errored'] as const) {
    const stated = numberOf(run.result_counts[status]);
    const counted = items.filter((item) => item.status === status).length;
    if (stated !== null && stated !== counted)
      problems.push({
        severity: 'warning',
        path: textOf(run.id) ?? '',
        message: `Its result_counts say ${stated} ${status}, and its items are ${counted}: what is kept is counted from the items.`,
      });
  }
}

function useOf(use: JsonObject): RunModelUse {
  return {
    model: textOf(use.model_name) ?? 'unknown',
    calls: numberOf(use.invocation_count) ?? 0,
    promptTokens: numberOf(use.prompt_tokens) ?? 0,
    completionTokens: numberOf(use.completion_tokens) ?? 0,
    cachedTokens: numberOf(use.cached_tokens) ?? 0,
    cost: null,
  };
}
