/** Items of runs, with what each criterion said of them. */
import type { ItemVerdict, RunItem, RunItemFilter, RunItemPage, RunItemRow } from '#shared/eval.ts';
import { ITEM_PAGE } from '#shared/eval.ts';
import type { Grade } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import type { Reader, SqlValue } from './database.ts';
import type { FrozenRun } from './eval-store.ts';
import { runKeyOf, tallyOf } from './eval-store.ts';
import { escapeLike } from './trace-queries.ts';

type StoredItem = {
  readonly item_key: number;
  readonly run_id: string;
  readonly position: number;
  readonly task: string;
  readonly trial: number;
  readonly title: string;
  readonly trace_id: string | null;
  readonly gone: number;
  readonly status: RunItemRow['status'];
  readonly score: number | null;
  readonly cost: number | null;
  readonly duration_ms: number | null;
  readonly item: string | null;
  readonly sample: string | null;
};

type StoredResult = {
  readonly item_key: number;
  readonly criterion: number;
  readonly status: Grade['status'];
  readonly score: number | null;
  readonly label: string | null;
  readonly passed: number | null;
  readonly body: string;
};

const ROW =
  'i.item_key, r.run_id, i.position, i.task, i.trial, i.title, i.trace_id, i.gone, i.status, i.score, i.cost, i.duration_ms';

/** In order of position. `cursor` = the position behind which it goes on. */
export function itemPage(
  reader: Reader,
  runId: string,
  filter: RunItemFilter,
  cursor: number | undefined,
  limit: number,
): RunItemPage {
  if (isNowhere(reader, runId, filter)) return { rows: [], nextCursor: null };
  const where = ['r.run_id = ?'];
  const params: SqlValue[] = [runId];
  if (filter.status !== undefined) {
    where.push('i.status = ?');
    params.push(filter.status);
  }
  if (filter.criterion !== undefined || filter.outcome !== undefined) {
    const { sql, params: own } = outcomeCondition(filter);
    where.push(sql);
    params.push(...own);
  }
  if (filter.text !== undefined && filter.text !== '') {
    const like = `%${escapeLike(filter.text)}%`;
    where.push("(i.title LIKE ? ESCAPE '\\' OR i.task LIKE ? ESCAPE '\\')");
    params.push(like, like);
  }
  if (cursor !== undefined) {
    where.push('i.position > ?');
    params.push(cursor);
  }
  const rows = reader.all<StoredItem>(
    `SELECT ${ROW} FROM eval_run r JOIN eval_item i USING (run_key) WHERE ${where.join(' AND ')} ORDER BY i.position LIMIT ?`,
    [...params, limit + 1],
  );
  const page = rows.slice(0, limit);
  return {
    rows: withVerdicts(reader, runId, page),
    nextCursor: rows.length > limit ? (page.at(-1)?.position ?? null) : null,
  };
}

const OUTCOMES: Readonly<Record<NonNullable<RunItemFilter['outcome']>, string>> = {
  passed: "v.status = 'graded' AND v.passed = 1",
  failed: "v.status = 'graded' AND v.passed = 0",
  errored: "v.status = 'errored'",
  not_applicable: "v.status = 'not_applicable'",
};

/** Whether the figures that are kept with a run say that no item has the outcome: all would be looked at to find none. */
function isNowhere(reader: Reader, runId: string, { criterion, outcome }: RunItemFilter): boolean {
  const runKey = outcome === undefined ? null : runKeyOf(reader, runId);
  if (outcome === undefined || runKey === null) return false;
  const { criteria } = tallyOf(reader, runKey, criteriaOf(reader, runId));
  const asked = criterion === undefined ? criteria : criteria.slice(criterion, criterion + 1);
  return asked.every((tally) => tally[outcome === 'not_applicable' ? 'notApplicable' : outcome] === 0);
}

/** Under one criterion, or under any. */
function outcomeCondition({ criterion, outcome }: RunItemFilter): {
  readonly sql: string;
  readonly params: SqlValue[];
} {
  const within = ['v.item_key = i.item_key'];
  const params: SqlValue[] = [];
  if (criterion !== undefined) {
    within.push('v.criterion = ?');
    params.push(criterion);
  }
  if (outcome !== undefined) within.push(OUTCOMES[outcome]);
  return { sql: `EXISTS (SELECT 1 FROM eval_result v WHERE ${within.join(' AND ')})`, params };
}

