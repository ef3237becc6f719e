import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { SpanOrigin, SpanRecord } from '#shared/record.ts';
import { isEmpty, listOf, textOf } from '../fields.ts';
import { toolContent } from '../logs/span.ts';
import { spanRecord } from '../span-record.ts';
import { responseOf } from '../messages/part-shapes.ts';
import type { Entry } from './entries.ts';
import type { Actor } from './session.ts';

/** One tool call with its result, as far as they have been read. */
export type Tool = {
  readonly id: string;
  readonly name: string;
  readonly input: Json | null;
  readonly asked: Entry | null;
  readonly actor: Actor;
  answer: { readonly block: JsonObject; readonly entry: Entry } | null;
  /** Of the sub-agent that the call started. */
  agentId: string | null;
};

/** Content blocks; text alone is one. Null when there is no content at all. */
export function blocksOf(content: Json | undefined): JsonObject[] | null {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return null;
  return listOf(content).map((each) => (isJsonObject(each) ? each : { type: 'text', text: JSON.stringify(each) }));
}

export function callsIn(blocks: readonly JsonObject[], entry: Entry, actor: Actor): Tool[] {
  return blocks.flatMap((block, at) => {
    if (typeof block.type !== 'string' || !block.type.endsWith('tool_use')) return [];
    const id = textOf(block.id) ?? `${entry.uuid ?? `line-${entry.number}`}.${at}`;
    const name = textOf(block.name) ?? 'tool';
    return [{ id, name, input: block.input ?? null, asked: entry, actor, answer: null, agentId: null }];
  });
}

export function resultsIn(blocks: readonly JsonObject[]): { readonly id: string; readonly block: JsonObject }[] {
  return blocks.flatMap((block) => {
    const id = typeof block.type === 'string' && block.type.endsWith('tool_result') ? textOf(block.tool_use_id) : null;
    return id === null ? [] : [{ id, block }];
  });
}

export function toolSpan(tool: Tool, traceId: string, origin: SpanOrigin): SpanRecord {
  const { block, entry } = tool.answer ?? { block: null, entry: null };
  const response = block === null ? undefined : responseOf(block.content);
  const failed = block?.is_error === true;
  const text = typeof response === 'string' ? response : JSON.stringify(response ?? null);
  const details = entry?.line.toolUseResult;
  return spanRecord({
    traceId,
    spanId: tool.id,
    parentId: tool.actor.spanId,
    kind: 'tool',
    name: tool.name,
    tool: tool.name,
    toolCallId: tool.id,
    start: (tool.asked ?? entry)?.time ?? null,
    end: entry?.time ?? null,
    status: failed ? 'error' : block === null ? 'unset' : 'ok',
    error: failed ? { type: null, message: text } : null,
    input: toolContent(tool.input),
    output: toolContent(response),
    attributes: details === undefined || isEmpty(details) || details === response ? {} : { toolUseResult: details },
    origin,
  });
}
