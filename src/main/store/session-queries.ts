/** Lists of sessions and of their traces, from `session` (kept by triggers) and indexes: the cost grows with what is shown. */
import type { CostBasis } from '#shared/prices.ts';
import type { NumberField, QueryTerm } from '#shared/query.ts';
import type {
  SessionBar,
  SessionListArgs,
  SessionPage,
  SessionPlace,
  SessionRow,
  SessionTrace,
  SessionTracePage,
} from '#shared/session.ts';
import { SESSION_SAMPLE } from '#shared/session.ts';
import type { TraceStatus } from '#shared/trace.ts';
import type { Reader, SqlValue } from './database.ts';
import type { TermFilter } from './trace-queries.ts';
import { sessionTitle } from './session-title.ts';
import { clause, escapeLike, negate, readQuery, termFilter } from './trace-queries.ts';

const COLUMNS = `s.session_id, CAST(s.sort_ns AS TEXT) AS sort_ns, CAST(s.start_ns AS TEXT) AS start_ns, CAST(s.end_ns AS TEXT) AS end_ns,
  s.traces, s.running, s.failed, s.tool_errors, s.spans, s.errors, s.inputs, s.input_tokens, s.outputs, s.output_tokens, s.costs, s.stated_costs, s.estimated_costs, s.cost`;

type StoredSession = {
  session_id: string;
  sort_ns: string;
  start_ns: string | null;
  end_ns: string | null;
  traces: number;
  running: number;
  failed: number;
  tool_errors: number;
  spans: number;
  errors: number;
  inputs: number;
  input_tokens: number;
  outputs: number;
  output_tokens: number;
  costs: number;
  stated_costs: number;
  estimated_costs: number;
  cost: number;
};

const PAGE = 50;
const MAX_PAGE = 200;

