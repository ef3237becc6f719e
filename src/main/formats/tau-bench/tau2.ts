/** tau2-bench: one document with the tasks, the setting, and a simulation (a trace) per task and trial. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord, ScoreRecord, SpanError } from '#shared/record.ts';
import { digestOf, idOf, issue, listOf, numberOf, objectOf, remaining, textOf } from '../fields.ts';
import { chatSpans } from '../logs/chat.ts';
import { makeOrigin } from '../logs/span.ts';
import { passes, tauFailure } from './rows.ts';

const ORIGIN = makeOrigin('tau2_bench');
const SOURCE = 'tau2-bench';
const TAKEN = new Set(['messages', 'reward_info', 'id', 'task_id', 'trial']);

/** False when the document is no such thing. */
export function readSimulations(document: JsonObject, records: NormalisedRecord[]): boolean {
  const isOne = Array.isArray(document.messages) && document.task_id !== undefined;
  if (!isOne && !Array.isArray(document.simulations)) return false;
  const info = objectOf(document.info);
  const tasks = new Map<string, JsonObject>();
  for (const task of listOf(document.tasks)) {
    const id = isJsonObject(task) ? idOf(task.id) : null;
    if (isJsonObject(task) && id !== null) tasks.set(id, task);
  }
  for (const [index, each] of (isOne ? [document] : listOf(document.simulations)).entries()) {
    if (isJsonObject(each)) readSimulation(each, tasks.get(idOf(each.task_id) ?? '') ?? {}, info, records);
    else records.push(issue('error', 'invalid_item', `Simulation ${index} is not an object.`, { item: each }));
  }
  return true;
}

function readSimulation(run: JsonObject, task: JsonObject, info: JsonObject, records: NormalisedRecord[]): void {
  const traceId = `tau2-bench:${idOf(run.id) ?? digestOf(JSON.stringify(run))}`;
  const taskId = idOf(run.task_id) ?? '';
  const trial = idOf(run.trial);
  const environment = textOf(objectOf(info.environment_info).domain_name);
  const rewardInfo = objectOf(run.reward_info);
  const reward = numberOf(rewardInfo.reward);
  const criteria = objectOf(task.evaluation_criteria);
  const instruction = objectOf(task.user_scenario).instructions ?? task.description;
  records.push({
    type: 'trace',
    traceId,
    name: trial === null ? `Task ${taskId}` : `Task ${taskId}, trial ${trial}`,
    workflow: environment === null ? SOURCE : `${SOURCE} ${environment}`,
    metadata: {
      task_id: run.task_id ?? null,
      ...(run.trial === undefined ? {} : { trial: run.trial }),
      ...(instruction === undefined ? {} : { task: instruction }),
      ...(reward === null ? {} : { outcome: passes(reward) ? 'pass' : 'fail' }),
      ...(criteria.actions === undefined ? {} : { expected_actions: criteria.actions }),
      ...remaining(run, TAKEN),
      ...(Object.keys(rewardInfo).length === 0 ? {} : { reward_info: rewardInfo }),
    },
  });
  chatSpans(
    flattened(listOf(run.messages)),
    {
      traceId,
      origin: ORIGIN,
      agent: 'Assistant',
      user: 'User',
      model: textOf(objectOf(info.agent_info).llm),
      userModel: textOf(objectOf(info.user_info).llm),
      keepAll: true,
      failure,
    },
    records,
  );
  for (const score of scores(traceId, reward, rewardInfo)) records.push(score);
}

/** Results that came together stand in one message. */
function flattened(messages: readonly Json[]): readonly Json[] {
  return messages.flatMap((each) =>
    isJsonObject(each) && Array.isArray(each.tool_messages) ? (each.tool_messages as readonly Json[]) : [each],
  );
}

function failure(message: JsonObject, text: string): SpanError | null {
  return message.error === true ? { type: null, message: text || 'error' } : tauFailure(message, text);
}

function scores(traceId: string, reward: number | null, info: JsonObject): ScoreRecord[] {
  const parts = Object.entries(objectOf(info.reward_breakdown));
  const named: (readonly [string, number | null])[] = [
    ['reward', reward],
    ...parts.map(([name, value]) => [name, numberOf(value)] as const),
  ];
  return named.flatMap(([name, value]) => {
    if (value === null) return [];
    const passed = passes(value);
    return [
      { type: 'score', traceId, spanId: null, name, value, label: null, passed, explanation: null, source: SOURCE },
    ];
  });
}
