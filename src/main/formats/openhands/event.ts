/** One event of either generation of OpenHands, as the same facts. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { SpanError } from '#shared/record.ts';
import { idOf, listOf, numberOf, objectOf, remaining, textOf } from '../fields.ts';
import { responseOf } from '../messages/part-shapes.ts';

export type Event =
  /** Words or a call out of the model. `call` is null where the agent only speaks. */
  | {
      readonly type: 'action';
      readonly id: string | null;
      readonly thought: string | null;
      readonly reasoning: string | null;
      readonly call: { readonly id: string | null; readonly name: string; readonly args: Json } | null;
      /** Actions of one answer of the model share it. */
      readonly response: string | null;
      readonly answer: JsonObject;
      readonly delegate: string | null;
    }
  | {
      readonly type: 'result';
      readonly cause: string | null;
      readonly callId: string | null;
      readonly name: string | null;
      readonly content: Json;
      readonly error: SpanError | null;
      readonly attributes: JsonObject;
    }
  | { readonly type: 'said'; readonly role: 'user' | 'system'; readonly content: Json }
  | { readonly type: 'other'; readonly name: string; readonly attributes: JsonObject };

const NO_RESULT = new Set(['null', 'agent_state_changed', 'recall', 'user_rejected']);
const FRAME = new Set(['id', 'timestamp', 'source']);

export function readEvent(event: JsonObject): Event {
  return typeof event.kind === 'string' && event.args === undefined ? readSdk(event, event.kind) : readClassic(event);
}

function readClassic(event: JsonObject): Event {
  const args = objectOf(event.args);
  const action = textOf(event.action);
  const said = args.content ?? event.message ?? null;
  if (action === 'system') return { type: 'said', role: 'system', content: said };
  if (action === 'message' && event.source === 'user') return { type: 'said', role: 'user', content: said };
  if (action !== null && event.source === 'agent' && action !== 'change_agent_state' && action !== 'recall') {
    const metadata = objectOf(event.tool_call_metadata);
    const answer = objectOf(metadata.model_response);
    const speaks = action === 'message' || action === 'finish' || action === 'reject';
    const thought = textOf(args.thought) ?? textOf(args.final_thought);
    return {
      type: 'action',
      id: idOf(event.id),
      thought: speaks ? (textOf(args.content) ?? thought ?? textOf(event.message)) : thought,
      reasoning: null,
      call: speaks
        ? null
        : {
            id: idOf(metadata.tool_call_id),
            name: textOf(metadata.function_name) ?? action,
            args: remaining(args, new Set(['thought'])),
          },
      response: idOf(answer.id),
      answer,
      delegate: action === 'delegate' ? (textOf(args.agent) ?? 'delegate') : null,
    };
  }
  const observation = textOf(event.observation);
  const cause = idOf(event.cause);
  if (observation !== null && !NO_RESULT.has(observation)) {
    const extras = objectOf(event.extras);
    const metadata = objectOf(event.tool_call_metadata);
    return {
      type: 'result',
      cause,
      callId: idOf(metadata.tool_call_id),
      name: textOf(metadata.function_name) ?? observation,
      content: event.content ?? null,
      error: classicError(event, observation, extras),
      attributes: { observation, ...(Object.keys(extras).length === 0 ? {} : { extras }) },
    };
  }
  return { type: 'other', name: action ?? observation ?? 'event', attributes: remaining(event, FRAME) };
}

function classicError(event: JsonObject, observation: string, extras: JsonObject): SpanError | null {
  const code = numberOf(extras.exit_code ?? objectOf(extras.metadata).exit_code);
  if (observation !== 'error' && event.success !== false && !(code !== null && code > 0)) return null;
  const type =
    observation === 'error' ? (textOf(extras.error_id) ?? 'error') : code === null ? null : `exit code ${code}`;
  return { type, message: textOf(event.content) ?? textOf(event.message) ?? type ?? 'error' };
}

function readSdk(event: JsonObject, kind: string): Event {
  if (kind === 'SystemPromptEvent') {
    return { type: 'said', role: 'system', content: objectOf(event.system_prompt).text ?? event.system_prompt ?? null };
  }
  if (kind === 'MessageEvent') {
    const message = objectOf(event.llm_message);
    if (event.source !== 'agent') return { type: 'said', role: 'user', content: message.content ?? null };
    const thought = textIn(message.content);
    const reasoning = textOf(message.reasoning_content);
    const response = idOf(event.llm_response_id);
    return { type: 'action', id: idOf(event.id), thought, reasoning, call: null, response, answer: {}, delegate: null };
  }
  if (kind === 'ActionEvent') {
    const call = objectOf(event.tool_call);
    const name = textOf(event.tool_name) ?? textOf(call.name) ?? textOf(objectOf(event.action).kind) ?? 'tool';
    const args = remaining(objectOf(event.action), new Set(['kind']));
    return {
      type: 'action',
      id: idOf(event.id),
      thought: textIn(event.thought),
      reasoning: textOf(event.reasoning_content),
      call: { id: idOf(event.tool_call_id) ?? idOf(call.id), name, args },
      response: idOf(event.llm_response_id),
      answer: {},
      delegate: null,
    };
  }
  if (kind === 'ObservationEvent' || kind === 'AgentErrorEvent' || kind === 'UserRejectObservation') {
    const body = objectOf(event.observation);
    const content = event.error ?? event.rejection_reason ?? body.content ?? body.output ?? null;
    const exit = numberOf(body.exit_code);
    const failed =
      kind !== 'ObservationEvent' || body.is_error === true || textOf(body.error) !== null || (exit ?? 0) > 0;
    const text = textIn(content) ?? textOf(body.error) ?? kind;
    return {
      type: 'result',
      cause: idOf(event.action_id),
      callId: idOf(event.tool_call_id),
      name: textOf(event.tool_name),
      content,
      error: failed ? { type: exit !== null && exit > 0 ? `exit code ${exit}` : kind, message: text } : null,
      attributes: remaining(body, new Set(['content', 'output'])),
    };
  }
  return { type: 'other', name: kind, attributes: remaining(event, new Set([...FRAME, 'kind'])) };
}

function textIn(content: Json | undefined): string | null {
  const response = responseOf(listOf(content).length > 0 ? content : (content ?? null));
  if (typeof response === 'string') return response === '' ? null : response;
  return isJsonObject(response) ? textOf(response.text) : null;
}
