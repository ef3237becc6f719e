/** Which items of two runs belong together: those of the same trace, or of the same task. */
import type { RunComparison } from '#shared/comparison.ts';
import type { RunScores } from './run-scores.ts';

export type PairedBy = Exclude<RunComparison['pairedBy'], 'none'>;

/** One row of the comparison: a task with its trials on both sides, as places among the items of each run. */
export type Unit = { readonly key: string; readonly a: readonly number[]; readonly b: readonly number[] };

/** Runs over mostly the same traces differ in their graders, others in the traces of the same tasks. */
export function pairedBy(a: RunScores, b: RunScores): PairedBy {
  const known = new Set(a.traceIds);
  const ids = new Set(b.traceIds);
  known.delete(null);
  ids.delete(null);
  let shared = 0;
  for (const id of ids) if (known.has(id)) shared++;
  return shared > 0 && shared * 2 >= Math.min(known.size, ids.size) ? 'trace' : 'task';
}

/** In the order of A's items, then what only B has. */
export function unitsOf(a: RunScores, b: RunScores, by: PairedBy): readonly Unit[] {
  return by === 'task' ? group(a.tasks, b.tasks) : group(...traceKeys(a, b));
}

/** Traces that both have count for the task that A gave them; each of the rest is alone. */
function traceKeys(a: RunScores, b: RunScores): [readonly string[], readonly string[]] {
  const inB = new Set(b.traceIds);
  const taskInA = new Map<string, string>();
  const keysA = a.tasks.map((task, item) => {
    const trace = a.traceIds[item] ?? null;
    if (trace === null || !inB.has(trace)) return trace ?? task;
    if (!taskInA.has(trace)) taskInA.set(trace, task);
    return task;
  });
  const keysB = b.tasks.map((task, item) => {
    const trace = b.traceIds[item] ?? null;
    return trace === null ? task : (taskInA.get(trace) ?? trace);
  });
  return [keysA, keysB];
}

function group(keysA: readonly string[], keysB: readonly string[]): readonly Unit[] {
  const units = new Map<string, { readonly key: string; readonly a: number[]; readonly b: number[] }>();
  const add = (keys: readonly string[], side: 'a' | 'b'): void => {
    keys.forEach((key, item) => {
      let unit = units.get(key);
      if (!unit) units.set(key, (unit = { key, a: [], b: [] }));
      unit[side].push(item);
    });
  };
  add(keysA, 'a');
  add(keysB, 'b');
  return [...units.values()];
}
