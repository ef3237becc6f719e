import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import type { NormalisedRecord, SpanOrigin, Usage } from '#shared/record.ts';
import { countOf, idOf, isEmpty, issue, listOf, objectOf, remaining, textOf, timeOf } from '../fields.ts';
import { readContent } from '../messages/index.ts';
import { spanRecord } from '../span-record.ts';

type Around = {
  readonly traceId: string;
  readonly prefix: string;
  readonly agentSpan: string;
  readonly agent: string;
  readonly model: string | null;
  readonly origin: SpanOrigin;
};
export type StepReader = {
  readonly read: (step: JsonObject, at: number) => void;
  /** The tool span whose observation names this sub-agent. */
  readonly callerOf: (trajectoryId: string | null, sessionId: string | null) => string | null;
};

const TAKEN = new Set(
  (
    'step_id timestamp source model_name message reasoning_content tool_calls observation metrics is_copied_context ' +
    'llm_call_count'
  ).split(' '),
);

export function createStepReader(around: Around, records: NormalisedRecord[]): StepReader {
  const { traceId, prefix, agentSpan: parentId, origin } = around;
  /** What was said since the agent's last answer: what its next one reads anew. */
  let heard: ContentItem[] = [];
  const callers = new Map<string, string>();

  function readAgentStep(step: JsonObject, at: number): void {
    const time = timeOf(step.timestamp);
    const metrics = objectOf(step.metrics);
    const model = textOf(step.model_name) ?? around.model;
    const answer = answerOf(step);
    records.push(
      spanRecord({
        traceId,
        spanId: `${prefix}s${at}`,
        parentId,
        kind: 'generation',
        name: model ?? 'step',
        agent: around.agent,
        model,
        start: time,
        end: time,
        usage: usageOf(metrics),
        cost: countOf(metrics.cost_usd),
        input: heard,
        output: answer,
        attributes: {
          ...remaining(step, TAKEN, 'atif.'),
          ...remaining(metrics, METRICS, 'atif.metrics.'),
          'atif.step_id': step.step_id ?? at + 1,
        },
        origin,
      }),
    );
    heard = [];
  }

  function readCalls(step: JsonObject, at: number): void {
    const results = listOf(objectOf(step.observation).results).filter(isJsonObject);
    const calls = listOf(step.tool_calls).filter(isJsonObject);
    const time = timeOf(step.timestamp);
    const taken = new Set<JsonObject>();
    const byCall = new Map(results.map((each) => [idOf(each.source_call_id), each] as const));
    // With one call and one result there is nothing to tell apart.
    const only = calls.length === 1 && results.length === 1 ? byCall.get(null) : undefined;
    calls.forEach((call, index) => {
      const id = idOf(call.tool_call_id);
      const result = (id === null ? undefined : byCall.get(id)) ?? only;
      if (result) taken.add(result);
      const tool = textOf(call.function_name);
      const spanId = `${prefix}s${at}.t${index}`;
      records.push(
        spanRecord({
          traceId,
          spanId,
          parentId,
          kind: 'tool',
          name: tool ?? 'tool',
          agent: around.agent,
          tool,
          toolCallId: id,
          start: time,
          end: time,
          input: isEmpty(call.arguments) ? [] : [{ kind: 'json', value: call.arguments ?? null }],
          output: result ? resultItems(result.content) : [],
          attributes: {
            ...remaining(call, CALL, 'atif.'),
            ...(result ? remaining(result, RESULT, 'atif.') : {}),
          },
          origin,
        }),
      );
      if (!result) return;
      noteSubagents(result, spanId);
      heard.push({
        kind: 'message',
        role: 'tool',
        parts: [
          {
            type: 'tool_call_response',
            id,
            ...(tool === null ? {} : { name: tool }),
            response: result.content ?? null,
          },
        ],
      });
    });
    results.forEach((result, index) => {
      if (taken.has(result)) return;
      const spanId = `${prefix}s${at}.o${index}`;
      const output = resultItems(result.content);
      records.push(
        spanRecord({
          traceId,
          spanId,
          parentId,
          kind: 'custom',
          subtype: 'observation',
          name: 'observation',
          agent: around.agent,
          start: time,
          end: time,
          output,
          attributes: remaining(result, new Set(['content']), 'atif.'),
          origin,
        }),
      );
      noteSubagents(result, spanId);
      for (const item of readContent(result.content, { role: 'user' })) heard.push(item);
    });
  }

  function noteSubagents(result: JsonObject, spanId: string): void {
    for (const each of listOf(result.subagent_trajectory_ref)) {
      const reference = objectOf(each);
      for (const id of [idOf(reference.trajectory_id), idOf(reference.session_id)]) {
        if (id !== null && !callers.has(id)) callers.set(id, spanId);
      }
    }
  }

  return {
    read(step, at) {
      if (step.source === 'agent') {
        // Steps of the trajectory that this one continues were not run again: the agent only reads them.
        if (step.is_copied_context === true) {
          for (const item of answerOf(step)) heard.push(item);
          return;
        }
        readAgentStep(step, at);
        readCalls(step, at);
      } else if (step.source === 'user' || step.source === 'system') {
        for (const item of readContent(step.message, { role: step.source })) heard.push(item);
        if (!isEmpty(step.observation)) readCalls(step, at);
      } else {
        const message = `Step ${at + 1} is by nobody that is known.`;
        records.push(issue('warning', 'unknown_item', message, { traceId, item: step }));
      }
    },
    callerOf: (trajectoryId, sessionId) =>
      (trajectoryId === null ? undefined : callers.get(trajectoryId)) ??
      (sessionId === null ? undefined : callers.get(sessionId)) ??
      null,
  };
}

const METRICS = new Set(['prompt_tokens', 'completion_tokens', 'cached_tokens', 'cost_usd']);
const CALL = new Set(['tool_call_id', 'function_name', 'arguments']);
const RESULT = new Set(['source_call_id', 'content']);

function usageOf(metrics: JsonObject): Usage | null {
  const input = countOf(metrics.prompt_tokens);
  const output = countOf(metrics.completion_tokens);
  if (input === null && output === null) return null;
  return { input, output, cacheRead: countOf(metrics.cached_tokens), cacheWrite: null, reasoning: null };
}

/** One message: what the agent thought, said and called. */
function answerOf(step: JsonObject): ContentItem[] {
  const thought = textOf(step.reasoning_content);
  const said = readContent(step.message, { role: 'assistant' });
  const parts: MessagePart[] = thought === null ? [] : [{ type: 'reasoning', content: thought }];
  const other: ContentItem[] = [];
  for (const item of said) {
    if (item.kind === 'message') parts.push(...item.parts);
    else other.push(item);
  }
  for (const call of listOf(step.tool_calls)) {
    if (!isJsonObject(call)) continue;
    parts.push({
      type: 'tool_call',
      id: idOf(call.tool_call_id),
      name: textOf(call.function_name) ?? '',
      arguments: call.arguments ?? null,
    });
  }
  return parts.length === 0 ? other : [{ kind: 'message', role: 'assistant', parts }, ...other];
}

function resultItems(content: Json | undefined): ContentItem[] {
  if (isEmpty(content)) return [];
  return [typeof content === 'string' ? { kind: 'text', text: content } : { kind: 'json', value: content ?? null }];
}
