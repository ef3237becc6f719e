/**
 * The lines of our own JSONL. Each stands alone, so that a file of any size can be read a few lines at a time:
 *
 * | `type`                                  | holds                                                                                        |
 * |-----------------------------------------|----------------------------------------------------------------------------------------------|
 * | `trace`, `annotation`, `score`, `issue` | one record, fields as in `src/shared/record.ts`; times are decimal nanoseconds                 |
 * | `spans`                                 | up to some hundred spans of one trace; `contents` and `origins` are what they refer to by index |
 * | `received`                              | one received body, raw deflate in base64, in one or several parts, and the traces it holds     |
 * | `export`                                | nothing: the first line, so that no export is empty                                          |
 */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanOrigin, SpanRecord } from '#shared/record.ts';
import { idFromJson, textFromJson } from '../record-json.ts';
import { contentFromJson, eventsFromJson, linksFromJson, spanFactsFromJson, spanFactsToJson } from '../span-json.ts';

export const VERSION = 1;
/** A group is closed after so many spans, or after contents of about so many characters. */
const GROUP_SPANS = 500;
const GROUP_TEXT = 1024 * 1024;

export function line(type: string, fields: JsonObject): string {
  return `${JSON.stringify({ tracewright: VERSION, type, ...fields })}\n`;
}

/** The spans of one trace as lines; what several of a group repeat stands once. */
export function* spanLines(traceId: string, spans: Iterable<SpanRecord>): Generator<string> {
  let group = createGroup();
  for (const span of spans) {
    group.add(span);
    if (!group.isFull()) continue;
    yield line('spans', group.fields(traceId));
    group = createGroup();
  }
  if (!group.isEmpty()) yield line('spans', group.fields(traceId));
}

type Group = {
  readonly add: (span: SpanRecord) => void;
  readonly isFull: () => boolean;
  readonly isEmpty: () => boolean;
  readonly fields: (traceId: string) => JsonObject;
};

function createGroup(): Group {
  const contents: ContentItem[] = [];
  const origins: SpanOrigin[] = [];
  const spans: Json[] = [];
  const contentIndex = new Map<ContentItem, number>();
  const originIndex = new Map<SpanOrigin, number>();
  let length = 0;

  // By identity: the store gives the same object for the same content as long as it remembers it.
  function indexOf(item: ContentItem): number {
    let index = contentIndex.get(item);
    if (index === undefined) {
      index = contents.push(item) - 1;
      contentIndex.set(item, index);
      length += JSON.stringify(item).length;
    }
    return index;
  }

  function indexOfOrigin(origin: SpanOrigin): number {
    let index = originIndex.get(origin);
    if (index === undefined) {
      index = origins.push(origin) - 1;
      originIndex.set(origin, index);
    }
    return index;
  }

  return {
    add(span) {
      const fields = {
        spanId: span.spanId,
        parentId: span.parentId,
        name: span.name,
        ...spanFactsToJson(span),
        ...(span.input.length > 0 ? { input: span.input.map(indexOf) } : {}),
        ...(span.output.length > 0 ? { output: span.output.map(indexOf) } : {}),
        attributes: span.attributes,
        ...(span.events.length > 0 ? { events: span.events as unknown as Json } : {}),
        ...(span.links.length > 0 ? { links: span.links as unknown as Json } : {}),
        origin: indexOfOrigin(span.origin),
      };
      spans.push(fields);
      length += 500 + JSON.stringify([span.attributes, span.events]).length;
    },
    isFull: () => spans.length >= GROUP_SPANS || length >= GROUP_TEXT,
    isEmpty: () => spans.length === 0,
    fields: (traceId) => ({
      traceId,
      origins: origins,
      contents: contents,
      spans,
    }),
  };
}

export type SpanGroup = { readonly spans: readonly SpanRecord[]; readonly invalid: readonly Json[] };

export function readSpanGroup(value: JsonObject): SpanGroup {
  const traceId = idFromJson(value.traceId);
  const listed = listIn(value.spans);
  if (traceId === null) return { spans: [], invalid: listed.length > 0 ? listed : [value] };
  const contents = listIn(value.contents).map(contentFromJson);
  const origins = listIn(value.origins).map(readOrigin);
  const spans: SpanRecord[] = [];
  const invalid: Json[] = [];
  for (const each of listed) {
    const span = isJsonObject(each) ? readSpan(each, traceId, contents, origins) : null;
    if (span) spans.push(span);
    else invalid.push(each);
  }
  return { spans, invalid };
}

function readSpan(
  value: JsonObject,
  traceId: string,
  contents: readonly ContentItem[],
  origins: readonly SpanOrigin[],
): SpanRecord | null {
  const { attributes } = value;
  const spanId = idFromJson(value.spanId);
  const facts = spanFactsFromJson(value);
  if (spanId === null || !facts) return null;
  const itemsOf = (list: Json | undefined): ContentItem[] =>
    listIn(list).flatMap((index) => (typeof index === 'number' ? (contents[index] ?? []) : []));
  return {
    type: 'span',
    traceId,
    spanId,
    parentId: textFromJson(value.parentId),
    name: textFromJson(value.name) ?? '',
    ...facts,
    input: itemsOf(value.input),
    output: itemsOf(value.output),
    attributes: isJsonObject(attributes) ? attributes : {},
    events: eventsFromJson(value.events),
    links: linksFromJson(value.links),
    origin: (typeof value.origin === 'number' ? origins[value.origin] : undefined) ?? NO_ORIGIN,
  };
}

const NO_ORIGIN: SpanOrigin = { dialect: 'generic', scopeName: null, scopeVersion: null, resource: null };

function readOrigin(value: Json): SpanOrigin {
  if (!isJsonObject(value)) return NO_ORIGIN;
  const { dialect, scopeName, scopeVersion, resource } = value;
  return {
    dialect: textFromJson(dialect) ?? NO_ORIGIN.dialect,
    scopeName: textFromJson(scopeName),
    scopeVersion: textFromJson(scopeVersion),
    resource: isJsonObject(resource) ? resource : null,
  };
}

export function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
