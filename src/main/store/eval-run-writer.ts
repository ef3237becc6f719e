/** Writes evals, runs and what came of their items; the counts of a run are kept in the same transaction. */
import type { EvalDefinition, RunItemRow, RunModelUse, RunStatus } from '#shared/eval.ts';
import type { Grade } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import type { Reader, Writer } from './database.ts';
import type { CriterionTally, FrozenRun, RunTally } from './eval-store.ts';
import { countTally, frozenOf, frozenText, NO_TALLY, tallyOf } from './eval-store.ts';

/** Makes it where there is none of this id. */
export function putEval(writer: Writer, evalId: string, definition: EvalDefinition, now: number): void {
  const { name, criteria, source, sample, metadata } = definition;
  const body = JSON.stringify({ name, criteria, source, ...(sample ? { sample } : {}), metadata });
  writer.run(
    `INSERT INTO eval (eval_id, name, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (eval_id) DO UPDATE SET name = excluded.name, body = excluded.body, updated_at = excluded.updated_at`,
    [evalId, name, body, now, now],
  );
}

/** False when there is none. */
export function archiveEval(writer: Writer, evalId: string, archived: boolean): boolean {
  return writer.run('UPDATE eval SET archived = ? WHERE eval_id = ?', [archived ? 1 : 0, evalId]).changes > 0;
}

export type NewRun = {
  readonly id: string;
  readonly evalId: string;
  readonly name: string;
  readonly frozen: FrozenRun;
  readonly status: RunStatus;
  readonly createdAt: number;
  readonly startedAt?: number | null;
  readonly finishedAt?: number | null;
  readonly error?: string | null;
  readonly modelUse?: readonly RunModelUse[];
};

/** Its key. Then `putItems`, then `recountRun`. The eval must be there. */
export function putRun(writer: Writer, run: NewRun): number {
  const { rowid, changes } = writer.run(
    `INSERT INTO eval_run (run_id, eval_key, name, status, body, total, created_at, started_at, finished_at, error, model_use)
     SELECT ?, eval_key, ?, ?, ?, 0, ?, ?, ?, ?, ? FROM eval WHERE eval_id = ?`,
    [
      run.id,
      run.name,
      run.status,
      frozenText(run.frozen),
      run.createdAt,
      run.startedAt ?? null,
      run.finishedAt ?? null,
      run.error ?? null,
      JSON.stringify(run.modelUse ?? []),
      run.evalId,
    ],
  );
  if (changes === 0) throw new Error(`there is no eval ${run.evalId}`);
  return rowid;
}

/** An imported run is what its file says of it, now that all of its items are here. */
export function finishImport(
  writer: Writer,
  runKey: number,
  { id, status, error }: { readonly id: string; readonly status: RunStatus; readonly error: string | null },
): void {
  writer.run('UPDATE eval_run SET run_id = ?, status = ?, error = ? WHERE run_key = ?', [id, status, error, runKey]);
}

export type NewItem = {
  readonly task: string;
  readonly trial: number;
  readonly title: string;
  readonly traceId: string | null;
  readonly cost: number | null;
  readonly durationMs: number | null;
  /** Null = none. */
  readonly item: Json;
  readonly sample: Json;
  /** Of an item that comes with them, in the order of the criteria; then it is not graded here. */
  readonly grades?: readonly (Grade | null)[];
};

const TITLE = 200;

