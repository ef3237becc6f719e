import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, cli, makePlace } from '../support/cli.ts';
import * as schema from './schemas.ts';

const place = makePlace();
const at = ['--workspace', place.workspace];

/** A chat in the layout of OpenAI: an invented order id, then the same call again. */
function chat(order: string, user: string): object {
  const call = (id: string): object => ({
    role: 'assistant',
    content: null,
    tool_calls: [
      { id, type: 'function', function: { name: 'get_order', arguments: JSON.stringify({ order_id: order }) } },
    ],
  });
  const result = (id: string): object => ({ role: 'tool', tool_call_id: id, content: 'The order is on its way.' });
  const end = { role: 'assistant', content: 'It is on its way.' };
  return { messages: [{ role: 'user', content: user }, call('c1'), result('c1'), call('c2'), result('c2'), end] };
}

beforeAll(async () => {
  const file = join(dirname(place.workspace), 'chats.jsonl');
  mkdirSync(dirname(file), { recursive: true });
  const lines = [chat('W777123', 'Where is my order W48211?'), { messages: [{ role: 'user', content: 'Hello' }] }];
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  await ask(['import', file, ...at]);
});
afterAll(place.remove);

async function ids(): Promise<string[]> {
  return schema.traces.parse(await ask(['traces', ...at])).map(({ id }) => id);
}

test('detect: findings of the traces named, or of those that match, most severe first', async () => {
  const all = schema.detect.parse(await ask(['detect', ...(await ids()), ...at]));
  expect(new Set(all.map(({ traceId }) => traceId)).size).toBe(1);
  expect(all.map(({ detector, severity, agent }) => `${severity} ${detector} ${agent}`)).toEqual([
    'medium unfounded-argument assistant',
    'medium repeated-call assistant',
    'medium unfounded-argument assistant',
  ]);
  const matched = schema.detect.parse(await ask(['detect', '--query', 'order', ...at]));
  expect(matched).toEqual(all);
  expect(schema.detect.parse(await ask(['detect', '--query', 'nowhere', ...at]))).toEqual([]);
});

test('detect: text for people', async () => {
  const { code, stdout } = await cli(['detect', ...(await ids()), ...at]);
  expect(code).toBe(0);
  expect(stdout).toContain('no faults found');
  expect(stdout).toMatch(/3 findings\nSEVERITY +DETECTOR +AGENT +SPAN +REASON\n/);
  expect(stdout).toMatch(/Most suspect: assistant, at \w+/);
});

test('detect: traces or a query, and traces that exist', async () => {
  expect((await cli(['detect', ...at])).code).toBe(2);
  expect((await cli(['detect', 'x', '--query', 'y', ...at])).code).toBe(2);
  const { code, stdout } = await cli(['detect', 'nowhere', '--json', ...at]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'not_found' } });
});
