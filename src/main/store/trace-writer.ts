/** Rows of `trace`: created as placeholders by the first item that names them, filled by facts and by derivation. */
import type { JsonObject } from '#shared/json.ts';
import type { CostBasis } from '#shared/prices.ts';
import type { TraceRecord, Usage } from '#shared/record.ts';
import type { TraceStatus } from '#shared/trace.ts';
import type { SqlValue, Writer } from './database.ts';
import { joinMetadata } from './join-metadata.ts';

export type TraceWriter = {
  readonly keyOf: (writer: Writer, traceId: string, seen: Seen) => number;
  readonly applyFacts: (writer: Writer, traceKey: number, record: TraceRecord) => void;
  readonly forget: () => void;
};
export type Seen = { readonly source: string; readonly dialect: string; readonly receivedAt: number };

const CACHE = 10_000;
const FACT_LENGTH = 1_024;

export function createTraceWriter(): TraceWriter {
  let keys = new Map<string, number>();
  return {
    keyOf(writer, traceId, seen) {
      const known = keys.get(traceId);
      if (known !== undefined) return known;
      let key = writer.get<{ trace_key: number }>('SELECT trace_key FROM trace WHERE trace_id = ?', [
        traceId,
      ])?.trace_key;
      key ??= writer.run(
        `INSERT INTO trace (trace_id, tags, source, dialect, first_received, last_received, live_until, revision, dirty, sort_ns, status, spans, errors,
           agents, tools, models, issues) VALUES (?, '[]', ?, ?, ?, ?, 0, 0, 1, ?, 'running', 0, 0, '[]', '[]', '[]', 0)`,
        [traceId, seen.source, seen.dialect, seen.receivedAt, seen.receivedAt, BigInt(seen.receivedAt) * 1_000_000n],
      ).rowid;
      if (keys.size >= CACHE) keys = new Map();
      keys.set(traceId, key);
      return key;
    },
    /**
     * Facts that the record does not state stay as they are. Where two records state different ones, the greater wins,
     * because nothing in them says which is the later and the order of arrival must not count.
     */
    applyFacts(writer, traceKey, record) {
      for (const [column, value] of [
        ['name', record.name],
        ['workflow', record.workflow],
        ['session_id', record.sessionId],
        ['user_id', record.userId],
      ] as const) {
        if (value === undefined) continue;
        // In lists, indexes and addresses: what is longer is no name.
        const stated = value.length > FACT_LENGTH ? `${value.slice(0, FACT_LENGTH)}…` : value;
        writer.run(`UPDATE trace SET ${column} = max(coalesce(${column}, ?), ?) WHERE trace_key = ?`, [
          stated,
          stated,
          traceKey,
        ]);
      }
      // Not joined with what is there: that is how the file arrived, which says nothing about the trace.
      if (record.source !== undefined)
        writer.run('UPDATE trace SET source = ? WHERE trace_key = ?', [record.source, traceKey]);
      if (record.metadata && Object.keys(record.metadata).length > 0) {
        const stored = writer.get<{ metadata: string | null }>('SELECT metadata FROM trace WHERE trace_key = ?', [
          traceKey,
        ])?.metadata;
        const known = stored ? (JSON.parse(stored) as JsonObject) : {};
        writer.run('UPDATE trace SET metadata = ? WHERE trace_key = ?', [
          JSON.stringify(joinMetadata(known, record.metadata)),
          traceKey,
        ]);
      }
      if (record.tags && record.tags.length > 0) {
        writer.run(
          `UPDATE trace SET tags = (SELECT json_group_array(value) FROM (SELECT value FROM json_each(tags) UNION SELECT value FROM json_each(?) ORDER BY 1)) WHERE trace_key = ?`,
          [JSON.stringify(record.tags), traceKey],
        );
      }
    },
    forget() {
      keys = new Map();
    },
  };
}

/** One update per trace and commit: marks it for derivation. */
export function touchTrace(writer: Writer, traceKey: number, touch: Touch): void {
  writer.run(
    'UPDATE trace SET dirty = 1, last_received = max(last_received, ?), live_until = max(live_until, ?), revision = ? WHERE trace_key = ?',
    [touch.receivedAt, touch.liveUntil, touch.revision, traceKey],
  );
}
export type Touch = { readonly receivedAt: number; readonly liveUntil: number; readonly revision: number };

export type DerivedTrace = {
  /** Running only because something arrived a moment ago: to be derived again when that is past. */
  readonly live: boolean;
  readonly status: TraceStatus;
  readonly startNs: bigint | null;
  readonly endNs: bigint | null;
  readonly spans: number;
  readonly errors: number;
  readonly tokens: Usage;
  readonly cost: number | null;
  readonly costBasis: CostBasis | null;
  readonly rootName: string | null;
  readonly agents: readonly string[];
  readonly tools: readonly string[];
  readonly models: readonly string[];
};

