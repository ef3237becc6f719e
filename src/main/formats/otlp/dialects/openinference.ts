/**
 * OpenInference (Arize): one kind attribute, raw `input.value` / `output.value` on every kind, and messages flattened
 * into numbered attributes. Only generations carry the flattened form; their raw values say the same again.
 */
import { isJsonObject, type Json } from '#shared/json.ts';
import type { SpanKind } from '#shared/record.ts';
import type { ContentItem } from '#shared/message.ts';
import { readContent } from '../../messages/index.ts';
import type { OtlpSpan } from '../span.ts';
import { openInferenceLists } from './openinference-lists.ts';
import {
  content,
  count,
  kind,
  KIND,
  readName,
  readObject,
  readToolValue,
  readWords,
  roleOf,
  text,
  transferTarget,
} from './readers.ts';
import type { ContentContext, Dialect, FactSource } from './types.ts';

const AGENTS_SDK_SCOPE = /openinference.*openai[-_]agents/;
const AGENTS: readonly SpanKind[] = ['agent'];
const HANDOFFS: readonly SpanKind[] = ['handoff'];
const TOOLS: readonly SpanKind[] = ['tool', 'handoff'];

export const openInference: Dialect = {
  id: 'openinference',
  scopes: [/^@arizeai\/openinference-/, /^openinference\.instrumentation\./],
  tells: ['openinference.span.kind'],
  facts: [
    {
      field: 'kind',
      rank: 39,
      key: 'openinference.span.kind',
      read: (value, span) => (value === 'AGENT' && isAgentsSdkTrace(span) ? KIND.workflow : null),
    },
    kind(40, 'openinference.span.kind', {
      llm: KIND.generation,
      embedding: KIND.embedding,
      chain: KIND.chain,
      retriever: KIND.retrieval,
      reranker: KIND.rerank,
      tool: KIND.tool,
      agent: KIND.agent,
      guardrail: KIND.guardrail,
      evaluator: KIND.evaluator,
      prompt: KIND.prompt,
    }),
    text('agent', 20, 'agent.name'),
    text('agent', 30, 'graph.node.name', { when: AGENTS }),
    text('agent', 40, 'graph.node.id', { when: AGENTS }),
    text('model', 20, 'llm.response.model_name'),
    text('model', 50, 'llm.model_name'),
    text('model', 52, 'embedding.model_name'),
    text('model', 54, 'reranker.model_name'),
    text('model', 60, 'llm.request.model_name'),
    {
      field: 'model',
      rank: 120,
      key: 'llm.invocation_parameters',
      costly: true,
      read: (value) => readName(readObject(value)?.model ?? null),
    },
    text('tool', 20, 'tool.name'),
    text('toolCallId', 60, 'tool.id'),
    text('toolCallId', 70, 'message.tool_call_id'),
    count('inputTokens', 20, 'llm.token_count.prompt'),
    count('outputTokens', 20, 'llm.token_count.completion'),
    count('cacheRead', 30, 'llm.token_count.prompt_details.cache_read'),
    count('cacheWrite', 30, 'llm.token_count.prompt_details.cache_write'),
    count('reasoning', 30, 'llm.token_count.completion_details.reasoning'),
    count('cost', 30, 'llm.cost.total'),
    inObject('handoffFrom', 10, 'input.value', HANDOFFS, ['from_agent', 'fromAgent']),
    inObject('handoffTo', 10, 'output.value', HANDOFFS, ['to_agent', 'toAgent']),
    transferTarget('input.value', 21),
    inObject('session', 100, 'metadata', undefined, ['thread_id', 'session_id', 'conversation_id']),
    inObject('user', 40, 'metadata', undefined, ['user_id', 'userId']),
    { field: 'tags', rank: 10, key: 'tag.tags', read: readWords },
    { field: 'metadata', rank: 10, key: 'metadata', costly: true, read: readRootMetadata },
  ],
  names: [{ field: 'workflow', rank: 20, read: (name, span) => (isAgentsSdkTrace(span) ? readName(name) : null) }],
  resource: [{ field: 'workflow', rank: 100, key: 'openinference.project.name' }],
  content: [
    { field: 'input', rank: 8, key: 'tool.parameters', when: TOOLS, read: readToolParameters },
    { ...content('input', 140, 'input.value'), read: readRawValue, restates: true },
    { ...content('output', 140, 'output.value'), read: readRawValue, restates: true },
  ],
  lists: openInferenceLists,
};

/**
 * The OpenAI Agents SDK's processor writes the trace itself as an AGENT span: the root, which names no graph node.
 * It is the workflow around the agents.
 */
function isAgentsSdkTrace(span: OtlpSpan): boolean {
  return (
    span.parentId === null &&
    AGENTS_SDK_SCOPE.test(span.scope.name ?? '') &&
    span.attributes['graph.node.id'] === undefined &&
    span.attributes['agent.name'] === undefined
  );
}

/** A name inside a JSON attribute; the text is parsed only when it holds one of the fields. */
function inObject(
  field: 'handoffFrom' | 'handoffTo' | 'session' | 'user',
  rank: number,
  key: string,
  when: readonly SpanKind[] | undefined,
  names: readonly string[],
): FactSource {
  return {
    field,
    rank,
    key,
    ...(when ? { when } : {}),
    costly: true,
    read: (value) => {
      if (typeof value === 'string' && !names.some((name) => value.includes(name))) return null;
      const object = readObject(value);
      for (const name of names) {
        const found = readName(object?.[name] ?? null);
        if (found !== null) return found;
      }
      return null;
    },
  };
}

/** Metadata of inner spans is about those spans (a LangGraph step); the root's is about the trace. */
function readRootMetadata(value: Json, span: OtlpSpan): ReturnType<typeof readObject> {
  return span.parentId === null ? readObject(value) : null;
}

/** `tool.parameters` holds the arguments with some instrumentations, the schema with others. */
function readToolParameters(value: Json): ContentItem[] {
  const given = readObject(value);
  if (!given || isJsonObject(given.properties) || given.type === 'object' || given.$schema !== undefined) return [];
  return [{ kind: 'json', value: given }];
}

function readRawValue(value: Json, context: ContentContext): ContentItem[] {
  if (context.kind !== 'tool' && context.kind !== 'handoff') return readContent(value, roleOf(context));
  const items = readToolValue(value);
  const [item] = items;
  // LangChain wraps a tool's result into { output: <serialised ToolMessage> }.
  if (context.field !== 'output' || item?.kind !== 'json' || !isJsonObject(item.value)) return items;
  const inner = isJsonObject(item.value.output) ? item.value.output : item.value;
  return inner.lc === 1 ? readContent(inner) : items;
}
