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

test('detect --set: other settings for this time; a wrong one says what it takes', async () => {
  const set = async (...sets: readonly string[]): Promise<string[]> => {
    const asked = ['detect', ...(await ids()), ...sets.flatMap((one) => ['--set', one]), ...at];
    return schema.detect.parse(await ask(asked)).map(({ severity, detector }) => `${severity} ${detector}`);
  };
  expect(await set('unfounded-argument.enabled=false')).toEqual(['medium repeated-call']);
  expect(await set('unfounded-argument.digits=9', 'repeated-call.severity=high')).toEqual([
    'high repeated-call',
    'medium unfounded-argument',
    'medium unfounded-argument',
  ]);
  expect(await set('unfounded-argument.enabled=false', 'repeated-call.alike=3')).toEqual([]);
  const refused = async (one: string): Promise<string> => {
    const { code, stdout } = await cli(['detect', ...(await ids()), '--set', one, '--json', ...at]);
    const { error } = JSON.parse(stdout) as { error: { message: string } };
    return `${code} ${error.message}`;
  };
  expect(await refused('repeated-call.alike=1')).toBe(
    '1 "alike" of repeated-call must be a whole number from 2 to 1,000.',
  );
  expect(await refused('repeated-call.alike=x')).toMatch(/^1 "alike" of repeated-call must be/);
  expect(await refused('nonsense.alike=3')).toBe('1 There is no detector "nonsense".');
  expect(await refused('repeated-call')).toBe('2 "repeated-call" is no setting.');
});

test('traces --query finding: what was not looked for yet is looked for first', async () => {
  const [first] = schema.detect.parse(await ask(['detect', ...(await ids()), ...at]));
  const found = schema.traces.parse(await ask(['traces', '--query', 'finding:repeated-call', ...at]));
  expect(found.map(({ id, findings }) => ({ id, findings }))).toEqual([
    {
      id: first?.traceId,
      findings: [
        { detector: 'unfounded-argument', severity: 'medium', count: 2 },
        { detector: 'repeated-call', severity: 'medium', count: 1 },
      ],
    },
  ]);
  expect(schema.traces.parse(await ask(['traces', '--query', '-finding:any', ...at]))).toHaveLength(1);
  expect(schema.traces.parse(await ask(['traces', '--query', 'finding:stall', ...at]))).toEqual([]);
});
