/**
 * Langfuse over OpenTelemetry: an observation type, JSON or plain texts for input and output, maps for usage and cost.
 * A failure is the level ERROR, whatever the status; agents and tools are named by their spans alone.
 */
import type { Json } from '#shared/json.ts';
import { mapIn, metadataUnder, usageFacts } from './json-map.ts';
import { content, kind, KIND, readCount, readName, readWords, text } from './readers.ts';
import type { Dialect } from './types.ts';

export const langfuse: Dialect = {
  id: 'langfuse',
  scopes: [/^langfuse-sdk$/],
  tells: ['langfuse.observation.type'],
  facts: [
    // A plain `span` says nothing, so that another convention on it may.
    kind(20, 'langfuse.observation.type', {
      generation: KIND.generation,
      embedding: KIND.embedding,
      agent: KIND.agent,
      tool: KIND.tool,
      chain: KIND.chain,
      retriever: KIND.retrieval,
      guardrail: KIND.guardrail,
      evaluator: KIND.evaluator,
      event: { kind: 'custom', subtype: 'event' },
    }),
    text('model', 80, 'langfuse.observation.model.name'),
    ...usageFacts(60, 'langfuse.observation.usage_details'),
    { field: 'cost', rank: 20, key: 'langfuse.observation.cost_details', costly: true, read: readCost },
    {
      field: 'failed',
      rank: 40,
      key: 'langfuse.observation.level',
      read: (value) => (value === 'ERROR' ? true : null),
    },
    text('errorMessage', 40, 'langfuse.observation.status_message'),
    text('traceName', 10, 'langfuse.trace.name'),
    text('session', 30, 'langfuse.session.id'),
    text('user', 30, 'langfuse.user.id'),
    { field: 'tags', rank: 20, key: 'langfuse.trace.tags', read: readWords },
  ],
  names: [
    { field: 'agent', rank: 140, bare: true, when: ['agent'], read: readName },
    { field: 'tool', rank: 75, bare: true, when: ['tool', 'handoff'], read: readName },
    metadataUnder(20, 'langfuse.trace.metadata.', []),
  ],
  content: [
    { ...content('input', 100, 'langfuse.observation.input'), restates: true },
    { ...content('output', 100, 'langfuse.observation.output'), restates: true },
    // The root says again what its observation read and wrote.
    { ...content('input', 101, 'langfuse.trace.input'), restates: true },
    { ...content('output', 101, 'langfuse.trace.output'), restates: true },
  ],
};

/** The total, or the sum of what is listed. */
function readCost(value: Json): number | null {
  const map = mapIn(value);
  if (map === null) return null;
  const total = readCount(map.total ?? null);
  if (total !== null) return total;
  const costs = Object.values(map).flatMap((each) => readCount(each) ?? []);
  return costs.length > 0 ? costs.reduce((sum, each) => sum + each, 0) : null;
}
