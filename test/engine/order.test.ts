/** The state of a workspace does not depend on the order in which requests came. */
import { expect, test } from 'vitest';
import { otlpProtobuf } from '../support/encode.ts';
import { sendItems, spanItem, traceItem } from '../support/agents-items.ts';
import { makeTrace } from '../support/make-trace.ts';
import { endpoint, startEngine } from '../support/workspace.ts';

test.each([
  ['different facts of one trace', [traceItem({ workflow_name: 'A', group_id: 'g1' }), traceItem({ group_id: 'g2' })]],
  [
    'overlapping metadata',
    [
      traceItem({ metadata: { user: 'x', none: null, deep: { a: 1, b: [2] } } }),
      traceItem({ metadata: { user: 'y', more: 1, deep: { b: [1], c: 'z' } } }),
      traceItem({ metadata: { user: { id: 7 }, none: null, deep: 'flat' } }),
    ],
  ],
  ['a running span and its end', [spanItem({ ended_at: null }), spanItem()]],
  ['two ends of one span', [spanItem(), spanItem({ span_data: { type: 'agent', name: 'Other' } })]],
])('%s', async (_name, items) => {
  const states: unknown[] = [];
  for (const order of [items, [...items].reverse(), [...items, ...items]]) {
    const engine = await startEngine();
    for (const [index, item] of order.entries()) {
      // A space more each time, so that a repetition is a new body.
      expect(await sendItems(engine, [item, ...(index < items.length ? [] : [spanItem({ trace_id: 'other' })])])).toBe(
        204,
      );
    }
    await engine.settle();
    const row = await engine.call('trace.get', { traceId: 't1' });
    const [stored] = await engine.call('sql.query', { sql: "SELECT metadata FROM trace WHERE trace_id = 't1'" });
    const { columns } = await engine.call('trace.open', { traceId: 't1' });
    states.push({ row: { ...row, revision: 0, lastReceivedAt: 0 }, stored, columns });
  }
  expect(states[1]).toEqual(states[0]);
  expect(states[2]).toEqual(states[0]);
});

test('metadata with null and with __proto__ is kept as sent', async () => {
  const engine = await startEngine();
  const metadata = JSON.parse('{"__proto__": {"polluted": true}, "nothing": null}') as Record<string, unknown>;
  for (const id of ['1', '2']) await sendItems(engine, [traceItem({ metadata }), spanItem({ id })]);
  const [row] = await engine.call('sql.query', { sql: 'SELECT metadata FROM trace' });
  expect(row).toEqual({ metadata: JSON.stringify(metadata) });
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('a span that two services report alike belongs to the same one, whichever came first', async () => {
  const spans = makeTrace('handoff-chain');
  const sources: unknown[] = [];
  for (const services of [
    ['alpha', 'beta'],
    ['beta', 'alpha'],
  ]) {
    const engine = await startEngine();
    for (const service of services) {
      const response = await fetch(endpoint(engine, '/v1/traces'), {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: otlpProtobuf(spans, service) as BodyInit,
      });
      expect(response.status).toBe(200);
    }
    await engine.settle();
    sources.push(
      await engine.call('sql.query', {
        sql: 'SELECT span_id, resource FROM span JOIN origin USING (origin_key) ORDER BY 1',
      }),
    );
  }
  expect(sources[1]).toEqual(sources[0]);
});

test('the same span id in two traces is two spans', async () => {
  const engine = await startEngine();
  await sendItems(engine, [spanItem(), spanItem({ trace_id: 't2' })]);
  await engine.settle();
  expect(engine.info().spans).toBe(2);
});
