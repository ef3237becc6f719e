import { toAppError } from '#shared/result.ts';
import type { Json } from '#shared/json.ts';
import type { IssueRow } from '#shared/trace.ts';
import { AppFailure } from '#shared/result.ts';
import { sessionSpanId } from '#shared/session.ts';
import type { ConnectionOptions } from '../../store/database.ts';
import { readOnlyQuery } from '../../store/database.ts';
import { sessionAt } from '../../store/session-facts.ts';
import { traceKeyOf } from '../../store/trace-queries.ts';
import type { DomainHandlers } from './types.ts';

const SQL_ROWS = 10_000;
const ISSUE_ROWS = 10_000;

export const issueHandlers: DomainHandlers<'issue'> = {
  'issue.list': ({ reader }, { traceId, limit: wanted = 200 }) => {
    const limit = Math.min(wanted, ISSUE_ROWS);
    const columns = `i.issue_key AS id, i.severity, i.code, i.message, t.trace_id AS traceId, i.span_id AS spanId, i.detail, i.received_at AS receivedAt
       FROM issue i LEFT JOIN trace t USING (trace_key)`;
    if (traceId === undefined)
      return reader.all<IssueRow>(`SELECT ${columns} ORDER BY i.issue_key DESC LIMIT ?`, [limit]);
    const session = sessionAt(reader, traceId);
    if (session !== null) {
      return reader
        .all<IssueRow>(`SELECT ${columns} WHERE t.session_id = ? ORDER BY i.issue_key LIMIT ?`, [session, limit])
        .map((issue) => ({
          ...issue,
          spanId: issue.traceId === null || issue.spanId === null ? null : sessionSpanId(issue.traceId, issue.spanId),
        }));
    }
    const key = traceKeyOf(reader, traceId);
    return key === null
      ? []
      : reader.all<IssueRow>(`SELECT ${columns} WHERE i.trace_key = ? ORDER BY i.issue_key LIMIT ?`, [key, limit]);
  },
};

export function sqlHandlers(workspace: string, options: ConnectionOptions): DomainHandlers<'sql'> {
  return {
    'sql.query': (_context, { sql, limit }) => {
      try {
        const { columns, rows } = readOnlyQuery(workspace, options, sql, Math.min(limit ?? SQL_ROWS, SQL_ROWS));
        return rows.map((row) =>
          Object.fromEntries(row.map((value, index) => [columns[index] ?? String(index), jsonValue(value)])),
        );
      } catch (cause) {
        throw new AppFailure({
          code: 'bad_request',
          message: toAppError(cause).message,
          hint: 'One statement that reads; "SELECT name, sql FROM sqlite_schema" lists the tables.',
        });
      }
    },
  };
}

/** 64-bit integers beyond 2^53 become text, bytes become hex: JSON can hold neither. */
function jsonValue(value: unknown): Json {
  if (typeof value === 'bigint')
    return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(value)
      : value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'string' || typeof value === 'number') return value;
  return null;
}
