/** The spans of a session's traces as those of one trace: one origin of time, ids that tell the traces apart. */
import { sessionGroupId, sessionOfAddress, sessionSpanId } from '#shared/session.ts';
import type { Reader } from './database.ts';
import type { StoredSpanFact, TraceFacts } from './span-queries.ts';
import { readFacts } from './span-queries.ts';
import { traceKeyOf } from './trace-queries.ts';

type SessionFacts = TraceFacts & {
  /** Ids of spans whose own parent never came: they stand in the group of their trace all the same. */
  readonly orphans: ReadonlySet<string>;
  /** Spans that were made for traces with several roots. */
  readonly groups: number;
};

/** The session that an address means; null for a trace, and for a session that has none. */
export function sessionAt(reader: Reader, address: string): string | null {
  const sessionId = sessionOfAddress(address);
  if (sessionId === null || traceKeyOf(reader, address) !== null) return null;
  return reader.get('SELECT 1 FROM session WHERE session_id = ?', [sessionId]) ? sessionId : null;
}

/** The traces of a session in order of time, and what changes whenever one of them does. */
export function sessionKeys(reader: Reader, sessionId: string): { traceKeys: number[]; stamp: string } {
  const rows = reader.rows<[number, number]>(
    'SELECT trace_key, revision FROM trace WHERE session_id = ? ORDER BY sort_ns, trace_id',
    [sessionId],
  );
  let newest = 0;
  let sum = 0;
  for (const [, revision] of rows) {
    newest = Math.max(newest, revision);
    sum += revision;
  }
  return { traceKeys: rows.map(([key]) => key), stamp: `${rows.length} ${newest} ${sum}` };
}

type NamedTrace = { readonly id: string; readonly name: string };

export function readSessionFacts(reader: Reader, traceKeys: readonly number[]): SessionFacts {
  const { originNs, spans } = readFacts(reader, traceKeys);
  const named = new Map(
    reader
      .rows<[number, string, string]>(
        'SELECT trace_key, trace_id, coalesce(name, root_name, trace_id) FROM trace WHERE trace_key IN (SELECT value FROM json_each(?))',
        [JSON.stringify(traceKeys)],
      )
      .map(([key, id, name]): [number, NamedTrace] => [key, { id, name }]),
  );
  const byTrace = new Map<number, StoredSpanFact[]>();
  for (const span of spans) {
    const list = byTrace.get(span.traceKey);
    if (list) list.push(span);
    else byTrace.set(span.traceKey, [span]);
  }
  const joined: StoredSpanFact[] = [];
  const orphans = new Set<string>();
  let groups = 0;
  for (const traceKey of traceKeys) {
    const trace = named.get(traceKey);
    const own = byTrace.get(traceKey);
    if (!trace || !own) continue;
    if (addTrace(trace, own, joined, orphans)) groups++;
  }
  return { originNs, spans: joined, orphans, groups };
}

/** Adds the spans of one trace; says whether a span was made to hold them together. */
function addTrace(
  { id, name }: NamedTrace,
  own: readonly StoredSpanFact[],
  joined: StoredSpanFact[],
  orphans: Set<string>,
): boolean {
  const present = new Set(own.map((span) => span.spanId));
  const isLost = ({ parentId }: StoredSpanFact): boolean => parentId !== null && !present.has(parentId);
  const tops = own.filter((span) => span.parentId === null || isLost(span));
  const group = tops.length > 1 ? sessionGroupId(id) : null;
  const prefix = sessionSpanId(id, '');
  for (const span of own) {
    const lost = isLost(span);
    const spanId = prefix + span.spanId;
    if (lost && group !== null) orphans.add(spanId);
    joined.push({
      ...span,
      spanId,
      parentId: group !== null && (span.parentId === null || lost) ? group : span.parentId && prefix + span.parentId,
      links: span.links.map((link) => prefix + link),
    });
  }
  const [first] = own;
  if (group === null || !first) return false;
  joined.push(groupFact(group, name, own, first));
  return true;
}

/** A span that stands for a trace. It claims nothing that its spans do not say themselves. */
function groupFact(
  spanId: string,
  name: string,
  own: readonly StoredSpanFact[],
  { traceKey, seq, dialect }: StoredSpanFact,
): StoredSpanFact {
  let start: number | null = null;
  let end: number | null = null;
  let running = false;
  for (const span of own) {
    const begins = span.start ?? span.end;
    const ends = span.end ?? span.start;
    if (begins !== null && (start === null || begins < start)) start = begins;
    if (ends !== null && (end === null || ends > end)) end = ends;
    if (span.status === 'running') running = true;
  }
  return {
    spanKey: -1,
    traceKey,
    spanId,
    parentId: null,
    kind: 'chain',
    subtype: 'trace',
    name,
    agent: null,
    model: null,
    tool: null,
    start,
    end: running ? null : end,
    status: running ? 'running' : 'unset',
    usage: null,
    reportedUsage: null,
    cost: null,
    handoffFrom: null,
    handoffTo: null,
    links: [],
    dialect,
    seq,
  };
}
