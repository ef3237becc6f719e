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

/** What eval.save takes. */
const LONGEST_NAME = 200;
const HINT = 'An eval has a "name" and "testing_criteria", a list of graders: see docs/evals.md.';

export function readEvalFile(value: Json): Result<ReadEvalFile> {
  const found = evalIn(value);
  if (typeof found === 'string') return fail({ code: 'bad_request', message: found, hint: HINT });
  const { file, run } = found;
  const problems: ExchangeProblem[] = [];
  const criteria: EvalFileCriterion[] = [];
  const wrong = wrongFields(file);
  listIn(file.testing_criteria).forEach((each, at) => {
    const path = `/testing_criteria/${at}`;
    if (!isJsonObject(each)) {
      wrong.push(`${path}: A criterion is an object: a grader.`);
      return;
    }
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
      hint: !first.startsWith('/testing_criteria')
        ? HINT
        : 'See "tracewright graders kinds --json" for the schema and an example of each kind.',
    });
  if (criteria.length === 0)
    return fail({ code: 'bad_request', message: '/testing_criteria: The eval has no criteria.', hint: HINT });
  const source = sourceOf(file);
  if (!source.ok) return source;
  const seed = wholeOf(file, 'seed', 0);
  if (!seed.ok) return seed;
  const limit = wholeOf(file, 'limit', 1);
  if (!limit.ok) return limit;
  const rows = rowsOf(run) ?? rowsOf(file);
  if (rows && !rows.ok) return rows;
  problems.push(...unknownFields(file));
  const metadata = pairsOf(file.metadata);
  if (isJsonObject(file.metadata) && Object.keys(file.metadata).length > Object.keys(metadata).length)
    problems.push({
      severity: 'warning',
      path: '/metadata',
      message: 'At most 16 texts are kept; the others are not.',
    });
  if (rows && rows.value.every(({ sample }) => sample === null) && asksModel(run.data_source ?? file.data_source))
    problems.push({
      severity: 'warning',
      path: '/data_source',
      message: 'No model is asked for answers here: the rows are graded as they are, without a sample.',
    });
  return ok({
    name: textOf(file.name)?.trim() ?? 'Eval',
    criteria,
    metadata,
    source: source.value,
    link: linkOf(file.link),
    limit: limit.value,
    seed: seed.value,
    baseline: textOf(file.baseline),
    rows: rows?.value ?? null,
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
  if (value.testing_criteria !== undefined && value.testing_criteria !== null)
    return '/testing_criteria: It is a list of graders.';
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

const KNOWN = new Set([
  ...['id', 'object', 'name', 'created_at', 'updated_at', 'metadata', 'data_source_config', 'testing_criteria'],
  ...['share_with_openai', 'shared_with_openai', 'run', 'runs', 'eval', 'output_items', '$schema'],
]);

function unknownFields(file: JsonObject): ExchangeProblem[] {
  return Object.keys(file)
    .filter((key) => !KNOWN.has(key) && !OURS.includes(key))
    .slice(0, 20)
    .map((key) => ({
      severity: 'warning',
      path: `/${key.slice(0, 100)}`,
      message: 'No such field is known: it is not used.',
    }));
}

/** Fields of the eval itself that would otherwise be passed over. */
function wrongFields({ name, metadata, baseline, link }: JsonObject): string[] {
  const wrong: string[] = [];
  if (isSaid(name) && typeof name !== 'string') wrong.push('/name: It is a text.');
  else if (typeof name === 'string' && name.trim().length > LONGEST_NAME)
    wrong.push(`/name: It has ${name.trim().length} characters; at most ${LONGEST_NAME} are possible.`);
  if (isSaid(metadata) && !isJsonObject(metadata)) wrong.push('/metadata: It is an object of texts.');
  if (isSaid(baseline) && typeof baseline !== 'string') wrong.push('/baseline: It is the id or name of a run.');
  if (isSaid(link) && linkOf(link) === null)
    wrong.push('/link: It is {"by":"metadata","field"}, {"by":"input"} or {"by":"any"}.');
  return wrong;
}

function isSaid(value: Json | undefined): value is Exclude<Json, null> {
  return value !== undefined && value !== null;
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
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

/**
 * OpenAI's `data_source`: `{"type":"jsonl","source":{"type":"file_content","content":[{"item","sample"}]}}`. One whose rows are
 * elsewhere is refused: all traces would be graded instead. Null = there is none.
 */
function rowsOf({ data_source: given }: JsonObject): Result<readonly EvalFileRow[]> | null {
  if (given === undefined || given === null) return null;
  if (!isJsonObject(given)) return wrongRows('It is an object with "type" and "source".');
  const source = isJsonObject(given.source) ? given.source : given;
  const content = source.content ?? source.file_content;
  if (Array.isArray(content))
    return content.length > 0 ? ok(rowsIn(content as readonly Json[])) : wrongRows('Its "content" has no rows.');
  if (content !== undefined) return wrongRows('Its "content" is a list of {"item","sample"}.');
  const kind = textOf(source.type) ?? textOf(given.type);
  return wrongRows(`Its rows are not in the file${kind === null ? '' : `: "${kind.slice(0, 100)}"`}.`);
}

function wrongRows(message: string): Result<never> {
  return fail({
    code: 'bad_request',
    message: `/data_source: ${message}`,
    hint: 'Put the rows in as {"type":"jsonl","source":{"type":"file_content","content":[{"item","sample"}]}}, or leave it out and give --data FILE or a "query".',
  });
}

function asksModel(source: Json | undefined): boolean {
  return isJsonObject(source) && (source.type === 'completions' || source.type === 'responses');
}

/** Rows of a data source: `{item, sample}`, or the item itself. */
export function rowsIn(values: readonly Json[]): readonly EvalFileRow[] {
  return values.map((value) => {
    if (isJsonObject(value) && (value.item !== undefined || value.sample !== undefined))
      return { item: value.item ?? null, sample: value.sample ?? null };
    return { item: value, sample: null };
  });
}
