/** Results of tau-bench: rows { task_id, trial, reward, info, traj }, one trace each. AgentRx publishes the same rows. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord, ScoreRecord, SpanError, SpanOrigin } from '#shared/record.ts';
import { idOf, listOf, numberOf, objectOf, remaining, textOf } from '../fields.ts';
import { chatSpans } from '../logs/chat.ts';

export function isRow(value: Json | undefined): value is JsonObject & { readonly traj: readonly Json[] } {
  return isJsonObject(value) && Array.isArray(value.traj) && value.task_id !== undefined;
}

/** The environment answers a call that it refuses with a text that begins so. */
export function tauFailure(_message: JsonObject, text: string): SpanError | null {
  return /^error:/i.test(text) ? { type: null, message: text } : null;
}

const TAKEN = new Set(['traj', 'info', 'task_id', 'trial', 'reward']);
const INFO_TAKEN = new Set(['task', 'reward_info']);

export function readRow(
  row: JsonObject & { readonly traj: readonly Json[] },
  given: { readonly traceId: string; readonly origin: SpanOrigin; readonly source: string },
  records: NormalisedRecord[],
): void {
  const { traceId, origin, source } = given;
  const info = objectOf(row.info);
  const task = objectOf(info.task);
  const taskId = idOf(row.task_id) ?? '';
  const trial = idOf(row.trial);
  const reward = numberOf(row.reward);
  records.push({
    type: 'trace',
    traceId,
    // AgentRx, whose rows have records, says the task's id once more as its trial.
    name:
      trial === null || (trial === taskId && row.records !== undefined)
        ? `Task ${taskId}`
        : `Task ${taskId}, trial ${trial}`,
    workflow: source,
    ...(textOf(task.user_id) === null ? {} : { userId: textOf(task.user_id) ?? '' }),
    metadata: {
      task_id: row.task_id ?? null,
      ...(row.trial === undefined ? {} : { trial: row.trial }),
      ...(task.instruction === undefined ? {} : { task: task.instruction }),
      ...(reward === null ? {} : { outcome: passes(reward) ? 'pass' : 'fail' }),
      ...(task.actions === undefined ? {} : { expected_actions: task.actions }),
      ...(task.outputs === undefined ? {} : { expected_outputs: task.outputs }),
      ...remaining(info, INFO_TAKEN),
      ...remaining(row, TAKEN),
    },
  });
  const failure = tauFailure;
  chatSpans(row.traj, { traceId, origin, agent: 'Assistant', user: 'User', keepAll: true, failure }, records);
  for (const score of scores(traceId, source, reward, objectOf(info.reward_info))) records.push(score);
}

function scores(traceId: string, source: string, reward: number | null, rewardInfo: JsonObject): ScoreRecord[] {
  const found: ScoreRecord[] = [];
  const add = (name: string, value: number, explanation: string | null): void => {
    const passed = passes(value);
    found.push({ type: 'score', traceId, spanId: null, name, value, label: null, passed, explanation, source });
  };
  const info = objectOf(rewardInfo.info);
  if (reward !== null) add('reward', reward, null);
  for (const name of ['r_actions', 'r_outputs']) {
    const value = numberOf(info[name]);
    if (value !== null) add(name, value, name === 'r_outputs' ? missing(info.outputs) : null);
  }
  return found;
}

/** The outputs that the answer should have held and did not. */
function missing(outputs: Json | undefined): string | null {
  const lacking = Object.entries(objectOf(outputs)).flatMap(([text, found]) => (found === false ? [text] : []));
  return lacking.length === 0 ? null : `Not said: ${lacking.join(', ')}`;
}

/** Rewards are products of parts that are 0 or 1; some are sums of floats. */
export function passes(reward: number): boolean {
  return reward >= 1 - 1e-6;
}

/** The rows of a document: a list, or one row alone. */
export function rowsOf(value: Json | undefined): readonly Json[] | null {
  if (isRow(value)) return [value];
  const rows = listOf(value);
  return rows.some(isRow) ? rows : null;
}
