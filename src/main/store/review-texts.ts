/** What a trace began and ended with, in words: by this, traces are told to be of one task, or alike. */
import type { ContentItem } from '#shared/message.ts';
import { contentText } from '#shared/message.ts';
import { SPAN_KINDS } from '#shared/record.ts';
import { unpackKeys } from './content-keys.ts';
import type { Reader } from './database.ts';

const GENERATION = SPAN_KINDS.indexOf('generation');
const ITEMS = 12;
const ITEM_BYTES = 64 * 1024;
const LENGTH = 2_000;

/** What a user said first, with plain spaces; else what the first span with an input read. Null without either. */
export function firstInput(reader: Reader, traceKey: number): string | null {
  const first = (where: string): Uint8Array | undefined =>
    reader.get<{ input: Uint8Array }>(
      `SELECT b.input FROM span s JOIN span_body b USING (span_key) WHERE s.trace_key = ? ${where} AND length(b.input) > 0
       ORDER BY s.start_ns, s.span_key LIMIT 1`,
      [traceKey],
    )?.input;
  const generation = first(`AND s.kind = ${GENERATION}`);
  for (const item of generation ? itemsIn(reader, generation) : []) {
    if (item.kind === 'message' && item.role === 'user') return plain(item);
  }
  const any = first('');
  const [item] = any ? itemsIn(reader, any) : [];
  return item ? plain(item) : null;
}

/** What the trace, or one span of it, said last. */
export function lastOutput(reader: Reader, traceKey: number, spanId: string | null): string | null {
  const output = reader.get<{ output: Uint8Array }>(
    `SELECT b.output FROM span s JOIN span_body b USING (span_key) WHERE s.trace_key = ?${spanId === null ? '' : ' AND s.span_id = ?'}
       AND length(b.output) > 0 ORDER BY (s.kind = ${GENERATION}) DESC, s.end_ns DESC, s.span_key DESC LIMIT 1`,
    spanId === null ? [traceKey] : [traceKey, spanId],
  )?.output;
  const item = output ? itemsIn(reader, output).at(-1) : undefined;
  return item ? plain(item) : null;
}

function itemsIn(reader: Reader, packed: Uint8Array): ContentItem[] {
  return unpackKeys(packed)
    .slice(0, ITEMS)
    .flatMap((key) => {
      const stored = reader.get<{ body: string }>('SELECT body FROM content WHERE content_key = ? AND size <= ?', [
        key,
        ITEM_BYTES,
      ]);
      return stored ? [JSON.parse(stored.body) as ContentItem] : [];
    });
}

function plain(item: ContentItem): string | null {
  const words = contentText(item).trim().replace(/\s+/g, ' ').slice(0, LENGTH);
  return words === '' ? null : words;
}
