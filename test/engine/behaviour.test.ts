import { copyFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { BehaviourMap, GroupShare } from '../../src/shared/behaviour.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { fisherExact } from '../../src/main/analysis/statistics/fisher.ts';
import { wilson } from '#shared/wilson.ts';
import { emptyState } from '../support/annotation-state.ts';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import { engineWithRuns, finished, makeEval, SHIPPED } from '../support/eval-runs.ts';
import { endpoint, startEngine, temporaryFolder } from '../support/workspace.ts';

const AIRLINE = resolve(import.meta.dirname, '../fixtures/formats/tau-bench/cut-airline.json.gz');

async function airline(options: Parameters<typeof startEngine>[0] = {}): Promise<Engine> {
  const engine = await startEngine(options);
  const path = join(temporaryFolder(), 'airline.json.gz');
  copyFileSync(AIRLINE, path);
  const report = await engine.call('import.run', { jobId: 'airline', paths: [path] });
  expect(report.traces).toBe(40);
  await engine.settle();
  return engine;
}

async function idsOf(engine: Engine): Promise<string[]> {
  return (await engine.call('trace.list', { limit: 500 })).rows.map(({ id }) => id);
}

const all = { label: 'All', source: { kind: 'query', query: '' } } as const;

test('each edge has the runs that its graphs have, with the share, the interval and the pass rate', async () => {
  const engine = await airline();
  const map = await engine.call('behaviour.map', { groups: [all] });
  expect(map.groups).toEqual([{ label: 'All', runs: 40, passed: 5, failed: 35 }]);
  expect(map).toMatchObject({ left: 0, undecided: 0, shared: 0, tasks: 10, moreEdges: 0, moreNodes: 0 });

  // The same, counted from the graph of each trace.
  const has = new Map<string, { ids: string[]; times: number }>();
  for (const traceId of await idsOf(engine))
    for (const { from, to, kind, count } of (await engine.call('trace.graph', { traceId })).edges) {
      const key = `${from} ${to} ${kind}`;
      const seen = has.get(key) ?? { ids: [], times: 0 };
      has.set(key, { ids: [...seen.ids, traceId], times: seen.times + count });
    }
  expect(map.edges).toHaveLength(has.size);
  const passed = new Map(map.traces.map((trace) => [trace.id, trace.passed]));
  for (const edge of map.edges) {
    const { ids, times } = has.get(`${edge.from} ${edge.to} ${edge.kind}`)!;
    const found = edge.traces[0]!.map((place) => map.traces[place]!.id);
    expect([...found].sort()).toEqual([...ids].sort());
    const { low, high } = wilson(ids.length, 40);
    const passes = ids.filter((id) => passed.get(id)).length;
    expect(edge.groups[0]).toMatchObject({ runs: ids.length, share: ids.length / 40, range: { low, high }, times });
    expect(edge.groups[0]!.passRate).toMatchObject({ passed: passes, of: ids.length });
    expect(edge.separates).toBeNull();
  }
  expect(map.nodes.map(({ id }) => id)).toContain('agent:Assistant');
  expect(map.steps.length).toBeGreaterThan(3);
  expect(map.steps.length).toBeLessThanOrEqual(200);
});

test('no crossing is lost in the folded sequence', async () => {
  const engine = await airline();
  const map = await engine.call('behaviour.map', { groups: [all] });
  const times = (shares: readonly GroupShare[]): number => shares.reduce((sum, { runs }) => sum + runs, 0);
  const shown = map.steps.reduce((sum, { groups, othersBefore }) => sum + times(groups) + othersBefore, 0);
  const crossings = map.edges.reduce((sum, { groups }) => sum + (groups[0]?.times ?? 0), 0);
  expect(shown + map.othersAfter).toBe(crossings);
});

test('split into passed and failed, the edges that separate them are tested and adjusted', async () => {
  const engine = await airline();
  const map = await engine.call('behaviour.map', { groups: [all], split: true });
  expect(map.groups).toEqual([
    { label: 'Passed', runs: 5, passed: 5, failed: 0 },
    { label: 'Failed', runs: 35, passed: 0, failed: 35 },
  ]);
  const ps: number[] = [];
  for (const { groups, separates } of map.edges) {
    const [a, b] = [groups[0]!.runs, groups[1]!.runs];
    expect(separates!.delta).toBeCloseTo(b / 35 - a / 5, 12);
    expect(separates!.p).toBeCloseTo(fisherExact(a, 5, b, 35), 12);
    expect(separates!.pAdjusted).toBeGreaterThanOrEqual(separates!.p);
    ps.push(separates!.p);
  }
  const least = map.edges.toSorted((x, y) => x.separates!.p - y.separates!.p)[0]!.separates!;
  expect(least.pAdjusted).toBeLessThanOrEqual(Math.min(1, least.p * ps.length) + 1e-12);
});

test('what people say counts before what the data says', async () => {
  const engine = await airline();
  const [first = ''] = await idsOf(engine);
  const before = await engine.call('behaviour.map', { groups: [all] });
  expect(before.traces.find(({ id }) => id === first)?.passed).toBe(false);
  const state = { ...emptyState, place: { kind: 'trace' }, kind: 'verdict', passed: true, note: null } as const;
  await engine.call('annotation.save', { traceId: first, state });
  const after = await engine.call('behaviour.map', { groups: [all] });
  expect(after.groups[0]).toMatchObject({ passed: 6, failed: 34 });
});

test('two groups: deleted traces are left out, shared ones are told', async () => {
  const engine = await airline();
  const ids = await idsOf(engine);
  const map = await engine.call('behaviour.map', {
    groups: [
      { label: 'A', source: { kind: 'traces', traceIds: [...ids.slice(0, 10), 'gone', ids[0]!] } },
      { label: 'B', source: { kind: 'traces', traceIds: ids.slice(8, 20) } },
    ],
  });
  expect(map.groups.map(({ runs }) => runs)).toEqual([10, 12]);
  expect(map).toMatchObject({ left: 1, shared: 2 });
  for (const { traces, groups } of map.edges)
    traces.forEach((places, group) => {
      expect(places).toHaveLength(groups[group]!.runs);
      for (const place of places) expect(map.traces[place]!.group).toBe(group);
    });
});

test('no trace, one trace, and a thread give what they should', async () => {
  const engine = await airline({ readerThread: true });
  const none = await engine.call('behaviour.map', {
    groups: [{ label: 'None', source: { kind: 'query', query: 'nothing-has-this-word' } }],
  });
  expect(none).toMatchObject({ nodes: [], edges: [], steps: [], traces: [] });
  const [first = ''] = await idsOf(engine);
  const one: BehaviourMap = await engine.call('behaviour.map', {
    groups: [{ label: 'One', source: { kind: 'traces', traceIds: [first] } }],
  });
  expect(one.edges.every(({ groups }) => groups[0]?.share === 1)).toBe(true);
  expect(one.steps.every(({ groups }) => groups[0]?.runs === 1)).toBe(true);
  expect(one.othersAfter).toBe(0);
  await expect(
    engine.call('behaviour.map', { groups: [{ label: 'R', source: { kind: 'run', runId: 'no' } }] }),
  ).rejects.toMatchObject({ error: { code: 'not_found' } });
  await expect(engine.call('behaviour.map', { groups: [all, all], split: true })).rejects.toMatchObject({
    error: { code: 'bad_request' },
  });
});

test('traces of several agents, with handoffs and retries, have costs and names', async () => {
  const engine = await startEngine();
  for (let seed = 0; seed < 6; seed++) {
    const spans = makeTrace(seed % 2 === 0 ? 'handoff-chain' : 'retry-loop', {
      seed,
      startNs: 1_795_000_000_000_000_000n + BigInt(seed) * 60_000_000_000n,
    });
    const headers = { 'content-type': 'application/x-protobuf' };
    await fetch(endpoint(engine, '/v1/traces'), { method: 'POST', headers, body: otlpProtobuf(spans) as BodyInit });
  }
  await engine.settle();
  const map = await engine.call('behaviour.map', { groups: [all] });
  expect(map.groups[0]).toMatchObject({ runs: 6, passed: 0, failed: 0 });
  const handoff = map.edges.find(({ kind, from }) => kind === 'handoff' && from === 'agent:Triage');
  expect(handoff?.groups[0]).toMatchObject({ runs: 3, passRate: null });
});

test('a search for several ids finds these traces and no others', async () => {
  const engine = await airline();
  const ids = (await idsOf(engine)).slice(3, 6);
  const found = await engine.call('trace.list', { query: `id:"${ids.join(',')}"` });
  expect(found.rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
});

test('an eval run gives the traces and their verdicts; two runs are two groups', async () => {
  const engine = await engineWithRuns([
    { id: 't1', metadata: { task_id: 7 } },
    { id: 't2', answer: 'I cannot find it.', minute: 1, metadata: { task_id: 7 } },
    { id: 't3', minute: 2, order: 'W9' },
  ]);
  const made = await makeEval(engine, [SHIPPED]);
  const first = await finished(engine, await engine.call('run.start', { evalId: made.id }));
  const source = { kind: 'traces', traceIds: ['t2', 't3'] } as const;
  const second = await finished(engine, await engine.call('run.start', { evalId: made.id, source }));
  const of = (id: string) => ({ label: id, source: { kind: 'run', runId: id } }) as const;
  const both = await engine.call('behaviour.map', { groups: [of(first.id), of(second.id)] });
  expect(both.groups).toMatchObject([
    { runs: 3, passed: 2, failed: 1 },
    { runs: 2, passed: 1, failed: 1 },
  ]);
  expect(both.shared).toBe(2);
  const split = await engine.call('behaviour.map', { groups: [of(first.id)], split: true });
  expect(split.traces.map(({ id, group }) => `${id} ${group}`)).toEqual(['t1 0', 't3 0', 't2 1']);
  // Of traces that were searched for, the verdicts of a run count where it has one.
  const told = await engine.call('behaviour.map', { groups: [all], runId: second.id });
  expect(told.traces.map(({ id, passed }) => [id, passed]).sort()).toEqual([
    ['t1', null],
    ['t2', false],
    ['t3', true],
  ]);
});
