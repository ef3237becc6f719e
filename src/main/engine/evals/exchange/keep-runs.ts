/** Puts what was found in files into the workspace: graders, evals, runs. What is here already stays as it is. */
import { createHash, randomUUID } from 'node:crypto';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { EvalCriterion } from '#shared/eval.ts';
import { MOST_ITEMS } from '#shared/eval.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import { checkDefinition } from '../../../graders/definition.ts';
import { scopeOf } from '../../../graders/scope-spec.ts';
import type { Writer } from '../../../store/database.ts';
import { putEval, putItems, putRun, recountRun } from '../../../store/eval-run-writer.ts';
import type { FrozenCriterion } from '../../../store/eval-store.ts';
import { evalRow, evalsOf, runRow } from '../../../store/eval-store.ts';
import { currentVersion, graderByHash, putVersion } from '../../../store/grader-store.ts';
import { tracesWithIds } from '../../../store/eval-sources.ts';
import { criterionOf } from './criterion-of.ts';
import type { FoundEval, FoundItem, FoundRun, FoundRuns } from './types.ts';
import { objectsIn } from './types.ts';

export type KeptRuns = {
  readonly evalIds: readonly string[];
  readonly runIds: readonly string[];
  readonly items: number;
  readonly problems: readonly ExchangeProblem[];
};

export type KeepOptions = {
  readonly path: string | null;
  readonly author: string | null;
  readonly now: number;
};

/** To be called in one transaction: a file comes along as a whole, or not at all. */
export function keepRuns(writer: Writer, found: FoundRuns, options: KeepOptions): KeptRuns {
  const problems: ExchangeProblem[] = [];
  const evalIds: string[] = [];
  const runIds: string[] = [];
  let items = 0;
  for (const each of found.evals) {
    const graders = gradersOf(writer, each, options, problems);
    const evalId = keepEval(writer, each, graders, options, problems);
    evalIds.push(evalId);
    for (const run of each.runs) {
      const kept = keepRun(writer, evalId, run, graders, found, options, problems);
      if (kept === null) continue;
      runIds.push(kept.id);
      items += kept.items;
    }
  }
  return { evalIds: [...new Set(evalIds)], runIds, items, problems };
}

type SavedGrader = {
  /** Place of the criterion in the file. */
  readonly place: number;
  readonly graderId: string;
  readonly hash: string;
  readonly number: number;
  readonly criterion: EvalCriterion;
};

/** The criteria of an eval become graders; one that says what a grader here says is that one. */
function gradersOf(
  writer: Writer,
  { file }: FoundEval,
  options: KeepOptions,
  problems: ExchangeProblem[],
): SavedGrader[] {
  return objectsIn(file?.testing_criteria).flatMap((each, at) => {
    const path = `/testing_criteria/${at}`;
    const { definition: given, threshold, weight } = criterionOf(each, at);
    const checked = checkDefinition(given);
    for (const problem of checked.problems)
      problems.push({ severity: problem.severity, path: `${path}${problem.path}`, message: problem.message });
    const { definition } = checked;
    if (!definition) return [];
    const body = canonicalJson(definition);
    const hash = createHash('sha256').update(body).digest('hex');
    const known = graderByHash(writer, hash);
    const graderId = known ?? randomUUID();
    if (known === null) {
      const note = options.path === null ? 'Imported' : `Imported from ${options.path.split(/[\\/]/).at(-1) ?? ''}`;
      putVersion(writer, { graderId, definition, body, hash, author: options.author, note, now: options.now });
    }
    const number = currentVersion(writer, graderId)?.version.number ?? 1;
    return [{ place: at, graderId, hash, number, criterion: { graderId, versionHash: null, threshold, weight } }];
  });
}

function keepEval(
  writer: Writer,
  { id, name, metadata, createdAt, file, runs }: FoundEval,
  graders: readonly SavedGrader[],
  { now }: KeepOptions,
  problems: ExchangeProblem[],
): string {
  const criteria = graders.flatMap(({ criterion }, at) =>
    graders.findIndex(({ graderId }) => graderId === criterion.graderId) === at ? [criterion] : [],
  );
  const known =
    (id === null ? null : evalRow(writer, id)) ??
    evalsOf(writer, true).find((each) => each.name === name && sameCriteria(each.criteria, criteria)) ??
    null;
  if (known) {
    if (file)
      problems.push({ severity: 'info', path: name, message: 'This eval is here already: it was left as it is.' });
    return known.id;
  }
  const evalId = id !== null && id.length <= LONGEST_ID ? id : randomUUID();
  const missing = objectsIn(file?.testing_criteria).length - graders.length;
  if (missing > 0)
    problems.push({
      severity: 'warning',
      path: name,
      message: `${missing} of its criteria cannot be used here: the eval has the others.`,
    });
  if (file && runs.length === 0)
    problems.push({
      severity: 'info',
      path: name,
      message: 'Its data source is not taken along: until you choose others, a run takes all traces.',
    });
  putEval(writer, evalId, { name, criteria, source: { kind: 'filter', query: '' }, metadata }, createdAt ?? now);
  return evalId;
}

