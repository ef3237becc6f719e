import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { issue, listOf, numberOf, remaining, textOf } from '../fields.ts';
import { saying, toolContent } from '../logs/span.ts';
import { spanRecord } from '../span-record.ts';
import { readContent } from '../messages/index.ts';
import { callOf, textIn, type History } from './history.ts';
import { ORIGIN, ROOT } from './run.ts';

const TAKEN = new Set([
  'action',
  'observation',
  'response',
  'thought',
  'query',
  'messages',
  'tool_calls',
  'tool_call_ids',
]);

/** Returns how many steps there are. Files without steps (demonstrations) are read from their messages. */
export function readSteps(
  { traceId, model }: { readonly traceId: string; readonly model: string | null },
  document: JsonObject,
  history: History,
  records: NormalisedRecord[],
): number {
  const given = listOf(document.trajectory);
  const steps = given.length > 0 ? given : history.answers.map((at) => stepOf(history.messages, at));
  let from = 0;
  for (const [index, step] of steps.entries()) {
    if (!isJsonObject(step)) {
      records.push(issue('error', 'invalid_item', `Step ${index} is not an object.`, { traceId, item: step }));
      continue;
    }
    const at = history.answers[index];
    const answer = at === undefined ? undefined : history.messages[at];
    // What was said since the last answer; the rest stands in the steps before.
    const input = at === undefined ? [] : history.messages.slice(from, at).flatMap(readMessage);
    if (at !== undefined) from = at + 1;
    const call = callOf(step) ?? callOf(answer);
    const action = textOf(step.action);
    records.push(
      spanRecord({
        traceId,
        spanId: `s${index}`,
        parentId: ROOT,
        kind: 'generation',
        name: `step ${index + 1}`,
        model,
        input,
        output: answerOf(step, call),
        attributes: { ...remaining(step, TAKEN), index },
        origin: ORIGIN,
      }),
    );
    // A step that only spoke (an exit, a format error) acted in no way.
    if (action === null && call === null) continue;
    const name = call?.name ?? commandOf(action ?? '');
    const seconds = numberOf(step.execution_time);
    records.push(
      spanRecord({
        traceId,
        spanId: `s${index}.action`,
        parentId: ROOT,
        kind: 'tool',
        name,
        tool: name,
        toolCallId: call?.id ?? null,
        input: call ? toolContent(call.args) : toolContent(action),
        output: observation(step.observation),
        attributes: {
          ...(action === null ? {} : { action }),
          ...(seconds === null ? {} : { execution_time: seconds }),
        },
        origin: ORIGIN,
      }),
    );
  }
  return steps.length;
}

function stepOf(messages: readonly JsonObject[], at: number): JsonObject {
  const answer = messages[at] ?? {};
  const next = messages[at + 1];
  const isAnswered = next !== undefined && (next.role === 'tool' || next.message_type === 'observation');
  return {
    ...(answer.action === undefined ? {} : { action: answer.action }),
    ...(answer.thought === undefined ? {} : { thought: answer.thought }),
    response: answer.content ?? null,
    observation: isAnswered ? textIn(next.content) : null,
  };
}

function readMessage(message: JsonObject): ContentItem[] {
  const role = textOf(message.role) ?? 'user';
  return role === 'tool'
    ? readContent({ role, content: message.content ?? null, tool_call_id: listOf(message.tool_call_ids)[0] ?? null })
    : saying(role, message.content);
}

function answerOf(step: JsonObject, call: ReturnType<typeof callOf>): ContentItem[] {
  const said = textOf(step.response) ?? textOf(step.thought);
  const parts: MessagePart[] = said === null ? [] : [{ type: 'text', content: said }];
  if (call) parts.push({ type: 'tool_call', id: call.id, name: call.name, arguments: argumentsIn(call.args) });
  return parts.length === 0 ? [] : [{ kind: 'message', role: 'assistant', parts }];
}

function argumentsIn(args: Json): Json {
  const [item] = toolContent(args);
  return item?.kind === 'json' ? item.value : args;
}

function observation(value: Json | undefined): ContentItem[] {
  return typeof value === 'string' ? (value === '' ? [] : [{ kind: 'text', text: value }]) : toolContent(value);
}

/** The word that an action begins with: `edit`, `open`, `submit`. */
function commandOf(action: string): string {
  return /^\s{0,64}([A-Za-z_][\w.-]{0,60})/.exec(action.slice(0, 200))?.[1] ?? 'action';
}
