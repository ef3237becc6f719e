/** Tool calls that only the messages tell of are shown as spans, until the real span comes. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { attributesOf, requestOf } from '../support/otlp.ts';
import { endpoint, startEngine } from '../support/workspace.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

function message(role: string, ...parts: readonly object[]): object {
  return { role, parts };
}

const QUESTION = message('user', { type: 'text', content: 'Where is A-17?' });
const CALL = message('assistant', { type: 'tool_call', id: 'call_1', name: 'lookup', arguments: { order: 'A-17' } });
const ANSWER = message('tool', { type: 'tool_call_response', id: 'call_1', response: 'shipped' });

function chat(spanId: string, start: number, input: readonly object[], output: readonly object[]): object {
  return {
    traceId: TRACE,
    spanId,
    parentSpanId: '00000000000000a0',
    name: 'chat m',
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 10),
    attributes: attributesOf({
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': JSON.stringify(input),
      'gen_ai.output.messages': JSON.stringify(output),
    }),
  };
}

function tool(attributes: Record<string, string>): object {
  return {
    traceId: TRACE,
    spanId: '00000000000000c1',
    parentSpanId: '00000000000000a0',
    name: 'execute_tool lookup',
    startTimeUnixNano: '1012',
    endTimeUnixNano: '1018',
    attributes: attributesOf({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'lookup', ...attributes }),
  };
}

const FIRST = chat('00000000000000b1', 1_000, [QUESTION], [CALL]);
const SECOND = chat(
  '00000000000000b2',
  1_020,
  [QUESTION, CALL, ANSWER],
  [message('assistant', { type: 'text', content: 'Shipped.' })],
);

async function send(engine: Engine, ...spans: readonly object[]): Promise<void> {
  const response = await fetch(endpoint(engine, '/v1/traces'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(requestOf(spans as never)),
  });
  expect(response.status).toBe(200);
  await engine.settle();
}

async function tools(engine: Engine): Promise<unknown[]> {
  return engine
    .call('sql.query', {
      sql: 'SELECT span_id, name, start_ns, end_ns, dialect FROM span JOIN origin USING (origin_key) WHERE kind = 2 ORDER BY 1',
    })
    .then((rows) => [...rows]);
}

test('a call that one message makes and another answers is a tool span from messages', async () => {
  const engine = await startEngine();
  await send(engine, FIRST);
  // Nobody has answered yet: it may not have been made at all.
  expect(await tools(engine)).toEqual([]);
  await send(engine, SECOND);
  expect(await tools(engine)).toEqual([
    { span_id: 'told:call_1', name: 'lookup', start_ns: 1_010, end_ns: 1_020, dialect: 'messages' },
  ]);
  const detail = await engine.call('span.get', { traceId: TRACE, spanId: 'told:call_1' });
  expect(detail.input[0]?.item).toEqual({ kind: 'json', value: { order: 'A-17' } });
  expect(detail.output[0]?.item).toEqual({ kind: 'json', value: 'shipped' });
  const row = await engine.call('trace.get', { traceId: TRACE });
  expect(row.tools).toEqual(['lookup']);
});

test.each([
  ['by its id', { 'gen_ai.tool.call.id': 'call_1' }],
  ['by its name and time', {}],
])('the real span takes its place, found %s', async (_how, attributes) => {
  for (const order of [
    [FIRST, SECOND, tool(attributes)],
    [tool(attributes), SECOND, FIRST],
  ]) {
    const engine = await startEngine();
    for (const span of order) await send(engine, span);
    expect(await tools(engine)).toMatchObject([{ span_id: '00000000000000c1' }]);
  }
});

test('a second call of the same name without a span is still told', async () => {
  const engine = await startEngine();
  const again = message('assistant', { type: 'tool_call', id: 'call_2', name: 'lookup', arguments: { order: 'B-2' } });
  const answer = message('tool', { type: 'tool_call_response', id: 'call_2', response: 'lost' });
  await send(engine, FIRST, tool({}), chat('00000000000000b2', 1_020, [QUESTION, CALL, ANSWER], [again]));
  await send(engine, chat('00000000000000b3', 1_040, [QUESTION, CALL, ANSWER, again, answer], []));
  expect(await tools(engine)).toMatchObject([
    { span_id: '00000000000000c1' },
    { span_id: 'told:call_2', start_ns: 1_030 },
  ]);
});

test('calls that no model of the trace made are history, and shown as nothing', async () => {
  const engine = await startEngine();
  await send(engine, SECOND);
  expect(await tools(engine)).toEqual([]);
});

test('the failing tool whose span Traceloop never sends is there', async () => {
  const engine = await startEngine();
  const folder = join(import.meta.dirname, '../fixtures/formats/otlp/traceloop');
  const file = readdirSync(folder).find((name) => name.startsWith('input.')) ?? '';
  const response = await fetch(endpoint(engine, '/v1/traces'), {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: readFileSync(join(folder, file)),
  });
  expect(response.status).toBe(200);
  await engine.settle();
  expect((await tools(engine)).map((row) => (row as { name: string; dialect: string }).name).sort()).toContain(
    'lookup_order',
  );
});
