import { SEVERITIES } from '#shared/detect.ts';
import type { JsonObject } from '#shared/json.ts';
import type { CostBasis } from '#shared/prices.ts';
import type { NumberField, ParsedQuery, QueryTerm, TextField } from '#shared/query.ts';
import { parseQuery } from '#shared/query.ts';
import { AppFailure } from '#shared/result.ts';
import type { FacetCounts, FacetField, TraceListArgs, TracePage, TraceRow, TraceStatus } from '#shared/trace.ts';
import {
  annotatedCondition,
  annotatorCondition,
  countAnnotated,
  countAnnotators,
  countLabels,
  labelCondition,
  scoreCondition,
  verdictCondition,
} from './annotation-search.ts';
import type { Reader, SqlValue } from './database.ts';
import type { StoredFindings } from './finding-store.ts';
import { metaCondition } from './meta-condition.ts';
import { VERDICT_COLUMNS, verdictsOf, type StoredVerdicts } from './verdict-columns.ts';
import { countFindingsDue, FINDING_COLUMNS, findingsOf } from './finding-store.ts';
import { countVerdicts, gradeCondition } from './grade-store.ts';

const COLUMNS = `t.trace_id, t.name, t.root_name, t.workflow, t.session_id, t.user_id, t.status, CAST(t.start_ns AS TEXT) AS start_ns,
  CASE WHEN t.end_ns IS NULL OR t.start_ns IS NULL THEN NULL ELSE t.end_ns - t.start_ns END AS duration_ns, t.spans, t.errors,
  t.input_tokens, t.output_tokens, t.cache_read_tokens, t.cache_write_tokens, t.reasoning_tokens, t.cost, t.cost_basis, t.agents, t.tools, t.models,
  t.tags, t.metadata, t.source, t.dialect, t.issues, t.last_received, t.revision, CAST(t.sort_ns AS TEXT) AS sort_ns, ${FINDING_COLUMNS}, ${VERDICT_COLUMNS}`;

type StoredTrace = StoredFindings &
  StoredVerdicts & {
    trace_id: string;
    name: string | null;
    root_name: string | null;
    workflow: string | null;
    session_id: string | null;
    user_id: string | null;
    status: TraceStatus;
    start_ns: string | null;
    duration_ns: number | null;
    spans: number;
    errors: number;
    input_tokens: number | null;
    output_tokens: number | null;
    cache_read_tokens: number | null;
    cache_write_tokens: number | null;
    reasoning_tokens: number | null;
    cost: number | null;
    cost_basis: CostBasis | null;
    agents: string;
    tools: string;
    models: string;
    tags: string;
    metadata: string | null;
    source: string;
    dialect: string;
    issues: number;
    last_received: number;
    revision: number;
    sort_ns: string;
  };

/** A search for text looks at most at this many of the newest matching contents, so that a common word stays fast. */
const TEXT_MATCHES = 20_000;
/** Facets of a search are counted over at most this many traces, the newest. */
const FACET_TRACES = 10_000;

export function traceKeyOf(reader: Reader, traceId: string): number | null {
  return (
    reader.get<{ trace_key: number }>('SELECT trace_key FROM trace WHERE trace_id = ?', [traceId])?.trace_key ?? null
  );
}

export function getTrace(reader: Reader, traceId: string): TraceRow | null {
  const row = reader.get<StoredTrace>(`SELECT ${COLUMNS} FROM trace t WHERE t.trace_id = ?`, [traceId]);
  return row ? toRow(row) : null;
}

/** The traces of a session, in order of time. */
export function tracesOfSession(reader: Reader, sessionId: string): TraceRow[] {
  return reader
    .all<StoredTrace>(`SELECT ${COLUMNS} FROM trace t WHERE t.session_id = ? ORDER BY t.sort_ns, t.trace_id`, [
      sessionId,
    ])
    .map(toRow);
}

/** For `listTraces`, to go on behind a trace; null when it is not there. */
export function cursorBehind(reader: Reader, traceId: string): string | null {
  const row = reader.get<{ sort_ns: string }>('SELECT CAST(sort_ns AS TEXT) AS sort_ns FROM trace WHERE trace_id = ?', [
    traceId,
  ]);
  return row ? `${row.sort_ns} ${traceId}` : null;
}