export function putItems(
  writer: Writer,
  runKey: number,
  weights: readonly number[],
  items: Iterable<NewItem>,
  first = 0,
): void {
  let position = first;
  for (const { task, trial, title, traceId, cost, durationMs, item, sample, grades } of items) {
    const end = grades ? outcomeOf(weights, new Map(grades.flatMap((grade, at) => (grade ? [[at, grade]] : [])))) : DUE;
    const { rowid } = writer.run(
      `INSERT INTO eval_item (run_key, position, task, trial, title, trace_id, status, score, cost, duration_ms, item, sample)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        runKey,
        position++,
        task,
        trial,
        title.slice(0, TITLE),
        traceId,
        end.status,
        end.score,
        cost,
        durationMs,
        item === null ? null : JSON.stringify(item),
        sample === null ? null : JSON.stringify(sample),
      ],
    );
    for (const [criterion, grade] of (grades ?? []).entries()) if (grade) putResult(writer, rowid, criterion, grade);
  }
}

/** False when there is one already. */
function putResult(writer: Writer, itemKey: number, criterion: number, grade: Grade): boolean {
  const { status, score, label, passed, ...body } = grade;
  return (
    writer.run(
      `INSERT INTO eval_result (item_key, criterion, status, score, label, passed, body) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (item_key, criterion) DO NOTHING`,
      [itemKey, criterion, status, score, label, passed === null ? null : passed ? 1 : 0, JSON.stringify(body)],
    ).changes > 0
  );
}

/** Counts of the run and of its criteria, made anew of its items. What was asked of models is not: it was asked. */
export function recountRun(writer: Writer, runKey: number): void {
  const criteria = frozenOf(writer, runKey)?.criteria.length ?? 0;
  writer.run(
    `UPDATE eval_run SET tally = ?, (total, done, passed, failed, errored, neither) = (
       SELECT count(*), total(status <> 'due'), total(status = 'passed'), total(status = 'failed'), total(status = 'errored'), total(status = 'neither')
       FROM eval_item WHERE run_key = ?) WHERE run_key = ?`,
    [JSON.stringify(countTally(writer, runKey, criteria)), runKey, runKey],
  );
}

export type ItemResult = {
  readonly itemKey: number;
  /** By place of the criterion. */
  readonly grades: ReadonlyMap<number, Grade>;
  /** Beginning of the trace's input; null = unknown. */
  readonly title: string | null;
};

/** What was said of some items. The status of the run, null when it was deleted meanwhile. */
export function putResults(writer: Writer, runKey: number, results: readonly ItemResult[]): RunStatus | null {
  const frozen = frozenOf(writer, runKey);
  if (!frozen) return null;
  const weights = frozen.criteria.map(({ weight }) => weight);
  const kept = tallyOf(writer, runKey, weights.length);
  const tallies = [...kept.criteria];
  const counts = { done: 0, passed: 0, failed: 0, errored: 0, neither: 0 };
  const uses: Grade['usage'][number][] = [];
  for (const { itemKey, grades, title } of results) {
    const item = writer.get<{ status: string; gone: number }>('SELECT status, gone FROM eval_item WHERE item_key = ?', [
      itemKey,
    ]);
    if (item?.status !== 'due') continue;
    for (const [criterion, said] of grades) {
      // Deleted while it was graded: what was said of it may quote it.
      const grade = item.gone === 1 ? goneGrade() : said;
      uses.push(...said.usage);
      if (!putResult(writer, itemKey, criterion, grade)) continue;
      tallies[criterion] = counted(tallies[criterion] ?? NO_TALLY, grade);
    }
    const all = resultsOf(writer, itemKey);
    const end = all.size < weights.length ? DUE : outcomeOf(weights, all);
    if (end.status !== 'due') {
      counts.done++;
      counts[end.status]++;
    }
    writer.run('UPDATE eval_item SET status = ?, score = ?, title = coalesce(?, title) WHERE item_key = ?', [
      end.status,
      end.score,
      item.gone === 1 || title === null || title === '' ? null : title.slice(0, TITLE),
      itemKey,
    ]);
  }
  const { status } = writer.get<{ status: RunStatus }>(
    `UPDATE eval_run SET done = done + ?, passed = passed + ?, failed = failed + ?, errored = errored + ?, neither = neither + ?, tally = ?
     WHERE run_key = ? RETURNING status`,
    [
      counts.done,
      counts.passed,
      counts.failed,
      counts.errored,
      counts.neither,
      JSON.stringify({ ...kept, criteria: tallies } satisfies RunTally),
      runKey,
    ],
  ) ?? { status: null };
  if (uses.length > 0) addModelUse(writer, runKey, uses);
  return status;
}

function addModelUse(writer: Writer, runKey: number, uses: Grade['usage']): void {
  const stored = writer.get<{ model_use: string }>('SELECT model_use FROM eval_run WHERE run_key = ?', [runKey]);
  const byModel = new Map<string, RunModelUse>();
  const known = JSON.parse(stored?.model_use ?? '[]') as readonly RunModelUse[];
  for (const { model, calls, promptTokens, completionTokens, cachedTokens, cost } of [...known, ...uses]) {
    const sum = byModel.get(model);
    byModel.set(model, {
      model,
      calls: (sum?.calls ?? 0) + calls,
      promptTokens: (sum?.promptTokens ?? 0) + promptTokens,
      completionTokens: (sum?.completionTokens ?? 0) + completionTokens,
      cachedTokens: (sum?.cachedTokens ?? 0) + cachedTokens,
      cost: cost === null || sum?.cost === null ? null : (sum?.cost ?? 0) + cost,
    });
  }
  writer.run('UPDATE eval_run SET model_use = ? WHERE run_key = ?', [JSON.stringify([...byModel.values()]), runKey]);
}

type Said = Pick<Grade, 'status' | 'score' | 'passed'>;

function resultsOf(reader: Reader, itemKey: number): Map<number, Said> {
  return new Map(
    reader
      .rows<[number, Grade['status'], number | null, number | null]>(
        'SELECT criterion, status, score, passed FROM eval_result WHERE item_key = ?',
        [itemKey],
      )
      .map(([criterion, status, score, passed]) => [
        criterion,
        { status, score, passed: passed === null ? null : passed === 1 },
      ]),
  );
}

const DUE = { status: 'due', score: null } as const;

/** See `RunCounts`: passed when every criterion that applies passed it, errored when one errored. */
function outcomeOf(
  weights: readonly number[],
  results: ReadonlyMap<number, Said>,
): { readonly status: Exclude<RunItemRow['status'], 'due'>; readonly score: number | null } {
  let [errored, passed, failed] = [0, 0, 0];
  let [sum, weight] = [0, 0];
  for (const [criterion, said] of results) {
    if (said.status === 'errored') errored++;
    if (said.status !== 'graded') continue;
    if (said.passed === true) passed++;
    if (said.passed === false) failed++;
    if (said.score === null) continue;
    const own = weights[criterion] ?? 1;
    sum += own * said.score;
    weight += own;
  }
  return {
    status: errored > 0 ? 'errored' : failed > 0 ? 'failed' : passed > 0 ? 'passed' : 'neither',
    score: weight === 0 ? null : sum / weight,
  };
}

function counted(tally: CriterionTally, { status, passed, score }: Said): CriterionTally {
  if (status === 'errored') return { ...tally, errored: tally.errored + 1 };
  if (status === 'not_applicable') return { ...tally, notApplicable: tally.notApplicable + 1 };
  return {
    ...tally,
    passed: tally.passed + (passed === true ? 1 : 0),
    failed: tally.failed + (passed === false ? 1 : 0),
    sum: tally.sum + (score ?? 0),
    scored: tally.scored + (score === null ? 0 : 1),
  };
}

export function goneGrade(): Grade {
  return erroredGrade('The trace is gone.');
}

export function erroredGrade(message: string): Grade {
  return {
    status: 'errored',
    score: null,
    label: null,
    passed: null,
    explanation: message,
    evidence: [],
    errors: [{ flag: 'other_error', message }],
    subRewards: {},
    usage: [],
    notes: {},
    durationMs: 0,
  };
}
