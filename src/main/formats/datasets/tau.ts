/**
 * Tasks of tau-bench (rows of results name theirs in `info.task`: instruction, actions, outputs) and of tau2-bench (tasks
 * files, and results with their `tasks`). The instruction is what the simulated user is told.
 */
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { readCalls } from './calls.ts';
import { keyIn, textFrom } from './texts.ts';
import type { ReadRow, RowProblem } from './types.ts';

export function isTauRow(row: JsonObject): boolean {
  return taskIn(row) !== null;
}

function taskIn(row: JsonObject): JsonObject | null {
  const info = isJsonObject(row.info) ? row.info : {};
  for (const task of [info.task, row.task, row])
    if (isJsonObject(task) && Array.isArray(task.actions) && typeof task.instruction === 'string') return task;
  return null;
}

export function tauRow(row: JsonObject): ReadRow {
  const problems: RowProblem[] = [];
  const task = taskIn(row) ?? {};
  const { actions, instruction, outputs, ...fields } = task;
  const key = keyIn(row, ['task_id', 'id']) ?? keyIn(task, ['task_id', 'id']);
  const answers = Array.isArray(outputs) ? (outputs as readonly Json[]).filter((each) => each !== '') : [];
  return {
    examples: [
      {
        key,
        item: {
          ...(key === null ? {} : { task_id: row.task_id ?? task.task_id ?? key }),
          ...fields,
          ...(outputs === undefined ? {} : { outputs }),
        },
        input: typeof instruction === 'string' && instruction !== '' ? instruction : null,
        expectedOutput: answers.length === 0 ? null : answers.map((each) => textFrom(each, 'last') ?? '').join('\n'),
        expectedTrajectory: readCalls(actions, 'actions', problems),
        // Rows of results are trials: each names its task.
        repeats: Object.hasOwn(row, 'reward') || Object.hasOwn(row, 'traj'),
      },
    ],
    problems,
  };
}

export function isTau2Task(row: JsonObject): boolean {
  return isJsonObject(row.user_scenario) && (typeof row.id === 'string' || typeof row.id === 'number');
}

export function tau2Task(row: JsonObject): ReadRow {
  const problems: RowProblem[] = [];
  const scenario = isJsonObject(row.user_scenario) ? row.user_scenario : {};
  const criteria = isJsonObject(row.evaluation_criteria) ? row.evaluation_criteria : {};
  const told = Array.isArray(criteria.communicate_info) ? (criteria.communicate_info as readonly Json[]) : [];
  const actions = Array.isArray(criteria.actions) ? (criteria.actions as readonly Json[]) : null;
  return {
    examples: [
      {
        key: keyIn(row, ['id']),
        item: row,
        input: typeof row.ticket === 'string' && row.ticket !== '' ? row.ticket : instructionsOf(scenario.instructions),
        expectedOutput: told.length === 0 ? null : told.map((each) => textFrom(each, 'last') ?? '').join('\n'),
        // What the user is to do is no call of the agent.
        expectedTrajectory:
          actions === null
            ? null
            : readCalls(
                actions.filter((each) => !isJsonObject(each) || each.requestor !== 'user'),
                'evaluation_criteria.actions',
                problems,
              ),
      },
    ],
    problems,
  };
}

const PARTS = ['reason_for_call', 'known_info', 'unknown_info', 'task_instructions'] as const;

function instructionsOf(value: Json | undefined): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (!isJsonObject(value)) return null;
  const parts = PARTS.flatMap((name) => {
    const text = value[name];
    return typeof text === 'string' && text !== '' ? [text] : [];
  });
  return parts.length === 0 ? null : parts.join('\n');
}
