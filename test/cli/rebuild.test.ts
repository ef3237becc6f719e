import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { ask, cli, fixture, makePlace } from '../support/cli.ts';

const place = makePlace();
const at = ['--workspace', place.workspace];
const report = z.strictObject({
  traces: z.number().int().nonnegative(),
  changed: z.number().int().nonnegative(),
  spans: z.number().int().nonnegative(),
  staying: z.number().int().nonnegative(),
  cancelled: z.boolean(),
});

beforeAll(async () => {
  await ask(['import', fixture('formats/agents-sdk/js03-multi-agent/input.json'), ...at]);
});
afterAll(place.remove);

test('rebuild: all, some by id, some by query; what changed is counted', async () => {
  expect(report.parse(await ask(['rebuild', ...at]))).toMatchObject({ traces: 2, changed: 0, spans: 58 });
  const created = await createEngine({ workspace: place.workspace, httpPort: null, appVersion: 'test' });
  if (!created.ok) throw new Error(created.error.message);
  await created.value.call('rules.set', {
    rules: [{ id: 'a', enabled: true, label: '', match: { name: 'Writer' }, set: { agent: 'Author' } }],
  });
  await created.value.close();
  expect(report.parse(await ask(['rebuild', '--query', 'agent:Nobody', ...at]))).toMatchObject({
    traces: 0,
    changed: 0,
  });
  expect(report.parse(await ask(['rebuild', '--query', 'agent:Writer', ...at]))).toMatchObject({
    traces: 1,
    changed: 1,
  });
  expect(await ask(['rebuild', 'trace_7f7b0d6bfb56495cb31baf2aafce9c83', ...at])).toMatchObject({
    traces: 1,
    changed: 0,
  });
  expect(await ask(['traces', '--query', 'agent:Author', ...at])).toHaveLength(1);
  expect((await cli(['rebuild', ...at])).stdout).toBe('2 traces rebuilt, 0 changed\n');
});

test('rebuild: a trace that is not there fails; both ways to choose are one too many', async () => {
  const unknown = await cli(['rebuild', 'nope', '--json', ...at]);
  expect(unknown.code).toBe(1);
  expect(JSON.parse(unknown.stdout)).toMatchObject({ error: { code: 'not_found' } });
  expect((await cli(['rebuild', 'x', '--query', 'y', ...at])).code).toBe(2);
  expect((await cli(['rebuild', '--query', 'cost:cheap', ...at])).code).toBe(2);
});