/** Newest first; the cursor is the sort key of the last row. */
export function listTraces(reader: Reader, args: TraceListArgs): TracePage {
  const limit = Math.max(1, Math.min(args.limit ?? 100, 1_000));
  const filter = buildFilter(reader, readQuery(args.query));
  const where = [...filter.where];
  const params = [...filter.params];
  const cursor = readCursor(args.cursor);
  if (cursor) {
    where.push('(t.sort_ns, t.trace_id) < (CAST(? AS INTEGER), ?)');
    params.push(cursor.sortNs, cursor.traceId);
  }
  const rows = reader.all<StoredTrace>(
    `SELECT ${COLUMNS} FROM trace t ${clause(where)} ORDER BY t.sort_ns DESC, t.trace_id DESC LIMIT ?`,
    [...params, limit + 1],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const total = filter.cut
    ? null
    : (reader.get<{ n: number }>(`SELECT count(*) AS n FROM trace t ${clause(filter.where)}`, filter.params)?.n ?? 0);
  return {
    rows: page.map(toRow),
    nextCursor: rows.length > limit && last ? `${last.sort_ns} ${last.trace_id}` : null,
    total,
  };
}

const FACET_VALUES = 50;

/** How many traces have each value: all of them without a query, else those that match. */
export function countFacets(reader: Reader, query: string | undefined): FacetCounts {
  const filter = buildFilter(reader, readQuery(query));
  function count(field: FacetField): FacetCounts[FacetField] {
    return filter.where.length === 0
      ? reader.all(
          'SELECT value, traces AS count FROM facet WHERE field = ? AND traces > 0 ORDER BY traces DESC, value LIMIT ?',
          [field, FACET_VALUES],
        )
      : reader.all(
          `SELECT f.value, count(*) AS count FROM (SELECT t.trace_key FROM trace t ${clause(filter.where)} ORDER BY t.sort_ns DESC LIMIT ${FACET_TRACES}) m
           JOIN trace_facet tf ON tf.trace_key = m.trace_key JOIN facet f ON f.facet_key = tf.facet_key
           WHERE f.field = ? GROUP BY f.facet_key ORDER BY count DESC, f.value LIMIT ?`,
          [...filter.params, field, FACET_VALUES],
        );
  }
  return {
    workflow: count('workflow'),
    agent: count('agent'),
    tool: count('tool'),
    model: count('model'),
    status: count('status'),
    source: count('source'),
    tag: count('tag'),
    finding: countFindings(reader, filter),
    ...countAnnotations(reader, filter),
    grade: countVerdicts(reader, filter.where.length === 0 ? null : newest(filter), FACET_VALUES),
    findingsDue: countFindingsDue(reader),
  };
}

/** The traces that fit, as far as they are counted. */
function newest({ where, params }: Filter): { readonly sql: string; readonly params: readonly SqlValue[] } {
  return {
    sql: `SELECT t.trace_key FROM trace t ${clause(where)} ORDER BY t.sort_ns DESC LIMIT ${FACET_TRACES}`,
    params,
  };
}

function countAnnotations(reader: Reader, filter: Filter): Pick<FacetCounts, 'annotated' | 'label' | 'annotator'> {
  const within = filter.where.length === 0 ? null : newest(filter);
  const annotated = countAnnotated(reader, within);
  if (annotated === 0) return { annotated: [], label: [], annotator: [] };
  return {
    annotated: [{ value: 'true', count: annotated }],
    label: countLabels(reader, within, FACET_VALUES),
    annotator: countAnnotators(reader, within, FACET_VALUES),
  };
}

/** Traces in which a detector found something, and in the first place those in which any did. */
function countFindings(reader: Reader, { where, params }: Filter): FacetCounts['finding'] {
  const of =
    where.length === 0
      ? 'finding f'
      : `(SELECT t.trace_key FROM trace t ${clause(where)} ORDER BY t.sort_ns DESC LIMIT ${FACET_TRACES}) m JOIN finding f ON f.trace_key = m.trace_key`;
  const any = reader.get<{ n: number }>(`SELECT count(DISTINCT f.trace_key) AS n FROM ${of}`, params)?.n ?? 0;
  if (any === 0) return [];
  const each = reader.all<{ value: string; count: number }>(
    `SELECT f.detector AS value, count(*) AS count FROM ${of} GROUP BY f.detector ORDER BY count DESC, f.detector LIMIT ?`,
    [...params, FACET_VALUES],
  );
  return [{ value: 'any', count: any }, ...each];
}

/** What a person types is far below; each term costs a query, and SQLite bounds patterns and the depth of an expression. */
const QUERY_LENGTH = 4_000;
const QUERY_TERMS = 100;

export function readQuery(query: string | undefined): ParsedQuery {
  const parsed: ParsedQuery =
    query !== undefined && query.length <= QUERY_LENGTH ? parseQuery(query) : { terms: [], problems: [] };
  if ((query ?? '').length > QUERY_LENGTH || parsed.terms.length > QUERY_TERMS) {
    throw new AppFailure({
      code: 'bad_request',
      message: `A search may have ${QUERY_LENGTH} characters and ${QUERY_TERMS} terms.`,
      hint: 'Search for a part of it.',
    });
  }
  return parsed;
}

type Filter = { readonly where: readonly string[]; readonly params: readonly SqlValue[]; readonly cut: boolean };

const NUMBER_COLUMNS: Readonly<Record<NumberField, string>> = {
  cost: 't.cost',
  duration: '(t.end_ns - t.start_ns)',
  spans: 't.spans',
  errors: 't.errors',
  tokens: '(coalesce(t.input_tokens, 0) + coalesce(t.output_tokens, 0))',
};

function buildFilter(reader: Reader, query: ParsedQuery): Filter {
  const where: string[] = [];
  const params: SqlValue[] = [];
  let cut = false;
  for (const term of query.terms) {
    const part = termFilter(reader, term);
    where.push(part.sql);
    params.push(...part.params);
    cut ||= part.cut ?? false;
  }
  return { where, params, cut };
}

export type TermFilter = { sql: string; params: SqlValue[]; cut?: boolean };

export function termFilter(reader: Reader, term: QueryTerm): TermFilter {
  switch (term.type) {
    case 'text':
      return negate(textFilter(reader, term.text), term.negated);
    case 'field':
      return negate(fieldFilter(reader, term.field, term.value), term.negated);
    case 'score':
      return negate(asFilter(scoreCondition(term.name, term.comparison, term.value)), term.negated);
    case 'grade':
      return negate(asFilter(gradeCondition(term, (name) => `%${escapeLike(name)}%`)), term.negated);
    case 'time':
      return negate(
        { sql: `(t.sort_ns ${term.field === 'since' ? '>=' : '<'} ?)`, params: [BigInt(term.ms) * 1_000_000n] },
        term.negated,
      );
    case 'meta':
      return negate(asFilter(metaCondition(term.key, term.value)), term.negated);
    case 'error':
      return { sql: term.value ? 't.errors > 0' : 't.errors = 0', params: [] };
    case 'number':
      return negate(
        { sql: `coalesce(${NUMBER_COLUMNS[term.field]} ${term.comparison} ?, 0)`, params: [term.value] },
        term.negated,
      );
  }
}

export function negate(filter: TermFilter, negated: boolean): TermFilter {
  return negated ? { ...filter, sql: `NOT ${filter.sql}` } : filter;
}

function asFilter({ sql, params }: { readonly sql: string; readonly params: readonly SqlValue[] }): TermFilter {
  return { sql, params: [...params] };
}

function fieldFilter(reader: Reader, field: TextField, value: string): TermFilter {
  if (field === 'annotated') return asFilter(annotatedCondition(value === 'true'));
  if (field === 'verdict') return asFilter(verdictCondition(value === 'pass'));
  if (field === 'label') return asFilter(labelCondition(reader, value));
  if (field === 'annotator') return asFilter(annotatorCondition(value, `%${escapeLike(value)}%`));
  if (field === 'id') return idFilter(value);
  if (field === 'finding') return findingFilter(value.toLowerCase());
  if (field === 'session') return { sql: '(coalesce(t.session_id = ?, 0))', params: [value] };
  // Exact value first; a value that nobody has exactly matches as a part, so that `agent:plan` finds Planner.
  return {
    sql: `(t.trace_key IN (SELECT tf.trace_key FROM facet f JOIN trace_facet tf ON tf.facet_key = f.facet_key WHERE f.field = ?
             AND (f.value = ? OR (f.value LIKE ? ESCAPE '\\' AND NOT EXISTS (SELECT 1 FROM facet e WHERE e.field = ? AND e.value = ? AND e.traces > 0)))))`,
    params: [field, value, `%${escapeLike(value)}%`, field, value],
  };
}

/** A part of the id, or several whole ids with commas between them. */
function idFilter(value: string): TermFilter {
  const part = { sql: "(t.trace_id LIKE ? ESCAPE '\\')", params: [`%${escapeLike(value)}%`] };
  if (!value.includes(',')) return part;
  return {
    sql: `(${part.sql} OR t.trace_id IN (SELECT value FROM json_each(?)))`,
    params: [...part.params, JSON.stringify(value.split(','))],
  };
}

/** `any`, a severity (of the worst of a detector), a detector's id, or a part of one. */
function findingFilter(value: string): TermFilter {
  if (value === 'any') return { sql: '(t.trace_key IN (SELECT trace_key FROM finding))', params: [] };
  if (SEVERITIES.some((severity) => severity === value))
    return { sql: '(t.trace_key IN (SELECT trace_key FROM finding WHERE severity = ?))', params: [value] };
  return {
    sql: `(t.trace_key IN (SELECT trace_key FROM finding WHERE detector = ?
             OR (detector LIKE ? ESCAPE '\\' AND NOT EXISTS (SELECT 1 FROM finding e WHERE e.detector = ?))))`,
    params: [value, `%${escapeLike(value)}%`, value],
  };
}

/** Traces with the words in a content, or as a part of a name of the trace, its agents, tools, models. */
function textFilter(reader: Reader, text: string): TermFilter {
  const match = ftsPhrase(text);
  const keys = new Set<number>();
  let cut = false;
  if (match) {
    const rows = reader.rows<[number]>(
      `SELECT ct.trace_key FROM (SELECT rowid FROM content_fts WHERE content_fts MATCH ? ORDER BY rowid DESC LIMIT ${TEXT_MATCHES}) m
       JOIN content_trace ct ON ct.content_key = m.rowid`,
      [match],
    );
    for (const [key] of rows) keys.add(key);
    cut = rows.length >= TEXT_MATCHES;
  }
  return {
    sql: `(t.trace_key IN (SELECT value FROM json_each(?)) OR t.trace_key IN (SELECT tf.trace_key FROM facet f JOIN trace_facet tf ON tf.facet_key = f.facet_key
           WHERE f.field <> 'status' AND f.value LIKE ? ESCAPE '\\'))`,
    params: [JSON.stringify([...keys]), `%${escapeLike(text)}%`],
    cut,
  };
}

/** One FTS5 phrase whose last word is a prefix; null when the text has no letter or digit to look for. */
export function ftsPhrase(text: string): string | null {
  return /[\p{L}\p{N}]/u.test(text) ? `"${text.replace(/"/g, '""').replace(/\0/g, ' ')}"*` : null;
}

export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}

