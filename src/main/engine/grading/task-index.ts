/** Which traces are runs of one task, as their metadata says; read once for all that are graded together. */
import type { JsonObject } from '#shared/json.ts';
import type { TraceRow } from '#shared/trace.ts';
import { taskOf } from '../../review/pairs.ts';
import type { Reader } from '../../store/database.ts';

export type TaskIndex = {
  /** Ids of all runs of a trace's task, in order of time; the trace alone when it names no task. */
  readonly runsOf: (row: Pick<TraceRow, 'id' | 'metadata'>) => readonly string[];
};

export function createTaskIndex(reader: Reader): TaskIndex {
  let runs: Map<string, string[]> | null = null;

  function read(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const [id, metadata] of reader.rows<[string, string]>(
      'SELECT trace_id, metadata FROM trace WHERE metadata IS NOT NULL ORDER BY sort_ns, trace_id',
    )) {
      const task = taskOf(JSON.parse(metadata) as JsonObject);
      if (task === null) continue;
      const known = found.get(task);
      if (known) known.push(id);
      else found.set(task, [id]);
    }
    return found;
  }

  return {
    runsOf({ id, metadata }) {
      const task = taskOf(metadata);
      if (task === null) return [id];
      runs ??= read();
      return runs.get(task) ?? [id];
    },
  };
}
