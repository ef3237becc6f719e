/**
 * Messages in the wrapping that frameworks hand to Langfuse. Google's ADK: one message in an event or a request around
 * it. What Langfuse's LangChain handler writes: chat messages whose calls stand in `additional_kwargs`, and behind them the
 * definitions of the tools as messages of role "tool".
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';

export type Chat = {
  readonly content: Json;
  readonly tools: readonly Json[];
  /** What stood around the message. */
  readonly around: JsonObject | null;
};

/** The content without tool definitions, with calls where chat messages have them; anything else as it is. */
export function readChat(value: Json): Chat {
  if (isJsonObject(value)) return unwrapped(value) ?? { content: withCalls(value), tools: [], around: null };
  if (!Array.isArray(value)) return { content: value, tools: [], around: null };
  const list: readonly Json[] = value;
  const tools = list.flatMap((each) => definitionIn(each) ?? []);
  const content = list.filter((each) => definitionIn(each) === null);
  return { content: content.map((each) => (isJsonObject(each) ? withCalls(each) : each)), tools, around: null };
}

function unwrapped(value: JsonObject): Chat | null {
  for (const field of ['content', 'new_message'] as const) {
    const { [field]: inner, ...around } = value;
    if (isJsonObject(inner) && Array.isArray(inner.parts)) return { content: inner, tools: [], around };
  }
  return null;
}

function definitionIn(value: Json): Json | null {
  if (!isJsonObject(value) || value.role !== 'tool' || value.tool_call_id !== undefined) return null;
  const { content } = value;
  const isDefinition = isJsonObject(content) && content.type === 'function' && isJsonObject(content.function);
  return isDefinition ? content : null;
}

function withCalls(value: JsonObject): JsonObject {
  const extra = value.additional_kwargs;
  if (typeof value.role !== 'string' || value.tool_calls !== undefined) return value;
  if (!isJsonObject(extra) || !Array.isArray(extra.tool_calls)) return value;
  return { ...value, tool_calls: extra.tool_calls };
}
