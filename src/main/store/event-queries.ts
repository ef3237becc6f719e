/** Events, errors and the beginnings of contents of many spans at once, within bounds. */
import type { Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { contentText } from '#shared/message.ts';
import { unpackKeys } from './content-keys.ts';
import type { Reader } from './database.ts';

/** Characters of stored JSON and events that are read of one trace. */
const BUDGET = 32 * 1024 * 1024;
const MOST_EVENTS = 100_000;
/** One span's events over this are left to the inspector. */
const LARGEST = 4 * 1024 * 1024;
const TEXT_LENGTH = 300;
/** Contents over this are not read for a preview. */
const PREVIEW_UNDER = 64 * 1024;

export type StoredEvent = {
  readonly spanKey: number;
  /** Nanoseconds since the epoch as text. */
  readonly time: string | null;
  readonly name: string;
  readonly text: string;
};

/** Span events in the order of their spans' arrival and then as recorded; false when some were left out. */
export function readEvents(
  reader: Reader,
  traceKeys: readonly number[],
): { readonly events: readonly StoredEvent[]; readonly complete: boolean } {
  const events: StoredEvent[] = [];
  let read = 0;
  let complete = true;
  const rows = reader.iterate<{ span_key: number; size: number; events: string | null }>(
    `SELECT b.span_key, length(b.events) AS size, CASE WHEN length(b.events) <= ${LARGEST} THEN b.events END AS events
     FROM span s JOIN span_body b USING (span_key)
     WHERE s.trace_key IN (SELECT value FROM json_each(?)) AND b.events IS NOT NULL ORDER BY b.span_key`,
    [JSON.stringify(traceKeys)],
  );
  for (const { span_key: spanKey, size, events: json } of rows) {
    if (json === null || read + size > BUDGET || events.length >= MOST_EVENTS) {
      complete = false;
      if (json === null) continue;
      break;
    }
    read += size;
    const list = JSON.parse(json) as readonly { time: string | null; name: string; attributes: Record<string, Json> }[];
    for (const { time, name, attributes } of list) {
      if (events.length >= MOST_EVENTS) complete = false;
      else events.push({ spanKey, time, name, text: textOf(attributes) });
    }
  }
  return { events, complete };
}

/** What an event says, where its attributes have something for people; in order of preference. */
const SAYS = [
  'message',
  'body',
  'log.message',
  'event.body',
  'gen_ai.event.content',
  'content',
  'reason',
  'exception.message',
];

function textOf(attributes: Readonly<Record<string, Json>>): string {
  const type = attributes['exception.type'];
  const said = SAYS.map((key) => attributes[key]).find(
    (value) => value !== undefined && value !== null && value !== '',
  );
  const text = said === undefined ? firstText(attributes) : typeof said === 'string' ? said : JSON.stringify(said);
  return oneLine(typeof type === 'string' && type !== '' ? (text ? `${type}: ${text}` : type) : text);
}

function firstText(attributes: Readonly<Record<string, Json>>): string {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('exception.') || value === null || typeof value === 'object') continue;
    return `${key} = ${String(value)}`;
  }
  return '';
}

function oneLine(text: string): string {
  const start = text
    .slice(0, TEXT_LENGTH * 2)
    .replace(/\s+/g, ' ')
    .trim();
  const cut = start.length > TEXT_LENGTH ? start.slice(0, TEXT_LENGTH) : start;
  // Half of a pair would be shown as a box.
  const whole = /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
  return whole.length < start.length || text.length > TEXT_LENGTH * 2 ? `${whole}…` : whole;
}

/** Why spans failed, by span key: "type: message". */
export function readFailures(reader: Reader, traceKeys: readonly number[]): ReadonlyMap<number, string> {
  const rows = reader.iterate<{ span_key: number; content_key: number; body: string | null }>(
    `SELECT b.span_key, c.content_key, CASE WHEN c.size <= ${PREVIEW_UNDER} THEN c.body END AS body
     FROM span s JOIN span_body b USING (span_key) JOIN content c ON c.content_key = b.error_content
     WHERE s.trace_key IN (SELECT value FROM json_each(?)) LIMIT ${MOST_EVENTS}`,
    [JSON.stringify(traceKeys)],
  );
  const failures = new Map<number, string>();
  // The same failure again and again is one content.
  const texts = new Map<number, string>();
  for (const { span_key: spanKey, content_key: key, body } of rows) {
    let text = texts.get(key);
    if (text === undefined) {
      text = body === null ? '' : failureText(JSON.parse(body) as ContentItem);
      texts.set(key, text);
    }
    failures.set(spanKey, text);
  }
  return failures;
}

function failureText(item: ContentItem): string {
  const value = item.kind === 'json' ? item.value : null;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const { type, message } = value as { readonly type?: Json; readonly message?: Json };
  const parts = [type, message].filter((part): part is string => typeof part === 'string' && part !== '');
  return oneLine(parts.join(': '));
}

/** Of the span's last input and first output, on one line. */
export function readPreview(
  reader: Reader,
  spanKey: number,
): { readonly input: string | null; readonly output: string | null } {
  const row = reader.get<{ input: Uint8Array; output: Uint8Array }>(
    'SELECT input, output FROM span_body WHERE span_key = ?',
    [spanKey],
  );
  if (!row) return { input: null, output: null };
  return {
    input: previewOf(reader, unpackKeys(row.input).at(-1)),
    output: previewOf(reader, unpackKeys(row.output)[0]),
  };
}

function previewOf(reader: Reader, key: number | undefined): string | null {
  if (key === undefined) return null;
  const row = reader.get<{ size: number; body: string | null }>(
    `SELECT size, CASE WHEN size <= ${PREVIEW_UNDER} THEN body END AS body FROM content WHERE content_key = ?`,
    [key],
  );
  if (!row?.body) return null;
  const text = oneLine(contentText(JSON.parse(row.body) as ContentItem));
  return text === '' ? null : text;
}
