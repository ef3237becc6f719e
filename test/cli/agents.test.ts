/** The table of agents of a recorded trace, and of one that arrives as a session. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, cli, fixture, makePlace } from '../support/cli.ts';
import { agents as schema } from './schemas.ts';

const place = makePlace();
const at = ['--workspace', place.workspace];
const ARTICLE = 'trace_7f7b0d6bfb56495cb31baf2aafce9c83';

beforeAll(() => ask(['import', fixture('formats/agents-sdk/js03-multi-agent/input.json'), ...at]));
afterAll(place.remove);

test('agents: work, waiting and the critical path add up to the trace', async () => {
  const answer = schema.parse(await ask(['agents', ARTICLE, ...at]));
  const sum = (of: (row: (typeof answer.agents)[number]) => number | null): number =>
    answer.agents.reduce((total, row) => total + (of(row) ?? 0), 0);
  expect(answer.durationMs).toBe(87);
  expect(sum((row) => row.criticalMs)).toBe(87);
  expect(sum((row) => row.tokens.input)).toBe(1380);
  expect(sum((row) => row.tokens.output)).toBe(258);
  expect(answer.waits).toMatchObject([{ agent: 'Planner', for: 'Researcher', ms: 38, count: 1 }]);
  const path = answer.criticalPath ?? [];
  expect(path.at(0)?.fromMs).toBe(0);
  expect(path.at(-1)?.toMs).toBe(87);
  path.slice(1).forEach((segment, k) => expect(segment.fromMs).toBe(path[k]?.toMs));
  // One page could not be fetched; the model was told so.
  expect(answer.waste.items.map(({ reason, name }) => [reason, name])).toContainEqual(['failed', 'fetch_page']);
});

test('agents: as text', async () => {
  const { code, stdout } = await cli(['agents', ARTICLE, ...at]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^AGENT +RUNS +GENERATIONS/);
  expect(stdout).toMatch(/^Planner +Researcher +38 ms +1$/m);
  expect(stdout).toMatch(/^failed +Researcher +tool fetch_page/m);
});

test('agents: a trace that is not there', async () => {
  const { code, stdout } = await cli(['agents', 'nothing', '--json', ...at]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'not_found' } });
});
