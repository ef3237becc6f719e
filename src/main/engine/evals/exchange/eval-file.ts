/**
 * The file of an eval: OpenAI's eval JSON unchanged (`name`, `testing_criteria`, `data_source_config`), and beside it what is
 * ours: a criterion's `threshold` and `weight`; the eval's `source` or `query`, `limit`, `seed`, `baseline`, `link`. Rows that
 * are to be graded without traces may lie in it as OpenAI's run has them: `data_source` of the type `jsonl`.
 */
import type { ExampleLink, EvalSource } from '#shared/eval.ts';
import type { GraderDefinition } from '#shared/grader.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import { checkDefinition } from '../../../graders/definition.ts';
import { criterionOf } from './criterion-of.ts';
import { numberOf, objectsIn, pairsOf, textOf } from './types.ts';

export type EvalFileCriterion = {
  readonly definition: GraderDefinition;
  readonly threshold: number | null;
  readonly weight: number;
};

export type EvalFileRow = { readonly item: Json; readonly sample: Json };

export type ReadEvalFile = {
  readonly name: string;
  readonly criteria: readonly EvalFileCriterion[];
  readonly metadata: { readonly [key: string]: string };
  /** Null = the file says nothing of it. */
  readonly source: EvalSource | null;
  readonly link: ExampleLink | null;
  readonly limit: number | null;
  readonly seed: number | null;
  /** Id or name of a run. */
  readonly baseline: string | null;
  readonly rows: readonly EvalFileRow[] | null;
  readonly problems: readonly ExchangeProblem[];
};

const HINT = 'An eval has a "name" and "testing_criteria", a list of graders: see docs/evals.md.';

export function readEvalFile(value: Json): Result<ReadEvalFile> {
  const found = evalIn(value);
  if (typeof found === 'string') return fail({ code: 'bad_request', message: found, hint: HINT });
  const { file, run } = found;
  const problems: ExchangeProblem[] = [];
  const criteria: EvalFileCriterion[] = [];
  const wrong: string[] = [];
  objectsIn(file.testing_criteria).forEach((each, at) => {
    const path = `/testing_criteria/${at}`;
    const { definition: given, threshold, weight } = criterionOf(each, at);
    if (each.threshold !== undefined && each.threshold !== null && threshold === null)
      wrong.push(`${path}/threshold: It is a share from 0 to 1.`);
    if (each.weight !== undefined && each.weight !== null && numberOf(each.weight) !== weight)
      wrong.push(`${path}/weight: It is a number from 0 up.`);
    const { definition, problems: own } = checkDefinition(given);
    for (const problem of own)
      if (problem.severity === 'error') wrong.push(`${path}${problem.path}: ${problem.message}`);
      else problems.push({ severity: 'warning', path: `${path}${problem.path}`, message: problem.message });
    if (definition) criteria.push({ definition, threshold, weight });
  });
  const [first] = wrong;
  if (first !== undefined)
    return fail({
      code: 'bad_request',
      message: wrong.length === 1 ? first : `${first} (and ${wrong.length - 1} more)`,
      hint: 'See "tracewright graders kinds --json" for the schema and an example of each kind.',
    });
  if (criteria.length === 0) return fail({ code: 'bad_request', message: 'The eval has no criteria.', hint: HINT });
  const source = sourceOf(file);
  if (!source.ok) return source;
  const seed = wholeOf(file, 'seed', 0);
  if (!seed.ok) return seed;
  const limit = wholeOf(file, 'limit', 1);
  if (!limit.ok) return limit;
  const rows = rowsOf(run) ?? rowsOf(file);
  return ok({
    name: textOf(file.name)?.trim() ?? 'Eval',
    criteria,
    metadata: pairsOf(file.metadata),
    source: source.value,
    link: linkOf(file.link),
    limit: limit.value,
    seed: seed.value,
    baseline: textOf(file.baseline),
    rows,
    problems,
  });
}