/** Names listed on a trace row; a trace with more keeps the first ones, its facets keep as many. */
const LISTED = 200;

export function writeDerived(writer: Writer, traceKey: number, derived: DerivedTrace, revision: number): void {
  const lists = [derived.agents, derived.tools, derived.models].map((names) => JSON.stringify(names.slice(0, LISTED)));
  writer.run(
    `UPDATE trace SET dirty = 0, live_until = CASE WHEN ? THEN live_until ELSE 0 END, revision = ?, status = ?, start_ns = ?, end_ns = ?, sort_ns = coalesce(?, first_received * 1000000), spans = ?, errors = ?,
       input_tokens = ?, output_tokens = ?, cache_read_tokens = ?, cache_write_tokens = ?, reasoning_tokens = ?, cost = ?, cost_basis = ?, root_name = ?,
       agents = ?, tools = ?, models = ?,
       issues = (SELECT count(*) FROM issue WHERE issue.trace_key = trace.trace_key AND severity <> 'info')
     WHERE trace_key = ?`,
    [
      derived.live ? 1 : 0,
      revision,
      derived.status,
      derived.startNs,
      derived.endNs,
      derived.startNs,
      derived.spans,
      derived.errors,
      derived.tokens.input,
      derived.tokens.output,
      derived.tokens.cacheRead,
      derived.tokens.cacheWrite,
      derived.tokens.reasoning,
      derived.cost,
      derived.costBasis,
      derived.rootName,
      ...(lists as SqlValue[]),
      traceKey,
    ],
  );
  writeFacets(writer, traceKey, derived);
}

function writeFacets(writer: Writer, traceKey: number, derived: DerivedTrace): void {
  const facts = writer.get<{ name: string | null; workflow: string | null; source: string; tags: string }>(
    'SELECT coalesce(name, root_name) AS name, workflow, source, tags FROM trace WHERE trace_key = ?',
    [traceKey],
  );
  if (!facts) return;
  const wanted = new Map<number, true>();
  function want(field: string, value: string | null | undefined): void {
    if (value) wanted.set(facetKey(writer, field, value), true);
  }
  want('name', facts.name);
  want('workflow', facts.workflow);
  want('source', facts.source);
  want('status', derived.status);
  for (const agent of derived.agents.slice(0, LISTED)) want('agent', agent);
  for (const tool of derived.tools.slice(0, LISTED)) want('tool', tool);
  for (const model of derived.models.slice(0, LISTED)) want('model', model);
  for (const tag of JSON.parse(facts.tags) as unknown[])
    want('tag', typeof tag === 'string' ? tag : JSON.stringify(tag));
  const present = writer.all<{ facet_key: number }>('SELECT facet_key FROM trace_facet WHERE trace_key = ?', [
    traceKey,
  ]);
  for (const { facet_key } of present) {
    if (!wanted.delete(facet_key))
      writer.run('DELETE FROM trace_facet WHERE facet_key = ? AND trace_key = ?', [facet_key, traceKey]);
  }
  for (const key of wanted.keys())
    writer.run('INSERT INTO trace_facet (facet_key, trace_key) VALUES (?, ?)', [key, traceKey]);
}

function facetKey(writer: Writer, field: string, value: string): number {
  const found = writer.get<{ facet_key: number }>('SELECT facet_key FROM facet WHERE field = ? AND value = ?', [
    field,
    value,
  ]);
  return found?.facet_key ?? writer.run('INSERT INTO facet (field, value) VALUES (?, ?)', [field, value]).rowid;
}

/**
 * Takes the trace's dialect and source from the span that stands first in its tree, so that they do not depend on
 * arrival: the service's name, else the instrumentation that made the span.
 */
export function writeOrigin(writer: Writer, traceKey: number, spanKey: number): void {
  const origin = writer.get<{ dialect: string; scope: string | null; version: string | null; service: string | null }>(
    `SELECT o.dialect, o.scope_name AS scope, o.scope_version AS version, o.resource ->> '$."service.name"' AS service
     FROM span JOIN origin o USING (origin_key) WHERE span_key = ?`,
    [spanKey],
  );
  if (!origin) return;
  const named =
    origin.service !== null && !String(origin.service).startsWith('unknown_service') ? String(origin.service) : null;
  const instrumentation = origin.scope === null ? null : [origin.scope, origin.version].filter(Boolean).join(' ');
  writer.run('UPDATE trace SET dialect = ?, source = coalesce(?, source) WHERE trace_key = ?', [
    origin.dialect,
    named ?? instrumentation,
    traceKey,
  ]);
}
