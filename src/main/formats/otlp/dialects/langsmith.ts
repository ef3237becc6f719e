/**
 * LangSmith over OpenTelemetry: raw inputs and outputs in `gen_ai.prompt` and `gen_ai.completion` on every kind. A
 * failed step has status OK and an exception event. `langsmith.trace.name` names the run, `session_name` the project.
 */
import type { Json } from '#shared/json.ts';
import type { OtlpSpan } from '../span.ts';
import { metadataUnder, usageFacts } from './json-map.ts';
import { isActor } from './langgraph.ts';
import { kind, KIND, readWords, text } from './readers.ts';
import type { Dialect, FactSource } from './types.ts';

const METADATA = 'langsmith.metadata.';
const PARSER = { kind: 'chain', subtype: 'parser' } as const;

export const langSmith: Dialect = {
  id: 'langsmith',
  scopes: [/^langsmith$/],
  tells: ['langsmith.span.kind', 'langsmith.trace.name'],
  facts: [
    {
      field: 'kind',
      rank: 87,
      key: `${METADATA}langgraph_node`,
      read: (_value, span) => (agentNode(span) === null ? null : { kind: 'agent', subtype: 'node' }),
    },
    // Their `gen_ai.operation.name` would say "chat" for a prompt and "embeddings" for a retriever.
    kind(88, 'langsmith.span.kind', { retriever: KIND.retrieval, prompt: KIND.prompt, parser: PARSER }),
    kind(110, 'langsmith.span.kind', {
      llm: KIND.generation,
      tool: KIND.tool,
      embedding: KIND.embedding,
      chain: KIND.chain,
    }),
    text('agent', 110, 'langsmith.trace.name', { when: ['agent'] }),
    text('tool', 62, 'langsmith.trace.name', { when: ['tool', 'handoff'] }),
    text('model', 110, `${METADATA}ls_model_name`),
    ...usageFacts(70, 'langsmith.usage_metadata'),
    ...usageFacts(71, `${METADATA}usage_metadata`),
    ...session(),
    text('user', 40, `${METADATA}user_id`),
    text('user', 44, `${METADATA}userId`),
    text('workflow', 110, 'langsmith.trace.session_name'),
    { field: 'tags', rank: 30, key: 'langsmith.span.tags', read: readTags },
  ],
  names: [metadataUnder(30, METADATA, ['thread_id', 'session_id', 'conversation_id', 'user_id', 'userId'])],
};

function session(): FactSource[] {
  return ['thread_id', 'session_id', 'conversation_id'].map((name, at) => text('session', 40 + at, METADATA + name));
}

/** A list, or words between commas. */
function readTags(value: Json): readonly string[] | null {
  if (typeof value !== 'string' || value.startsWith('[')) return readWords(value);
  return readWords(value.split(',').map((word) => word.trim()));
}

/** The top-level nodes of a LangGraph are its agents, as where OpenInference carries them. */
function agentNode({ name, attributes }: OtlpSpan): string | null {
  const { [`${METADATA}langgraph_node`]: node, [`${METADATA}langgraph_checkpoint_ns`]: path } = attributes;
  if (typeof node !== 'string' || node !== name || !isActor(node)) return null;
  return typeof path === 'string' && !path.includes('|') ? node : null;
}
