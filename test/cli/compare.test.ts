/** Runs side by side on the command line: the numbers of the engine, in the contract's fields. */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, cli, fixture, makePlace } from '../support/cli.ts';
import * as schema from './schemas.ts';

const place = makePlace();
const at = ['--workspace', place.workspace];
const runIds: Record<string, string> = {};

beforeAll(async () => {
  const file = join(place.folder, 'airline.json.gz');
  copyFileSync(fixture('formats/tau-bench/cut-airline.json.gz'), file);
  await ask(['import', file, ...at]);
  const evalFile = join(place.folder, 'eval.json');
  writeFileSync(
    evalFile,
    JSON.stringify({
      name: 'Airline',
      testing_criteria: [
        { type: 'string_check', name: 'reward', input: '{{ item.scores.reward }}', reference: '1', operation: 'eq' },
      ],
    }),
  );
  for (const trial of [0, 1, 2]) {
    const name = `trial ${trial}`;
    const { code, stdout, stderr } = await cli([
      ...['eval', 'run', evalFile, '--name', name, '--query', `meta:trial=${trial}`, '--json', ...at],
    ]);
    if (code !== 0) throw new Error(stdout + stderr);
    runIds[name] = (JSON.parse(stdout) as { runId: string }).runId;
  }
}, 120_000);
afterAll(() => {
  place.remove();
});

test('two runs by name: criteria and items in the contract', async () => {
  const found = schema.comparison.parse(await ask(['compare', 'trial 0', 'trial 1', ...at]));
  expect(found).toMatchObject({
    baseline: { id: runIds['trial 0'], name: 'trial 0' },
    run: { id: runIds['trial 1'] },
    pairedBy: 'task',
    criteria: [
      {
        name: 'reward',
        n: 10,
        a: 0.1,
        b: 0.2,
        wins: 2,
        losses: 1,
        ties: 7,
        test: 'mcnemar-exact',
        measure: 'pass rate',
      },
    ],
    counts: { fixed: 2, regressed: 1, same: 7 },
  });
  expect(found.criteria[0]?.delta).toBeCloseTo(0.1, 12);
  expect(found.criteria[0]?.ci?.[0]).toBeLessThan(0);
  expect(found.items.map(({ change }) => change)).toEqual([
    'regressed',
    ...Array<string>(7).fill('same'),
    'fixed',
    'fixed',
  ]);
  expect(found.items[0]).toMatchObject({ key: 'task_id 6', a: 1, b: 0, criteria: [{ name: 'reward', a: 1, b: 0 }] });
});

test('several runs, by id and the beginning of one', async () => {
  const [one = '', two = '', three = ''] = Object.values(runIds);
  const found = schema.comparison.parse(await ask(['compare', one, two.slice(0, 12), three, ...at]));
  expect(found.run.id).toBe(two);
  expect(found.others).toMatchObject([{ run: { id: three } }]);
});

test('text for people', async () => {
  const { code, stdout } = await cli(['compare', 'trial 0', 'trial 1', ...at]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^A {2}trial 0\nB {2}trial 1\n1 of 1 criteria shows no difference\.\n\nCRITERION +A +B +B - A/,
  );
  expect(stdout).toMatch(
    /^reward +10 % +20 % +\+10 points +−23\.4 to 43\.4 points +10 +1 +1 +2\/1\/7 +no difference shown$/m,
  );
  expect(stdout).toContain('2 fixed, 1 regressed, 7 same');
  expect(stdout).toMatch(/^task_id 6: .+tau-bench:6:0:\w+ +tau-bench:6:1:\w+$/m);
});

test('a report is written by the end of its name', async () => {
  for (const [name, begins] of [
    ['report.md', '## trial 0 (A)'],
    ['report.json', '{"baseline":'],
    ['report.csv', 'baseline,run,key'],
  ] as const) {
    const path = join(place.folder, name);
    expect((await cli(['compare', 'trial 0', 'trial 1', '--export', path, ...at])).code).toBe(0);
    expect(readFileSync(path, 'utf8').startsWith(begins)).toBe(true);
  }
  const wrong = join(place.folder, 'report.pdf');
  expect((await cli(['compare', 'trial 0', 'trial 1', '--export', wrong, ...at])).code).toBe(2);
  expect(existsSync(wrong)).toBe(false);
});

test('runs that are not there', async () => {
  const { code, stdout } = await cli(['compare', 'trial 0', 'nonsense', '--json', ...at]);
  expect(code).toBe(1);
  expect(schema.failure.parse(JSON.parse(stdout)).error).toMatchObject({ code: 'not_found' });
  expect((await cli(['compare', 'trial 0', ...at])).code).toBe(2);
  expect((await cli(['compare', 'trial 0', 'trial 0', ...at])).code).toBe(1);
});
