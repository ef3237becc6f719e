/** The commands that take a trace take a session too. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, cli, fixture, makePlace } from '../support/cli.ts';
import * as schema from './schemas.ts';

const place = makePlace();
const at = ['--workspace', place.workspace];
const SESSION = 'session:group_conversation_7';

beforeAll(async () => {
  await ask(['import', fixture('formats/agents-sdk/js03-multi-agent/input.json'), ...at]);
});
afterAll(place.remove);

test('show and graph read a session as one; traces lists what it holds', async () => {
  const { trace, spans } = schema.show.parse(await ask(['show', SESSION, ...at]));
  const traces = schema.traces.parse(await ask(['traces', '--query', SESSION, ...at]));
  expect(traces.length).toBeGreaterThan(1);
  expect(trace).toMatchObject({ id: SESSION, session: 'group_conversation_7' });
  expect(trace.spans).toBe(traces.reduce((sum, one) => sum + one.spans, 0));
  const ids = new Set(spans.map(({ id }) => id));
  expect(ids.size).toBe(spans.length);
  for (const { parentId, parentMissing } of spans)
    expect(parentMissing || parentId === null || ids.has(parentId)).toBe(true);
  const graph = schema.graph.parse(await ask(['graph', SESSION, ...at]));
  const agents = new Set(traces.flatMap((one) => one.agents));
  for (const agent of agents) expect(graph.nodes.map((node) => node.id)).toContain(`agent:${agent}`);
});

test('a session that does not exist is not found', async () => {
  const { code, stdout } = await cli(['show', 'session:nobody', '--json', ...at]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'not_found' } });
});
