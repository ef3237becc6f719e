/** Evals and their runs, as they are kept. What a run measures is frozen in its body; what came of it is counted. */
import type { EvalDefinition, EvalRow, EvalRunRow, RunCriterion, RunModelUse, RunStatus } from '#shared/eval.ts';
import type { Reader, SqlValue } from './database.ts';

type Figures = 'passed' | 'failed' | 'errored' | 'notApplicable' | 'mean';

export type FrozenCriterion = Omit<RunCriterion, Figures>;

/** `eval_run.body`: never changed while the run lives, but for judges that there were none of at its start. */
export type FrozenRun = Pick<EvalRunRow, 'source' | 'limit' | 'seed' | 'missing' | 'judges' | 'metadata'> & {
  readonly criteria: readonly FrozenCriterion[];
};

export function frozenText(frozen: FrozenRun): string {
  const { criteria, source, limit, seed, missing, judges, metadata } = frozen;
  return JSON.stringify({ criteria, source, limit, seed, missing, judges, metadata } satisfies FrozenRun);
}

export type CriterionTally = {
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly notApplicable: number;
  /** Of the scores, and how many there are. */
  readonly sum: number;
  readonly scored: number;
};

/** `eval_run.tally`. */
export type RunTally = {
  readonly criteria: readonly CriterionTally[];
  /** USD and milliseconds, of the traces; null = none is known. */
  readonly cost: number | null;
  readonly durationMs: number | null;
};

export const NO_TALLY: CriterionTally = { passed: 0, failed: 0, errored: 0, notApplicable: 0, sum: 0, scored: 0 };

type StoredRun = {
  readonly run_key: number;
  readonly run_id: string;
  readonly eval_id: string;
  readonly eval_name: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly body: string;
  readonly total: number;
  readonly done: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly neither: number;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly error: string | null;
  readonly tally: string | null;
  readonly model_use: string;
};

const RUN = 'r.*, e.eval_id, e.name AS eval_name FROM eval_run r JOIN eval e USING (eval_key)';
const MOST_RUNS = 2_000;

export function runRow(reader: Reader, runId: string): EvalRunRow | null {
  const row = reader.get<StoredRun>(`SELECT ${RUN} WHERE r.run_id = ?`, [runId]);
  return row ? runOf(reader, row) : null;
}

export function runKeyOf(reader: Reader, runId: string): number | null {
  return reader.get<{ run_key: number }>('SELECT run_key FROM eval_run WHERE run_id = ?', [runId])?.run_key ?? null;
}

/** The newest first; of one eval, or of all. */
export function runsOf(reader: Reader, evalId?: string): EvalRunRow[] {
  return reader
    .all<StoredRun>(
      `SELECT ${RUN} ${evalId === undefined ? '' : 'WHERE e.eval_id = ?'} ORDER BY r.run_key DESC LIMIT ${MOST_RUNS}`,
      evalId === undefined ? [] : [evalId],
    )
    .map((row) => runOf(reader, row));
}

/** What was frozen into a run; null when it is gone. */
export function frozenOf(reader: Reader, runKey: number): FrozenRun | null {
  const row = reader.get<{ body: string }>('SELECT body FROM eval_run WHERE run_key = ?', [runKey]);
  return row ? (JSON.parse(row.body) as FrozenRun) : null;
}

export function tallyOf(reader: Reader, runKey: number, criteria: number): RunTally {
  const stored = reader.get<{ tally: string | null }>('SELECT tally FROM eval_run WHERE run_key = ?', [runKey])?.tally;
  return typeof stored === 'string' ? (JSON.parse(stored) as RunTally) : countTally(reader, runKey, criteria);
}

/** Counted from the items: where it is not kept, and where it has to be made anew. */
export function countTally(reader: Reader, runKey: number, criteria: number): RunTally {
  const tallies = Array.from({ length: criteria }, () => NO_TALLY);
  for (const [criterion, passed, failed, errored, notApplicable, sum, scored] of reader.rows<
    [number, number, number, number, number, number, number]
  >(
    `SELECT r.criterion, total(r.status = 'graded' AND r.passed = 1), total(r.status = 'graded' AND r.passed = 0), total(r.status = 'errored'),
       total(r.status = 'not_applicable'), total(CASE WHEN r.status = 'graded' THEN r.score END), count(CASE WHEN r.status = 'graded' THEN r.score END)
     FROM eval_item i JOIN eval_result r USING (item_key) WHERE i.run_key = ? GROUP BY r.criterion`,
    [runKey],
  ))
    if (criterion < criteria) tallies[criterion] = { passed, failed, errored, notApplicable, sum, scored };
  const sums = reader.get<{ cost: number | null; duration: number | null }>(
    'SELECT sum(cost) AS cost, sum(duration_ms) AS duration FROM eval_item WHERE run_key = ?',
    [runKey],
  );
  return { criteria: tallies, cost: sums?.cost ?? null, durationMs: sums?.duration ?? null };
}

function runOf(reader: Reader, row: StoredRun): EvalRunRow {
  const { criteria, ...frozen } = JSON.parse(row.body) as FrozenRun;
  const tally =
    row.tally === null ? countTally(reader, row.run_key, criteria.length) : (JSON.parse(row.tally) as RunTally);
  return {
    ...frozen,
    id: row.run_id,
    evalId: row.eval_id,
    evalName: row.eval_name,
    name: row.name,
    status: row.status,
    counts: {
      total: row.total,
      done: row.done,
      passed: row.passed,
      failed: row.failed,
      errored: row.errored,
      neither: row.neither,
    },
    criteria: criteria.map((criterion, index) => {
      const { sum, scored, ...counts } = tally.criteria[index] ?? NO_TALLY;
      return { ...criterion, ...counts, mean: scored === 0 ? null : sum / scored };
    }),
    modelUse: JSON.parse(row.model_use) as RunModelUse[],
    cost: tally.cost,
    durationMs: tally.durationMs,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    error: row.error,
  };
}

type StoredEval = {
  readonly eval_key: number;
  readonly eval_id: string;
  readonly name: string;
  readonly body: string;
  readonly archived: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly runs: number;
  readonly last: string | null;
};

const EVAL = `e.*, (SELECT count(*) FROM eval_run r WHERE r.eval_key = e.eval_key) AS runs,
  (SELECT run_id FROM eval_run r WHERE r.eval_key = e.eval_key ORDER BY run_key DESC LIMIT 1) AS last FROM eval e`;

/** By name; those in use before archived ones. */
export function evalsOf(reader: Reader, archived: boolean): EvalRow[] {
  return evals(reader, `${archived ? '' : 'WHERE e.archived = 0'} ORDER BY e.archived, lower(e.name), e.eval_key`, []);
}

export function evalRow(reader: Reader, evalId: string): EvalRow | null {
  return evals(reader, 'WHERE e.eval_id = ?', [evalId])[0] ?? null;
}

function evals(reader: Reader, where: string, params: readonly SqlValue[]): EvalRow[] {
  return reader.all<StoredEval>(`SELECT ${EVAL} ${where}`, params).map((row) => ({
    ...(JSON.parse(row.body) as EvalDefinition),
    name: row.name,
    id: row.eval_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    archived: row.archived === 1,
    runs: row.runs,
    lastRun: row.last === null ? null : runRow(reader, row.last),
  }));
}
