/** Vercel AI SDK model messages: the chat frame with parts named in kebab case (v4: args/result, v5 on: input/output). */
import { isJsonObject, type Json } from '#shared/json.ts';
import { media, reasoning, toolCall, toolResponse } from './part-shapes.ts';
import { message, type Dialect, type PartReader } from './types.ts';

const toolResult: PartReader = (part) =>
  toolResponse(
    part.toolCallId,
    part.toolName,
    outcome(part.output ?? part.result ?? part.error, part.isError === true),
  );

export const aiSdk: Dialect = {
  id: 'ai-sdk',
  read: (value) => {
    // Elements of `ai.response.toolCalls` in v4 have no part type.
    if (typeof value.toolCallId !== 'string' || typeof value.toolName !== 'string') return null;
    if (typeof value.type === 'string' && value.type !== 'function') return null;
    return [message('assistant', [toolCall(value.toolCallId, value.toolName, value.args ?? value.input)])];
  },
  parts: {
    reasoning: (part) => reasoning(part.text),
    'redacted-reasoning': (part) => ({ type: 'other', value: part }),
    'tool-call': (part) =>
      typeof part.toolName === 'string' ? toolCall(part.toolCallId, part.toolName, part.input ?? part.args) : null,
    'tool-result': toolResult,
    'tool-error': (part) => toolResponse(part.toolCallId, part.toolName, outcome(part.error, true)),
    image: (part) => media(part.image, part.mediaType ?? part.mimeType, 'image'),
    file: (part) => media(part.data ?? part.url, part.mediaType ?? part.mimeType, null),
  },
};

/** v5 wraps a result as { type: 'text' | 'json' | 'content' | 'error-text' | 'error-json', value }. */
function outcome(value: Json | undefined, failed: boolean): Json {
  let content: Json = value ?? null;
  let isError = failed;
  if (isJsonObject(content) && typeof content.type === 'string' && Object.hasOwn(content, 'value')) {
    isError ||= content.type.startsWith('error-');
    content = content.value ?? null;
  }
  return isError ? { is_error: true, content } : content;
}
