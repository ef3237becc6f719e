/** Costs of traces: stated ones stay, others are estimated from the price table, and follow it when it is edited. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PriceRow, PriceSheet } from '#shared/prices.ts';
import type { AppFailure } from '#shared/result.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { endpoint, startEngine, temporaryFolder } from '../support/workspace.ts';

type Attributes = Readonly<Record<string, string | number>>;

const MILLION = 1_000_000;

function row(model: string, input: number, output: number): PriceRow {
  return {
    model,
    provider: 'me',
    input,
    output,
    cacheRead: null,
    cacheWrite: null,
    above: null,
    source: null,
    asOf: null,
  };
}

/** One trace of an agent and its model calls, one for each map of attributes. */
async function send(engine: Engine, trace: number, calls: readonly Attributes[], session?: string): Promise<string> {
  const traceId = trace.toString(16).padStart(32, '0');
  const span = (id: number, parent: number | null, attributes: Attributes) => ({
    traceId,
    spanId: id.toString(16).padStart(16, '0'),
    ...(parent === null ? {} : { parentSpanId: parent.toString(16).padStart(16, '0') }),
    name: parent === null ? 'invoke_agent a' : 'chat',
    startTimeUnixNano: `${1_700_000_000 + trace}000000000`,
    endTimeUnixNano: `${1_700_000_001 + trace}000000000`,
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
    })),
  });
  const agent: Attributes = {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'a',
    ...(session === undefined ? {} : { 'gen_ai.conversation.id': session }),
  };
  const spans = [
    span(1, null, agent),
    ...calls.map((attributes, k) => span(k + 2, 1, { 'gen_ai.operation.name': 'chat', ...attributes })),
  ];
  await fetch(endpoint(engine, '/v1/traces'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  });
  return traceId;
}

function call(model: string, input: number, output: number, more: Attributes = {}): Attributes {
  return {
    'gen_ai.response.model': model,
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
    ...more,
  };
}

function edit(sheet: PriceSheet, rows: readonly PriceRow[]) {
  return { overrides: { asOf: sheet.shipped.asOf, rows, removed: [] } };
}

async function costOf(engine: Engine, traceId: string) {
  await engine.settle();
  const { cost, costBasis } = await engine.call('trace.get', { traceId });
  return [cost, costBasis];
}

test('a cost is stated, estimated, or partly so, in the list, the columns and the graph', async () => {
  const engine = await startEngine();
  await engine.call('prices.set', edit(await engine.call('prices.get', undefined), [row('toy', 1, 10)]));
  const stated = { 'gen_ai.usage.cost': 0.5 };
  const ids = [
    await send(engine, 1, [call('toy', MILLION, 0, stated)]),
    await send(engine, 2, [call('toy', MILLION, 100_000)]),
    await send(engine, 3, [call('toy', MILLION, 0, stated), call('toy', 2 * MILLION, 0)]),
    await send(engine, 4, [call('nobody-knows', MILLION, 0)]),
  ];
  await engine.settle();
  const { rows } = await engine.call('trace.list', {});
  expect(ids.map((id) => rows.find((each) => each.id === id)).map((each) => [each?.cost, each?.costBasis])).toEqual([
    [0.5, 'stated'],
    [2, 'estimated'],
    [2.5, 'partly'],
    [null, null],
  ]);
  const { columns } = await engine.call('trace.open', { traceId: ids[2]! });
  expect([...columns.cost]).toEqual([NaN, 0.5, 2]);
  expect([...columns.flags].map((flags) => flags & 16)).toEqual([0, 0, 16]);
  const graph = await engine.call('trace.graph', { traceId: ids[2]! });
  expect(graph.nodes.find(({ kind }) => kind === 'agent')).toMatchObject({ cost: 2.5, costBasis: 'partly' });
  expect((await engine.call('trace.list', { query: 'cost:>1' })).rows.map(({ id }) => id).sort()).toEqual([
    ids[1],
    ids[2],
  ]);
  expect(await engine.call('prices.unpriced', {})).toEqual([{ model: 'nobody-knows', traces: 1 }]);
});

