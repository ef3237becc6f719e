/**
 * The facts of a span of ours as one attribute in exports for other tools: its text is ignored by them, and gives us back
 * what their format has no word for (kinds, handoffs, exact times, whose dialect it was).
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanEvent, SpanOrigin, SpanRecord } from '#shared/record.ts';
import { setField } from './fields.ts';
import { isDeeperThan, parseJson } from './messages/json-text.ts';
import type { OtlpSpan } from './otlp/span.ts';
import { textFromJson } from './record-json.ts';
import { contentFromJson, eventsFromJson, linksFromJson, spanFactsFromJson, spanFactsToJson } from './span-json.ts';

export const OWN_SPAN = 'tracewright.span';
const MAX_DEPTH = 500;

type WireIds = { readonly traceId: string; readonly spanId: string; readonly parentId: string | null };

/** @param ids those that the export writes, which may be others than ours */
export function ownFacts(span: SpanRecord, ids: WireIds): Record<string, Json> {
  const { dialect, scopeName, scopeVersion, resource } = span.origin;
  return {
    ...spanFactsToJson(span),
    ...(ids.traceId === span.traceId ? {} : { traceId: span.traceId }),
    ...(ids.spanId === span.spanId ? {} : { spanId: span.spanId }),
    ...(ids.parentId === span.parentId ? {} : { parentId: span.parentId }),
    origin: {
      dialect,
      ...(scopeName === null ? {} : { scopeName }),
      ...(scopeVersion === null ? {} : { scopeVersion }),
      ...(resource === null ? { resource: false } : {}),
    },
  };
}

/** The origin as it was told; its resource is the one of the wire unless something else was said. */
export function ownOrigin(told: Json | undefined, wire: JsonObject | null): SpanOrigin {
  const origin = isJsonObject(told) ? told : {};
  return {
    dialect: textFromJson(origin.dialect) ?? 'generic',
    scopeName: textFromJson(origin.scopeName),
    scopeVersion: textFromJson(origin.scopeVersion),
    resource: origin.resource === false ? null : isJsonObject(origin.resource) ? origin.resource : wire,
  };
}

/** JSON out of a text; undefined when it is none or nests without end. */
export function ownJson(text: Json | undefined): Json | undefined {
  const value = typeof text === 'string' ? parseJson(text) : undefined;
  return value === undefined || isDeeperThan(value, MAX_DEPTH) ? undefined : value;
}

export type OwnFactsReader = {
  /** The span with nothing but what the export added: contents are then read from there alone. */
  readonly prepare: (span: OtlpSpan) => OtlpSpan;
  /** The record with our facts, attributes and events in the place of what was read; others stay as they are. */
  readonly restore: (record: SpanRecord) => SpanRecord;
};

type Own = { readonly told: JsonObject; readonly kept: JsonObject; readonly events: readonly SpanEvent[] };

/** For the spans of one body. */
export function createOwnFactsReader(): OwnFactsReader {
  const known = new Map<string, Own>();
  const origins = new Map<string, SpanOrigin>();
  const resources = new Map<JsonObject | null, number>();

  function shared(origin: SpanOrigin): SpanOrigin {
    const { dialect, scopeName, scopeVersion, resource } = origin;
    const place = resources.get(resource) ?? resources.size;
    resources.set(resource, place);
    const key = JSON.stringify([dialect, scopeName, scopeVersion, place]);
    const same = origins.get(key) ?? origin;
    origins.set(key, same);
    return same;
  }

  return {
    prepare(span) {
      const told = ownJson(span.attributes[OWN_SPAN]);
      if (!isJsonObject(told)) return span;
      const names = new Set(Array.isArray(told.kept) ? (told.kept as readonly Json[]) : []);
      const hidden = isJsonObject(told.hidden) ? told.hidden : {};
      const kept: Record<string, Json> = {};
      const added: Record<string, Json> = {};
      for (const name of names) {
        if (typeof name !== 'string') continue;
        const value = Object.hasOwn(hidden, name) ? hidden[name] : span.attributes[name];
        if (value !== undefined) setField(kept, name, value);
      }
      for (const key in span.attributes) {
        const isAdded = key !== OWN_SPAN && (!names.has(key) || Object.hasOwn(hidden, key));
        if (isAdded) setField(added, key, span.attributes[key] ?? null);
      }
      const type = span.attributes['langfuse.export.type'];
      if (type !== undefined) added['langfuse.observation.type'] = type;
      const events = span.events.map(({ time, name, attributes }) => ({
        time: time === null ? null : time.toString(),
        name,
        attributes,
      }));
      known.set(`${span.traceId} ${span.spanId}`, { told, kept, events });
      return { ...span, attributes: added, events: [] };
    },
    restore(record) {
      const own = known.get(`${record.traceId} ${record.spanId}`);
      const facts = own ? spanFactsFromJson(own.told) : null;
      if (!own || !facts) return record;
      const { told, kept, events } = own;
      return {
        ...record,
        ...facts,
        traceId: textFromJson(told.traceId) ?? record.traceId,
        spanId: textFromJson(told.spanId) ?? record.spanId,
        parentId: told.parentId === undefined ? record.parentId : textFromJson(told.parentId),
        name: textFromJson(told.name) ?? record.name,
        input: ownContents(told.input) ?? record.input,
        output: ownContents(told.output) ?? record.output,
        attributes: isJsonObject(told.attributes) ? told.attributes : kept,
        events: Array.isArray(told.events) ? eventsFromJson(told.events) : events,
        links: Array.isArray(told.links) ? linksFromJson(told.links) : record.links,
        origin: shared(ownOrigin(told.origin, record.origin.resource)),
      };
    },
  };
}

function ownContents(value: Json | undefined): readonly ContentItem[] | null {
  return Array.isArray(value) ? (value as readonly Json[]).map(contentFromJson) : null;
}

/**
 * What would come back otherwise than it was, to be told in our facts too. Asking the reader itself is the only sure way to
 * know what it makes of a value.
 */
export function unsaid(span: SpanRecord, back: SpanRecord | null): Record<string, Json> {
  const told: Record<string, Json> = {};
  for (const field of ['name', 'input', 'output', 'attributes', 'events', 'links'] as const) {
    const value = span[field] as unknown as Json;
    if (JSON.stringify(value) !== JSON.stringify(back?.[field])) told[field] = value;
  }
  return told;
}

/**
 * The attributes that an export writes beside its own, and what `prepare` needs to tell them apart again.
 * @param isTaken names under which the export writes contents: attributes of that name stand in ours instead
 */
export function keptAttributes(
  attributes: JsonObject,
  isTaken: (name: string) => boolean,
): { readonly shown: Record<string, Json>; readonly told: JsonObject } {
  const shown: Record<string, Json> = {};
  const hidden: Record<string, Json> = {};
  for (const key in attributes) {
    const value = attributes[key] ?? null;
    // Readers take a null for nothing said.
    setField(value === null || isTaken(key) ? hidden : shown, key, value);
  }
  const kept = Object.keys(attributes);
  return {
    shown,
    told: { ...(kept.length > 0 ? { kept } : {}), ...(Object.keys(hidden).length > 0 ? { hidden } : {}) },
  };
}
