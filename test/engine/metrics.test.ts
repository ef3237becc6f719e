/** Counters of clients: deltas add up, cumulative ones replace each other, and nothing counts twice. */
import { expect, test } from 'vitest';
import { requestOf, sendRequest } from '../support/signals.ts';
import { startEngine } from '../support/workspace.ts';

const START = 1_795_289_340_000_000_000n;

function points(temporality: number, values: readonly (readonly [number, number])[], start = START): Buffer {
  const dataPoints = values.map(([second, value]) => ({
    startTimeUnixNano: (temporality === 2 ? start : start + BigInt(second - 1) * 1_000_000_000n).toString(),
    timeUnixNano: (start + BigInt(second) * 1_000_000_000n).toString(),
    asInt: String(value),
    attributes: [{ key: 'type', value: { stringValue: 'input' } }],
  }));
  const metrics = [{ name: 'app.token.usage', sum: { aggregationTemporality: temporality, dataPoints } }];
  return Buffer.from(JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ scope: { name: 's' }, metrics }] }] }));
}

async function total(bodies: readonly Buffer[], range: { fromNs?: string; toNs?: string } = {}): Promise<number> {
  const engine = await startEngine();
  for (const bytes of bodies) expect((await sendRequest(engine, { path: '/v1/metrics', bytes })).status).toBe(200);
  await engine.settle();
  expect(engine.info().traces).toBe(0);
  const rows = await engine.call('metrics.list', range);
  return rows.reduce((sum, { value }) => sum + value, 0);
}

test('deltas add up, in any order and batching, and a repetition changes nothing', async () => {
  const [one, two] = [points(1, [[1, 10]]), points(1, [[2, 5]])];
  const both = points(1, [
    [2, 5],
    [1, 10],
  ]);
  for (const bodies of [[one, two], [two, one], [both], [both, one, two, one]]) expect(await total(bodies)).toBe(15);
});

test('cumulative points replace each other; a new start counts anew', async () => {
  const first = points(2, [
    [1, 10],
    [2, 30],
  ]);
  const later = points(2, [[3, 31]]);
  const restarted = points(2, [[1, 4]], START + 60_000_000_000n);
  expect(await total([first, later])).toBe(31);
  expect(await total([restarted, later, first, later])).toBe(35);
  const fromNs = (START + 2_000_000_000n).toString();
  expect(await total([first, later], { fromNs })).toBe(21);
});

test('what Claude Code counts equals what its spans and logs say', async () => {
  const engine = await startEngine();
  await sendRequest(engine, requestOf('otlp-metrics/claude-code-json'));
  await engine.settle();
  const rows = await engine.call('metrics.list', {});
  const sum = (measure: string): number =>
    rows.reduce((all, row) => all + (row.measure === measure ? row.value : 0), 0);
  expect(sum('input') + sum('cache_read') + sum('cache_write')).toBe(7 * 200);
  expect(sum('output')).toBe(7 * 30);
  expect(sum('cost')).toBeCloseTo(7 * 0.0008892, 9);
  expect(new Set(rows.map(({ session }) => session)).size).toBe(1);
  const [row] = rows;
  expect(await engine.call('metrics.list', { session: row?.session ?? '', measure: 'cost' })).toHaveLength(2);
  expect(await engine.call('metrics.list', { session: 'another' })).toEqual([]);
});
