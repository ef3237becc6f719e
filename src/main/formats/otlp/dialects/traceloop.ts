/**
 * OpenLLMetry (Traceloop): decorated functions are workflow, task, agent or tool; model calls follow the GenAI
 * conventions of their time. A function that throws in the JavaScript SDK sends no span at all.
 */
import type { Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { readJsonText } from '../../messages/index.ts';
import type { OtlpSpan } from '../span.ts';
import { argumentsIn, metadataUnder } from './json-map.ts';
import { count, kind, KIND, readAnyContent, readName, text } from './readers.ts';
import type { ContentContext, Dialect } from './types.ts';

const PROPERTIES = 'traceloop.association.properties.';

/** Python packages of OpenLLMetry; OpenTelemetry's own share the prefix (`opentelemetry.instrumentation.requests`). */
const PACKAGES =
  'agno|alephalpha|anthropic|bedrock|chromadb|cohere|crewai|google_generativeai|groq|haystack|lancedb|langchain|' +
  'llamaindex|marqo|mcp|milvus|mistralai|ollama|openai|openai_agents|pinecone|qdrant|replicate|sagemaker|together|' +
  'transformers|vertexai|watsonx|weaviate|writer';

export const traceloop: Dialect = {
  id: 'traceloop',
  scopes: [
    /^@traceloop\//,
    /^traceloop[.-]/,
    new RegExp(`^opentelemetry\\.instrumentation\\.(?:${PACKAGES})(?:\\.|$)`),
  ],
  tells: ['traceloop.span.kind', 'traceloop.entity.name', 'traceloop.workflow.name'],
  facts: [
    kind(100, 'traceloop.span.kind', {
      workflow: KIND.workflow,
      task: KIND.task,
      agent: KIND.agent,
      tool: KIND.tool,
    }),
    kind(101, 'llm.request.type', {
      chat: KIND.generation,
      completion: KIND.generation,
      embedding: KIND.embedding,
      rerank: KIND.rerank,
    }),
    text('agent', 80, 'traceloop.entity.name', { when: ['agent'] }),
    text('tool', 60, 'traceloop.entity.name', { when: ['tool', 'handoff'] }),
    count('inputTokens', 45, 'llm.usage.prompt_tokens'),
    count('outputTokens', 45, 'llm.usage.completion_tokens'),
    text('session', 50, `${PROPERTIES}session_id`),
    text('session', 51, `${PROPERTIES}chat_id`),
    text('session', 52, `${PROPERTIES}thread_id`),
    text('user', 41, `${PROPERTIES}user_id`),
    // Inside an agent the name is the agent's.
    { field: 'workflow', rank: 30, key: 'traceloop.workflow.name', read: ofRoot },
  ],
  names: [metadataUnder(50, PROPERTIES, ['session_id', 'chat_id', 'thread_id', 'user_id'])],
  content: [
    { field: 'input', rank: 130, key: 'traceloop.entity.input', read: readInput },
    { field: 'output', rank: 130, key: 'traceloop.entity.output', read: readOutput },
  ],
};

function ofRoot(value: Json, span: OtlpSpan): string | null {
  return span.parentId === null ? readName(value) : null;
}

function readInput(value: Json, context: ContentContext): ContentItem[] {
  const given = argumentsIn(value);
  return given === undefined ? readOutput(value, context) : readAnyContent(given, context);
}

/** JSON text, also of a plain text. */
function readOutput(value: Json, context: ContentContext): ContentItem[] {
  const parsed = typeof value === 'string' && value.startsWith('"') ? readJsonText(value) : undefined;
  return readAnyContent(typeof parsed === 'string' ? parsed : value, context);
}
