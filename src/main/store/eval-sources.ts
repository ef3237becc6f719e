/** Traces as a run takes them: few columns of many. */
import type { ParsedQuery } from '#shared/query.ts';
import type { Reader, SqlValue } from './database.ts';
import { clause, termFilter } from './trace-queries.ts';

export type SourceTrace = {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  /** JSON; null = none. */
  readonly metadata: string | null;
  /** USD and milliseconds; null = unknown. */
  readonly cost: number | null;
  readonly durationMs: number | null;
};

const COLUMNS = `t.trace_key, t.trace_id, coalesce(t.name, t.root_name, t.trace_id), t.metadata, t.cost,
  CASE WHEN t.end_ns IS NULL OR t.start_ns IS NULL THEN NULL ELSE (t.end_ns - t.start_ns) / 1e6 END`;
type Row = [number, string, string, string | null, number | null, number | null];

/** In order of time; at most `most`. */
export function tracesThatFit(reader: Reader, query: ParsedQuery, most: number): SourceTrace[] {
  const filters = query.terms.map((term) => termFilter(reader, term));
  const params: SqlValue[] = filters.flatMap((filter) => filter.params);
  return reader
    .rows<Row>(
      `SELECT ${COLUMNS} FROM trace t ${clause(filters.map(({ sql }) => sql))} ORDER BY t.sort_ns, t.trace_id LIMIT ?`,
      [...params, most],
    )
    .map(sourceTrace);
}

/** Those that are there, in order of time. */
export function tracesWithIds(reader: Reader, traceIds: readonly string[]): SourceTrace[] {
  return reader
    .rows<Row>(
      `SELECT ${COLUMNS} FROM trace t WHERE t.trace_id IN (SELECT value FROM json_each(?)) ORDER BY t.sort_ns, t.trace_id`,
      [JSON.stringify(traceIds)],
    )
    .map(sourceTrace);
}

function sourceTrace([key, id, name, metadata, cost, durationMs]: Row): SourceTrace {
  return { key, id, name, metadata, cost, durationMs };
}
