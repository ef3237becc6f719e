/** What bodies leave in a workspace, for tests of order and splitting: the same rows, whatever their keys. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { NormalisedRecord } from '#shared/record.ts';
import { createDerivation } from '../../src/main/ingest/derivation.ts';
import { createIngest } from '../../src/main/ingest/ingest.ts';
import type { Connection } from '../../src/main/store/database.ts';
import { openWorkspace } from '../../src/main/store/open.ts';
import { temporaryFolder } from './workspace.ts';

/** The records of each body. */
type Order = readonly (readonly NormalisedRecord[])[];

const STATE = [
  `SELECT trace_id, name, workflow, session_id, user_id, metadata, tags, status, start_ns, end_ns, spans, errors, input_tokens, output_tokens,
     cache_read_tokens, cache_write_tokens, reasoning_tokens, cost, root_name, agents, tools, models, issues, dialect, source FROM trace ORDER BY trace_id`,
  `SELECT trace_id, span_id, parent_id, kind, s.status, s.name, subtype, agent, model, tool, s.start_ns, s.end_ns, s.input_tokens, s.output_tokens,
     reported_usage, s.cost, handoff_from, handoff_to, s.links, attributes, events
   FROM span s JOIN trace USING (trace_key) JOIN span_body USING (span_key) ORDER BY trace_id, span_id`,
  'SELECT hex(hash) FROM content ORDER BY 1',
  `SELECT trace_id, field, value FROM trace_facet JOIN facet USING (facet_key) JOIN trace USING (trace_key) ORDER BY 1, 2, 3`,
  'SELECT severity, code, message, span_id FROM issue ORDER BY 1, 2, 3, 4',
];

/** The rows that the bodies leave, whatever their keys. */
export async function stateAfter(order: Order): Promise<unknown[]> {
  const connection = await storedAfter(order);
  return STATE.map((sql) => connection.rows<unknown[]>(sql));
}

/** A workspace with what the bodies leave; closed after the test. */
export async function storedAfter(order: Order): Promise<Connection> {
  const opened = await openWorkspace(join(temporaryFolder(), 'order.tracewright'), {
    readOnly: false,
    nativeBinding: null,
  });
  if (!opened.ok || !opened.value.connection) throw new Error('no workspace');
  const { connection, close } = opened.value;
  onTestFinished(close);
  const ingest = createIngest();
  let revision = 0;
  for (const [index, records] of order.entries()) {
    const unit = {
      format: 'test',
      name: null,
      contentType: null,
      userAgent: null,
      receivedAt: 1_795_000_000_000,
      live: false,
      source: 'test',
      hash: createHash('sha256').update(String(index)).digest().subarray(0, 16),
      size: 0,
      packed: { encoding: 'identity' as const, body: new Uint8Array() },
      records,
    };
    connection.transaction((writer) => ingest.write(writer, unit, ++revision));
  }
  const derivation = createDerivation(connection, { nextRevision: () => ++revision, derived: () => undefined });
  derivation.stop();
  await derivation.flush({ final: true });
  return connection;
}
