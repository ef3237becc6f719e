/**
 * A flat list of spans with the attributes of OpenInference, in the JSON that OpenTelemetry's Python SDK prints: what Phoenix
 * and notebooks read.
 */
import type { ExportFormat, ExportPiece, ExportTrace } from '#shared/format.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { ContentItem, Message, MessagePart } from '#shared/message.ts';
import type { SpanKind, SpanRecord, TraceRecord } from '#shared/record.ts';
import { nsToIso } from '#shared/time.ts';
import { chatMessage, contentsToJson } from '../chat-json.ts';
import { keptAttributes, OWN_SPAN, ownFacts, unsaid } from '../own-facts.ts';
import { wireId } from '../otlp/wire-span.ts';
import { createSpanMerger } from '../span-engine.ts';
import { createSpanReader } from './span.ts';

export const openInferenceExport: ExportFormat = {
  // Under the name that people look for; what reads it back is `otel-spans`.
  id: 'openinference',
  label: 'OpenInference spans (JSON)',
  about: 'A flat list of spans for Phoenix and notebooks. Scores and annotations stay behind.',
  extension: 'json',
  layout: 'file',
  media: 'application/json',
  write,
};

function* write(traces: Iterable<ExportTrace>): Generator<ExportPiece> {
  let count = 0;
  yield text('[');
  for (const trace of traces) {
    for (const span of trace.spans()) {
      yield text(`${count++ === 0 ? '\n' : ',\n'}${JSON.stringify(spanJson(span, trace.record))}`);
    }
  }
  yield text(count === 0 ? ']\n' : '\n]\n');
}

function text(chunk: string): ExportPiece {
  return { type: 'text', path: '', text: chunk };
}

const KINDS: Readonly<Record<SpanKind, string>> = {
  agent: 'AGENT',
  generation: 'LLM',
  tool: 'TOOL',
  handoff: 'TOOL',
  guardrail: 'GUARDRAIL',
  retrieval: 'RETRIEVER',
  evaluator: 'EVALUATOR',
  chain: 'CHAIN',
  custom: 'CHAIN',
};
const STATUS: Readonly<Partial<Record<SpanRecord['status'], string>>> = { ok: 'OK', error: 'ERROR' };

function spanJson(span: SpanRecord, trace: TraceRecord): JsonObject {
  const plain = plainJson(span, trace, {});
  const missing = unsaid(span, readBack(plain));
  return Object.keys(missing).length === 0 ? plain : plainJson(span, trace, missing);
}

function readBack(written: JsonObject): SpanRecord | null {
  const merger = createSpanMerger();
  createSpanReader(merger.add, () => undefined).read(written);
  return merger.records().find((record) => record.type === 'span') ?? null;
}

function plainJson(span: SpanRecord, trace: TraceRecord, missing: JsonObject): JsonObject {
  const traceId = wireId(span.traceId, 16);
  const spanId = wireId(span.spanId, 8);
  const parentId = span.parentId === null ? null : wireId(span.parentId, 8);
  const { origin } = span;
  return {
    name: span.name,
    context: { trace_id: traceId, span_id: spanId },
    parent_id: parentId,
    kind: 'SpanKind.INTERNAL',
    start_time: timeText(span.start),
    end_time: timeText(span.end),
    status: {
      status_code: STATUS[span.status] ?? 'UNSET',
      ...(span.error === null ? {} : { description: span.error.message }),
    },
    attributes: attributesOf(span, trace, { traceId, spanId, parentId }, missing),
    events: span.events.map(({ time, name, attributes }) => ({
      name,
      timestamp: time === null || !/^\d{1,19}$/.test(time) ? null : nsToIso(BigInt(time)),
      attributes,
    })),
    links: span.links.map((link) => ({
      context: { trace_id: wireId(link.traceId, 16), span_id: wireId(link.spanId, 8) },
      attributes: link.attributes,
    })),
    ...(origin.scopeName === null ? {} : { scope: { name: origin.scopeName, version: origin.scopeVersion } }),
    resource: { attributes: origin.resource ?? {} },
  };
}

function timeText(time: bigint | null): string | null {
  return time === null || time <= 0n ? null : nsToIso(time);
}

