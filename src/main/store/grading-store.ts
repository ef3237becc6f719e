/** Work of graders that is queued: what is still to be done is in the workspace, so that it goes on after a restart. */
import type { GradingRow } from '#shared/grader.ts';
import type { Reader, Writer } from './database.ts';

type StoredGrading = {
  readonly grading_id: string;
  readonly label: string;
  readonly graders: string;
  readonly status: GradingRow['status'];
  readonly total: number;
  readonly done: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly not_applicable: number;
  readonly created_at: number;
  readonly finished_at: number | null;
  readonly error: string | null;
};

const MOST_LISTED = 200;

/** The newest first. */
export function gradingsOf(reader: Reader): GradingRow[] {
  return reader
    .all<StoredGrading>(`SELECT * FROM grading ORDER BY created_at DESC, grading_key DESC LIMIT ${MOST_LISTED}`)
    .map(gradingOf);
}

export function gradingById(reader: Reader, gradingId: string): GradingRow | null {
  const row = reader.get<StoredGrading>('SELECT * FROM grading WHERE grading_id = ?', [gradingId]);
  return row ? gradingOf(row) : null;
}

export type NewGrading = {
  readonly id: string;
  readonly label: string;
  readonly graderIds: readonly string[];
  readonly versionKeys: readonly number[];
  readonly traceKeys: readonly number[];
  readonly now: number;
};

export function putGrading(writer: Writer, made: NewGrading): void {
  const { rowid } = writer.run(
    "INSERT INTO grading (grading_id, label, graders, status, total, created_at) VALUES (?, ?, ?, 'queued', 0, ?)",
    [made.id, made.label, JSON.stringify(made.graderIds), made.now],
  );
  const { changes } = writer.run(
    `INSERT OR IGNORE INTO grading_item (grading_key, trace_key, version_key)
     SELECT ?, t.trace_key, v.value FROM json_each(?) k JOIN trace t ON t.trace_key = k.value, json_each(?) v`,
    [rowid, JSON.stringify(made.traceKeys), JSON.stringify(made.versionKeys)],
  );
  writer.run('UPDATE grading SET total = ? WHERE grading_key = ?', [changes, rowid]);
}

/** Graders of one trace that are to grade it. */
export type DueGrades = {
  readonly traceKey: number;
  readonly traceId: string;
  readonly versionKeys: readonly number[];
};

/** The oldest work that is not finished. */
export function openGrading(reader: Reader): { readonly key: number; readonly id: string } | null {
  const row = reader.get<{ grading_key: number; grading_id: string }>(
    "SELECT grading_key, grading_id FROM grading WHERE status IN ('queued', 'running') ORDER BY created_at, grading_key LIMIT 1",
  );
  return row ? { key: row.grading_key, id: row.grading_id } : null;
}

/** The versions that are still to grade something, in the order in which they were made. */
export function dueVersions(reader: Reader, gradingKey: number): number[] {
  return reader
    .all<{ version_key: number }>(
      'SELECT DISTINCT version_key FROM grading_item WHERE grading_key = ? ORDER BY version_key',
      [gradingKey],
    )
    .map((row) => row.version_key);
}

/** The next traces that some of these versions are to grade. */
export function dueTraces(
  reader: Reader,
  gradingKey: number,
  versionKeys: readonly number[],
  traces: number,
): DueGrades[] {
  return reader
    .all<{ trace_key: number; trace_id: string; versions: string }>(
      `SELECT i.trace_key, t.trace_id, json_group_array(i.version_key) AS versions FROM grading_item i JOIN trace t USING (trace_key)
       WHERE i.grading_key = ? AND i.version_key IN (SELECT value FROM json_each(?))
       GROUP BY i.trace_key ORDER BY i.trace_key LIMIT ?`,
      [gradingKey, JSON.stringify(versionKeys), traces],
    )
    .map((row) => ({
      traceKey: row.trace_key,
      traceId: row.trace_id,
      versionKeys: JSON.parse(row.versions) as number[],
    }));
}

export function hasUnfinishedGrading(reader: Reader): boolean {
  return reader.get("SELECT 1 FROM grading WHERE status IN ('queued', 'running') LIMIT 1") !== undefined;
}

export type GradingCounts = Pick<GradingRow, 'done' | 'passed' | 'failed' | 'errored' | 'notApplicable'>;

/**
 * What was done of one trace, with what came of it. False when the work was cancelled meanwhile: a verdict that was on its
 * way then is kept, so it counts.
 */
export function finishItems(
  writer: Writer,
  gradingKey: number,
  traceKey: number,
  versionKeys: readonly number[],
  counts: GradingCounts,
): boolean {
  const row = writer.get<{ status: GradingRow['status'] }>(
    `UPDATE grading SET status = CASE status WHEN 'queued' THEN 'running' ELSE status END, done = done + ?, passed = passed + ?,
       failed = failed + ?, errored = errored + ?, not_applicable = not_applicable + ? WHERE grading_key = ? RETURNING status`,
    [counts.done, counts.passed, counts.failed, counts.errored, counts.notApplicable, gradingKey],
  );
  writer.run(
    'DELETE FROM grading_item WHERE grading_key = ? AND trace_key = ? AND version_key IN (SELECT value FROM json_each(?))',
    [gradingKey, traceKey, JSON.stringify(versionKeys)],
  );
  return row?.status === 'running';
}

/** Ends it: nothing of it is left to be done. */
export function endGrading(
  writer: Writer,
  gradingKey: number,
  end: { readonly status: 'done' | 'cancelled' | 'failed'; readonly error: string | null; readonly now: number },
): void {
  writer.run('DELETE FROM grading_item WHERE grading_key = ?', [gradingKey]);
  writer.run(
    // Traces that were deleted meanwhile are not part of what was done.
    `UPDATE grading SET status = ?, error = ?, finished_at = ?, total = CASE WHEN ? = 'done' THEN done ELSE total END
     WHERE grading_key = ? AND status IN ('queued', 'running')`,
    [end.status, end.error, end.now, end.status, gradingKey],
  );
}

export function gradingKeyOf(reader: Reader, gradingId: string): number | null {
  return (
    reader.get<{ grading_key: number }>('SELECT grading_key FROM grading WHERE grading_id = ?', [gradingId])
      ?.grading_key ?? null
  );
}

function gradingOf(row: StoredGrading): GradingRow {
  return {
    id: row.grading_id,
    label: row.label,
    graderIds: JSON.parse(row.graders) as string[],
    status: row.status,
    total: row.total,
    done: row.done,
    passed: row.passed,
    failed: row.failed,
    errored: row.errored,
    notApplicable: row.not_applicable,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    error: row.error,
  };
}
