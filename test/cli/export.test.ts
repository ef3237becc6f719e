import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, cli, fixture, makePlace } from '../support/cli.ts';
import * as schema from './schemas.ts';

const place = makePlace();
const at = ['--workspace', place.workspace];
const ARTICLE = 'trace_7f7b0d6bfb56495cb31baf2aafce9c83';

beforeAll(async () => {
  await ask(['import', fixture('formats/agents-sdk/js03-multi-agent/input.json'), ...at]);
});
afterAll(place.remove);

test('export: a trace, a search, all of them', async () => {
  const out = (name: string): string => join(place.folder, name);
  const one = schema.exportReport.parse(await ask(['export', ARTICLE, '--format', 'otlp', '--out', out('1'), ...at]));
  expect(one).toMatchObject({ files: 1, traces: 1, bytes: readFileSync(out('1')).length });
  const query = ['--query', 'agent:Planner', '--format', 'csv', '--out', out('2'), ...at];
  expect(schema.exportReport.parse(await ask(['export', ...query]))).toMatchObject({ files: 2, traces: 1 });
  const all = ['--format', 'tracewright-jsonl', '--out', out('3'), ...at];
  expect(schema.exportReport.parse(await ask(['export', ...all]))).toMatchObject({ files: 1, traces: 2 });

  const again = await cli(['export', ...all, '--json']);
  expect(again.code).toBe(1);
  expect(schema.failure.parse(JSON.parse(again.stdout)).error.code).toBe('file_exists');
  expect((await cli(['export', ...all, '--force'])).code).toBe(0);

  const other = ['--workspace', join(place.folder, 'other.tracewright')];
  await ask(['import', out('3'), ...other]);
  expect(await ask(['traces', ...other])).toEqual(await ask(['traces', ...at]));
  expect(await ask(['show', ARTICLE, ...other])).toEqual(await ask(['show', ARTICLE, ...at]));
});

test('export: wrong usage', async () => {
  for (const args of [
    ['export', '--out', 'x'],
    ['export', '--format', 'otlp'],
    ['export', ARTICLE, '--query', 'x', '--format', 'otlp', '--out', 'x'],
  ]) {
    expect((await cli([...args, ...at])).code).toBe(2);
  }
});

test('formats say what can be exported', async () => {
  const formats = schema.formats.parse(await ask(['formats']));
  expect(
    formats
      .filter((format) => format.export)
      .map(({ id }) => id)
      .sort(),
  ).toEqual([
    'agentrx',
    'annotations',
    'annotations-csv',
    'annotations-jsonl',
    'csv',
    'langfuse',
    'openinference',
    'otlp',
    'tracewright-jsonl',
    'who-and-when',
  ]);
});
