/** Whole bodies of single spans, for analysis of what one model call was given. */
import type { JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { unpackKeys } from './content-keys.ts';
import type { Reader } from './database.ts';
import { getContent } from './span-queries.ts';

export type SpanBody = {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly toolCallId: string | null;
  readonly attributes: JsonObject;
};

/** Structurally the `HeldItem` of analysis, which this room does not import. */
export type HeldContent = { readonly key: number; readonly size: number; readonly item: ContentItem | null };

/** Larger contents, and those beyond the budget of one question, are told by their size alone. */
const LARGEST = 4 * 1024 * 1024;
const BUDGET = 48 * 1024 * 1024;

/** Null for a span that was not received, as one that stands for a trace of a session. */
export function readSpanBody(reader: Reader, spanKey: number): SpanBody | null {
  const row = reader.get<{ input: Uint8Array; output: Uint8Array; tool_call_id: string | null; attributes: string }>(
    'SELECT input, output, tool_call_id, attributes FROM span_body WHERE span_key = ?',
    [spanKey],
  );
  if (!row) return null;
  return {
    input: unpackKeys(row.input),
    output: unpackKeys(row.output),
    toolCallId: row.tool_call_id,
    attributes: JSON.parse(row.attributes) as JsonObject,
  };
}

/** Reads contents, each once, until the budget is used up. */
export function createContentReader(reader: Reader): (keys: readonly number[]) => HeldContent[] {
  const known = new Map<number, HeldContent>();
  let left = BUDGET;
  function read(key: number): HeldContent {
    const size = reader.get<{ size: number }>('SELECT size FROM content WHERE content_key = ?', [key])?.size ?? 0;
    const fits = size <= LARGEST && size <= left;
    if (fits) left -= size;
    return { key, size, item: fits ? getContent(reader, key) : null };
  }
  return (keys) =>
    keys.map((key) => {
      const held = known.get(key) ?? read(key);
      known.set(key, held);
      return held;
    });
}