/** The eval alone, beside a run, or the only one of a list; else why it is none. */
function evalIn(value: Json): { readonly file: JsonObject; readonly run: JsonObject } | string {
  if (!isJsonObject(value))
    return Array.isArray(value) && objectsIn(value as readonly Json[]).some((each) => typeof each.type === 'string')
      ? 'It is a list of graders, and no eval.'
      : 'An eval is a JSON object.';
  const run = isJsonObject(value.run) ? value.run : {};
  if (Array.isArray(value.testing_criteria)) return { file: value, run };
  if (isJsonObject(value.eval)) return { file: { ...value.eval, ...ours(value) }, run };
  const [only, ...others] = value.object === 'list' ? objectsIn(value.data) : [];
  if (only && others.length > 0) return 'It is a list of several evals: give a file with one.';
  if (only && Array.isArray(only.testing_criteria)) return { file: only, run };
  return typeof value.type === 'string' ? 'It is one grader, and no eval.' : 'It has no "testing_criteria".';
}

const OURS = ['source', 'query', 'limit', 'seed', 'baseline', 'link', 'data_source'];

function ours(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => OURS.includes(key)));
}

function sourceOf(file: JsonObject): Result<EvalSource | null> {
  const { source, query, data_source_config: config } = file;
  if (source !== undefined && source !== null) {
    if (!isJsonObject(source)) return wrongSource('/source', 'It is an object with "kind".');
    if (source.kind === 'filter' && typeof source.query === 'string')
      return ok({ kind: 'filter', query: source.query });
    const ids: unknown = source.traceIds;
    if (source.kind === 'traces' && isTexts(ids)) return ok({ kind: 'traces', traceIds: ids });
    if (source.kind === 'dataset' && typeof source.datasetId === 'string')
      return ok({
        kind: 'dataset',
        datasetId: source.datasetId,
        version: numberOf(source.version),
        query: textOf(source.query) ?? '',
        link: linkOf(source.link) ?? { by: 'any' },
      });
    return wrongSource(
      '/source',
      'It is {"kind":"filter","query"}, {"kind":"traces","traceIds"} or {"kind":"dataset","datasetId"}.',
    );
  }
  if (query !== undefined && query !== null)
    return typeof query === 'string'
      ? ok({ kind: 'filter', query })
      : wrongSource('/query', 'It is a search, as text.');
  if (isJsonObject(config) && (config.type === 'logs' || config.type === 'stored_completions')) {
    const pairs = Object.entries(pairsOf(config.metadata));
    if (pairs.length > 0)
      return ok({
        kind: 'filter',
        query: pairs.map(([key, each]) => `meta:"${`${key}=${each}`.replace(/[\\"]/g, '\\$&')}"`).join(' '),
      });
  }
  return ok(null);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function wrongSource(path: string, message: string): Result<never> {
  return fail({ code: 'bad_request', message: `${path}: ${message}`, hint: HINT });
}

function linkOf(value: Json | undefined): ExampleLink | null {
  if (!isJsonObject(value)) return null;
  if (value.by === 'metadata' && typeof value.field === 'string') return { by: 'metadata', field: value.field };
  return value.by === 'input' || value.by === 'any' ? { by: value.by } : null;
}

function wholeOf(file: JsonObject, field: string, least: number): Result<number | null> {
  const value = file[field];
  if (value === undefined || value === null) return ok(null);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return ok(value);
  return fail({ code: 'bad_request', message: `/${field}: It is a whole number from ${least} up.`, hint: HINT });
}

/** OpenAI's `data_source`: `{"type":"jsonl","source":{"type":"file_content","content":[{"item","sample"}]}}`. */
function rowsOf({ data_source: given }: JsonObject): readonly EvalFileRow[] | null {
  if (!isJsonObject(given)) return null;
  const source = isJsonObject(given.source) ? given.source : given;
  const content = source.content ?? source.file_content;
  return Array.isArray(content) ? rowsIn(content as readonly Json[]) : null;
}

/** Rows of a data source: `{item, sample}`, or the item itself. */
export function rowsIn(values: readonly Json[]): readonly EvalFileRow[] {
  return values.map((value) => {
    if (isJsonObject(value) && (value.item !== undefined || value.sample !== undefined))
      return { item: value.item ?? null, sample: value.sample ?? null };
    return { item: value, sample: null };
  });
}