function withVerdicts(reader: Reader, runId: string, items: readonly StoredItem[]): RunItemRow[] {
  const criteria = criteriaOf(reader, runId);
  const found = new Map<number, (ItemVerdict | null)[]>(
    items.map(({ item_key: key }) => [key, Array.from({ length: criteria }, () => null)]),
  );
  for (const row of reader.all<Omit<StoredResult, 'body'>>(
    `SELECT item_key, criterion, status, score, label, passed FROM eval_result WHERE item_key IN (SELECT value FROM json_each(?))`,
    [JSON.stringify([...found.keys()])],
  )) {
    const verdicts = found.get(row.item_key);
    if (verdicts && row.criterion < criteria) verdicts[row.criterion] = verdictOf(row);
  }
  return items.map((item) => rowOf(item, found.get(item.item_key) ?? []));
}

function criteriaOf(reader: Reader, runId: string): number {
  return (
    reader.get<{ n: number }>("SELECT json_array_length(body, '$.criteria') AS n FROM eval_run WHERE run_id = ?", [
      runId,
    ])?.n ?? 0
  );
}

/** All that is known of one item; null when there is none. */
export function itemById(reader: Reader, itemKey: number): RunItem | null {
  const item = reader.get<StoredItem & { readonly body: string }>(
    `SELECT ${ROW}, i.item, i.sample, r.body FROM eval_item i JOIN eval_run r USING (run_key) WHERE i.item_key = ?`,
    [itemKey],
  );
  return item ? wholeItem(reader, item, (JSON.parse(item.body) as FrozenRun).criteria.length) : null;
}

const MOST_OF_TRACE = 200;

/** What runs said of one trace, the newest first. */
export function itemsOfTrace(reader: Reader, traceId: string): RunItem[] {
  return reader
    .all<StoredItem & { readonly criteria: number }>(
      `SELECT ${ROW}, i.item, i.sample, json_array_length(r.body, '$.criteria') AS criteria FROM eval_item i JOIN eval_run r USING (run_key)
       WHERE i.trace_id = ? ORDER BY i.item_key DESC LIMIT ${MOST_OF_TRACE}`,
      [traceId],
    )
    .map((item) => wholeItem(reader, item, item.criteria));
}

/** All of one run, in order of position, read page by page. */
export function* itemsOfRun(reader: Reader, runId: string): Generator<RunItem> {
  const criteria = criteriaOf(reader, runId);
  for (let behind = -1; ;) {
    const page = reader.all<StoredItem>(
      `SELECT ${ROW}, i.item, i.sample FROM eval_run r JOIN eval_item i USING (run_key) WHERE r.run_id = ? AND i.position > ?
       ORDER BY i.position LIMIT ${ITEM_PAGE}`,
      [runId, behind],
    );
    const last = page.at(-1);
    if (!last) return;
    behind = last.position;
    for (const item of page) yield wholeItem(reader, item, criteria);
  }
}

/** Traces of a run with their tasks, in order of time. */
export function trialsOf(
  reader: Reader,
  runKey: number,
): readonly { readonly task: string; readonly traceId: string }[] {
  return reader
    .rows<[string, string]>(
      'SELECT task, trace_id FROM eval_item WHERE run_key = ? AND trace_id IS NOT NULL AND gone = 0 ORDER BY position',
      [runKey],
    )
    .map(([task, traceId]) => ({ task, traceId }));
}

function wholeItem(reader: Reader, item: StoredItem, criteria: number): RunItem {
  const grades: (Grade | null)[] = Array.from({ length: criteria }, () => null);
  for (const row of reader.all<StoredResult>('SELECT * FROM eval_result WHERE item_key = ? ORDER BY criterion', [
    item.item_key,
  ]))
    if (row.criterion < criteria) grades[row.criterion] = gradeOf(row);
  return {
    row: rowOf(
      item,
      grades.map((grade) =>
        grade ? { status: grade.status, score: grade.score, label: grade.label, passed: grade.passed } : null,
      ),
    ),
    item: item.item === null ? null : (JSON.parse(item.item) as Json),
    sample: item.sample === null ? null : (JSON.parse(item.sample) as Json),
    grades,
  };
}

function rowOf(item: StoredItem, results: RunItemRow['results']): RunItemRow {
  return {
    id: item.item_key,
    runId: item.run_id,
    task: item.task,
    trial: item.trial,
    title: item.title,
    traceId: item.trace_id,
    gone: item.gone === 1,
    status: item.status,
    score: item.score,
    cost: item.cost,
    durationMs: item.duration_ms,
    results,
  };
}

function verdictOf({ status, score, label, passed }: Omit<StoredResult, 'body'>): ItemVerdict {
  return { status, score, label, passed: passed === null ? null : passed === 1 };
}

/** Of a trace that was deleted, only the verdict is left. */
function gradeOf({ body, ...row }: StoredResult): Grade {
  return { ...REST, ...(JSON.parse(body) as Partial<Grade>), ...verdictOf(row) };
}

const REST = {
  explanation: '',
  evidence: [],
  errors: [],
  subRewards: {},
  usage: [],
  notes: {},
  durationMs: 0,
} as const;
