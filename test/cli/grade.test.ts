import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, cli, makePlace } from '../support/cli.ts';
import { supportRun } from '../support/support-run.ts';
import * as schema from './schemas.ts';

const place = makePlace();
const at = ['--workspace', place.workspace];
const file = (name: string): string => join(dirname(place.workspace), name);

const SHIPPED = {
  type: 'string_check',
  name: 'on its way',
  input: '{{ sample.output_text }}',
  reference: 'on its way',
  operation: 'like',
};

function write(name: string, value: unknown): string {
  writeFileSync(file(name), JSON.stringify(value));
  return file(name);
}

beforeAll(async () => {
  mkdirSync(dirname(place.workspace), { recursive: true });
  const items = [...supportRun({ id: 't1' }), ...supportRun({ id: 't2', answer: 'I cannot find it.', minute: 1 })];
  await ask(['import', write('runs.json', { data: items }), ...at]);
});
afterAll(place.remove);

test('grade: verdicts of all traces are kept, and found afterwards', async () => {
  const grader = write('shipped.json', SHIPPED);
  const { results, summary } = schema.grade.parse(await ask(['grade', '--grader', grader, ...at]));
  expect(results.map(({ traceId, passed, score, error }) => [traceId, passed, score, error])).toEqual([
    ['t2', false, 0, null],
    ['t1', true, 1, null],
  ]);
  expect(summary).toMatchObject([
    { grader: 'on its way', passed: 1, failed: 1, errored: 0, notApplicable: 0, mean: 0.5 },
  ]);
  expect(schema.traces.parse(await ask(['traces', '--query', 'grade:fail', ...at])).map(({ id }) => id)).toEqual([
    't2',
  ]);
  // The same file again is the same version of the same grader.
  await ask(['grade', '--grader', grader, 't1', ...at]);
  expect(await ask(['sql', 'SELECT count(*) AS n FROM grader_version', ...at])).toEqual([{ n: 1 }]);
});

test('grade --dry-run keeps nothing; several graders, of spans too, and of an eval', async () => {
  const scoped = write('scoped.json', {
    ...SHIPPED,
    name: 'each',
    input: '{{ span.name }}',
    reference: 'get',
    scope: { on: 'span', filter: { kind: 'tool' } },
  });
  const evaluation = write('eval.json', { name: 'an eval', testing_criteria: [{ ...SHIPPED, name: 'criterion' }] });
  const args = ['grade', '--grader', scoped, '--grader', evaluation, '--query', 'Support', '--dry-run', ...at];
  const { results, summary } = schema.grade.parse(await ask(args));
  expect(summary.map(({ grader, passed, failed }) => [grader, passed, failed])).toEqual([
    ['each', 2, 0],
    ['criterion', 1, 1],
  ]);
  expect(results.filter(({ spanId }) => spanId !== null).map(({ spanId }) => spanId)).toEqual(['tool-t2', 'tool-t1']);
  expect(await ask(['sql', "SELECT count(*) AS n FROM grader WHERE name <> 'on its way'", ...at])).toEqual([{ n: 0 }]);
});

test('grade: a grade that errors is exit 1, and what fails is not', async () => {
  const missing = write('missing.json', { ...SHIPPED, name: 'missing', input: '{{ item.nowhere }}' });
  const { code, stdout } = await cli(['grade', '--grader', missing, '--dry-run', 't1', '--json', ...at]);
  const { results, summary } = schema.grade.parse(JSON.parse(stdout));
  expect([code, results[0]?.error?.code, results[0]?.score]).toEqual([1, 'invalid_variable_error', null]);
  expect(summary).toMatchObject([{ errored: 1, mean: null }]);
});

test('grade: comments and last commas in a grader file are a warning, and what is no JSON is said with its line', async () => {
  writeFileSync(file('written.json'), `// ours\n${JSON.stringify(SHIPPED).slice(0, -1)}, /* no more */\n}`);
  const good = await cli(['grade', '--grader', file('written.json'), '--dry-run', '--json', ...at]);
  expect(good).toMatchObject({ code: 0, stderr: expect.stringMatching(/written\.json, line 1: A comment/) as string });
  expect(good.stderr).toMatch(/line 2: A comma after the last value/);
  expect(schema.grade.parse(JSON.parse(good.stdout)).results).toHaveLength(2);
  expect(await cli(['graders', 'check', file('written.json')])).toMatchObject({ code: 0, stdout: 'It can be used.\n' });
  writeFileSync(file('broken.json'), '{\n  "type": eq\n}');
  const broken = await cli(['grade', '--grader', file('broken.json'), ...at]);
  expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('Line 2: "eq" is no JSON value')]);
});

test('grade: text for people', async () => {
  const { code, stdout } = await cli(['grade', '--grader', write('shipped.json', SHIPPED), '--dry-run', ...at]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/GRADER +PASSED +FAILED +ERRORED +N\/A +MEAN\non its way +1 +1 +0 +0 +0\.500\n/);
  expect(stdout).toMatch(/TRACE +VERDICT +SCORE +GRADER +EXPLANATION\nt2 +failed +0\.000 +on its way/);
});

test('grade: what cannot be used is said before anything is graded', async () => {
  const grader = write('shipped.json', SHIPPED);
  expect((await cli(['grade', ...at])).code).toBe(2);
  expect((await cli(['grade', '--grader', grader, 't1', '--query', 'x', ...at])).code).toBe(2);
  expect((await cli(['grade', '--grader', grader, '--query', 'grade:x>high', ...at])).code).toBe(2);
  const wrong = write('wrong.json', { ...SHIPPED, operation: 'equals' });
  for (const args of [
    ['--grader', wrong],
    ['--grader', file('none.json')],
    ['--grader', grader, 'nowhere'],
    ['--grader', grader, 'nowhere', '--dry-run'],
  ]) {
    const { code, stdout } = await cli(['grade', ...args, '--json', ...at]);
    expect(code).toBe(1);
    expect(schema.failure.parse(JSON.parse(stdout)).error.code).toMatch(/bad_request|unreadable_file|not_found/);
  }
});
