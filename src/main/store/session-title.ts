/** What a conversation is called: what its user said first. Most clients give every trace of one the same name. */
import type { ContentItem } from '#shared/message.ts';
import { contentText } from '#shared/message.ts';
import { SPAN_KINDS } from '#shared/record.ts';
import { unpackKeys } from './content-keys.ts';
import type { Reader } from './database.ts';

const GENERATION = SPAN_KINDS.indexOf('generation');
/** A list shows many sessions: of each, only so much is looked through. */
const TRACES = 3;
const SPANS = 500;
const ITEMS = 12;
const ITEM_BYTES = 64 * 1024;
const LENGTH = 200;

export function sessionTitle(reader: Reader, sessionId: string): string {
  const first = reader.all<{ trace_key: number; name: string; spans: number }>(
    'SELECT trace_key, coalesce(name, root_name, trace_id) AS name, spans FROM trace WHERE session_id = ? ORDER BY sort_ns, trace_id LIMIT ?',
    [sessionId, TRACES],
  );
  for (const trace of first) {
    const words = trace.spans <= SPANS ? firstWords(reader, trace.trace_key) : null;
    if (words !== null) return words;
  }
  return (first[0]?.name ?? sessionId).slice(0, LENGTH);
}

function firstWords(reader: Reader, traceKey: number): string | null {
  const input = reader.get<{ input: Uint8Array }>(
    `SELECT b.input FROM span s JOIN span_body b USING (span_key) WHERE s.trace_key = ? AND s.kind = ? AND length(b.input) > 0
     ORDER BY s.start_ns, s.span_key LIMIT 1`,
    [traceKey, GENERATION],
  )?.input;
  if (!input) return null;
  for (const key of unpackKeys(input).slice(-ITEMS).reverse()) {
    const stored = reader.get<{ body: string }>('SELECT body FROM content WHERE content_key = ? AND size <= ?', [
      key,
      ITEM_BYTES,
    ]);
    const item = stored ? (JSON.parse(stored.body) as ContentItem) : null;
    if (item?.kind !== 'message' || item.role !== 'user') continue;
    const words = contentText(item).trim().replace(/\s+/g, ' ');
    if (words !== '') return words.slice(0, LENGTH);
  }
  return null;
}
