/** The ledger counts what became of everything that was received, and can show each item and its bytes. */
import { expect, onTestFinished, test, vi } from 'vitest';
import type { LedgerKind } from '#shared/ledger.ts';
import { LEDGER_KINDS } from '#shared/ledger.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { attributesOf, requestOf } from '../support/otlp.ts';
import { endpoint, startEngine } from '../support/workspace.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

function span(spanId: string, more: object = {}): object {
  return {
    traceId: TRACE,
    spanId,
    name: `span ${spanId}`,
    startTimeUnixNano: '1000000000',
    endTimeUnixNano: '2000000000',
    attributes: attributesOf({ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'A' }),
    ...more,
  };
}

async function send(engine: Engine, spans: readonly object[]): Promise<number> {
  const response = await fetch(endpoint(engine, '/v1/traces'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(requestOf(spans as never)),
  });
  await engine.settle();
  return response.status;
}

async function spansOf(engine: Engine, kind: LedgerKind): Promise<(string | null)[]> {
  const { items, total } = await engine.call('ledger.items', { kind });
  expect(items.length).toBe(total);
  return items.map((item) => item.spanId).sort();
}

const ROOT = span('00000000000000a0');
const ORPHAN = span('00000000000000b1', { parentSpanId: '00000000000000ff' });
const SKEWED = span('00000000000000b2', { parentSpanId: '00000000000000a0', startTimeUnixNano: '900000000' });
const UNKNOWN = span('00000000000000b3', { parentSpanId: '00000000000000a0', attributes: attributesOf({ x: 'y' }) });

test('each kind names its spans, and the received bytes are there', async () => {
  const engine = await startEngine();
  expect(await send(engine, [ROOT, ORPHAN, SKEWED, UNKNOWN])).toBe(200);
  expect(await engine.call('ledger.get', {})).toEqual({
    received: 4,
    understood: 3,
    guessed: 1,
    unmapped: 0,
    dropped: 0,
    late: 0,
    orphaned: 1,
    duplicated: 0,
    truncated: 0,
    skewed: 1,
  });
  expect(await spansOf(engine, 'orphaned')).toEqual(['00000000000000b1']);
  expect(await spansOf(engine, 'skewed')).toEqual(['00000000000000b2']);
  expect(await spansOf(engine, 'guessed')).toEqual(['00000000000000b3']);
  expect(await spansOf(engine, 'received')).toHaveLength(4);
  const { items } = await engine.call('ledger.items', { kind: 'orphaned', traceId: TRACE });
  const { text } = await engine.call('raw.get', { rawKey: items[0]?.rawKey ?? -1 });
  expect(text).toContain('00000000000000ff');
});

test('an orphan whose parent comes is none any more', async () => {
  const engine = await startEngine();
  await send(engine, [ORPHAN]);
  expect(await spansOf(engine, 'orphaned')).toEqual(['00000000000000b1']);
  await send(engine, [span('00000000000000ff')]);
  expect(await spansOf(engine, 'orphaned')).toEqual([]);
});

test('what is sent again is counted: a whole request, and one span inside another request', async () => {
  const engine = await startEngine();
  await send(engine, [ROOT, ORPHAN]);
  await send(engine, [ROOT, ORPHAN]);
  await send(engine, [ROOT, SKEWED]);
  const { items } = await engine.call('ledger.items', { kind: 'duplicated' });
  expect(items.map((item) => [item.spanId, item.label])).toEqual([
    [null, 'A whole request, sent again'],
    ['00000000000000a0', 'span 00000000000000a0, sent again'],
  ]);
  expect(await engine.call('ledger.get', { traceId: TRACE })).toMatchObject({ received: 4, duplicated: 2 });
});

test('what cannot be taken is dropped, with its text', async () => {
  const engine = await startEngine();
  await send(engine, [ROOT, { name: 'without ids', traceId: '', spanId: '' }]);
  const { items } = await engine.call('ledger.items', { kind: 'dropped' });
  expect(items).toHaveLength(1);
  expect(items[0]?.rawKey).not.toBeNull();
  expect(await engine.call('ledger.get', {})).toMatchObject({ received: 2, dropped: 1 });
});

test('every kind can be listed, and deleting a trace empties them', async () => {
  const engine = await startEngine();
  await send(engine, [ROOT, ORPHAN, SKEWED, UNKNOWN]);
  await send(engine, [ROOT]);
  for (const kind of LEDGER_KINDS) await engine.call('ledger.items', { kind, traceId: TRACE, limit: 1, offset: 1 });
  await engine.call('trace.delete', { traceIds: [TRACE] });
  expect(Object.values(await engine.call('ledger.get', {})).every((count) => count === 0)).toBe(true);
});

test('a span that comes long after the root is late', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const engine = await startEngine();
  await send(engine, [ROOT]);
  vi.setSystemTime(Date.now() + 11_000);
  await send(engine, [SKEWED]);
  expect(await spansOf(engine, 'late')).toEqual(['00000000000000b2']);
  expect(await engine.call('ledger.get', { traceId: TRACE })).toMatchObject({ late: 1 });
  expect((await engine.call('ledger.items', { kind: 'late', traceId: TRACE })).items).toHaveLength(1);
});
