/** What a generation was given, what changed, and whether its calls fit, through the real collector and store. */
import { expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { inspectorTrace } from '../support/inspector-trace.ts';
import { endpoint, startEngine } from '../support/workspace.ts';

const TRACE = '5b8efff798038103d269b633813fc60c';

function id(short: string): { traceId: string; spanId: string } {
  return { traceId: TRACE, spanId: short.padStart(16, '0') };
}

async function withTrace(): Promise<Engine> {
  const engine = await startEngine();
  const response = await fetch(endpoint(engine, '/v1/traces'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(inspectorTrace()),
  });
  expect(response.status).toBe(200);
  await engine.settle();
  return engine;
}

test('the parts of a context sum to the stated tokens, and each names its messages', async () => {
  const engine = await withTrace();
  const context = await engine.call('span.context', id('a2'));
  expect(context).toMatchObject({
    total: 980,
    stated: true,
    cached: 512,
    previous: id('a1').spanId,
    next: id('a3').spanId,
  });
  const parts = new Map(context?.parts.map((part) => [part.kind, part]));
  expect([...parts.keys()]).toEqual(['system', 'tools', 'history', 'tool_output', 'message', 'media']);
  expect([...parts.values()].reduce((sum, part) => sum + part.tokens, 0)).toBe(980);
  expect(parts.get('tool_output')?.inputs).toEqual([3, 5]);
  expect(context?.tools.map(({ name }) => name)).toEqual(['search_rooms']);
  expect(await engine.call('span.context', id('b0'))).toBeNull();
});

test('changes against the generation before', async () => {
  const engine = await withTrace();
  const first = await engine.call('span.context', id('a0'));
  expect(first).toMatchObject({ previous: null, changes: null });
  const third = await engine.call('span.context', id('a2'));
  expect(third?.changes).toMatchObject({ kept: 4, added: 3, removed: 0, changed: 0, compacted: null });
  expect(third?.changes?.inputs[1]).toMatchObject({ type: 'added', answer: true });
  const last = await engine.call('span.context', id('a3'));
  expect(last?.changes).toMatchObject({
    changed: 1,
    compacted: { removed: 6, added: 1 },
    tools: { added: ['pay'], removed: [], changed: [] },
  });
  expect(last?.changes?.parameters).toEqual([
    { name: 'model', before: 'model-a', after: 'model-b' },
    { name: 'temperature', before: 0.2, after: 0.7 },
  ]);
});

test('tool calls, in a message and as a span, against the schema of the generation that asked', async () => {
  const engine = await withTrace();
  const wrong = {
    verdict: 'invalid',
    tool: 'search_rooms',
    callId: 'c1',
    definedBy: id('a0').spanId,
    unchecked: ['format "date"'],
  };
  const [asked] = await engine.call('span.calls', id('a0'));
  expect(asked).toMatchObject({ ...wrong, place: { item: 0, part: 0 } });
  const [done] = await engine.call('span.calls', id('b0'));
  expect(done).toMatchObject({ ...wrong, place: null });
  expect(done?.problems.map(({ path, keyword }) => `${path.join('.')} ${keyword}`)).toEqual([
    'nights type',
    'Board additionalProperties',
  ]);
  expect(await engine.call('span.calls', id('b1'))).toMatchObject([{ verdict: 'valid', definedBy: id('a1').spanId }]);
  expect(await engine.call('span.calls', id('a'))).toEqual([]);
  await expect(engine.call('span.calls', id('ff'))).rejects.toThrow('does not exist');
});
