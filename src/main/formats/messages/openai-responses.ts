/** OpenAI Responses: the items of `input` and `output`, and whole Response objects. Item ids and states are not content. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import { file, media, reasoning, responseOf, text, toolCall, toolResponse, without } from './part-shapes.ts';
import { message, type Dialect, type PartReader } from './types.ts';

/** Calls that the provider runs itself: the fields that hold their arguments and, when done, their result. */
const HOSTED: ReadonlyMap<string, { readonly args: string; readonly result: string | null }> = new Map([
  ['web_search_call', { args: 'action', result: 'results' }],
  ['file_search_call', { args: 'queries', result: 'results' }],
  ['code_interpreter_call', { args: 'code', result: 'outputs' }],
  ['image_generation_call', { args: 'revised_prompt', result: 'result' }],
  ['mcp_call', { args: 'arguments', result: 'output' }],
  ['mcp_list_tools', { args: 'server_label', result: 'tools' }],
  ['mcp_approval_request', { args: 'arguments', result: null }],
  ['tool_search_call', { args: 'arguments', result: null }],
]);

/** Calls that the client runs and answers with an item of type `…_output`. */
const CLIENT_CALLS = new Set([
  'computer_call',
  'local_shell_call',
  'shell_call',
  'apply_patch_call',
  'custom_tool_call',
]);
const OUTPUTS = new Set([
  'function_call_output',
  'tool_search_output',
  'mcp_approval_response',
  ...[...CLIENT_CALLS].map((type) => `${type}_output`),
]);
const VOLATILE = new Set(['id', 'status', 'created_by']);

export const openAiResponses: Dialect = {
  id: 'openai-responses',
  read: (value, reader) => {
    if (value.object === 'response' && Array.isArray(value.output)) {
      return value.output.length === 0 ? [] : reader.messages(value.output);
    }
    return readItem(value);
  },
  parts: {
    input_text: (part) => text(part.text),
    output_text: (part) => text(part.text),
    summary_text: (part) => reasoning(part.text),
    reasoning_text: (part) => reasoning(part.text),
    input_image: (part) => file(part.file_id) ?? media(part.image_url, null, 'image'),
    input_file: (part) => file(part.file_id) ?? media(part.file_data ?? part.file_url, null, null),
    computer_screenshot: (part) => file(part.file_id) ?? media(part.image_url, null, 'image'),
  } satisfies Record<string, PartReader>,
};

function readItem(value: JsonObject): ContentItem[] | null {
  const type = value.type;
  if (typeof type !== 'string' || typeof value.role === 'string') return null;
  if (type === 'function_call') {
    if (typeof value.name !== 'string' || !Object.hasOwn(value, 'call_id')) return null;
    return [message('assistant', [toolCall(value.call_id, value.name, value.arguments)])];
  }
  if (OUTPUTS.has(type)) {
    const id = value.call_id ?? value.approval_request_id;
    if (id === undefined) return null;
    const rest = without(value, new Set(['type', 'call_id', ...VOLATILE]));
    return [message('tool', [toolResponse(id, null, responseOf(value.output ?? rest))])];
  }
  if (CLIENT_CALLS.has(type)) {
    if (!Object.hasOwn(value, 'call_id')) return null;
    const args = value.input ?? value.action ?? value.actions ?? value.operation ?? null;
    return [message('assistant', [toolCall(value.call_id, value.name ?? type.slice(0, -'_call'.length), args)])];
  }
  const hosted = HOSTED.get(type);
  if (hosted) return [message('assistant', hostedParts(type, value, hosted))];
  if (type === 'reasoning') return readReasoning(value);
  if ((type === 'item_reference' || type === 'compaction') && typeof value.id === 'string') {
    return [message('assistant', [{ type: 'other', value }])];
  }
  return null;
}

function hostedParts(
  type: string,
  value: JsonObject,
  fields: { readonly args: string; readonly result: string | null },
): MessagePart[] {
  const name = typeof value.name === 'string' ? value.name : type.replace(/_call$/, '');
  const parts = [toolCall(value.id, name, value[fields.args])];
  const result = fields.result === null ? null : (value[fields.result] ?? null);
  const outcome = value.error ?? null;
  if (outcome !== null) parts.push(toolResponse(value.id, name, { error: outcome, result }));
  else if (result !== null) parts.push(toolResponse(value.id, name, responseOf(result)));
  return parts;
}

/** A reasoning item; one that holds nothing but sealed text says so instead of looking empty. */
function readReasoning(value: JsonObject): ContentItem[] | null {
  const lists = [value.summary, value.content, value.rawContent].filter(Array.isArray) as (readonly Json[])[];
  if (lists.length === 0) return null;
  const parts = lists.flat().flatMap((each): MessagePart | MessagePart[] => {
    if (!isJsonObject(each)) return [];
    return reasoning(each.text) ?? { type: 'other', value: each };
  });
  const sealed = value.encrypted_content;
  if (parts.length === 0 && typeof sealed === 'string') {
    parts.push({ type: 'other', value: { type: 'reasoning', encrypted_content: sealed } });
  }
  return [message('assistant', parts)];
}
