/** A span of ours as a span of OTLP/JSON. */
import type { Json, JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanEvent, SpanKind, SpanLink, SpanRecord, TraceRecord } from '#shared/record.ts';
import { createHash } from 'node:crypto';
import { objectOf } from '../fields.ts';
import { isDeeperThan } from '../messages/json-text.ts';
import { ownFacts } from '../own-facts.ts';
import { type KeyValue, toKeyValues } from './any-value.ts';
import { genAiMessages, isReversible } from './genai-messages.ts';
import { isZeroId } from './ids.ts';
import { type ContentForm, OWN, OWN_PREFIX } from './own.ts';
import { MAX_DEPTH, MAX_TIME } from './span.ts';

/** JSON of one span; `attributes` is apart so that the trace's own facts can join them. */
export type WireSpan = JsonObject & { readonly attributes: readonly KeyValue[] };

/** A decoder counts levels in its own way; far from its limit it does not matter how. */
const SAFE_DEPTH = MAX_DEPTH - 8;

export function wireSpan(span: SpanRecord, trace: TraceRecord): WireSpan {
  const traceId = wireId(span.traceId, 16);
  const spanId = wireId(span.spanId, 8);
  const parentId = span.parentId === null ? null : wireId(span.parentId, 8);
  const told = ownFacts(span, { traceId, spanId, parentId });
  if (isWireTime(span.start)) delete told.start;
  if (isWireTime(span.end)) delete told.end;
  // The resource stands in its own place unless that could not hold it.
  const { resource } = span.origin;
  if (resource !== null && isDeeperThan(resource, SAFE_DEPTH)) told.origin = { ...objectOf(told.origin), resource };

  const own: Record<string, Json> = {};
  const fitting = fits(span.attributes);
  if (!fitting) own[OWN.attributes] = JSON.stringify(span.attributes);
  const events = span.events.map(wireEvent);
  if (span.events.some((event) => !isWireEvent(event))) own[OWN.events] = JSON.stringify(span.events);
  const links = span.links.map(wireLink);
  if (span.links.some((link) => !isWireLink(link))) own[OWN.links] = JSON.stringify(span.links);

  const added: Record<string, Json> = {};
  const add = (key: string, value: Json): boolean => {
    if (Object.hasOwn(span.attributes, key)) return false;
    if (value !== null && value !== '') added[key] = value;
    return true;
  };
  const place = (side: 'input' | 'output'): void => {
    const placed = placeContents(span, side, add);
    if (!placed) return;
    told[side] = [placed.form, placed.key];
    if (placed.form === 'items') own[OWN[side]] = JSON.stringify(span[side]);
  };
  addStandard(span, trace, add);
  place('input');
  place('output');
  const keys = Object.keys(added);
  if (keys.length > 0) told.added = keys;
  own[OWN.span] = JSON.stringify(told);

  const { 'span.kind': otelKind, 'w3c.tracestate': traceState } = span.attributes;
  return {
    traceId,
    spanId,
    ...(parentId === null ? {} : { parentSpanId: parentId }),
    ...(typeof traceState === 'string' ? { traceState } : {}),
    name: span.name,
    kind: (typeof otelKind === 'string' ? OTEL_KINDS.indexOf(otelKind) + 1 : 0) || (span.kind === 'generation' ? 3 : 1),
    ...(isWireTime(span.start) ? { startTimeUnixNano: String(span.start) } : {}),
    ...(isWireTime(span.end) ? { endTimeUnixNano: String(span.end) } : {}),
    attributes: toKeyValues({ ...(fitting ? span.attributes : {}), ...added, ...own }),
    ...(events.length > 0 ? { events } : {}),
    ...(links.length > 0 ? { links } : {}),
    status: {
      ...(span.error === null ? {} : { message: span.error.message }),
      ...(span.status === 'ok' ? { code: 1 } : span.status === 'error' ? { code: 2 } : {}),
    },
  };
}

/** A trace without a span still has facts to carry. */
export function carrierSpan(traceId: string, facts: JsonObject): JsonObject {
  return {
    traceId: wireId(traceId, 16),
    spanId: wireId(`facts of ${traceId}`, 8),
    name: 'tracewright.facts',
    kind: 1,
    attributes: [facts],
  };
}

const OTEL_KINDS = ['internal', 'server', 'client', 'producer', 'consumer'];

