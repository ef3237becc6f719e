import type { RefObject } from 'react';
import type { SpanPreview } from '#shared/event-log.ts';
import type { SpanTable } from '../../model/span-table.ts';
import type { LogRows } from './log-rows.ts';
import { readEntry, type LogEntry } from './log-words.ts';

export type KeptEntry = { readonly preview: SpanPreview | undefined; readonly entry: LogEntry | null };

/** More entries than are ever near the viewport. */
const MOST_KEPT = 500;

/** The same object as long as an entry says the same, so that rows on show are not drawn again while others come in. */
export function readOnce(
  kept: RefObject<{ log: LogRows; read: Map<number, KeptEntry> }>,
  log: LogRows,
  table: SpanTable,
  place: number,
  preview: SpanPreview | undefined,
): LogEntry | null {
  if (kept.current.log !== log || kept.current.read.size > MOST_KEPT) kept.current = { log, read: new Map() };
  const known = kept.current.read.get(place);
  if (known && known.preview === preview) return known.entry;
  const entry = readEntry(log, table, place, preview);
  kept.current.read.set(place, { preview, entry });
  return entry;
}
