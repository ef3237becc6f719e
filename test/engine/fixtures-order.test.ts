/** Every capture, in any order, split and repeated, gives the same state: the same rows, whatever their keys. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { NormalisedRecord } from '#shared/record.ts';
import { createDerivation } from '../../src/main/ingest/derivation.ts';
import { createIngest } from '../../src/main/ingest/ingest.ts';
import { openWorkspace } from '../../src/main/store/open.ts';
import { formats } from '../../src/main/formats/registry.ts';
import { decodeAll, loadCases } from '../formats/cases.ts';
import { temporaryFolder } from '../support/workspace.ts';

type Order = readonly (readonly NormalisedRecord[])[];

const FORMATS: ReadonlySet<string> = new Set(['agents-sdk', 'otlp', 'otlp-logs', 'otlp-metrics']);
const cases = loadCases().filter(({ format }) => FORMATS.has(format));

test.each(cases)('$format/$name: repeated, reversed and split is the same', async ({ format, bytes }) => {
  const decoder = formats.find(({ id }) => id === format);
  if (!decoder) throw new Error(`no format ${format}`);
  const { records } = decodeAll(decoder, bytes);
  const forward = await stateAfter([records]);
  expect(await stateAfter([records, records])).toEqual(forward);
  expect(await stateAfter(split([...records].reverse(), 7))).toEqual(forward);
  expect(await stateAfter([...split(records, 11), [...records].reverse()])).toEqual(forward);
});

function split(records: readonly NormalisedRecord[], size: number): NormalisedRecord[][] {
  // A large capture in pieces of seven would be hundreds of transactions.
  const piece = Math.max(size, Math.ceil(records.length / 40));
  return Array.from({ length: Math.ceil(records.length / piece) }, (_, index) =>
    records.slice(index * piece, (index + 1) * piece),
  );
}

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

async function stateAfter(order: Order): Promise<unknown[]> {
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

  return STATE.map((sql) => connection.rows<unknown[]>(sql));
}
