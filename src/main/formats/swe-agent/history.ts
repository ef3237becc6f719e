/** The messages that the agent saw, sorted for the steps to find. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import { idOf, listOf, textOf } from '../fields.ts';

export type History = {
  readonly messages: readonly JsonObject[];
  /** Indices of the assistant's messages that are no demonstration: the k-th belongs to the k-th step. */
  readonly answers: readonly number[];
  readonly task: string | null;
  readonly agent: string | null;
};

export function readHistory(value: Json | undefined): History {
  const messages = listOf(value).filter(isJsonObject);
  const answers = messages.flatMap((message, index) =>
    message.role === 'assistant' && message.is_demo !== true ? [index] : [],
  );
  const asked = messages.find(({ role, is_demo: demo }) => role === 'user' && demo !== true);
  const agent = messages.map((message) => textOf(message.agent)).find((each) => each !== null) ?? null;
  return { messages, answers, task: asked ? textIn(asked.content) : null, agent };
}

export function textIn(content: Json | undefined): string | null {
  if (typeof content === 'string') return content;
  const texts = listOf(content).flatMap((part) => (isJsonObject(part) ? (textOf(part.text) ?? []) : []));
  return texts.length === 0 ? null : texts.join('\n');
}

/** The first call of an answer, where the model called functions. */
export function callOf(
  message: JsonObject | undefined,
): { readonly id: string | null; readonly name: string; readonly args: Json } | null {
  const call = listOf(message?.tool_calls).find(isJsonObject);
  const body = isJsonObject(call?.function) ? call.function : call;
  const name = textOf(body?.name);
  return name === null ? null : { id: idOf(call?.id), name, args: body?.arguments ?? null };
}
