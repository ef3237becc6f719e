/** The flattened lists of OpenInference: `llm.input_messages.0.message.contents.1.message_content.text`. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { readContent } from '../../messages/index.ts';
import { foldList } from './fold-list.ts';
import { roleOf } from './readers.ts';
import type { ContentContext, ListEntry, ListSource } from './types.ts';

const N = String.raw`\d{1,6}`;
const MESSAGE_PATH = new RegExp(
  String.raw`^${N}\.message\.(?:` +
    String.raw`role|content|name|tool_call_id|finish_reason|function_call_name|function_call_arguments_json|` +
    String.raw`contents\.${N}\.message_content\.(?:type|text|id|image\.image\.url|audio\.audio\.(?:url|mime_type|transcript))|` +
    String.raw`tool_calls\.${N}\.tool_call\.(?:id|function\.(?:name|arguments)))$`,
);
const DOCUMENT_PATH = new RegExp(String.raw`^${N}\.document\.(?:id|content|score|metadata)$`);

export const openInferenceLists: readonly ListSource[] = [
  { field: 'input', rank: 20, prefix: 'llm.input_messages.', path: MESSAGE_PATH, read: readMessageList },
  { field: 'output', rank: 20, prefix: 'llm.output_messages.', path: MESSAGE_PATH, read: readMessageList },
  {
    field: 'output',
    rank: 22,
    prefix: 'retrieval.documents.',
    path: DOCUMENT_PATH,
    read: (entries) => readDocuments(entries),
  },
  {
    field: 'output',
    rank: 24,
    prefix: 'reranker.output_documents.',
    path: DOCUMENT_PATH,
    read: (entries) => readDocuments(entries),
  },
  {
    field: 'input',
    rank: 24,
    prefix: 'reranker.input_documents.',
    path: DOCUMENT_PATH,
    read: (entries) => readDocuments(entries),
  },
  {
    field: 'input',
    rank: 26,
    prefix: 'llm.prompts.',
    path: new RegExp(`^${N}(?:\\.prompt\\.text)?$`),
    read: readTexts,
  },
  {
    field: 'output',
    rank: 26,
    prefix: 'llm.choices.',
    path: new RegExp(`^${N}(?:\\.completion\\.text)?$`),
    read: readTexts,
  },
  {
    field: 'input',
    rank: 28,
    prefix: 'embedding.embeddings.',
    path: new RegExp(`^${N}\\.embedding\\.text$`),
    read: (entries) => leaves(entries).flatMap((value) => readContent(value)),
  },
];

function readMessageList(entries: readonly ListEntry[], context: ContentContext): ContentItem[] {
  const fallback = roleOf(context)?.role ?? (context.field === 'input' ? 'user' : 'assistant');
  return foldList(entries).flatMap((entry) => {
    const message = isJsonObject(entry) ? entry.message : null;
    return isJsonObject(message) ? readContent(toChat(message, fallback)) : [];
  });
}

/** The flattened message in the shape of an OpenAI chat message, which the shared readers know. */
function toChat(message: JsonObject, fallback: string): JsonObject {
  const {
    contents,
    tool_calls: calls,
    function_call_name: calledName,
    function_call_arguments_json,
    ...rest
  } = message;
  const list = Array.isArray(calls) ? (calls as readonly Json[]) : [];
  const toolCalls = list.flatMap((each) => {
    const call = isJsonObject(each) ? each.tool_call : null;
    return isJsonObject(call) && isJsonObject(call.function) ? [{ ...call, type: 'function' }] : [];
  });
  return {
    role: fallback,
    ...rest,
    content: Array.isArray(contents) ? (contents as readonly Json[]).map(toPart) : (message.content ?? null),
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
    ...(typeof calledName === 'string'
      ? { function_call: { name: calledName, arguments: function_call_arguments_json ?? '' } }
      : {}),
  };
}

function toPart(entry: Json): Json {
  const part = isJsonObject(entry) ? entry.message_content : null;
  if (!isJsonObject(part)) return entry;
  const { image } = part;
  if (isJsonObject(image) && isJsonObject(image.image) && typeof image.image.url === 'string') {
    return { type: 'image_url', image_url: { url: image.image.url } };
  }
  // Reasoning and refusals are texts of their own type; an output_text is a text.
  if (typeof part.text === 'string' && part.type !== 'reasoning') return { type: 'text', text: part.text };
  return part;
}

function readDocuments(entries: readonly ListEntry[]): ContentItem[] {
  const documents = foldList(entries).map((entry) => (isJsonObject(entry) ? (entry.document ?? null) : entry));
  return documents.length > 0 ? [{ kind: 'json', value: documents }] : [];
}

function readTexts(entries: readonly ListEntry[], context: ContentContext): ContentItem[] {
  return leaves(entries).flatMap((value) => readContent(value, roleOf(context)));
}

/** The values of a list of single fields, in numeric order. */
function leaves(entries: readonly ListEntry[]): readonly Json[] {
  return [...entries].sort((a, b) => Number(a.path[0]) - Number(b.path[0])).map((entry) => entry.value);
}