export function clause(where: readonly string[]): string {
  return where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`;
}

function readCursor(cursor: string | undefined): { sortNs: string; traceId: string } | null {
  const match = /^(-?\d+) (.*)$/s.exec(cursor ?? '');
  return match ? { sortNs: match[1] ?? '', traceId: match[2] ?? '' } : null;
}

function toRow(row: StoredTrace): TraceRow {
  return {
    id: row.trace_id,
    name: row.name ?? row.root_name ?? row.trace_id,
    workflow: row.workflow,
    session: row.session_id,
    user: row.user_id,
    status: row.status,
    startNs: row.start_ns,
    durationNs: row.duration_ns,
    spans: row.spans,
    errors: row.errors,
    agents: JSON.parse(row.agents) as string[],
    tools: JSON.parse(row.tools) as string[],
    models: JSON.parse(row.models) as string[],
    tokens: {
      input: row.input_tokens,
      output: row.output_tokens,
      cacheRead: row.cache_read_tokens,
      cacheWrite: row.cache_write_tokens,
      reasoning: row.reasoning_tokens,
    },
    cost: row.cost,
    costBasis: row.cost_basis,
    source: row.source,
    dialect: row.dialect,
    tags: (JSON.parse(row.tags) as unknown[]).map(String),
    metadata: row.metadata ? (JSON.parse(row.metadata) as JsonObject) : null,
    issues: row.issues,
    findings: findingsOf(row),
    ...verdictsOf(row),
    lastReceivedAt: row.last_received,
    revision: row.revision,
  };
}
