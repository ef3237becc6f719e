/** What runs have still to do: it is in the workspace, so that a run that was broken off goes on. */
import type { Json } from '#shared/json.ts';
import type { RunStatus } from '#shared/eval.ts';
import type { Reader, Writer } from './database.ts';
import { recountRun } from './eval-run-writer.ts';
import type { FrozenRun } from './eval-store.ts';
import { frozenText } from './eval-store.ts';

export type OpenRun = { readonly key: number; readonly id: string; readonly name: string; readonly frozen: FrozenRun };

/** The oldest that is not finished. */
export function openRun(reader: Reader): OpenRun | null {
  const row = reader.get<{ run_key: number; run_id: string; name: string; body: string }>(
    "SELECT run_key, run_id, name, body FROM eval_run WHERE status IN ('queued', 'running') ORDER BY run_key LIMIT 1",
  );
  return row ? { key: row.run_key, id: row.run_id, name: row.name, frozen: JSON.parse(row.body) as FrozenRun } : null;
}

export function hasOpenRun(reader: Reader): boolean {
  return reader.get("SELECT 1 FROM eval_run WHERE status IN ('queued', 'running') LIMIT 1") !== undefined;
}

export type DueItem = {
  readonly key: number;
  readonly position: number;
  readonly traceId: string | null;
  /** Null = none. */
  readonly item: Json;
  readonly sample: Json;
  /** Criteria that have said something already. */
  readonly has: ReadonlySet<number>;
};

/** Rows of datasets that are held at once, in characters. */
const MOST_CHARACTERS = 16_000_000;

export function dueItems(reader: Reader, runKey: number, behind: number, most: number): DueItem[] {
  const due: DueItem[] = [];
  let characters = 0;
  for (const row of reader.iterate<{
    item_key: number;
    position: number;
    trace_id: string | null;
    item: string | null;
    sample: string | null;
    has: string;
  }>(
    `SELECT item_key, position, trace_id, item, sample, (SELECT json_group_array(criterion) FROM eval_result v WHERE v.item_key = i.item_key) AS has
     FROM eval_item i WHERE run_key = ? AND status = 'due' AND position > ? ORDER BY position LIMIT ?`,
    [runKey, behind, most],
  )) {
    due.push({
      key: row.item_key,
      position: row.position,
      traceId: row.trace_id,
      item: row.item === null ? null : (JSON.parse(row.item) as Json),
      sample: row.sample === null ? null : (JSON.parse(row.sample) as Json),
      has: new Set(JSON.parse(row.has) as number[]),
    });
    characters += (row.item?.length ?? 0) + (row.sample?.length ?? 0);
    if (characters > MOST_CHARACTERS) break;
  }
  return due;
}

/** It is at work from now on; a judge that there was none of before is frozen now. */
export function beginRun(writer: Writer, runKey: number, frozen: FrozenRun, now: number): void {
  writer.run(
    `UPDATE eval_run SET status = 'running', started_at = coalesce(started_at, ?), body = ? WHERE run_key = ? AND status IN ('queued', 'running')`,
    [now, frozenText(frozen), runKey],
  );
}

/** Ends one that is not finished. */
export function endRun(
  writer: Writer,
  runKey: number,
  end: {
    readonly status: Extract<RunStatus, 'done' | 'cancelled' | 'failed'>;
    readonly error: string | null;
    readonly now: number;
  },
): void {
  writer.run(
    "UPDATE eval_run SET status = ?, error = ?, finished_at = ? WHERE run_key = ? AND status IN ('queued', 'running')",
    [end.status, end.error, end.now, runKey],
  );
}

/** What errored, or was not come to, is due. False when nothing of it is left to be done. */
export function reopenRun(writer: Writer, runKey: number): boolean {
  const again = "run_key = ? AND status = 'errored' AND gone = 0";
  writer.run(
    `DELETE FROM eval_result WHERE status = 'errored' AND item_key IN (SELECT item_key FROM eval_item WHERE ${again})`,
    [runKey],
  );
  writer.run(`UPDATE eval_item SET status = 'due', score = NULL WHERE ${again}`, [runKey]);
  recountRun(writer, runKey);
  if (!writer.get("SELECT 1 FROM eval_item WHERE run_key = ? AND status = 'due' LIMIT 1", [runKey])) return false;
  writer.run("UPDATE eval_run SET status = 'queued', finished_at = NULL, error = NULL WHERE run_key = ?", [runKey]);
  return true;
}

/** The same items once more, all of them due. A trace that is gone errors. */
export function copyItems(writer: Writer, fromKey: number, toKey: number): void {
  writer.run(
    `INSERT INTO eval_item (run_key, position, task, trial, title, trace_id, gone, status, cost, duration_ms, item, sample)
     SELECT ?, position, task, trial, title, trace_id, gone, 'due', cost, duration_ms, item, sample FROM eval_item WHERE run_key = ? ORDER BY position`,
    [toKey, fromKey],
  );
}

export function renameRun(writer: Writer, runKey: number, name: string): void {
  writer.run('UPDATE eval_run SET name = ? WHERE run_key = ?', [name, runKey]);
}

/** Some of its items, with their verdicts; false when none is left. */
export function deleteItems(writer: Writer, runKey: number, most: number): boolean {
  return (
    writer.run(
      'DELETE FROM eval_item WHERE item_key IN (SELECT item_key FROM eval_item WHERE run_key = ? ORDER BY position LIMIT ?)',
      [runKey, most],
    ).changes > 0
  );
}

export function deleteRun(writer: Writer, runKey: number): void {
  writer.run('DELETE FROM eval_run WHERE run_key = ?', [runKey]);
}
