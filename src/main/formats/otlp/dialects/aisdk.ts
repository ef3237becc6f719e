/**
 * Vercel AI SDK 4 to 6, and the legacy telemetry of 7 (scope `ai`): an outer span per call of the SDK, inner spans per
 * model call (`.doGenerate`) and per tool call. Version 4 wrote `ai.result.*` for `ai.response.*`.
 */
import { isJsonObject, type Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { readContent, readJsonText } from '../../messages/index.ts';
import type { OtlpSpan } from '../span.ts';
import { metadataUnder } from './json-map.ts';
import { content, count, KIND, readWords, text } from './readers.ts';
import type { ContentContext, Dialect, KindFact, ListEntry, ListSource } from './types.ts';

const METADATA = 'ai.telemetry.metadata.';

export const aiSdk: Dialect = {
  id: 'aisdk_legacy',
  scopes: [/^ai$/],
  tells: ['ai.operationId'],
  facts: [
    { field: 'kind', rank: 80, key: 'ai.operationId', read: kindOfOperation },
    text('agent', 100, 'ai.telemetry.functionId', { when: ['agent'] }),
    text('model', 30, 'ai.response.model'),
    text('model', 70, 'ai.model.id'),
    text('tool', 30, 'ai.toolCall.name'),
    text('toolCallId', 20, 'ai.toolCall.id'),
    count('inputTokens', 30, 'ai.usage.inputTokens'),
    count('inputTokens', 50, 'ai.usage.promptTokens'),
    count('inputTokens', 51, 'ai.usage.tokens'),
    count('outputTokens', 30, 'ai.usage.outputTokens'),
    count('outputTokens', 50, 'ai.usage.completionTokens'),
    count('cacheRead', 40, 'ai.usage.cachedInputTokens'),
    count('cacheRead', 41, 'ai.usage.inputTokenDetails.cacheReadTokens'),
    count('cacheWrite', 40, 'ai.usage.inputTokenDetails.cacheWriteTokens'),
    count('reasoning', 40, 'ai.usage.reasoningTokens'),
    count('reasoning', 41, 'ai.usage.outputTokenDetails.reasoningTokens'),
    text('session', 60, `${METADATA}sessionId`),
    text('session', 61, `${METADATA}chatId`),
    text('session', 62, `${METADATA}threadId`),
    text('user', 42, `${METADATA}userId`),
    { field: 'tags', rank: 40, key: `${METADATA}tags`, read: readWords },
  ],
  names: [metadataUnder(40, METADATA, ['sessionId', 'chatId', 'threadId', 'userId', 'tags'])],
  content: [
    content('input', 2, 'ai.toolCall.args', { when: ['tool', 'handoff'] }),
    content('output', 2, 'ai.toolCall.result', { when: ['tool', 'handoff'] }),
    content('input', 40, 'ai.prompt.messages'),
    content('input', 50, 'ai.prompt'),
    { field: 'input', rank: 52, key: 'ai.value', read: readEmbedded },
    { field: 'input', rank: 53, key: 'ai.values', read: readEmbedded },
  ],
  lists: [answer(40, 'ai.response.'), answer(50, 'ai.result.')],
};

/**
 * The outer span of a text call is an agent when the call has a name (`functionId`), because whether it looped over
 * tools shows only in its children; without a name it is a chain around its model call.
 */
function kindOfOperation(value: Json, { attributes }: OtlpSpan): KindFact | null {
  if (typeof value !== 'string' || !value.startsWith('ai.')) return null;
  if (value === 'ai.toolCall') return KIND.tool;
  if (value.endsWith('.doGenerate') || value.endsWith('.doStream')) return KIND.generation;
  if (value.endsWith('.doEmbed')) return KIND.embedding;
  if (value.endsWith('.doRerank')) return KIND.rerank;
  const subtype = value.slice('ai.'.length);
  const named = typeof attributes['ai.telemetry.functionId'] === 'string';
  return { kind: named && /^(?:generate|stream)Text$/.test(subtype) ? 'agent' : 'chain', subtype };
}

function readEmbedded(value: Json): ContentItem[] {
  const list: readonly Json[] = Array.isArray(value) ? value : [value];
  return list.flatMap((each) => {
    const parsed = typeof each === 'string' ? (readJsonText(each) ?? each) : each;
    return readContent(parsed === '' ? null : parsed);
  });
}

/** The model's answer is spread over attributes; together they are one message. */
function answer(rank: number, prefix: string): ListSource {
  return { field: 'output', rank, prefix, path: /^(?:text|reasoning|toolCalls|object)$/, read: readAnswer };
}

function readAnswer(entries: readonly ListEntry[], { span }: ContentContext): ContentItem[] {
  const given = new Map(entries.map(({ path, value }) => [path[0], value]));
  const parts: Json[] = [
    ...textPart('reasoning', given.get('reasoning')),
    ...textPart('text', given.get('text') ?? given.get('object')),
    ...callParts(given.get('toolCalls')),
  ];
  if (parts.length === 0) return [];
  const finish = span.attributes['ai.response.finishReason'] ?? span.attributes['ai.finishReason'] ?? null;
  return readContent([{ role: 'assistant', parts, finish_reason: finish }]);
}

function textPart(type: 'text' | 'reasoning', value: Json | undefined): Json[] {
  if (value === undefined || value === null || value === '') return [];
  return [{ type, content: typeof value === 'string' ? value : JSON.stringify(value) }];
}

function callParts(value: Json | undefined): Json[] {
  const parsed = typeof value === 'string' ? readJsonText(value) : value;
  const list: readonly Json[] = Array.isArray(parsed) ? parsed : [];
  return list.filter(isJsonObject).map((call) => ({
    type: 'tool_call',
    id: call.toolCallId ?? null,
    name: call.toolName ?? '',
    arguments: call.input ?? call.args ?? null,
  }));
}
