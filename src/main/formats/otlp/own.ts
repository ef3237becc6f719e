/**
 * Spans that we wrote ourselves (`export.ts`): what OTLP has no place for stands in attributes that begin with
 * `tracewright.`, and is read back before any dialect is asked, so that an export imports to what it was.
 *
 * | attribute                            | holds                                                                       |
 * |--------------------------------------|-----------------------------------------------------------------------------|
 * | `tracewright.span`                   | JSON: the span's facts, its dialect, and where its contents stand           |
 * | `tracewright.input`, `.output`       | JSON list of content items that no standard attribute could hold            |
 * | `tracewright.attributes`             | JSON object: the attributes, where the list of OTLP could not hold them     |
 * | `tracewright.events`, `.links`       | JSON lists, likewise                                                        |
 * | `tracewright.records`                | list of JSON: the trace's facts, annotations, scores and issues             |
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { NormalisedRecord, SpanOrigin, SpanRecord } from '#shared/record.ts';
import { OWN_SPAN, ownJson, ownOrigin } from '../own-facts.ts';
import { factFromJson, textFromJson } from '../record-json.ts';
import { contentFromJson, eventsFromJson, linksFromJson, spanFactsFromJson } from '../span-json.ts';
import { itemsFromGenAi } from './genai-messages.ts';
import { type OtlpScope, type OtlpSpan, setOwn } from './span.ts';

export const OWN_PREFIX = 'tracewright.';
export const OWN = {
  span: OWN_SPAN,
  input: 'tracewright.input',
  output: 'tracewright.output',
  attributes: 'tracewright.attributes',
  events: 'tracewright.events',
  links: 'tracewright.links',
  records: 'tracewright.records',
} as const;

/** How an attribute holds contents: GenAI messages, one text, one JSON value, or content items as we store them. */
export type ContentForm = 'messages' | 'text' | 'json' | 'items';

export type OwnReader = {
  /** True when the span is ours and was taken; false leaves it to the dialects. */
  readonly take: (span: OtlpSpan) => boolean;
  readonly records: () => readonly NormalisedRecord[];
};

/** For the spans of one body. */
export function createOwnReader(): OwnReader {
  const records: NormalisedRecord[] = [];
  const origins = new WeakMap<OtlpScope, Map<string, SpanOrigin>>();

  function originOf(span: OtlpSpan, told: JsonObject): SpanOrigin {
    const known = origins.get(span.scope) ?? new Map<string, SpanOrigin>();
    origins.set(span.scope, known);
    const origin = ownOrigin(told, span.scope.resource.attributes);
    const key = JSON.stringify([origin.dialect, origin.scopeName, origin.scopeVersion, told.resource]);
    const same = known.get(key) ?? origin;
    known.set(key, same);
    return same;
  }

  return {
    take(span) {
      const { attributes } = span;
      if (attributes[OWN.span] === undefined && attributes[OWN.records] === undefined) return false;
      const told = objectIn(ownJson(attributes[OWN.span]));
      const record = told ? readSpan(span, told, originOf(span, objectIn(told.origin) ?? {})) : null;
      const facts = listIn(attributes[OWN.records]).flatMap((each) => factFromJson(ownJson(each)) ?? []);
      if (record === null && facts.length === 0) return false;
      records.push(...facts);
      if (record) records.push(record);
      return true;
    },
    records: () => records,
  };
}

function readSpan(span: OtlpSpan, told: JsonObject, origin: SpanOrigin): SpanRecord | null {
  const facts = spanFactsFromJson(told);
  if (!facts) return null;
  const { attributes } = span;
  const added = new Set(listIn(told.added));
  return {
    type: 'span',
    traceId: textFromJson(told.traceId) ?? span.traceId,
    spanId: textFromJson(told.spanId) ?? span.spanId,
    parentId: textFromJson(told.parentId) ?? span.parentId,
    name: span.name,
    ...facts,
    start: facts.start ?? span.start,
    end: facts.end ?? span.end,
    input: readContents(attributes, told.input),
    output: readContents(attributes, told.output),
    attributes: objectIn(ownJson(attributes[OWN.attributes])) ?? withoutAdded(attributes, added),
    events:
      attributes[OWN.events] === undefined
        ? span.events.map(({ time, name, attributes: said }) => ({
            time: time === null ? null : time.toString(),
            name,
            attributes: said,
          }))
        : eventsFromJson(ownJson(attributes[OWN.events])),
    links: attributes[OWN.links] === undefined ? [...span.links] : linksFromJson(ownJson(attributes[OWN.links])),
    origin,
  };
}

/** `place` is [form, attribute]. */
function readContents(attributes: JsonObject, place: Json | undefined): readonly ContentItem[] {
  const [form, key] = listIn(place);
  const value = typeof key === 'string' && Object.hasOwn(attributes, key) ? attributes[key] : undefined;
  if (value === undefined) return [];
  if (form === 'text') return typeof value === 'string' ? [{ kind: 'text', text: value }] : [];
  const parsed = ownJson(value);
  if (form === 'json') return parsed === undefined ? [] : [{ kind: 'json', value: parsed }];
  if (form === 'messages') return itemsFromGenAi(parsed) ?? [];
  return listIn(parsed).map(contentFromJson);
}

function withoutAdded(attributes: JsonObject, added: ReadonlySet<Json>): JsonObject {
  const rest: Record<string, Json> = {};
  for (const key in attributes) {
    if (!key.startsWith(OWN_PREFIX) && !added.has(key)) setOwn(rest, key, attributes[key] ?? null);
  }
  return rest;
}

function objectIn(value: Json | undefined): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
