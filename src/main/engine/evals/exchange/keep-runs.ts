/** Puts what was found in files into the workspace: graders, evals, runs. What is here already stays as it is. */
import { createHash, randomUUID } from 'node:crypto';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { EvalCriterion } from '#shared/eval.ts';
import { MOST_ITEMS } from '#shared/eval.ts';
import type { ExchangeProblem } from '#shared/grader-exchange.ts';
import { checkDefinition } from '../../../graders/definition.ts';
import { scopeOf } from '../../../graders/scope-spec.ts';
import type { Connection, Writer } from '../../../store/database.ts';
import { deleteItems, deleteRun } from '../../../store/eval-queue.ts';
import { finishImport, putEval, putItems, putRun, recountRun } from '../../../store/eval-run-writer.ts';
import type { FrozenCriterion } from '../../../store/eval-store.ts';
import { evalRow, evalsOf, runRow } from '../../../store/eval-store.ts';
import { currentVersion, graderByHash, putVersion } from '../../../store/grader-store.ts';
import { tracesWithIds } from '../../../store/eval-sources.ts';
import type { Rest } from '../rest.ts';
import { resting } from '../rest.ts';
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

/**
 * Items are written in many small transactions, between which senders are served, under runs that are said to be unfinished;
 * all runs of the file are made what they are at once, or dropped when it throws.
 */
export async function keepRuns(
  connection: Connection,
  found: FoundRuns,
  options: KeepOptions,
  rest: Rest,
): Promise<KeptRuns> {
  const problems: ExchangeProblem[] = [];
  const staged: StagedRun[] = [];
  try {
    const evals = connection.transaction((writer) =>
      found.evals.map((each) => {
        const graders = gradersOf(writer, each, options, problems);
        return { each, graders, evalId: keepEval(writer, each, graders, options, problems) };
      }),
    );
    for (const { each, graders, evalId } of evals)
      for (const run of each.runs) {
        const id = run.id !== null && run.id.length <= LONGEST_ID ? run.id : await idOf(run, rest);
        if (runRow(connection, id) || staged.some((other) => other.id === id)) problems.push(isHere(run));
        else
          await stageRun(connection, { id, evalId, run, graders, kind: found.kind, staged }, options, rest, problems);
      }
    const kept = connection.transaction((writer) =>
      staged.filter(({ runKey, id, run }) => {
        if (runRow(writer, id)) {
          problems.push(isHere(run));
          return false;
        }
        finishImport(writer, runKey, { id, status: run.status, error: run.error });
        return true;
      }),
    );
    await dropStaged(
      connection,
      staged.filter((each) => !kept.includes(each)),
    );
    return {
      evalIds: [...new Set(evals.map(({ evalId }) => evalId))],
      runIds: kept.map(({ id }) => id),
      items: kept.reduce((sum, { items }) => sum + items, 0),
      problems,
    };
  } catch (cause) {
    await dropStaged(connection, staged);
    throw cause;
  }
}

type StagedRun = { readonly id: string; readonly runKey: number; readonly run: FoundRun; readonly items: number };

async function dropStaged(connection: Connection, staged: readonly StagedRun[]): Promise<void> {
  const rest = resting(new AbortController().signal);
  for (const { runKey } of staged) {
    while (connection.transaction((writer) => deleteItems(writer, runKey, ITEMS_AT_ONCE))) await rest();
    connection.transaction((writer) => {
      deleteRun(writer, runKey);
    });
  }
}

/** What has no id is known again by what it says. */
async function idOf({ name, items, criteria }: FoundRun, rest: Rest): Promise<string> {
  const hash = createHash('sha256').update(`[${canonicalJson(name)},[`);
  for (const [at, item] of items.entries()) {
    hash.update(`${at === 0 ? '' : ','}${canonicalJson(item)}`);
    await rest();
  }
  return `imported-${hash
    .update(`],${canonicalJson(criteria)}]`)
    .digest('hex')
    .slice(0, 32)}`;
}

function isHere({ name }: FoundRun): ExchangeProblem {
  return {
    severity: 'info',
    path: name,
    message: 'This run is here already: it was left as it is. Delete it first to import it anew.',
  };
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

type RunToStage = {
  readonly id: string;
  readonly evalId: string;
  readonly run: FoundRun;
  readonly graders: readonly SavedGrader[];
  readonly kind: FoundRuns['kind'];
  /** Where it is put as soon as there is something to drop. */
  readonly staged: StagedRun[];
};

const ITEMS_AT_ONCE = 200;
/** After so many, what was written is put from the log into the workspace: all of it at once would take long. */
const SETTLED_ITEMS = 5_000;

async function stageRun(
  connection: Connection,
  { id, evalId, run, graders, kind, staged }: RunToStage,
  { path, now }: KeepOptions,
  rest: Rest,
  problems: ExchangeProblem[],
): Promise<void> {
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
  const runKey = connection.transaction((writer) =>
    putRun(writer, {
      id: `unfinished-${randomUUID()}`,
      evalId,
      name: run.name,
      status: 'failed',
      createdAt: time,
      startedAt: time,
      finishedAt: ended ? time : null,
      error: 'The import of this run was not finished: delete it, and import the file again.',
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
    }),
  );
  staged.push({ id, runKey, run, items: items.length });
  const weights = criteria.map(({ weight }) => weight);
  const trials = new Map<string, number>();
  let elsewhere = 0;
  for (let first = 0; first < items.length; first += ITEMS_AT_ONCE) {
    const some = items.slice(first, first + ITEMS_AT_ONCE);
    // Not synced: only what makes the runs what they are at the end is, with all that came before.
    connection.lazyTransaction((writer) => {
      const ids = [...new Set(some.flatMap(({ traceId }) => traceId ?? []))];
      const named = new Map(tracesWithIds(writer, ids).map((trace) => [trace.id, trace]));
      const made = some.map((item) => {
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
      putItems(writer, runKey, weights, made, first);
      made.forEach((item, at) => {
        putStated(writer, runKey, first + at, item);
      });
    });
    if ((first + ITEMS_AT_ONCE) % SETTLED_ITEMS === 0) connection.pragma('wal_checkpoint(PASSIVE)');
    await rest();
  }
  connection.transaction((writer) => {
    recountRun(writer, runKey);
  });
  if (elsewhere > 0)
    problems.push({
      severity: 'info',
      path: run.name,
      message: `${elsewhere} items name traces that are not here: they come without a trace.`,
    });
}

/** The source had reasons of its own, such as a threshold over all assertions of a test. */
function putStated(writer: Writer, runKey: number, position: number, { status, score }: FoundItem): void {
  writer.run(
    'UPDATE eval_item SET status = ?, score = coalesce(?, score) WHERE run_key = ? AND position = ? AND (status <> ? OR ? IS NOT NULL)',
    [status, score, runKey, position, status, score],
  );
}