test('an edit of the table changes the figures of what it touches, and no others', async () => {
  const engine = await startEngine();
  const touched = await send(engine, 1, [call('toy', MILLION, 0)]);
  const other = await send(engine, 2, [call('gpt-5-mini', MILLION, 0)]);
  const stated = await send(engine, 3, [call('toy', MILLION, 0, { 'gen_ai.usage.cost': 0.5 })]);
  expect(await costOf(engine, touched)).toEqual([null, null]);
  const before = await engine.call('trace.get', { traceId: other });
  expect([before.cost, before.costBasis]).toEqual([0.25, 'estimated']);

  const sheet = await engine.call('prices.set', edit(await engine.call('prices.get', undefined), [row('toy', 3, 1)]));
  expect(sheet.table.rows.at(-1)?.model).toBe('toy');
  expect(await costOf(engine, touched)).toEqual([3, 'estimated']);
  expect(await costOf(engine, stated)).toEqual([0.5, 'stated']);
  expect(await engine.call('trace.get', { traceId: other })).toEqual(before);

  await engine.call('prices.set', { overrides: { asOf: null, rows: [], removed: ['gpt-5-mini'] } });
  expect(await costOf(engine, touched)).toEqual([null, null]);
  expect(await costOf(engine, other)).toEqual([null, null]);

  const reset = await engine.call('prices.set', { overrides: null });
  expect(reset.table).toEqual(reset.shipped);
  expect(await costOf(engine, other)).toEqual([0.25, 'estimated']);
});

test('a session says where its cost comes from', async () => {
  const engine = await startEngine();
  await send(engine, 1, [call('gpt-5-mini', MILLION, 0)], 'talk');
  await send(engine, 2, [call('gpt-5-mini', MILLION, 0, { 'gen_ai.usage.cost': 0.5 })], 'talk');
  await send(engine, 3, [call('gpt-5-mini', MILLION, 0)], 'other');
  await engine.settle();
  const { rows } = await engine.call('session.list', {});
  expect(rows.map(({ id, cost, costBasis }) => [id, cost, costBasis])).toEqual([
    ['other', 0.25, 'estimated'],
    ['talk', 0.75, 'partly'],
  ]);
  expect(await engine.call('trace.get', { traceId: 'session:talk' })).toMatchObject({
    cost: 0.75,
    costBasis: 'partly',
  });
});

test('figures that a closed or updated app left behind are made again when the workspace opens', async () => {
  const file = join(temporaryFolder(), 'prices.tracewright');
  const first = await startEngine({ workspace: file });
  const traceId = await send(first, 1, [call('toy', MILLION, 0)]);
  await first.settle();
  await first.call('prices.set', edit(await first.call('prices.get', undefined), [row('toy', 4, 1)]));
  // At once, before the figures follow.
  await first.close();
  const second = await startEngine({ workspace: file });
  expect(await costOf(second, traceId)).toEqual([4, 'estimated']);
  await second.close();
  // Complete now: nothing is touched by opening it again.
  const third = await startEngine({ workspace: file });
  const { revision } = await third.call('trace.get', { traceId });
  await third.settle();
  expect((await third.call('trace.get', { traceId })).revision).toBe(revision);
});

test('wrong prices are refused with their place, and nothing changes', async () => {
  const engine = await startEngine();
  const wrong = engine.call('prices.set', { overrides: { asOf: null, rows: [row('toy', -1, 1)], removed: [] } });
  const { error } = await wrong.then(
    () => Promise.reject(new Error('it was taken')),
    (cause: AppFailure) => cause,
  );
  expect(error.code).toBe('bad_request');
  expect(error.message).toContain('Row 1: "input" of "toy"');
  await expect(engine.call('prices.set', {} as never)).rejects.toMatchObject({ error: { code: 'bad_request' } });
  expect((await engine.call('prices.get', undefined)).overrides).toBeNull();
});
