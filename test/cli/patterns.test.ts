import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, cli, makePlace } from '../support/cli.ts';
import * as schema from './schemas.ts';

const place = makePlace();
const at = ['--workspace', place.workspace];
const SEARCH = 'assistant calls search twice, never calls book';

function chat(...tools: string[]): object {
  const calls = tools.flatMap((name, k): object[] => [
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: `c${k}`, type: 'function', function: { name, arguments: JSON.stringify({ k }) } }],
    },
    { role: 'tool', tool_call_id: `c${k}`, content: 'Found.' },
  ]);
  return { messages: [{ role: 'user', content: tools.join(' ') }, ...calls, { role: 'assistant', content: 'Done.' }] };
}

beforeAll(async () => {
  const file = join(dirname(place.workspace), 'chats.jsonl');
  mkdirSync(dirname(file), { recursive: true });
  const lines = [chat('search', 'search'), chat('search', 'search', 'book'), chat('search', 'other', 'search')];
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  await ask(['import', file, ...at]);
});
afterAll(place.remove);

test('patterns search: the traces in which it is, with the spans that prove it', async () => {
  const { traces, ...rest } = schema.patterns.parse(await ask(['patterns', 'search', SEARCH, ...at]));
  expect(rest).toEqual({ looked: 3, complete: true });
  expect(traces.map(({ spanIds }) => spanIds.length)).toEqual([2, 2]);
  const shown = JSON.stringify(await ask(['show', traces[0]!.traceId, ...at]));
  for (const id of traces[0]!.spanIds) expect(shown).toContain(id);
});

test('patterns search: only among what matches, and until enough are found', async () => {
  const narrowed = schema.patterns.parse(await ask(['patterns', 'search', SEARCH, '--query', 'other', ...at]));
  expect(narrowed).toMatchObject({ looked: 1, complete: true, traces: [{}] });
  const one = schema.patterns.parse(await ask(['patterns', 'search', SEARCH, '--limit', '1', ...at]));
  expect(one).toMatchObject({ traces: [{}], complete: false });
  const text = await cli(['patterns', 'search', 'assistant calls nothing_like_it', ...at]);
  expect(text).toEqual({ code: 0, stdout: 'No traces.\n', stderr: '3 traces looked at.\n' });
});

test('patterns check: as it is understood, or what is wrong with it', async () => {
  expect((await cli(['patterns', 'check', 'A hands to B, who calls x three or more times'])).stdout).toBe(
    'A hands to B, B calls x 3 or more times\n',
  );
  const wrong = await cli(['patterns', 'check', 'A hands to']);
  expect(wrong).toMatchObject({ code: 1, stdout: 'characters 3 to 10: "hands to" whom or what? A name is missing.\n' });
  expect(await cli(['patterns', 'search', 'A hands to', ...at])).toMatchObject({ code: 2, stdout: '' });
});
