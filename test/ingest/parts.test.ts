/** Spans told in parts give the same rows in any order, split and repetition. Writes through the real ingest and store. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { NormalisedRecord, SpanRecord } from '#shared/record.ts';
import { spanRecord } from '../../src/main/formats/span-record.ts';
import { createIngest } from '../../src/main/ingest/ingest.ts';
import { packBody } from '../../src/main/store/raw-store.ts';
import { spanRecordsOf } from '../../src/main/store/span-records.ts';
import { openWorkspace } from '../../src/main/store/open.ts';
import { temporaryFolder } from '../support/workspace.ts';

const origin = { dialect: 'claude_code', scopeName: 's', scopeVersion: '1', resource: null };
const log = { dialect: 'claude_code', scopeName: 'logs', scopeVersion: '1', resource: null };
const t = 'trace';

function part(spanId: string, id: string, rank: number, says: Partial<SpanRecord>): SpanRecord {
  return spanRecord({ traceId: t, spanId, kind: 'custom', name: '', origin: log, ...says, part: { id, rank } });
}

const RECORDS: readonly SpanRecord[] = [
  spanRecord({ traceId: t, spanId: 'root', kind: 'agent', name: 'turn', agent: 'main', start: 1n, end: 90n, origin }),
  spanRecord({
    traceId: t,
    spanId: 'a1',
    parentId: 'root',
    kind: 'generation',
    name: 'llm_request',
    start: 10n,
    end: 20n,
    attributes: { ttft: 3, both: 'span' },
    usage: { input: 5, output: null, cacheRead: null, cacheWrite: null, reasoning: null },
    aliases: ['request:1'],
    origin,
  }),
  part('request:1', 'api_request', 10, {
    kind: 'generation',
    cost: 0.5,
    start: 9n,
    attributes: { both: 'log', speed: 'normal' },
    usage: { input: 7, output: 8, cacheRead: null, cacheWrite: null, reasoning: null },
  }),
  part('request:1', 'assistant_response', 10, { output: [{ kind: 'text', text: 'Working.' }] }),
  part('call:9', 'tool_result', 10, {
    kind: 'tool',
    name: 'Bash',
    tool: 'Bash',
    status: 'error',
    error: { type: null, message: 'failed' },
  }),
  part('call:9', 'tool_decision', 10, { kind: 'tool', attributes: { decision: 'accept' } }),
  spanRecord({
    traceId: t,
    spanId: 'b2',
    parentId: 'root',
    kind: 'tool',
    name: 'tool',
    tool: 'Bash',
    start: 30n,
    end: 40n,
    aliases: ['call:9'],
    origin,
  }),
  // No span ever says that it is this one: it stays a span of its own.
  part('request:2', 'api_request', 10, { kind: 'generation', name: 'log only', parentId: 'root', cost: 1 }),
  // Created and updated.
  part('run', 'post', 60, {
    kind: 'chain',
    name: 'run',
    start: 50n,
    status: 'running',
    input: [{ kind: 'text', text: 'in' }],
  }),
  part('run', 'patch', 61, { end: 60n, output: [{ kind: 'text', text: 'out' }], attributes: { k: 1 } }),
  // Two versions of a whole span that also has a part.
  spanRecord({ traceId: t, spanId: 'c3', kind: 'agent', name: 'first', start: 1n, end: 2n, origin }),
  spanRecord({ traceId: t, spanId: 'c3', kind: 'agent', name: 'second', start: 1n, end: 3n, origin }),
  part('c3', 'event', 10, { events: [{ time: '2', name: 'e', attributes: {} }] }),
  // Two spans claim one name.
  spanRecord({
    traceId: t,
    spanId: 'z9',
    kind: 'generation',
    name: 'retry',
    start: 70n,
    end: 80n,
    aliases: ['request:1'],
    origin,
  }),
];

async function stateAfter(bodies: readonly (readonly NormalisedRecord[])[]): Promise<unknown> {
  const opened = await openWorkspace(join(temporaryFolder(), 'w.tracewright'), {
    readOnly: false,
    nativeBinding: null,
  });
  if (!opened.ok || !opened.value.connection) throw new Error('no workspace');
  const { connection } = opened.value;
  onTestFinished(() => {
    opened.value.close();
  });
  const ingest = createIngest();
  for (const [index, records] of bodies.entries()) {
    const bytes = Buffer.from(`${index}`);
    const unit = {
      format: 'otlp',
      name: null,
      contentType: null,
      userAgent: null,
      receivedAt: 1,
      live: false,
      source: 'test',
      hash: createHash('sha256').update(bytes).digest().subarray(0, 16),
      size: bytes.length,
      packed: await packBody(bytes),
      records,
    };
    connection.transaction((writer) => ingest.write(writer, unit, 1));
  }
  const spans = [...spanRecordsOf(connection, 1)].sort((a, b) => (a.spanId < b.spanId ? -1 : 1));
  return spans;
}

/** Numbers from a seed, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

test('parts join the span that has their name, and fill what it leaves open', async () => {
  const spans = (await stateAfter([RECORDS])) as SpanRecord[];
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  expect([...byId.keys()]).toEqual(['a1', 'b2', 'c3', 'request:2', 'root', 'run', 'z9']);
  expect(byId.get('a1')).toMatchObject({
    name: 'llm_request',
    cost: 0.5,
    start: 10n,
    usage: { input: 5, output: 8 },
    output: [{ kind: 'text', text: 'Working.' }],
    attributes: { both: 'span', speed: 'normal', ttft: 3 },
  });
  expect(byId.get('b2')).toMatchObject({ status: 'error', error: { message: 'failed' }, start: 30n });
  expect(byId.get('run')).toMatchObject({ name: 'run', kind: 'chain', status: 'unset', start: 50n, end: 60n });
  expect(byId.get('c3')).toMatchObject({ name: 'second', events: [{ name: 'e' }] });
  expect(byId.get('request:2')).toMatchObject({ name: 'log only', cost: 1 });
  expect(byId.get('z9')?.cost).toBeNull();
});

test('a span whose end has not been told is running', async () => {
  const started = RECORDS.filter((record) => record.part?.id === 'post');
  expect(await stateAfter([started])).toMatchObject([{ spanId: 'run', status: 'running', end: null }]);
});

test('any order, split and repetition gives the same spans', async () => {
  const expected = await stateAfter([RECORDS]);
  for (let seed = 1; seed <= 40; seed++) {
    const next = random(seed);
    const shuffled = [...RECORDS, ...RECORDS.filter(() => next() < 0.3)]
      .map((record) => ({ record, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ record }) => record);
    const bodies: SpanRecord[][] = [[]];
    for (const record of shuffled) {
      if (next() < 0.4) bodies.push([]);
      bodies.at(-1)?.push(record);
    }
    expect(await stateAfter(bodies), `seed ${seed}`).toEqual(expected);
  }
});
