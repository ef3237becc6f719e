/**
 * Reads what a span read or wrote, in any known message dialect, by shape: attribute keys and media types lie.
 * Ids and states that a client gives to repeated history items are left out, because the store keeps each
 * distinct message once; call ids are part of a message and stay.
 */
import { isJsonObject, type Json } from '#shared/json.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import { DIALECTS } from './dialects.ts';
import { isContainerText, readJsonText } from './json-text.ts';
import { createRecent, type Known } from './recent.ts';
import { message, type PartReader, type Reader } from './types.ts';

export { readJsonText } from './json-text.ts';
export { pythonLiteral } from './python-literal.ts';

/** Envelopes in envelopes: a request in a list in a request. Deeper ones stay JSON. */
const MAX_NESTING = 6;

const PARTS: ReadonlyMap<string, readonly PartReader[]> = partTable();

/**
 * @param value any JSON value, or text that may hold JSON; null, undefined and '' are no content
 * @param options.role the role of content that names none: plain text, a bare list of parts
 * @returns messages where a dialect is known, else one `text` or `json` item that holds the value whole
 */
export function readContent(value: unknown, options?: { readonly role?: string }): ContentItem[] {
  const role = options?.role ?? null;
  if (value === null || value === undefined || value === '') return [];
  if (typeof value !== 'string')
    return readKnown(value as Json, role, MAX_NESTING) ?? [{ kind: 'json', value: value as Json }];
  if (isContainerText(value)) return readContainer(value, role);
  // JSON text of JSON text: some exporters encode every attribute.
  const inner = readJsonText(value);
  return typeof inner === 'string' && isContainerText(inner)
    ? readContainer(inner, role, value)
    : readPlain(value, role);
}

function readPlain(text: string, role: string | null): ContentItem[] {
  return role === null ? [{ kind: 'text', text }] : [message(role, [{ type: 'text', content: text }])];
}

const RECENT = createRecent();

/** @param given the text as the source gave it, when it holds this one */
function readContainer(text: string, role: string | null, given = text): ContentItem[] {
  const before = RECENT.find(text, role);
  if (before?.rest === '') return [...before.items];
  const more = before && readMore(before, role);
  if (more) {
    RECENT.add(text, role, more, true);
    return [...more];
  }
  const value = readJsonText(text);
  if (typeof value !== 'object' || value === null) return readPlain(given, role);
  const reader = readerFor(role, MAX_NESTING);
  const list = Array.isArray(value) ? readEach(value, reader, MAX_NESTING) : null;
  const items =
    list === null ? readKnown(value, role, MAX_NESTING) : orBareParts(list, value as readonly Json[], reader);
  if (items) {
    RECENT.add(text, role, items, list?.known === true);
    return [...items];
  }
  // A model that answers in JSON still speaks: its words stay as it wrote them.
  return role === null ? [{ kind: 'json', value }] : readPlain(given, role);
}

/** What a list says beyond its beginning, which was read before; null when it is no list after all. */
function readMore({ items, rest }: Known, role: string | null): ContentItem[] | null {
  const more = readJsonText(rest);
  if (!Array.isArray(more) || more.length === 0) return null;
  return [...items, ...readEach(more, readerFor(role, MAX_NESTING), MAX_NESTING).items];
}

function readKnown(value: Json, role: string | null, nesting: number): ContentItem[] | null {
  if (nesting === 0) return null;
  const reader = readerFor(role, nesting);
  if (!Array.isArray(value)) return readOne(value, reader) ?? readBareParts([value], reader);
  return orBareParts(readEach(value, reader, nesting), value, reader);
}

function orBareParts(each: Each, list: readonly Json[], reader: Reader): ContentItem[] | null {
  return each.known ? each.items : readBareParts(list, reader);
}

/** `known` = a dialect knows at least one; the others are JSON items. */
type Each = { readonly items: ContentItem[]; readonly known: boolean };

function readEach(list: readonly Json[], reader: Reader, nesting: number): Each {
  const items: ContentItem[] = [];
  let known = false;
  for (const each of list) {
    const said = Array.isArray(each) ? readKnown(each, reader.role, nesting - 1) : readOne(each, reader);
    if (said) {
      known = true;
      // Not push(...said): a list may hold more items than a call takes arguments.
      for (const item of said) items.push(item);
    } else {
      items.push({ kind: 'json', value: each });
    }
  }
  return { items, known };
}

function readOne(value: Json, reader: Reader): ContentItem[] | null {
  if (!isJsonObject(value)) return null;
  for (const dialect of DIALECTS) {
    const items = dialect.read?.(value, reader);
    if (items) return items;
  }
  return null;
}

/**
 * Parts without a message around them (system instructions, a model's answer). Without a role from the caller
 * they count only when the parts tell whose they are: a list of { type: 'text' } may be any tool's result.
 */
function readBareParts(list: readonly Json[], reader: Reader): ContentItem[] | null {
  const { role } = reader;
  const parts: MessagePart[] = [];
  for (const each of list) {
    const part =
      role !== null && typeof each === 'string' ? ({ type: 'text', content: each } as const) : reader.part(each);
    if (!part) return null;
    parts.push(part);
  }
  if (parts.length === 0) return null;
  const speaker = role ?? speakerOf(parts);
  return speaker === null ? null : [message(speaker, parts)];
}

function speakerOf(parts: readonly MessagePart[]): string | null {
  if (parts.some((part) => part.type === 'tool_call' || part.type === 'reasoning')) return 'assistant';
  return parts.every((part) => part.type === 'tool_call_response') ? 'tool' : null;
}

const READERS = new Map<string | null, Reader[]>();
/** Roles come from our own dialects, so that there are few; the bound is for one that takes them from a trace. */
const MAX_ROLES = 100;

function readerFor(role: string | null, nesting: number): Reader {
  let readers = READERS.get(role);
  if (!readers) {
    if (READERS.size >= MAX_ROLES) READERS.clear();
    readers = [];
    READERS.set(role, readers);
  }
  return (readers[nesting] ??= createReader(role, nesting));
}

function createReader(role: string | null, nesting: number): Reader {
  const reader: Reader = {
    role,
    part: (value) => {
      if (!isJsonObject(value) || typeof value.type !== 'string') return null;
      for (const read of PARTS.get(value.type) ?? []) {
        const part = read(value, reader);
        if (part) return part;
      }
      return null;
    },
    parts: (content) => {
      if (content === null || content === undefined || content === '') return [];
      const list: readonly Json[] = Array.isArray(content) ? content : [content];
      return list.map((each) => {
        if (typeof each === 'string') return { type: 'text', content: each };
        return reader.part(each) ?? { type: 'other', value: each };
      });
    },
    messages: (list) => (list === undefined ? null : readKnown(list, null, nesting - 1)),
  };
  return reader;
}

function partTable(): Map<string, PartReader[]> {
  const table = new Map<string, PartReader[]>();
  for (const dialect of DIALECTS) {
    for (const [type, read] of Object.entries(dialect.parts ?? {})) table.set(type, [...(table.get(type) ?? []), read]);
  }
  return table;
}
