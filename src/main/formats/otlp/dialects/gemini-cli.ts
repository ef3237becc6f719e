/**
 * Gemini CLI: GenAI keys with contents of Gemini's shape, on tool spans with the CLI's own request and response
 * objects. Every model call and every round of tools is a trace of its own; the conversation id joins them. A failed
 * tool has status OK: the failure is in its output.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanKind } from '#shared/record.ts';
import { readJsonText } from '../../messages/index.ts';
import { readUnsuccessful } from './claude-code.ts';
import { count, kind, KIND, readName, readToolValue, text } from './readers.ts';
import type { Dialect } from './types.ts';

const TOOLS: readonly SpanKind[] = ['tool', 'handoff'];
const BARE = { bare: true } as const;

export const geminiCli: Dialect = {
  id: 'gemini_cli',
  scopes: [/^gemini-cli$/],
  tells: [],
  facts: [
    {
      ...kind(60, 'gen_ai.operation.name', {
        llm_call: KIND.generation,
        tool_call: KIND.tool,
        schedule_tool_calls: KIND.step,
        agent_call: KIND.agent,
        user_prompt: KIND.prompt,
        system_prompt: KIND.prompt,
      }),
      bare: true,
    },
    text('model', 100, 'model', BARE),
    text('tool', 50, 'function_name', BARE),
    // Their output leaves the thoughts out, so the flag below must be this dialect's.
    count('outputTokens', 9, 'gen_ai.usage.output_tokens', BARE),
    count('inputTokens', 100, 'input_token_count', BARE),
    count('outputTokens', 101, 'output_token_count', BARE),
    count('cacheRead', 70, 'cached_content_token_count', BARE),
    count('reasoning', 60, 'thoughts_token_count', BARE),
    { field: 'failed', rank: 52, key: 'success', bare: true, read: readUnsuccessful },
    {
      field: 'failed',
      rank: 70,
      key: 'gen_ai.output.messages',
      bare: true,
      costly: true,
      when: TOOLS,
      read: (value) => (resultIn(value)?.status === 'error' ? true : null),
    },
    {
      field: 'errorMessage',
      rank: 70,
      key: 'gen_ai.output.messages',
      bare: true,
      costly: true,
      when: TOOLS,
      read: readToolError,
    },
  ],
  content: [
    { field: 'input', rank: 7, key: 'function_args', bare: true, when: TOOLS, read: readToolValue },
    { field: 'input', rank: 9, key: 'gen_ai.input.messages', bare: true, when: TOOLS, read: readRequest },
    { field: 'output', rank: 9, key: 'gen_ai.output.messages', bare: true, when: TOOLS, read: readToolValue },
  ],
  tokens: { outputExcludesReasoning: true },
  aliases: ({ attributes }, { kind }) => {
    const call = kind === 'tool' ? readName(attributes['gen_ai.tool.call_id'] ?? attributes.call_id ?? null) : null;
    return call === null ? [] : [`call:${call}`];
  },
};

function valueIn(value: Json): Json {
  const parsed = typeof value === 'string' ? (readJsonText(value) ?? null) : value;
  return Array.isArray(parsed) && parsed.length === 1 ? ((parsed as readonly Json[])[0] ?? null) : parsed;
}

function resultIn(value: Json): JsonObject | null {
  if (typeof value === 'string' && !value.includes('"status"')) return null;
  const result = valueIn(value);
  return isJsonObject(result) ? result : null;
}

function readToolError(value: Json): string | null {
  const result = resultIn(value);
  if (result?.status !== 'error') return null;
  const { response } = result;
  for (const holder of [response, result]) {
    const given = isJsonObject(holder) ? holder.error : null;
    const message = isJsonObject(given) ? given.message : given;
    if (typeof message === 'string' && message !== '') return message;
  }
  return readName(isJsonObject(response) ? (response.resultDisplay ?? null) : null);
}

/** The request's arguments where it is the CLI's request object; what stands around them is in other attributes. */
function readRequest(value: Json): ContentItem[] {
  const request = valueIn(value);
  if (!isJsonObject(request)) return readToolValue(value);
  const inner = isJsonObject(request.request) ? request.request : request;
  return readToolValue(inner.args ?? value);
}
