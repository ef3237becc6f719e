/** Which traces are worth comparing with one: those of the same task first, then of the same workflow, then of the same agents. */
import type { JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { TraceRow } from '#shared/trace.ts';

const TASK = /^(?:task|example|sample|question|case|instance)_?id$|^task$/i;

type Likeness = 'same task' | 'same workflow' | 'same name' | 'same agents' | null;

const ORDER: readonly Likeness[] = ['same task', 'same workflow', 'same name', 'same agents', null];

export function likeness(a: TraceRow, b: TraceRow): Likeness {
  const [taskA, taskB] = [taskOf(a.metadata), taskOf(b.metadata)];
  if (taskA !== null && taskA === taskB) return 'same task';
  if (a.workflow !== null && a.workflow === b.workflow) return 'same workflow';
  if (a.name !== '' && a.name === b.name) return 'same name';
  if (a.agents.length > 0 && a.agents.length === b.agents.length && a.agents.every((name) => b.agents.includes(name)))
    return 'same agents';
  return null;
}

/** The most alike first; among equals the order stays. */
export function mostAlikeFirst(rows: readonly TraceRow[], like: TraceRow): { row: TraceRow; likeness: Likeness }[] {
  return rows
    .map((row) => ({ row, likeness: likeness(like, row) }))
    .sort((x, y) => ORDER.indexOf(x.likeness) - ORDER.indexOf(y.likeness));
}

function taskOf(metadata: JsonObject | null): string | null {
  if (metadata === null) return null;
  for (const within of [metadata, metadata.metadata]) {
    if (!isJsonObject(within)) continue;
    for (const [field, value] of Object.entries(within))
      if (TASK.test(field) && (typeof value === 'number' || (typeof value === 'string' && value !== '')))
        return `${value}`;
  }
  return null;
}
