/** Which traces are runs of one task; read once for all that are graded together. */
import type { JsonObject } from '#shared/json.ts';
import type { TraceRow } from '#shared/trace.ts';
import { taskOf } from '../../review/pairs.ts';
import type { Reader } from '../../store/database.ts';
import { trialsOf } from '../../store/eval-items.ts';
import { tracesWithIds } from '../../store/eval-sources.ts';

type Row = Pick<TraceRow, 'id' | 'metadata'>;

export type TaskIndex = {
  readonly hasTask: (row: Row) => boolean;
  /** Ids of all runs of a trace's task, in order of time; the trace alone when it has no task. */
  readonly runsOf: (row: Row) => readonly string[];
};

/** As the metadata of all traces say. */
export function createTaskIndex(reader: Reader): TaskIndex {
  let runs: Map<string, string[]> | null = null;

  function read(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const [id, metadata] of reader.rows<[string, string]>(
      'SELECT trace_id, metadata FROM trace WHERE metadata IS NOT NULL ORDER BY sort_ns, trace_id',
    )) {
      const task = taskOf(JSON.parse(metadata) as JsonObject);
      if (task !== null) add(found, task, id);
    }
    return found;
  }

  return {
    hasTask: ({ metadata }) => taskOf(metadata) !== null,
    runsOf({ id, metadata }) {
      const task = taskOf(metadata);
      if (task === null) return [id];
      runs ??= read();
      return runs.get(task) ?? [id];
    },
  };
}

/** Of one eval run: its trials and no others, so that a trace that comes later does not change what it says. */
export function createTrialIndex(reader: Reader, runKey: number): TaskIndex {
  const trials = new Map<string, string[]>();
  const tasks = new Map<string, string>();
  for (const { task, traceId } of trialsOf(reader, runKey)) {
    // A trace that belongs to no task stands for itself.
    if (task === traceId) continue;
    tasks.set(traceId, task);
    add(trials, task, traceId);
  }
  return {
    hasTask: ({ id }) => tasks.has(id),
    runsOf({ id }) {
      const all = trials.get(tasks.get(id) ?? '');
      // Some may have been deleted meanwhile.
      return all ? tracesWithIds(reader, all).map((trace) => trace.id) : [id];
    },
  };
}

function add(all: Map<string, string[]>, task: string, id: string): void {
  const known = all.get(task);
  if (known) known.push(id);
  else all.set(task, [id]);
}