/** Ids of OTLP are hex of a fixed length; any other gets a digest, and is told in our own attribute. */
export function wireId(id: string, bytes: 8 | 16): string {
  const length = bytes * 2;
  if (id.length === length && /^[0-9a-f]+$/.test(id) && !isZeroId(id)) return id;
  return createHash('sha256').update(id).digest('hex').slice(0, length);
}

function isWireTime(time: bigint | null): boolean {
  return time !== null && time > 0n && time <= MAX_TIME;
}

function fits(attributes: JsonObject): boolean {
  for (const key in attributes) if (key.startsWith(OWN_PREFIX)) return false;
  return !isDeeperThan(attributes, SAFE_DEPTH);
}

/** Fields are compared in their order, because that is how they are stored. */
function isWireEvent(event: SpanEvent): boolean {
  const isOrdered = Object.keys(event).join() === 'time,name,attributes';
  return isOrdered && isWireTimeText(event.time) && fits(event.attributes);
}

function isWireTimeText(time: string | null): boolean {
  return time === null || (/^[1-9]\d{0,18}$/.test(time) && isWireTime(BigInt(time)));
}

function wireEvent({ time, name, attributes }: SpanEvent): JsonObject {
  return {
    ...(isWireTimeText(time) && time !== null ? { timeUnixNano: time } : {}),
    name,
    attributes: fits(attributes) ? toKeyValues(attributes) : [],
  };
}

function isWireLink(link: SpanLink): boolean {
  const { traceId, spanId, attributes } = link;
  const isOrdered = Object.keys(link).join() === 'traceId,spanId,attributes';
  return isOrdered && wireId(traceId, 16) === traceId && wireId(spanId, 8) === spanId && fits(attributes);
}

function wireLink({ traceId, spanId, attributes }: SpanLink): JsonObject {
  return {
    traceId: wireId(traceId, 16),
    spanId: wireId(spanId, 8),
    attributes: fits(attributes) ? toKeyValues(attributes) : [],
  };
}

const OPERATIONS: Readonly<Partial<Record<SpanKind, string>>> = {
  agent: 'invoke_agent',
  generation: 'chat',
  tool: 'execute_tool',
};

/** What the GenAI conventions have a name for; an attribute that the span has already is left as the source said it. */
function addStandard(span: SpanRecord, trace: TraceRecord, add: (key: string, value: Json) => boolean): void {
  const { usage, kind, error } = span;
  add('gen_ai.operation.name', span.subtype === 'embedding' ? 'embeddings' : (OPERATIONS[kind] ?? null));
  add('gen_ai.agent.name', span.agent);
  add('gen_ai.request.model', span.model);
  add('gen_ai.tool.name', span.tool);
  add('gen_ai.tool.call.id', span.toolCallId);
  add('gen_ai.usage.input_tokens', usage?.input ?? null);
  add('gen_ai.usage.output_tokens', usage?.output ?? null);
  add('gen_ai.usage.cache_read.input_tokens', usage?.cacheRead ?? null);
  add('gen_ai.usage.cache_creation.input_tokens', usage?.cacheWrite ?? null);
  add('gen_ai.usage.reasoning.output_tokens', usage?.reasoning ?? null);
  add('gen_ai.conversation.id', trace.sessionId ?? null);
  add('error.type', error?.type ?? null);
}

type Placed = { readonly form: ContentForm; readonly key: string };

/** Puts the contents of one side where other tools look for them, as far as they come back from there as they are. */
function placeContents(
  span: SpanRecord,
  side: 'input' | 'output',
  add: (key: string, value: Json) => boolean,
): Placed | null {
  const items: readonly ContentItem[] = span[side];
  const [first] = items;
  if (!first) return null;
  const messages = genAiMessages(items);
  if (messages) {
    const key = `gen_ai.${side}.messages`;
    const added = add(key, JSON.stringify(messages));
    if (added && isReversible(messages, items)) return { form: 'messages', key };
  } else if (items.length === 1 && first.kind !== 'message') {
    const tool = side === 'input' ? 'gen_ai.tool.call.arguments' : 'gen_ai.tool.call.result';
    const key = span.kind === 'tool' ? tool : `${side}.value`;
    const said = first.kind === 'text' ? first.text : JSON.stringify(first.value);
    if (said !== '' && add(key, said)) return { form: first.kind, key };
  }
  return { form: 'items', key: OWN[side] };
}
