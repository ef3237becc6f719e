/** What traces are called. */
import type { Reader } from './database.ts';

/** By trace id; those that are gone are left out. */
export function traceNames(reader: Reader, traceIds: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    reader.rows<[string, string]>(
      `SELECT t.trace_id, coalesce(t.name, t.root_name, t.trace_id) FROM trace t WHERE t.trace_id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(traceIds)],
    ),
  );
}

export function everyTraceId(reader: Reader): string[] {
  return reader.rows<[string]>('SELECT trace_id FROM trace ORDER BY trace_key').map(([id]) => id);
}
