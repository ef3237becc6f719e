/** What a trace was asked, in full: by this, it is known to be of an example. */
import { isJsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { contentText } from '#shared/message.ts';
import { SPAN_KINDS } from '#shared/record.ts';
import { unpackKeys } from './content-keys.ts';
import type { Reader } from './database.ts';

const GENERATION = SPAN_KINDS.indexOf('generation');
const ITEMS = 12;
const ITEM_BYTES = 1024 * 1024;
const FIELDS = 20;

/**
 * Texts that may be its input, the likeliest first: what a user said first to a model, what the first span was given, and
 * the texts in that where it is an object, such as {"question": "…"}.
 */
export function inputsOf(reader: Reader, traceKey: number): string[] {
  const inputs: string[] = [];
  for (const item of firstItems(reader, traceKey, `AND s.kind = ${GENERATION}`)) {
    if (item.kind !== 'message' || item.role !== 'user') continue;
    const words = item.parts.flatMap((part) => (part.type === 'text' ? [part.content] : [])).join('\n');
    if (words.trim() === '') continue;
    inputs.push(words);
    break;
  }
  const [first] = firstItems(reader, traceKey, '');
  if (first) inputs.push(contentText(first));
  const value = first?.kind === 'json' ? first.value : null;
  if (isJsonObject(value))
    for (const field of Object.values(value).slice(0, FIELDS)) if (typeof field === 'string') inputs.push(field);
  return inputs.filter((text) => text.trim() !== '');
}

function firstItems(reader: Reader, traceKey: number, where: string): ContentItem[] {
  const row = reader.get<{ input: Uint8Array }>(
    `SELECT b.input FROM span s JOIN span_body b USING (span_key) WHERE s.trace_key = ? ${where} AND length(b.input) > 0
     ORDER BY s.start_ns, s.span_key LIMIT 1`,
    [traceKey],
  );
  return (row ? unpackKeys(row.input) : []).slice(0, ITEMS).flatMap((key) => {
    const stored = reader.get<{ body: string }>('SELECT body FROM content WHERE content_key = ? AND size <= ?', [
      key,
      ITEM_BYTES,
    ]);
    return stored ? [JSON.parse(stored.body) as ContentItem] : [];
  });
}