const LONGEST_ID = 200;

export function sameCriteria(a: readonly EvalCriterion[], b: readonly EvalCriterion[]): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function keepRun(
  writer: Writer,
  evalId: string,
  run: FoundRun,
  graders: readonly SavedGrader[],
  { kind }: FoundRuns,
  { path, now }: KeepOptions,
  problems: ExchangeProblem[],
): { readonly id: string; readonly items: number } | null {
  // What has no id is known again by what it says.
  const id =
    run.id !== null && run.id.length <= LONGEST_ID
      ? run.id
      : `imported-${createHash('sha256')
          .update(canonicalJson([run.name, run.items, run.criteria]))
          .digest('hex')
          .slice(0, 32)}`;
  if (runRow(writer, id)) {
    problems.push({
      severity: 'info',
      path: run.name,
      message: 'This run is here already: it was left as it is. Delete it first to import it anew.',
    });
    return null;
  }
  // Those of the eval come first, in its order.
  const criteria = run.criteria.map((criterion, at): FrozenCriterion => {
    const { name, definition, threshold, weight } = criterion;
    const own = graders.find(({ place }) => place === at);
    const checked = own ? (checkDefinition(definition).definition ?? definition) : definition;
    return {
      name,
      graderId: own?.graderId ?? null,
      versionHash: own?.hash ?? createHash('sha256').update(canonicalJson(checked)).digest('hex'),
      versionNumber: own?.number ?? null,
      definition: checked,
      scope: scopeOf(checked).on,
      threshold,
      weight,
    };
  });
  const items = run.items.slice(0, MOST_ITEMS);
  if (items.length < run.items.length)
    problems.push({
      severity: 'error',
      path: run.name,
      message: `It has ${run.items.length} items; the first ${MOST_ITEMS} are taken.`,
    });
  const time = run.createdAt ?? now;
  const ended = run.status === 'done' || run.status === 'cancelled' || run.status === 'failed';
  const runKey = putRun(writer, {
    id,
    evalId,
    name: run.name,
    status: run.status,
    createdAt: time,
    startedAt: time,
    finishedAt: ended ? time : null,
    error: run.error,
    modelUse: run.modelUse,
    frozen: {
      criteria,
      source: { kind: 'imported', format: kind, path, original: run.original },
      limit: null,
      seed: 0,
      missing: 0,
      judges: [],
      metadata: run.metadata,
    },
  });
  const named = new Map(
    tracesWithIds(writer, [...new Set(items.flatMap(({ traceId }) => traceId ?? []))]).map((trace) => [
      trace.id,
      trace,
    ]),
  );
  const trials = new Map<string, number>();
  let elsewhere = 0;
  const made = items.map((item) => {
    const trial = (trials.get(item.task) ?? 0) + 1;
    trials.set(item.task, trial);
    const trace = item.traceId === null ? undefined : named.get(item.traceId);
    if (item.traceId !== null && !trace) elsewhere++;
    return {
      ...item,
      trial,
      traceId: trace?.id ?? null,
      cost: item.cost ?? trace?.cost ?? null,
      durationMs: item.durationMs ?? trace?.durationMs ?? null,
    };
  });
  putItems(
    writer,
    runKey,
    criteria.map(({ weight }) => weight),
    made,
  );
  made.forEach((item, position) => {
    putStated(writer, runKey, position, item);
  });
  recountRun(writer, runKey);
  if (elsewhere > 0)
    problems.push({
      severity: 'info',
      path: run.name,
      message: `${elsewhere} items name traces that are not here: they come without a trace.`,
    });
  return { id, items: items.length };
}

/** The source had reasons of its own, such as a threshold over all assertions of a test. */
function putStated(writer: Writer, runKey: number, position: number, { status, score }: FoundItem): void {
  writer.run(
    'UPDATE eval_item SET status = ?, score = coalesce(?, score) WHERE run_key = ? AND position = ? AND (status <> ? OR ? IS NOT NULL)',
    [status, score, runKey, position, status, score],
  );
}
