/**
 * Strands Agents: GenAI spans with a cycle of the event loop between agent and model call; content is in span events,
 * in the blocks of Bedrock's Converse API. Older versions had names of their own and JSON attributes. Read in the
 * source, not captured.
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { readContent, readJsonText } from '../../messages/index.ts';
import type { OtlpEvent, OtlpSpan } from '../span.ts';
import { KIND, readName, readToolValue, roleOf } from './readers.ts';
import type { ContentContext, Dialect, KindFact } from './types.ts';

const BARE = { bare: true } as const;

export const strands: Dialect = {
  id: 'strands',
  scopes: [/^strands\.telemetry\b/, /^strands-agents$/],
  tells: ['event_loop.cycle_id', 'gen_ai.tool.status'],
  facts: [
    {
      field: 'failed',
      rank: 65,
      key: 'gen_ai.tool.status',
      read: (value) => (value === 'error' ? true : null),
    },
    { field: 'failed', rank: 66, key: 'tool.status', ...BARE, read: (value) => (value === 'error' ? true : null) },
  ],
  names: [
    { field: 'kind', rank: 127, bare: true, read: kindOfName },
    { field: 'errorMessage', rank: 60, bare: true, when: ['tool'], read: (_name, span) => readResultText(span) },
  ],
  content: [
    { field: 'input', rank: 109, key: 'gen_ai.prompt', bare: true, read: readBlocks },
    { field: 'output', rank: 109, key: 'gen_ai.completion', bare: true, read: readBlocks },
  ],
  events: [
    {
      field: 'input',
      rank: 59,
      events: ['gen_ai.system.message', 'gen_ai.user.message', 'gen_ai.assistant.message', 'gen_ai.tool.message'],
      consumes: ['content', 'role'],
      bare: true,
      read: (event, context) => readEvent(event, event.attributes.content ?? null, context),
    },
    {
      field: 'output',
      rank: 59,
      events: ['gen_ai.choice'],
      consumes: ['message'],
      bare: true,
      read: (event, context) => readEvent(event, event.attributes.message ?? null, context),
    },
  ],
};

function kindOfName(name: string): KindFact | null {
  if (name === 'execute_event_loop_cycle' || name.startsWith('Cycle ')) return KIND.step;
  if (name === 'Model invoke') return KIND.generation;
  return name.startsWith('Tool: ') ? KIND.tool : null;
}

/** A failed tool says why in its result only; counts where the span failed. */
function readResultText({ events }: OtlpSpan): string | null {
  const given = events.find((event) => event.name === 'gen_ai.choice')?.attributes.message ?? null;
  const value = typeof given === 'string' ? (readJsonText(given) ?? given) : given;
  const blocks: readonly Json[] = Array.isArray(value) ? value : [value];
  const texts = blocks.flatMap((block) => (isJsonObject(block) ? (block.text ?? []) : (block ?? [])));
  return readName(texts.filter((text) => typeof text === 'string').join('\n'));
}

/** One message; on a tool's own span the "tool message" is its arguments and the "choice" its result. */
function readEvent(event: OtlpEvent, given: Json, context: ContentContext): ContentItem[] {
  const value = typeof given === 'string' ? (readJsonText(given) ?? given) : given;
  if (context.kind === 'tool' || context.kind === 'handoff') return readToolValue(value);
  const role = event.name === 'gen_ai.choice' ? 'assistant' : event.name.slice('gen_ai.'.length, -'.message'.length);
  const finish = event.attributes.finish_reason ?? null;
  // The result of a tool that the cycle ran stands beside the message it answers.
  const content = Array.isArray(value) ? (value as readonly Json[]).map(fromConverse) : value;
  return readContent([{ role, content, finish_reason: finish }]);
}

/** Older versions: a list of messages, or the blocks of one. */
function readBlocks(value: Json, context: ContentContext): ContentItem[] {
  const parsed = typeof value === 'string' ? (readJsonText(value) ?? value) : value;
  if (context.kind === 'tool' || context.kind === 'handoff') return readToolValue(parsed);
  if (!Array.isArray(parsed)) return readContent(value, roleOf(context));
  const list: readonly Json[] = parsed;
  if (!list.some((each) => isJsonObject(each) && Array.isArray(each.content))) {
    return readContent(list.map(fromConverse), roleOf(context));
  }
  return readContent(
    list.map((each) =>
      isJsonObject(each) && Array.isArray(each.content)
        ? { ...each, content: (each.content as readonly Json[]).map(fromConverse) }
        : each,
    ),
  );
}

/** A Converse block, named by its only key, in the shape of an Anthropic block, which the shared readers know. */
function fromConverse(block: Json): Json {
  if (!isJsonObject(block) || typeof block.type === 'string') return block;
  const { text, toolUse: use, toolResult: result, reasoningContent: reasoning } = block;
  if (typeof text === 'string') return { type: 'text', text };
  if (isJsonObject(use)) {
    return { type: 'tool_use', id: use.toolUseId ?? null, name: use.name ?? '', input: use.input ?? null };
  }
  if (isJsonObject(result)) return toolResult(result);
  const thought =
    isJsonObject(reasoning) && isJsonObject(reasoning.reasoningText) ? reasoning.reasoningText.text : null;
  return typeof thought === 'string' ? { type: 'thinking', thinking: thought } : block;
}

function toolResult(result: JsonObject): Json {
  const blocks: readonly Json[] = Array.isArray(result.content) ? result.content : [];
  return {
    type: 'tool_result',
    tool_use_id: result.toolUseId ?? null,
    content: blocks.map((block) =>
      isJsonObject(block) && block.json !== undefined ? block.json : fromConverse(block),
    ),
    ...(result.status === 'error' ? { is_error: true } : {}),
  };
}