export function listSessions(reader: Reader, args: SessionListArgs): SessionPage {
  const limit = Math.max(1, Math.min(args.limit ?? PAGE, MAX_PAGE));
  const filters = readQuery(args.query).terms.map((term) => sessionFilter(reader, term));
  const where = filters.map(({ sql }) => sql);
  const params = filters.flatMap((filter) => filter.params);
  const cursor = /^(-?\d+) (.*)$/s.exec(args.cursor ?? '');
  const rows = reader.all<StoredSession>(
    `SELECT ${COLUMNS} FROM session s ${clause(cursor ? [...where, '(s.sort_ns, s.session_id) < (CAST(? AS INTEGER), ?)'] : where)}
     ORDER BY s.sort_ns DESC, s.session_id DESC LIMIT ?`,
    [...params, ...(cursor ? [cursor[1] ?? '', cursor[2] ?? ''] : []), limit + 1],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const total = filters.some(({ cut }) => cut)
    ? null
    : (reader.get<{ n: number }>(`SELECT count(*) AS n FROM session s ${clause(where)}`, params)?.n ?? 0);
  return {
    rows: page.map((row) => toRow(reader, row)),
    nextCursor: rows.length > limit && last ? `${last.sort_ns} ${last.session_id}` : null,
    total,
  };
}

export function getSession(reader: Reader, sessionId: string): SessionRow | null {
  const row = reader.get<StoredSession>(`SELECT ${COLUMNS} FROM session s WHERE s.session_id = ?`, [sessionId]);
  return row ? toRow(reader, row) : null;
}

const NUMBER_COLUMNS: Readonly<Record<NumberField, string>> = {
  cost: 's.cost',
  duration: '(s.end_ns - s.start_ns)',
  spans: 's.spans',
  errors: 's.errors',
  tokens: '(s.input_tokens + s.output_tokens)',
};

function sessionFilter(reader: Reader, term: QueryTerm): TermFilter {
  switch (term.type) {
    case 'error':
      return { sql: term.value ? 's.errors > 0' : 's.errors = 0', params: [] };
    case 'number':
      return negate(
        { sql: `coalesce(${NUMBER_COLUMNS[term.field]} ${term.comparison} ?, 0)`, params: [term.value] },
        term.negated,
      );
    case 'score':
    case 'grade':
    case 'time':
    case 'meta':
      return negate(ofATrace(reader, { ...term, negated: false }), term.negated);
    case 'field':
      return negate(
        term.field === 'session'
          ? named(term.value)
          : term.field === 'id'
            ? either(named(term.value), ofATrace(reader, term))
            : ofATrace(reader, term),
        term.negated,
      );
    case 'text':
      return negate(either(named(term.text), ofATrace(reader, term)), term.negated);
  }
}

function named(text: string): TermFilter {
  return { sql: "(s.session_id LIKE ? ESCAPE '\\')", params: [`%${escapeLike(text)}%`] };
}

function either(a: TermFilter, b: TermFilter): TermFilter {
  return { sql: `(${a.sql} OR ${b.sql})`, params: [...a.params, ...b.params], cut: b.cut ?? false };
}

function ofATrace(
  reader: Reader,
  term: Extract<QueryTerm, { type: 'field' | 'text' | 'score' | 'grade' | 'time' | 'meta' }>,
): TermFilter {
  const { sql, params, cut } = termFilter(reader, { ...term, negated: false });
  return {
    sql: `(s.session_id IN (SELECT t.session_id FROM trace t WHERE t.session_id IS NOT NULL AND ${sql}))`,
    params,
    cut: cut ?? false,
  };
}

type Sampled = {
  status: TraceStatus;
  bar_start: number | null;
  bar_end: number | null;
  agents: string;
  source: string;
  user_id: string | null;
  revision: number;
};

function toRow(reader: Reader, row: StoredSession): SessionRow {
  const newest = reader.all<Sampled>(
    `SELECT status, start_ns - CAST(? AS INTEGER) AS bar_start, end_ns - CAST(? AS INTEGER) AS bar_end, agents, source, user_id, revision
     FROM trace WHERE session_id = ? ORDER BY sort_ns DESC, trace_id DESC LIMIT ?`,
    [row.start_ns, row.start_ns, row.session_id, SESSION_SAMPLE],
  );
  const sample = newest.reverse();
  const agents = new Set(sample.flatMap((trace) => JSON.parse(trace.agents) as string[]));
  return {
    id: row.session_id,
    title: sessionTitle(reader, row.session_id),
    user: sample.find((trace) => trace.user_id !== null)?.user_id ?? null,
    source: sample[0]?.source ?? '',
    status: statusOf(row),
    traces: row.traces,
    startNs: row.start_ns,
    endNs: row.end_ns,
    spans: row.spans,
    errors: row.errors,
    agents: [...agents],
    inputTokens: row.inputs > 0 ? row.input_tokens : null,
    outputTokens: row.outputs > 0 ? row.output_tokens : null,
    cost: row.costs > 0 ? row.cost : null,
    costBasis: basisOf(row),
    bars: sample.flatMap((trace) => toBar(trace) ?? []),
    revision: sample.reduce((most, trace) => Math.max(most, trace.revision), 0),
  };
}

function toBar({ bar_start: start, bar_end: end, status }: Sampled): SessionBar | null {
  return start === null ? null : { start, end: Math.max(start, end ?? start), status };
}

function basisOf({ costs, stated_costs: stated, estimated_costs: estimated }: StoredSession): CostBasis | null {
  if (costs <= 0) return null;
  return stated === costs ? 'stated' : estimated === costs ? 'estimated' : 'partly';
}

function statusOf(row: StoredSession): TraceStatus {
  if (row.running > 0) return 'running';
  if (row.failed > 0) return 'error';
  return row.tool_errors > 0 ? 'tool_errors' : 'ok';
}

const TRACES = 2_000;
const MAX_TRACES = 10_000;
/** Names of agents, tools and models that a time line gets of one trace. */
const NAMES = 4;

type StoredPart = {
  trace_id: string;
  name: string;
  status: TraceStatus;
  sort_ns: string;
  start_ns: string | null;
  begins: number | null;
  ends: number | null;
  spans: number;
  errors: number;
  agents: string;
  tools: string;
  models: string;
  input_tokens: number | null;
  output_tokens: number | null;
  cost: number | null;
  cost_basis: CostBasis | null;
};

export function listSessionTraces(
  reader: Reader,
  args: { readonly sessionId: string; readonly cursor?: string; readonly limit?: number },
): SessionTracePage | null {
  const session = reader.get<{ traces: number; start_ns: string | null }>(
    'SELECT traces, CAST(start_ns AS TEXT) AS start_ns FROM session WHERE session_id = ?',
    [args.sessionId],
  );
  if (!session) return null;
  const limit = Math.max(1, Math.min(args.limit ?? TRACES, MAX_TRACES));
  const cursor = /^(-?\d+) (.*)$/s.exec(args.cursor ?? '');
  const params: SqlValue[] = [session.start_ns, session.start_ns, args.sessionId];
  if (cursor) params.push(cursor[1] ?? '', cursor[2] ?? '');
  const rows = reader.all<StoredPart>(
    `SELECT trace_id, coalesce(name, root_name, trace_id) AS name, status, CAST(sort_ns AS TEXT) AS sort_ns, CAST(start_ns AS TEXT) AS start_ns,
       start_ns - CAST(? AS INTEGER) AS begins, end_ns - CAST(? AS INTEGER) AS ends, spans, errors, agents, tools, models, input_tokens, output_tokens, cost, cost_basis
     FROM trace WHERE session_id = ? ${cursor ? 'AND (sort_ns, trace_id) > (CAST(? AS INTEGER), ?)' : ''} ORDER BY sort_ns, trace_id LIMIT ?`,
    [...params, limit + 1],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page.map(toTrace),
    nextCursor: rows.length > limit && last ? `${last.sort_ns} ${last.trace_id}` : null,
    total: session.traces,
  };
}

function names(json: string): string[] {
  return (JSON.parse(json) as string[]).slice(0, NAMES);
}

function toTrace(row: StoredPart): SessionTrace {
  return {
    id: row.trace_id,
    name: row.name,
    status: row.status,
    startNs: row.start_ns,
    start: row.begins,
    end: row.status === 'running' ? null : row.ends,
    spans: row.spans,
    errors: row.errors,
    agents: names(row.agents),
    tools: names(row.tools),
    models: names(row.models),
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cost: row.cost,
    costBasis: row.cost_basis,
  };
}

/** Where a trace stands in its session; null when it has none. */
export function placeInSession(reader: Reader, traceId: string): SessionPlace | null {
  const trace = reader.get<{ session_id: string | null; sort_ns: string }>(
    'SELECT session_id, CAST(sort_ns AS TEXT) AS sort_ns FROM trace WHERE trace_id = ?',
    [traceId],
  );
  const sessionId = trace?.session_id ?? null;
  if (!trace || sessionId === null) return null;
  const key = [sessionId, trace.sort_ns, traceId];
  function neighbour(comparison: '<' | '>', order: 'ASC' | 'DESC'): string | null {
    return (
      reader.get<{ trace_id: string }>(
        `SELECT trace_id FROM trace WHERE session_id = ? AND (sort_ns, trace_id) ${comparison} (CAST(? AS INTEGER), ?)
         ORDER BY sort_ns ${order}, trace_id ${order} LIMIT 1`,
        key,
      )?.trace_id ?? null
    );
  }
  const before = reader.get<{ n: number }>(
    'SELECT count(*) AS n FROM trace WHERE session_id = ? AND (sort_ns, trace_id) < (CAST(? AS INTEGER), ?)',
    key,
  );
  const total = reader.get<{ traces: number }>('SELECT traces FROM session WHERE session_id = ?', [sessionId]);
  return {
    sessionId,
    position: (before?.n ?? 0) + 1,
    total: total?.traces ?? 1,
    previous: neighbour('<', 'DESC'),
    next: neighbour('>', 'ASC'),
  };
}