function attributesOf(
  span: SpanRecord,
  trace: TraceRecord,
  ids: { readonly traceId: string; readonly spanId: string; readonly parentId: string | null },
  missing: JsonObject,
): JsonObject {
  const { shown: attributes, told } = keptAttributes(span.attributes, (name) => CONTENTS.test(name));
  const add = (key: string, value: Json): void => {
    if (value !== null && !Object.hasOwn(attributes, key)) attributes[key] = value;
  };
  add('openinference.span.kind', span.subtype === 'embedding' ? 'EMBEDDING' : KINDS[span.kind]);
  add('agent.name', span.agent);
  add(span.subtype === 'embedding' ? 'embedding.model_name' : 'llm.model_name', span.model);
  add('tool.name', span.tool);
  add('session.id', trace.sessionId ?? null);
  add('user.id', trace.userId ?? null);
  const usage = span.kind === 'generation' ? span.usage : null;
  add('llm.token_count.prompt', usage?.input ?? null);
  add('llm.token_count.completion', usage?.output ?? null);
  add('llm.token_count.prompt_details.cache_read', usage?.cacheRead ?? null);
  add('llm.token_count.prompt_details.cache_write', usage?.cacheWrite ?? null);
  add('llm.token_count.completion_details.reasoning', usage?.reasoning ?? null);
  add('llm.cost.total', span.cost);
  addContents(span, 'input', add);
  addContents(span, 'output', add);
  add(OWN_SPAN, JSON.stringify({ ...ownFacts(span, ids), ...told, ...missing }));
  return attributes;
}

/** Where contents stand, and ours. */
const CONTENTS = /^(?:llm\.(?:input|output)_messages|input|output|tracewright)(?:\.|$)/;

type Add = (key: string, value: Json) => void;

/** Messages of a model call one by one; anything else, and what the numbered form cannot hold, as one value. */
function addContents(span: SpanRecord, side: 'input' | 'output', add: Add): void {
  const items = span[side];
  if (items.length === 0) return;
  if (span.kind === 'generation' && items.every(isFlat)) {
    items.forEach((item, at) => {
      addMessage(item, `llm.${side}_messages.${at}.message`, add);
    });
    return;
  }
  const value = items.length === 1 && items[0]?.kind === 'message' ? [chatMessage(items[0])] : contentsToJson(items);
  add(`${side}.value`, typeof value === 'string' ? value : JSON.stringify(value));
  add(`${side}.mime_type`, typeof value === 'string' ? 'text/plain' : 'application/json');
}

type FlatMessage = Extract<ContentItem, { kind: 'message' }>;
const FLAT_PARTS: ReadonlySet<MessagePart['type']> = new Set(['text', 'tool_call']);

function isFlat(item: ContentItem): item is FlatMessage {
  if (item.kind !== 'message' || item.finishReason !== undefined) return false;
  if (item.role === 'tool') return item.parts.length === 1 && item.parts[0]?.type === 'tool_call_response';
  const texts = item.parts.filter(({ type }) => type === 'text').length;
  return item.parts.every(({ type }, at) => FLAT_PARTS.has(type) && (type === 'text') === at < texts);
}

function addMessage({ role, name, parts }: Message, path: string, add: Add): void {
  add(`${path}.role`, role);
  add(`${path}.name`, name ?? null);
  const texts = parts.filter((part) => part.type === 'text');
  let calls = 0;
  if (texts.length > 1) {
    texts.forEach(({ content }, at) => {
      add(`${path}.contents.${at}.message_content.type`, 'text');
      add(`${path}.contents.${at}.message_content.text`, content);
    });
  } else add(`${path}.content`, texts[0]?.content ?? null);
  for (const part of parts) {
    if (part.type === 'tool_call') {
      const call = `${path}.tool_calls.${calls++}.tool_call`;
      add(`${call}.id`, part.id);
      add(`${call}.function.name`, part.name);
      add(`${call}.function.arguments`, jsonText(part.arguments));
    } else if (part.type === 'tool_call_response') {
      add(`${path}.tool_call_id`, part.id);
      add(`${path}.name`, part.name ?? null);
      add(`${path}.content`, jsonText(part.response));
    }
  }
}

function jsonText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
