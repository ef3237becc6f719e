/** One span of a session that is read as one trace: found by the two ids that its own is made of. */
import { SPAN_STATUSES } from '#shared/record.ts';
import { sessionAddress, sessionGroupId, sessionSpanId, splitSessionSpanId } from '#shared/session.ts';
import type { SpanDetail } from '#shared/trace.ts';
import type { Reader } from './database.ts';
import { getSpan } from './span-queries.ts';

type Member = { readonly trace_key: number; readonly trace_id: string; readonly spanId: string | null };

/** The trace and span that the id means; null when that is none of the session. `spanId` null = the trace as a whole. */
export function memberOf(reader: Reader, sessionId: string, id: string): Member | null {
  const { traceId, spanId } = splitSessionSpanId(id);
  const trace = reader.get<{ trace_key: number }>('SELECT trace_key FROM trace WHERE trace_id = ? AND session_id = ?', [
    traceId,
    sessionId,
  ]);
  return trace ? { trace_key: trace.trace_key, trace_id: traceId, spanId } : null;
}

export function getSessionSpan(reader: Reader, sessionId: string, id: string): SpanDetail | null {
  const member = memberOf(reader, sessionId, id);
  if (!member) return null;
  if (member.spanId === null) return groupDetail(reader, sessionId, member);
  const span = getSpan(reader, member.trace_id, member.spanId);
  if (!span) return null;
  return {
    ...span,
    traceId: sessionAddress(sessionId),
    id,
    parentId:
      span.parentId === null
        ? hasGroup(reader, member.trace_key)
          ? sessionGroupId(member.trace_id)
          : null
        : sessionSpanId(member.trace_id, span.parentId),
    links: span.links.map((link) => {
      const target = sessionSpanId(link.traceId, link.spanId);
      return memberOf(reader, sessionId, target)
        ? { ...link, traceId: sessionAddress(sessionId), spanId: target }
        : link;
    }),
  };
}

/** As in session-facts: a trace with more than one span that hangs below nothing. */
function hasGroup(reader: Reader, traceKey: number): boolean {
  return (
    reader.get(
      `SELECT 1 FROM span s WHERE s.trace_key = ? AND (s.parent_id IS NULL
         OR NOT EXISTS (SELECT 1 FROM span p WHERE p.trace_key = s.trace_key AND p.span_id = s.parent_id)) LIMIT 1 OFFSET 1`,
      [traceKey],
    ) !== undefined
  );
}

type GroupRow = {
  name: string;
  start_ns: string | null;
  end_ns: string | null;
  running: number;
  dialect: string;
  source: string;
  spans: number;
};

function groupDetail(reader: Reader, sessionId: string, { trace_key, trace_id }: Member): SpanDetail | null {
  const row = reader.get<GroupRow>(
    `SELECT coalesce(t.name, t.root_name, t.trace_id) AS name, CAST(min(coalesce(s.start_ns, s.end_ns)) AS TEXT) AS start_ns,
       CAST(max(coalesce(s.end_ns, s.start_ns)) AS TEXT) AS end_ns, coalesce(max(s.status = ?), 0) AS running, t.dialect, t.source, count(s.span_key) AS spans
     FROM trace t LEFT JOIN span s USING (trace_key) WHERE t.trace_key = ?`,
    [SPAN_STATUSES.indexOf('running'), trace_key],
  );
  if (!row) return null;
  return {
    traceId: sessionAddress(sessionId),
    id: sessionGroupId(trace_id),
    parentId: null,
    kind: 'chain',
    subtype: 'trace',
    name: row.name,
    agent: null,
    model: null,
    tool: null,
    toolCallId: null,
    startNs: row.start_ns,
    endNs: row.running === 1 ? null : row.end_ns,
    status: row.running === 1 ? 'running' : 'unset',
    error: null,
    usage: null,
    reportedUsage: null,
    cost: null,
    handoff: null,
    input: [],
    output: [],
    attributes: { 'trace.id': trace_id, 'trace.spans': row.spans },
    events: [],
    links: [],
    dialect: row.dialect,
    scope: { name: null, version: null },
    resource: null,
  };
}
