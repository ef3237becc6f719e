/** Protocol items of the OpenAI Agents SDK for JavaScript: Responses items in camelCase with words of their own. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import { file, media, responseOf, toolCall, toolResponse } from './part-shapes.ts';
import { message, type Dialect } from './types.ts';

const RESULTS = new Set([
  'function_call_result',
  'computer_call_result',
  'shell_call_output',
  'apply_patch_call_output',
]);
const CALLS = new Set(['computer_call', 'shell_call', 'apply_patch_call']);

export const agentsJs: Dialect = {
  id: 'agents-js',
  read: (value, reader) => {
    // A ModelResponse: { usage, output: items, responseId }.
    if (Array.isArray(value.output) && Object.hasOwn(value, 'responseId')) {
      return value.output.length === 0 ? [] : reader.messages(value.output);
    }
    return readItem(value);
  },
  parts: {
    input_image: (part) => mediaOrFile(part.image, 'image'),
    input_file: (part) => mediaOrFile(part.file, null),
    // With a media type beside it, it is the AI SDK's.
    image: (part) => ('mediaType' in part || 'mimeType' in part ? null : mediaOrFile(part.image, 'image')),
    audio: (part) => mediaOrFile(part.audio, 'audio', part.format),
    computer_screenshot: (part) => mediaOrFile(part.data, 'image', 'png'),
  },
};

function readItem(value: JsonObject): ContentItem[] | null {
  const type = value.type;
  if (typeof type !== 'string') return null;
  if (type === 'hosted_tool_call' && typeof value.name === 'string') {
    const parts = [toolCall(value.id, value.name, value.arguments)];
    if (value.output !== undefined && value.output !== null) {
      parts.push(toolResponse(value.id, value.name, responseOf(value.output)));
    }
    return [message('assistant', parts)];
  }
  if (!Object.hasOwn(value, 'callId')) return null;
  if (type === 'function_call') return [message('assistant', [toolCall(value.callId, value.name, value.arguments)])];
  // The name is left out: the same result carries none in the Responses API, and the call names it.
  if (RESULTS.has(type)) return [message('tool', [toolResponse(value.callId, null, responseOf(value.output))])];
  if (CALLS.has(type)) {
    const args = value.action ?? value.actions ?? value.operation ?? null;
    return [message('assistant', [toolCall(value.callId, type.slice(0, -'_call'.length), args)])];
  }
  return null;
}

function mediaOrFile(value: Json | undefined, modality: string | null, format?: Json): MessagePart | null {
  if (isJsonObject(value)) return file(value.id) ?? media(value.url, null, modality);
  const mimeType = modality !== null && typeof format === 'string' ? `${modality}/${format}` : null;
  return media(value, mimeType, modality);
}
