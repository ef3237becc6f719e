/**
 * Where a span stands in the conversation. Entries are in order of start, so the place is found with a handful of
 * one-entry questions, however long the conversation is.
 */
import type { ConversationEntry } from '#shared/graph.ts';

/** Equal start times are common in SDKs with millisecond clocks; more than this many in a row are not looked through. */
const MOST_TIES = 2_000;
const PAGE = 100;

export type ReadEntries = (
  cursor: number,
  limit: number,
) => Promise<readonly Pick<ConversationEntry, 'spanId' | 'startNs'>[]>;

/**
 * The index of the entry of this span, or of the first one at or after its start when the span itself is none (an
 * agent, a chain); `exact` tells. Null when nothing is known of when it started.
 */
export async function findEntry(
  read: ReadEntries,
  total: number,
  spanId: string,
  startNs: bigint | null,
): Promise<{ index: number; exact: boolean } | null> {
  if (startNs === null || total === 0) return null;
  let low = 0;
  let high = total;
  while (low < high) {
    const middle = (low + high) >> 1;
    const [entry] = await read(middle, 1);
    // Entries without a time stand at the end.
    if (entry && entry.startNs !== null && BigInt(entry.startNs) < startNs) low = middle + 1;
    else high = middle;
  }
  for (let cursor = low; cursor < Math.min(total, low + MOST_TIES); cursor += PAGE) {
    const page = await read(cursor, PAGE);
    const at = page.findIndex((entry) => entry.spanId === spanId);
    if (at >= 0) return { index: cursor + at, exact: true };
    const last = page.at(-1);
    if (!last || last.startNs === null || BigInt(last.startNs) > startNs) break;
  }
  return low < total ? { index: low, exact: false } : { index: total - 1, exact: false };
}
