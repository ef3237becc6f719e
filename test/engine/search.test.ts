import { expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import type { MadeSpan } from '../support/make-trace.ts';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import { endpoint, startEngine } from '../support/workspace.ts';

async function filled(): Promise<Engine> {
  const engine = await startEngine();
  const topologies = [
    'handoff-chain',
    'parallel-tools',
    'retry-loop',
    'nested-agents',
    'missing-parent',
    'clock-skew',
    'still-running',
  ];
  for (const [index, topology] of topologies.entries()) {
    await send(
      engine,
      makeTrace(topology, { seed: index + 1, startNs: 1_795_000_000_000_000_000n + BigInt(index) * 60_000_000_000n }),
    );
  }
  await engine.settle();
  return engine;
}

async function send(engine: Engine, spans: readonly MadeSpan[]): Promise<void> {
  const response = await fetch(endpoint(engine, '/v1/traces'), {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: otlpProtobuf(spans) as BodyInit,
  });
  expect(response.status).toBe(200);
}

async function names(engine: Engine, query: string): Promise<string[]> {
  return (await engine.call('trace.list', { query })).rows.map((row) => row.agents[0] ?? row.name).sort();
}

test('fields, parts of names, numbers, errors and negation find the right traces', async () => {
  const engine = await filled();
  expect(await names(engine, 'agent:Planner')).toEqual(['Triage']);
  expect(await names(engine, 'agent:plan')).toEqual(['Triage']);
  expect(await names(engine, 'tool:lookup')).toEqual(['Solver']);
  expect(await names(engine, 'error:true')).toEqual(['Fetcher']);
  expect(await names(engine, 'status:running')).toContain('Root');
  expect(await names(engine, 'duration:>800ms -agent:Fetcher')).toEqual(['Level 0']);
  expect(await names(engine, 'spans:>1000')).toEqual([]);
  expect((await engine.call('trace.list', { query: '-agent:Root' })).total).toBe(4);
});

test('words in messages are found, as words and as their beginnings, also in error texts', async () => {
  const engine = await filled();
  expect(await names(engine, '"before my parent"')).toEqual(['Root']);
  expect(await names(engine, 'orph')).toEqual(['Root']);
  expect(await names(engine, 'timeout')).toEqual(['Fetcher']);
  expect(await names(engine, '"parent before"')).toEqual([]);
  expect(await names(engine, 'zebra')).toEqual([]);
});

test.each(['"', '"*', "'; DROP TABLE span; --", 'NEAR(a b)', 'a AND', '-', 'agent:', '\0', '💥', '%_\\', '('])(
  'the query %j is harmless',
  async (query) => {
    const engine = await filled();
    const page = await engine.call('trace.list', { query });
    expect(page.rows.length).toBeLessThanOrEqual(7);
    await engine.call('trace.facets', { query });
  },
);

test('pages follow each other without gaps or repeats, newest first', async () => {
  const engine = await filled();
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await engine.call('trace.list', { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...page.rows.map((row) => row.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const all = (await engine.call('trace.list', {})).rows;
  expect(seen).toEqual(all.map((row) => row.id));
  expect(new Set(seen).size).toBe(7);
  const starts = all.map((row) => BigInt(row.startNs ?? 0));
  expect(starts).toEqual([...starts].sort((a, b) => (a < b ? 1 : -1)));
});

test('facets count traces, with and without a query, and follow deletion', async () => {
  const engine = await filled();
  const all = await engine.call('trace.facets', {});
  expect(all.agent.find((facet) => facet.value === 'Root')?.count).toBe(3);
  const some = await engine.call('trace.facets', { query: 'agent:Planner' });
  expect(some.agent.map((facet) => facet.value).sort()).toEqual([
    'Planner',
    'Researcher',
    'Reviewer',
    'Triage',
    'Writer',
  ]);
  const { rows } = await engine.call('trace.list', { query: 'agent:Root' });
  await engine.call('trace.delete', { traceIds: rows.map((row) => row.id) });
  expect((await engine.call('trace.facets', {})).agent.some((facet) => facet.value === 'Root')).toBe(false);
});

test('hot queries use their index', async () => {
  const engine = await filled();
  for (const [sql, index] of [
    ['SELECT * FROM trace t ORDER BY t.sort_ns DESC, t.trace_id DESC LIMIT 100', 'trace_by_time'],
    [
      "SELECT * FROM trace t WHERE (t.sort_ns, t.trace_id) < (5, 'x') ORDER BY t.sort_ns DESC, t.trace_id DESC LIMIT 100",
      'trace_by_time',
    ],
    ["SELECT * FROM trace WHERE trace_id = 'x'", 'sqlite_autoindex_trace_1'],
    ["SELECT span_key FROM span WHERE trace_key = 1 AND span_id = 'x'", 'sqlite_autoindex_span_1'],
    ['SELECT content_key FROM content_trace WHERE trace_key = 1', 'content_trace_by_trace'],
    ['SELECT * FROM issue WHERE trace_key = 1', 'issue_by_trace'],
    ['SELECT trace_key FROM trace WHERE dirty = 1', 'trace_dirty'],
  ] as const) {
    const plan = await engine.call('sql.query', { sql: `EXPLAIN QUERY PLAN ${sql}` });
    expect(JSON.stringify(plan), sql).toContain(index);
    expect(JSON.stringify(plan), sql).not.toContain('TEMP B-TREE');
  }
});

test('find in a trace: names, contents and errors, in tree order', async () => {
  const engine = await filled();
  const trace = (await engine.call('trace.list', { query: 'agent:Fetcher' })).rows[0]?.id ?? '';
  const { columns } = await engine.call('trace.open', { traceId: trace });
  const found = (await engine.call('trace.find', { traceId: trace, text: 'TIMEOUT' })).spanIds;
  expect(found.length).toBe(7);
  expect(found).toEqual(columns.ids.filter((id) => found.includes(id)));
  expect((await engine.call('trace.find', { traceId: trace, text: 'You fetch' })).spanIds.length).toBe(8);
  expect((await engine.call('trace.find', { traceId: trace, text: '100%_\\"' })).spanIds).toEqual([]);
});
