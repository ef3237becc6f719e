import { isJsonObject, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord, SpanOrigin, Usage } from '#shared/record.ts';
import { countOf, idOf, isEmpty, issue, listOf, objectOf, remaining, textOf, timeOf } from '../fields.ts';
import { originOf, spanRecord } from '../span-record.ts';
import { createStepReader } from './step.ts';

const TAKEN = new Set([
  'schema_version',
  'session_id',
  'trajectory_id',
  'agent',
  'steps',
  'final_metrics',
  'subagent_trajectories',
]);
/** Agents that start agents that start agents. */
const MAX_NESTING = 20;

/** @param natural what names the trajectory when it does not name itself */
export function readTrajectory(trajectory: JsonObject, natural: string, records: NormalisedRecord[]): void {
  const agent = objectOf(trajectory.agent);
  const session = idOf(trajectory.session_id);
  // A continuation has the session of what it continues.
  const part = idOf(trajectory.trajectory_id) ?? idOf(objectOf(agent.extra).continuation_index);
  const own = session ?? idOf(trajectory.trajectory_id);
  const traceId = `atif:${own === null ? natural : part === null || part === own ? own : `${own}:${part}`}`;
  const origin = originOf('atif', textOf(trajectory.schema_version));
  const name = textOf(agent.name) ?? 'agent';
  const task = listOf(trajectory.steps).flatMap((step) =>
    isJsonObject(step) && step.source === 'user' ? [step.message ?? null] : [],
  )[0];
  records.push({
    type: 'trace',
    traceId,
    name,
    ...(session === null ? {} : { sessionId: session }),
    metadata: remaining({ ...remaining(trajectory, TAKEN), task: task ?? null }, new Set()),
  });
  readAgent(trajectory, { traceId, prefix: '', parentId: null, origin }, records, 0);
}

type Place = {
  readonly traceId: string;
  /** Before the ids of its spans, so that those of sub-agents differ. */
  readonly prefix: string;
  readonly parentId: string | null;
  readonly origin: SpanOrigin;
};

function readAgent(trajectory: JsonObject, place: Place, records: NormalisedRecord[], nesting: number): void {
  const { traceId, prefix, parentId, origin } = place;
  const agent = objectOf(trajectory.agent);
  const name = textOf(agent.name) ?? 'agent';
  const spanId = `${prefix}agent`;
  const steps = listOf(trajectory.steps);
  const times = steps.flatMap((step) => (isJsonObject(step) ? (timeOf(step.timestamp) ?? []) : []));
  const metrics = objectOf(trajectory.final_metrics);
  records.push(
    spanRecord({
      traceId,
      spanId,
      parentId,
      kind: 'agent',
      name,
      agent: name,
      model: textOf(agent.model_name),
      start: times[0] ?? null,
      end: times.at(-1) ?? null,
      reportedUsage: totalsOf(metrics),
      attributes: {
        ...remaining(agent, new Set(['name', 'model_name']), 'atif.agent.'),
        ...(isEmpty(metrics) ? {} : { 'atif.final_metrics': metrics }),
        ...(prefix === '' ? {} : remaining(trajectory, TAKEN, 'atif.')),
      },
      origin,
    }),
  );
  const reader = createStepReader(
    { traceId, prefix, agentSpan: spanId, agent: name, model: textOf(agent.model_name), origin },
    records,
  );
  steps.forEach((step, at) => {
    if (isJsonObject(step)) reader.read(step, at);
    else records.push(issue('error', 'invalid_item', `Step ${at + 1} is not an object.`, { traceId, item: step }));
  });
  listOf(trajectory.subagent_trajectories).forEach((each, at) => {
    if (!isJsonObject(each) || nesting === MAX_NESTING) {
      records.push(
        issue('error', 'invalid_item', `Sub-agent ${at + 1} is no trajectory, or nests too deeply.`, {
          traceId,
          item: each,
        }),
      );
      return;
    }
    const caller = reader.callerOf(idOf(each.trajectory_id), idOf(each.session_id));
    readAgent(each, { traceId, prefix: `${prefix}${at}.`, parentId: caller ?? spanId, origin }, records, nesting + 1);
  });
}

function totalsOf(metrics: JsonObject): Usage | null {
  const input = countOf(metrics.total_prompt_tokens);
  const output = countOf(metrics.total_completion_tokens);
  if (input === null && output === null) return null;
  return { input, output, cacheRead: countOf(metrics.total_cached_tokens), cacheWrite: null, reasoning: null };
}
