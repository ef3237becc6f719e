/** Anthropic content blocks; the message frame (`role`, `content`, `stop_reason`) is the chat one. */
import { isJsonObject, type JsonObject } from '#shared/json.ts';
import type { MessagePart } from '#shared/message.ts';
import { file, media, reasoning, responseOf, text, toolCall, toolResponse } from './part-shapes.ts';
import type { Dialect, PartReader } from './types.ts';

const toolUse: PartReader = (part) => (typeof part.name === 'string' ? toolCall(part.id, part.name, part.input) : null);

const toolResult: PartReader = (part) => {
  const content = responseOf(part.content);
  return toolResponse(part.tool_use_id, null, part.is_error === true ? { is_error: true, content } : content);
};

export const anthropic: Dialect = {
  id: 'anthropic',
  parts: {
    tool_use: toolUse,
    server_tool_use: toolUse,
    mcp_tool_use: toolUse,
    tool_result: toolResult,
    mcp_tool_result: toolResult,
    web_search_tool_result: toolResult,
    web_fetch_tool_result: toolResult,
    code_execution_tool_result: toolResult,
    bash_code_execution_tool_result: toolResult,
    text_editor_code_execution_tool_result: toolResult,
    thinking: (part) => reasoning(part.thinking),
    redacted_thinking: (part) => ({ type: 'other', value: { type: 'redacted_thinking', data: part.data ?? null } }),
    image: (part) => (isJsonObject(part.source) ? source(part.source, 'image') : null),
    document: (part) => (isJsonObject(part.source) ? source(part.source, null) : null),
  },
};

function source(value: JsonObject, modality: string | null): MessagePart | null {
  if (value.type === 'text') return text(value.data);
  return file(value.file_id) ?? media(value.data ?? value.url, value.media_type, modality);
}
