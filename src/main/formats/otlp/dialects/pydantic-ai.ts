/**
 * Pydantic AI and Logfire. Version 2 named spans `agent run` and `running tool`, version 1 kept messages as a JSON list
 * of events; later versions follow the GenAI conventions. The agent's span holds the whole conversation. Versions 1 and
 * 2 are read in the source, not captured.
 */
import { isJsonObject, type Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanKind } from '#shared/record.ts';
import { readContent, readJsonText } from '../../messages/index.ts';
import { readJsonId } from '../ids.ts';
import type { OtlpSpan } from '../span.ts';
import { content, count, KIND, readWords, text } from './readers.ts';
import type { ContentContext, ContentSource, Dialect } from './types.ts';

const AGENTS: readonly SpanKind[] = ['agent'];
const TOOLS: readonly SpanKind[] = ['tool', 'handoff'];
const BARE = { bare: true } as const;

export const pydanticAi: Dialect = {
  id: 'pydantic_ai',
  scopes: [/^pydantic-ai$/, /^logfire(?:\.|$)/],
  tells: ['logfire.msg', 'logfire.json_schema', 'logfire.span_type', 'pydantic_ai.all_messages'],
  facts: [
    text('agent', 50, 'agent_name', BARE),
    count('cost', 40, 'operation.cost'),
    count('inputTokens', 15, 'gen_ai.aggregated_usage.input_tokens'),
    count('outputTokens', 15, 'gen_ai.aggregated_usage.output_tokens'),
    count('cacheRead', 25, 'gen_ai.usage.details.cache_read_tokens'),
    count('cacheRead', 26, 'gen_ai.usage.details.cache_read_input_tokens'),
    count('cacheWrite', 27, 'gen_ai.usage.details.cache_write_tokens'),
    count('cacheWrite', 28, 'gen_ai.usage.details.cache_creation_input_tokens'),
    count('reasoning', 25, 'gen_ai.usage.details.reasoning_tokens'),
    { field: 'tags', rank: 25, key: 'logfire.tags', read: readWords },
  ],
  names: [
    {
      field: 'kind',
      rank: 139,
      bare: true,
      read: (name, { attributes }) => {
        if (/^running \d{1,4} tools?$/.test(name)) return KIND.step;
        // Version 1 named the span by its agent and said nothing else about what it is.
        return typeof attributes.agent_name === 'string' && name === `${attributes.agent_name} run` ? KIND.agent : null;
      },
    },
  ],
  content: [
    content('input', 3, 'tool_arguments', { ...BARE, when: TOOLS }),
    content('output', 3, 'tool_response', { ...BARE, when: TOOLS }),
    conversation('input', 80, 'pydantic_ai.all_messages'),
    conversation('output', 80, 'pydantic_ai.all_messages'),
    conversation('input', 81, 'all_messages_events'),
    conversation('output', 81, 'all_messages_events'),
    { ...content('output', 82, 'final_result', { ...BARE, when: AGENTS }), restates: true },
    { field: 'input', rank: 83, key: 'events', bare: true, when: ['generation'], read: readEvents },
    { field: 'output', rank: 83, key: 'events', bare: true, when: ['generation'], read: readEvents },
  ],
  marker: { key: 'logfire.pending_parent_id', read: readPending },
};

/** The whole conversation of an agent: its last message is what the agent answered. */
function conversation(field: 'input' | 'output', rank: number, key: string): ContentSource {
  return {
    field,
    rank,
    key,
    when: AGENTS,
    read: (value) => {
      const items = readContent(value);
      const last = items.at(-1);
      const answered = last?.kind === 'message' && last.role === 'assistant' ? items.length - 1 : items.length;
      return field === 'input' ? items.slice(0, answered) : items.slice(answered);
    },
  };
}

/** `[{ "event.name": "gen_ai.user.message", content, role }, …, { "event.name": "gen_ai.choice", message }]`. */
function readEvents(value: Json, { field }: ContentContext): ContentItem[] {
  const parsed = typeof value === 'string' ? readJsonText(value) : value;
  const list: readonly Json[] = Array.isArray(parsed) ? parsed : [];
  return list.filter(isJsonObject).flatMap((event) => {
    const isChoice = event['event.name'] === 'gen_ai.choice';
    if (isChoice !== (field === 'output')) return [];
    const role = isChoice ? 'assistant' : typeof event.role === 'string' ? event.role : 'user';
    return readContent(isChoice ? (event.message ?? null) : event, { role });
  });
}

/**
 * A pending span is a copy of a span at its start, under an id of its own, as the child of the span it announces;
 * the real parent is in an attribute, all zeros for a root.
 */
function readPending(span: OtlpSpan): OtlpSpan | null {
  if (span.parentId === null || span.attributes['logfire.span_type'] !== 'pending_span') return null;
  const parent = readJsonId(span.attributes['logfire.pending_parent_id'], 8);
  return {
    ...span,
    spanId: span.parentId,
    parentId: parent || null,
    name: span.name.endsWith(' (pending)') ? span.name.slice(0, -' (pending)'.length) : span.name,
    end: null,
  };
}
