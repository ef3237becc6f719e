/** Alignment through the engine, on recorded trials of one task. */
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { STEP_OPS } from '#shared/alignment.ts';
import type { ExpectedCall } from '#shared/dataset.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { startEngine } from '../support/workspace.ts';

const AIRLINE = resolve(import.meta.dirname, '../fixtures/formats/tau-bench/cut-airline.json.gz');

async function trials(engine: Engine, task: number): Promise<string[]> {
  await engine.call('import.run', { jobId: 'import', paths: [AIRLINE] });
  await engine.settle();
  const { rows } = await engine.call('trace.list', { query: `"Task ${task}"`, limit: 50 });
  return rows.map(({ id }) => id).sort();
}

test('each of many against a baseline tells what the pair by itself tells', async () => {
  const engine = await startEngine();
  const [baseline = '', ...others] = await trials(engine, 3);
  expect(others.length).toBe(3);
  const rows = await engine.call('align.many', { baseline, traceIds: [...others, baseline, 'gone'] });
  expect(rows.map(({ traceId }) => traceId)).toEqual([...others, baseline]);
  expect(rows.at(-1)).toMatchObject({ similarity: 1, editDistance: 0, divergence: null });
  for (const row of rows) {
    const pair = await engine.call('align.traces', { a: baseline, b: row.traceId });
    expect(row).toMatchObject({
      similarity: pair.similarity,
      editDistance: pair.editDistance,
      counts: pair.counts,
    });
    const first = pair.firstDivergence;
    expect(row.divergence === null ? -1 : [row.divergence.a, row.divergence.b]).toEqual(
      first < 0 ? -1 : [pair.a[first], pair.b[first]],
    );
  }
  await expect(
    engine.call('align.many', { baseline, traceIds: Array.from({ length: 201 }, (_, k) => `t${k}`) }),
  ).rejects.toThrow('At most 200');
});

test('both graphs together have the counts of each, and every edge names its spans', async () => {
  const engine = await startEngine();
  const [a = '', b = ''] = await trials(engine, 3);
  const merged = await engine.call('align.graph', { a, b });
  for (const [side, id] of [
    ['a', a],
    ['b', b],
  ] as const) {
    const own = await engine.call('trace.graph', { traceId: id });
    const edges = merged.edges.filter((edge) => edge[side] > 0);
    expect(edges.length).toBe(own.edges.length);
    for (const edge of own.edges) {
      const found = edges.find((one) => one.from === edge.from && one.to === edge.to && one.kind === edge.kind);
      expect(found?.[side]).toBe(edge.count);
      expect(side === 'a' ? found?.spansA : found?.spansB).toEqual(edge.evidence);
    }
    expect(merged.nodes.filter((node) => node[side] > 0).length).toBe(own.nodes.length);
  }
});

test('expected calls: made, made otherwise, not made, and not expected', async () => {
  const engine = await startEngine();
  const [id = ''] = await trials(engine, 3);
  const { columns } = await engine.call('trace.open', { traceId: id });
  const tools = Array.from({ length: columns.count }, (_, row) => row).filter((row) => columns.tool[row] !== 0);
  expect(tools.length).toBeGreaterThan(2);
  const name = (row: number): string => columns.strings[columns.tool[row]!]!;
  const calls = tools.map((row): ExpectedCall => ({ name: name(row), arguments: null }));
  const all = await engine.call('align.expected', { expected: calls, b: id });
  expect(all).toMatchObject({ firstDivergence: -1, similarity: 1 });
  expect([...all.b]).toEqual(tools);

  const other = [...calls.slice(1), { name: 'never_made', arguments: {} }];
  const found = await engine.call('align.expected', { expected: other, b: id });
  expect(found.counts).toMatchObject({ same: calls.length - 1 });
  expect(STEP_OPS[found.op[0]!]).toMatch(/added|repeated/);
  expect([found.a[0], found.b[0]]).toEqual([-1, tools[0]]);
  expect([found.counts.removed, found.firstDivergence]).toEqual([1, 0]);
  expect(found.downstream.map(({ says }) => says)).toContain('1 call was expected and not made: never_made.');

  // Another tool in its place is not the call made in another way.
  const instead = [{ name: 'never_made', arguments: {} }, ...calls.slice(1)];
  const { counts } = await engine.call('align.expected', { expected: instead, b: id });
  expect(counts).toMatchObject({ same: calls.length - 1, changed: 0, removed: 1 });

  const wrong = [{ name: calls[0]!.name, arguments: { nonsense: 1 } }, ...calls.slice(1)];
  const changed = await engine.call('align.expected', { expected: wrong, b: id });
  expect(changed.counts.changed).toBeGreaterThan(0);
  await expect(engine.call('align.expected', { expected: calls, b: 'gone' })).rejects.toThrow('does not exist');
});

test('a session is aligned like a trace', async () => {
  const engine = await startEngine();
  const [id = ''] = await trials(engine, 3);
  const body = ['s1', 's2'].flatMap((session) => [
    { object: 'trace', id: `trace_${session}`, workflow_name: 'W', group_id: session },
    {
      object: 'trace.span',
      id: `span_${session}`,
      trace_id: `trace_${session}`,
      parent_id: null,
      started_at: '2026-01-01T00:00:00Z',
      ended_at: '2026-01-01T00:00:01Z',
      span_data: { type: 'function', name: 'look', input: '{}', output: session },
      error: null,
    },
  ]);
  const answer = await fetch(`${engine.info().httpUrl ?? ''}/v1/traces/ingest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data: body }),
  });
  expect(answer.ok).toBe(true);
  await engine.settle();
  const aligned = await engine.call('align.traces', { a: 'session:s1', b: 'session:s2' });
  expect(aligned.counts).toMatchObject({ changed: 1, same: 0, added: 0, removed: 0 });
  expect((await engine.call('align.traces', { a: 'session:s1', b: id })).similarity).toBeLessThan(0.1);
});
