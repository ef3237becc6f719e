import { statSync } from 'node:fs';
import type { Reader } from '../store/database.ts';

/** Sizes for the status bar. Span counts come from the traces' summaries: counting a million rows would take a second. */
export function countStored(reader: Reader, path: string): { traces: number; spans: number; fileBytes: number } {
  const row = reader.get<{ traces: number; spans: number | null }>(
    'SELECT count(*) AS traces, sum(spans) AS spans FROM trace',
  );
  return { traces: row?.traces ?? 0, spans: row?.spans ?? 0, fileBytes: fileBytes(path) };
}

function fileBytes(path: string): number {
  let total = 0;
  for (const file of [path, `${path}-wal`]) {
    try {
      total += statSync(file).size;
    } catch {
      // The write-ahead log exists only while there is something in it.
    }
  }
  return total;
}
