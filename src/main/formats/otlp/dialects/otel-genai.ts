/**
 * OpenTelemetry GenAI semantic conventions, current and older: keys were renamed three times, and senders mix them.
 * Messages were span attributes first, then events, then attributes with a schema.
 */
import type { Json } from '#shared/json.ts';
import type { SpanKind } from '#shared/record.ts';
import { readContent } from '../../messages/index.ts';
import type { OtlpSpan } from '../span.ts';
import { inferenceDetails, promptEvents, promptLists } from './otel-genai-older.ts';
import { content, count, kind, KIND, readName, roleOf, text, transferTarget } from './readers.ts';
import type { ContentContext, Dialect } from './types.ts';

const TOOLS: readonly SpanKind[] = ['tool', 'handoff'];

const USAGE_KEYS = [
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'gen_ai.usage.prompt_tokens',
  'gen_ai.usage.completion_tokens',
  'gen_ai.usage.total_tokens',
];

/** Groups whose name is in `gen_ai.agent.name`, though they are no agents. */
const GROUP_OPERATIONS = new Set<Json | undefined>(['invoke_swarm', 'invoke_graph', 'invoke_workflow']);

export const otelGenAi: Dialect = {
  id: 'otel_genai',
  scopes: [],
  tells: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.system',
    'gen_ai.request.model',
    'gen_ai.response.model',
    'gen_ai.agent.name',
    'gen_ai.tool.name',
    'gen_ai.workflow.name',
    'gen_ai.input.messages',
    'gen_ai.output.messages',
  ],
  facts: [
    kind(90, 'gen_ai.operation.name', {
      chat: KIND.generation,
      text_completion: KIND.generation,
      generate_content: KIND.generation,
      generate: KIND.generation,
      completion: KIND.generation,
      response: KIND.generation,
      embeddings: KIND.embedding,
      embedding: KIND.embedding,
      retrieval: KIND.retrieval,
      rerank: KIND.rerank,
      execute_tool: KIND.tool,
      invoke_agent: KIND.agent,
      create_agent: { kind: 'agent', subtype: 'create_agent' },
      invoke_workflow: KIND.workflow,
      invoke_swarm: { kind: 'chain', subtype: 'swarm' },
      invoke_graph: { kind: 'chain', subtype: 'graph' },
      agent_step: KIND.step,
      chain: KIND.chain,
    }),
    {
      field: 'kind',
      rank: 132,
      key: 'gen_ai.request.model',
      read: (_value, span) => (USAGE_KEYS.some((key) => span.attributes[key] !== undefined) ? KIND.generation : null),
    },
    { field: 'kind', rank: 133, key: 'gen_ai.tool.name', read: () => KIND.tool },
    {
      field: 'kind',
      rank: 134,
      key: 'gen_ai.agent.name',
      read: (_value, span) => (span.parentId === null ? KIND.agent : null),
    },
    { field: 'agent', rank: 10, key: 'gen_ai.agent.name', read: readAgent },
    text('model', 10, 'gen_ai.response.model'),
    text('model', 40, 'gen_ai.request.model'),
    text('tool', 10, 'gen_ai.tool.name'),
    text('toolCallId', 10, 'gen_ai.tool.call.id'),
    text('toolCallId', 50, 'gen_ai.tool.call_id'),
    count('inputTokens', 10, 'gen_ai.usage.input_tokens'),
    count('inputTokens', 40, 'gen_ai.usage.prompt_tokens'),
    count('outputTokens', 10, 'gen_ai.usage.output_tokens'),
    count('outputTokens', 40, 'gen_ai.usage.completion_tokens'),
    count('cacheRead', 10, 'gen_ai.usage.cache_read.input_tokens'),
    count('cacheRead', 20, 'gen_ai.usage.cache_read_input_tokens'),
    count('cacheWrite', 10, 'gen_ai.usage.cache_creation.input_tokens'),
    count('cacheWrite', 20, 'gen_ai.usage.cache_creation_input_tokens'),
    count('cacheWrite', 25, 'gen_ai.usage.cache_write_input_tokens'),
    count('reasoning', 10, 'gen_ai.usage.reasoning.output_tokens'),
    count('reasoning', 20, 'gen_ai.usage.reasoning_tokens'),
    count('cost', 50, 'gen_ai.usage.cost'),
    text('workflow', 10, 'gen_ai.workflow.name'),
    text('session', 10, 'gen_ai.conversation.id'),
    transferTarget('gen_ai.tool.call.arguments', 20),
  ],
  content: [
    {
      field: 'system',
      rank: 10,
      key: 'gen_ai.system_instructions',
      // A list of parts, not of messages.
      read: (value) => readContent(value, { role: 'system' }),
    },
    content('input', 1, 'gen_ai.tool.call.arguments', { when: TOOLS }),
    content('output', 1, 'gen_ai.tool.call.result', { when: TOOLS }),
    { field: 'input', rank: 10, key: 'gen_ai.input.messages', read: readMessages },
    { field: 'output', rank: 10, key: 'gen_ai.output.messages', read: readMessages },
    content('input', 12, 'gen_ai.retrieval.query.text'),
    content('output', 12, 'gen_ai.retrieval.documents'),
    content('input', 110, 'gen_ai.prompt'),
    content('output', 110, 'gen_ai.completion'),
  ],
  lists: promptLists,
  events: [...promptEvents, ...inferenceDetails],
};

/** Messages by shape whatever the kind of span: keys lie, but a list of messages is one. */
function readMessages(value: Json, context: ContentContext): ReturnType<typeof readContent> {
  return readContent(value, roleOf(context));
}

function readAgent(value: Json, span: OtlpSpan): string | null {
  // Gemini CLI puts its own name on every span, also on those of its sub-agents.
  if (value === 'gemini-cli' && span.parentId !== null) return null;
  return GROUP_OPERATIONS.has(span.attributes['gen_ai.operation.name']) ? null : readName(value);
}
