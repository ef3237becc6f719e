/** All that a workspace says about its traces, whatever its keys and however it arrived; and workspaces to compare. */
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { NormalisedRecord } from '#shared/record.ts';
import { createDerivation } from '../../src/main/ingest/derivation.ts';
import { createIngest } from '../../src/main/ingest/ingest.ts';
import { unpackKeys } from '../../src/main/store/content-keys.ts';
import type { Connection, Reader } from '../../src/main/store/database.ts';
import { openWorkspace } from '../../src/main/store/open.ts';
import { temporaryFolder } from './workspace.ts';

/** Without what says when and in which bytes something arrived. */
const STATE = {
  traces: `SELECT trace_id, name, workflow, session_id, user_id, metadata, tags, status, start_ns, end_ns, spans, errors, input_tokens, output_tokens,
    cache_read_tokens, cache_write_tokens, reasoning_tokens, cost, root_name, agents, tools, models, issues, dialect, source
    FROM trace ORDER BY trace_id`,
  spans: `SELECT trace_id, span_id, parent_id, kind, s.status, s.name, subtype, agent, model, tool, CAST(s.start_ns AS TEXT), CAST(s.end_ns AS TEXT),
    s.input_tokens, s.output_tokens, s.cache_read_tokens, s.cache_write_tokens, s.reasoning_tokens, reported_usage, s.cost, handoff_from,
    handoff_to, s.links, tool_call_id, attributes, events, b.links, o.dialect, scope_name, scope_version, resource
    FROM span s JOIN trace USING (trace_key) JOIN span_body b USING (span_key) JOIN origin o USING (origin_key) ORDER BY trace_id, span_id`,
  order: 'SELECT trace_id, span_id FROM span JOIN trace USING (trace_key) ORDER BY trace_id, span_key',
  facets:
    'SELECT trace_id, field, value FROM trace_facet JOIN facet USING (facet_key) JOIN trace USING (trace_key) ORDER BY 1, 2, 3',
  annotations: `SELECT trace_id, annotation_id, target_kind, target_id, annotator, taxonomy, category, severity, score, note, agent, is_root_cause,
    CAST(created_ns AS TEXT), extra FROM annotation JOIN trace USING (trace_key) ORDER BY 1, 2`,
  scores: `SELECT trace_id, span_id, sc.name, sc.source, value, label, passed, explanation FROM score sc JOIN trace USING (trace_key) ORDER BY 1, 2, 3, 4`,
  issues: `SELECT severity, code, message, trace_id, span_id, detail FROM issue LEFT JOIN trace USING (trace_key)
    WHERE trace_key IS NOT NULL ORDER BY 1, 2, 3, 4, 5, 6`,
} as const;

export type State = Readonly<Record<keyof typeof STATE | 'contents', unknown[]>>;

export function stateOf(reader: Reader): State {
  const rows = Object.entries(STATE).map(([name, sql]) => [name, reader.rows<unknown[]>(sql)] as const);
  return { ...Object.fromEntries(rows), contents: contentsOf(reader) } as State;
}

/** What each span reads, writes and fails with; parts that a later one replaced leave contents that no span has. */
function contentsOf(reader: Reader): unknown[] {
  const bodies = new Map(reader.rows<[number, string]>('SELECT content_key, body FROM content'));
  const spans = reader.rows<[string, string, Uint8Array, Uint8Array, number | null]>(
    `SELECT trace_id, span_id, input, output, error_content FROM span JOIN span_body USING (span_key) JOIN trace USING (trace_key)
     ORDER BY trace_id, span_id`,
  );
  const read = (keys: readonly number[]): unknown[] => keys.map((key) => bodies.get(key));
  return spans.map(([trace, span, input, output, error]) => [
    trace,
    span,
    read(unpackKeys(input)),
    read(unpackKeys(output)),
    read(error === null ? [] : [error]),
  ]);
}

export type Filled = { readonly path: string; readonly reader: Connection; readonly state: State };

/** A fresh workspace that took these bodies and derived everything. */
export async function fillWorkspace(bodies: readonly Body[]): Promise<Filled> {
  const path = join(temporaryFolder(), 'state.tracewright');
  const opened = await openWorkspace(path, { readOnly: false, nativeBinding: null });
  if (!opened.ok || !opened.value.connection) throw new Error('no workspace');
  const { connection, close } = opened.value;
  onTestFinished(close);
  const ingest = createIngest();
  let revision = 0;
  for (const { format = 'test', name = null, bytes = new Uint8Array(), source = 'test', records } of bodies) {
    const hash = createHash('sha256').update(String(revision)).digest().subarray(0, 16);
    const unit = {
      format,
      name,
      contentType: null,
      userAgent: null,
      receivedAt: 1_795_000_000_000,
      live: false,
      source,
      hash,
      size: bytes.length,
      packed: { encoding: 'identity' as const, body: bytes },
      records,
    };
    connection.transaction((writer) => ingest.write(writer, unit, ++revision));
  }
  const derivation = createDerivation(connection, { nextRevision: () => ++revision, derived: () => undefined });
  derivation.stop();
  await derivation.flush({ final: true });
  return { path, reader: connection, state: stateOf(connection) };
}

export type Body = {
  readonly records: readonly NormalisedRecord[];
  readonly bytes?: Uint8Array;
  readonly format?: string;
  readonly name?: string | null;
  readonly source?: string;
};
