import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ask, cli, fixture, makePlace } from '../support/cli.ts';
import * as schema from './schemas.ts';

const place = makePlace();
const at = ['--workspace', place.workspace];
afterAll(place.remove);

test('graders import, list and export: each way says what does not map', async () => {
  const evals = schema.graderImport.parse(
    await ask(['graders', 'import', fixture('graders/exchange/evals.json'), ...at]),
  );
  expect([evals.format, evals.imported.length]).toEqual(['OpenAI eval', 7]);
  expect(evals.problems.filter(({ severity }) => severity === 'error')).toMatchObject([
    { message: expect.stringContaining('vibes') as string },
  ]);
  const text = await cli(['graders', 'import', fixture('graders/exchange/promptfooconfig.yaml'), ...at]);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toMatch(/^promptfoo configuration: \d+ graders\.\n/);
  expect(text.stdout).toMatch(/^left out: \/tests\/0\/assert\/17: "moderation"/m);
  const { graders } = schema.graderList.parse(await ask(['graders', 'list', ...at]));
  expect(graders.length).toBeGreaterThan(40);
  expect((await cli(['graders', 'list', ...at])).stdout).toMatch(/^NAME +KIND/);

  const out = join(place.folder, 'back.json');
  const report = schema.graderExport.parse(
    await ask([
      'graders',
      'export',
      '--format',
      'openai-eval',
      '--out',
      out,
      '--grader',
      'Names the plan',
      '--grader',
      'Tone',
      ...at,
    ]),
  );
  expect([report.written, report.path]).toEqual([2, out]);
  expect(readFileSync(out, 'utf8')).toContain('"testing_criteria"');
  expect(await cli(['graders', 'export', '--format', 'promptfoo', '--out', out, ...at])).toMatchObject({
    code: 1,
    stdout: '',
  });
  expect(
    (await cli(['graders', 'export', '--format', 'promptfoo', '--out', out, '--overwrite', ...at])).stdout,
  ).toMatch(/^left out: /m);
});

test('what cannot be read, or has nothing in it, fails with a reason', async () => {
  const empty = join(place.folder, 'empty.yaml');
  writeFileSync(empty, 'tests: [{ assert: [{ type: moderation }] }]');
  expect(await cli(['graders', 'import', empty, ...at])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('0 graders') as string,
  });
  const missing = await cli(['graders', 'import', '/nowhere.json', ...at]);
  expect(missing).toMatchObject({ code: 1, stdout: '' });
  expect(missing.stderr).toMatch(/nowhere\.json/);
  const unknown = await cli([
    'graders',
    'export',
    '--format',
    'promptfoo',
    '--out',
    join(place.folder, 'x'),
    '--grader',
    'none',
    ...at,
  ]);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('There is no grader "none"')]);
  expect(existsSync(join(place.folder, 'x'))).toBe(false);
  expect((await cli(['graders', 'export', '--out', 'x', ...at])).code).toBe(2);
});
