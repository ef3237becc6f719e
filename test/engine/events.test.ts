/** Events, failures and previews of a trace, for its log. */
import { expect, test } from 'vitest';
import type { EventPage } from '#shared/event-log.ts';
import { EVENT_KINDS, PREVIEW_SPANS } from '#shared/event-log.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { sendItems, spanItem, toolItem, traceItem } from '../support/agents-items.ts';
import { endpoint, startEngine } from '../support/workspace.ts';

const START = 1_767_225_600_000_000_000n;
const TRACE = '5b8efff798038103d269b633813fc60c';

type Plain = Readonly<Record<string, unknown>>;

function attributes(values: Readonly<Record<string, string>>): Plain[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

async function sendSpan(engine: Engine, fields: Plain): Promise<void> {
  const span = {
    traceId: TRACE,
    spanId: 'eee19b7ec3c1b174',
    name: 'work',
    startTimeUnixNano: String(START),
    endTimeUnixNano: String(START + 5_000_000n),
    ...fields,
  };
  const response = await fetch(endpoint(engine, '/v1/traces'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  expect(response.status).toBe(200);
}

function read(page: EventPage): string[] {
  return Array.from(
    page.at,
    (at, k) =>
      `${EVENT_KINDS[page.kind[k] ?? 0]} ${page.spanIds[page.span[k] ?? 0]} ${at} ${page.strings[page.name[k] ?? 0]}: ${page.strings[page.text[k] ?? 0]}`,
  );
}

test('events come in order of time after the start, with what they say; failures stand before them', async () => {
  const engine = await startEngine();
  await sendSpan(engine, {
    events: [
      { timeUnixNano: String(START + 3_000_000n), name: 'cache', attributes: attributes({ hit: 'no' }) },
      {
        timeUnixNano: String(START + 1_000_000n),
        name: 'exception',
        attributes: attributes({ 'exception.type': 'Refused', 'exception.message': 'not\n today' }),
      },
    ],
    status: { code: 2, message: 'gave up' },
  });
  await engine.settle();
  const page = await engine.call('trace.events', { traceId: TRACE });
  const [failure, ...rest] = read(page);
  expect(failure).toMatch(/^failure eee19b7ec3c1b174 NaN : .*(?:gave up|not today)/);
  expect(rest).toEqual([
    'exception eee19b7ec3c1b174 1000000 exception: Refused: not today',
    'event eee19b7ec3c1b174 3000000 cache: hit = no',
  ]);
  expect(page).toMatchObject({ total: 3, nextCursor: null, complete: true });
});

test('pages follow each other without a gap, and a session is read like a trace', async () => {
  const engine = await startEngine();
  const failed = { message: 'refused', data: null };
  await sendItems(engine, [
    traceItem({ group_id: 'g' }),
    ...Array.from({ length: 5 }, (_, k) => spanItem({ id: `s${k}`, error: failed })),
  ]);
  await engine.settle();
  const all = await engine.call('trace.events', { traceId: 't1' });
  const first = await engine.call('trace.events', { traceId: 't1', limit: 2 });
  const second = await engine.call('trace.events', { traceId: 't1', cursor: first.nextCursor ?? -1, limit: 3 });
  expect([...read(first), ...read(second)]).toEqual(read(all));
  expect([first.nextCursor, second.nextCursor]).toEqual([2, null]);
  const session = await engine.call('trace.events', { traceId: 'session:g' });
  expect(session.total).toBe(5);
  expect(new Set(session.spanIds).has('t1/s0')).toBe(true);
});

test('previews are one short line, of known spans only', async () => {
  const engine = await startEngine();
  await sendItems(engine, [toolItem(`{"from":\n  "${'x'.repeat(900)}"}`), toolItem('{}', { id: 's2' })]);
  await engine.settle();
  const [long, short, ...none] = await engine.call('trace.previews', {
    traceId: 't1',
    spanIds: ['s1', 's2', 'nobody', ...new Array<string>(PREVIEW_SPANS * 2).fill('nobody')],
  });
  expect(none).toEqual([]);
  expect(long?.input).toMatch(/^\{\s?"from":\s?"x+…$/);
  expect(long?.input?.length).toBeLessThanOrEqual(301);
  expect(short).toEqual({ spanId: 's2', input: '{}', output: 'done', handoff: null });
});
