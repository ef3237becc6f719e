/**
 * Reads what a span read or wrote, in any known message dialect, by shape: attribute keys and media types lie.
 * Ids and states that a client gives to repeated history items are left out, because the store keeps each
 * distinct message once; call ids are part of a message and stay.
 */
import { isJsonObject, type Json } from '#shared/json.ts';
import type { ContentItem, MessagePart } from '#shared/message.ts';
import { DIALECTS } from './dialects.ts';
import { readJsonText } from './json-text.ts';
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
  const parsed = readJsonText(value);
  // JSON text of JSON text: some exporters encode every attribute.
  const inner = typeof parsed === 'string' ? (readJsonText(parsed) ?? parsed) : parsed;
  if (typeof inner === 'object' && inner !== null) {
    const known = readKnown(inner, role, MAX_NESTING);
    if (known) return known;
    // A model that answers in JSON still speaks: its words stay as it wrote them.
    if (role === null) return [{ kind: 'json', value: inner }];
  }
  return role === null ? [{ kind: 'text', text: value }] : [message(role, [{ type: 'text', content: value }])];
}

function readKnown(value: Json, role: string | null, nesting: number): ContentItem[] | null {
  if (nesting === 0) return null;
  const reader = readerFor(role, nesting);
  if (Array.isArray(value)) return readList(value, reader, nesting);
  return readOne(value, reader) ?? readBareParts([value], reader);
}

function readList(list: readonly Json[], reader: Reader, nesting: number): ContentItem[] | null {
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
  return known ? items : readBareParts(list, reader);
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
