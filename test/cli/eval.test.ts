import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../src/main/cli/program.ts';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { ask, cli, fixture, makePlace } from '../support/cli.ts';
import { supportRun } from '../support/support-run.ts';
import * as schema from './eval-schemas.ts';
import { failure, graderList } from './schemas.ts';

const place = makePlace();
const at = ['--workspace', place.workspace];
const file = (name: string): string => join(dirname(place.workspace), name);

function write(name: string, value: unknown): string {
  writeFileSync(file(name), typeof value === 'string' ? value : JSON.stringify(value));
  return file(name);
}

const SHIPPED = {
  type: 'string_check',
  name: 'on its way',
  input: '{{ sample.output_text }}',
  reference: 'on its way',
  operation: 'like',
};
const CLOSE = {
  type: 'text_similarity',
  name: 'close',
  input: '{{ sample.output_text }}',
  reference: 'Your order is on its way.',
  evaluation_metric: 'fuzzy_match',
  pass_threshold: 0.9,
};
const EVAL = { name: 'Support answers', testing_criteria: [{ ...SHIPPED, threshold: 0.7 }, CLOSE] };

/** Eight traces of four tasks, two trials each; the agent fails in the first `wrong`. */
function traces(prefix: string, wrong: number): unknown[] {
  return Array.from({ length: 8 }, (_, k) =>
    supportRun({
      id: `${prefix}${k}`,
      minute: k,
      answer: k < wrong ? 'I cannot find it.' : 'Your order is on its way.',
      metadata: { task_id: `task-${k % 4}`, version: prefix },
    }),
  ).flat();
}

beforeAll(async () => {
  mkdirSync(dirname(place.workspace), { recursive: true });
  await ask(['import', write('traces.json', { data: [...traces('a', 2), ...traces('b', 8)] }), ...at]);
});
afterAll(place.remove);

const run = async (...args: string[]) =>
  schema.run.parse(await ask(['eval', 'run', write('eval.json', EVAL), ...args, ...at]));

test('eval run: OpenAI’s eval JSON over the traces of a search, with counts and intervals', async () => {
  const told = await run('--query', 'id:a', '--name', 'first');
  expect(told).toMatchObject({
    name: 'first',
    status: 'done',
    counts: { total: 8, done: 8, passed: 6, failed: 2, errored: 0, neither: 0 },
    gate: null,
    criteria: [
      { name: 'on its way', passed: 6, failed: 2, passRate: 0.75, n: 8, tasks: 4, threshold: 0.7, weight: 1 },
      { name: 'close', passed: 6, failed: 2, passRate: 0.75 },
    ],
  });
  const [low, high] = told.criteria[0]?.ci ?? [NaN, NaN];
  expect(low).toBeLessThan(0.75);
  expect(high).toBeGreaterThan(0.75);
});

test('eval run again: the same eval and graders, nothing doubled; a changed grader is a new version', async () => {
  const again = await run('--query', 'id:a', '--name', 'again');
  const { evals } = schema.evals.parse(await ask(['eval', 'list', ...at]));
  expect(evals).toMatchObject([{ id: again.evalId, name: 'Support answers', lastRunId: again.runId }]);
  const changed = {
    ...EVAL,
    testing_criteria: [
      { ...SHIPPED, threshold: 0.7 },
      { ...CLOSE, pass_threshold: 0.4 },
    ],
  };
  const third = schema.run.parse(await ask(['eval', 'run', write('changed.json', changed), '--query', 'id:a', ...at]));
  expect([third.evalId, third.criteria[1]?.passed]).toEqual([again.evalId, 8]);
  const { graders } = graderList.parse(await ask(['graders', 'list', ...at]));
  expect(graders.map(({ name, versions }) => [name, versions])).toEqual([
    ['close', 2],
    ['on its way', 1],
  ]);
  // What an old run measured stays.
  const old = schema.show.parse(await ask(['eval', 'show', 'again', '--items', ...at]));
  expect(old.criteria[1]?.passed).toBe(6);
});

test('eval run --gate: exit 1 when a threshold is missed, 0 when it is met; reports say the same', async () => {
  const args = ['eval', 'run', write('eval.json', EVAL), '--gate', '--json', ...at];
  const good = await cli([...args, '--query', 'id:a', '--name', 'good']);
  expect([good.code, schema.run.parse(JSON.parse(good.stdout)).gate?.holds]).toEqual([0, true]);
  const reports = ['--junit', file('junit.xml'), '--markdown', file('summary.md')];
  const bad = await cli([...args, '--query', 'id:b', '--name', 'bad', ...reports]);
  const told = schema.run.parse(JSON.parse(bad.stdout));
  expect([bad.code, told.gate?.holds]).toEqual([1, false]);
  expect(told.gate?.checks).toMatchObject([
    {
      criterion: 'on its way',
      kind: 'threshold',
      holds: false,
      says: expect.stringContaining('0 of 8 items passed') as string,
    },
  ]);
  expect(readFileSync(file('junit.xml'), 'utf8')).toMatch(
    /<testsuite name="on its way" tests="8" failures="8" errors="0" skipped="0"/,
  );
  expect(readFileSync(file('summary.md'), 'utf8')).toContain('| on its way | 0 % |');
});

test('eval run --baseline: exit 1 when a criterion is significantly worse, without any threshold', async () => {
  const many = (prefix: string, wrong: number) =>
    Array.from({ length: 12 }, (_, k) => ({
      item: { task_id: `t${k}` },
      sample: { output_text: k < wrong ? 'no' : `on its way ${prefix}` },
    }));
  const rows = (prefix: string, wrong: number): string =>
    write(
      `${prefix}.jsonl`,
      many(prefix, wrong)
        .map((row) => JSON.stringify(row))
        .join('\n'),
    );
  const plain = write('plain.json', { name: 'Rows', testing_criteria: [SHIPPED] });
  const args = ['eval', 'run', plain, '--json', ...at];
  const before = schema.run.parse(
    await ask(['eval', 'run', plain, '--data', rows('before', 0), '--name', 'before', ...at]),
  );
  expect(before).toMatchObject({ counts: { total: 12, passed: 12 } });
  const same = await cli([
    ...args,
    '--data',
    rows('same', 1),
    '--name',
    'same',
    '--baseline',
    before.runId.slice(0, 8),
  ]);
  expect(same.code).toBe(0);
  expect(schema.run.parse(JSON.parse(same.stdout)).gate?.checks.map(({ kind }) => kind)).toEqual(['baseline']);
  const worse = await cli([...args, '--data', rows('worse', 12), '--name', 'worse', '--baseline', 'last']);
  const told = schema.run.parse(JSON.parse(worse.stdout));
  expect([worse.code, told.gate?.holds]).toEqual([1, false]);
  expect(told.gate?.checks[0]?.says).toMatch(/^Significantly worse: /);
  // The gate of a run that is there already.
  expect((await cli(['eval', 'gate', 'worse', '--baseline', 'before', '--json', ...at])).code).toBe(1);
  expect((await cli(['eval', 'gate', 'before', '--json', ...at])).code).toBe(0);
});

test('eval run: a threshold for all', async () => {
  const bare = write('bare.json', { name: 'Bare', testing_criteria: [CLOSE] });
  const args = ['eval', 'run', bare, '--query', 'id:a', '--gate', '--threshold'];
  expect((await cli([...args, '0.8', ...at])).code).toBe(1);
  expect((await cli([...args, '0.7', ...at])).code).toBe(0);
});

test('eval run: a sample is drawn with a seed', async () => {
  const tasks = async (seed: string): Promise<unknown> => {
    const { runId } = await run('--query', 'id:a', '--limit', '3', '--seed', seed);
    const { items } = schema.show.parse(await ask(['eval', 'show', runId, '--items', ...at]));
    return items.map(({ traceId }) => traceId);
  };
  const first = await tasks('1');
  expect(first).toHaveLength(3);
  expect(await tasks('1')).toEqual(first);
});

test('eval run --dataset: a file of examples is imported, and its rows are the items', async () => {
  const examples = write(
    'orders.jsonl',
    [0, 1, 9]
      .map((k) => JSON.stringify({ id: `task-${k}`, input: 'Where?', expected_output: 'on its way' }))
      .join('\n'),
  );
  const criteria = [{ ...SHIPPED, reference: '{{ item.expected_output }}' }];
  const of = write('of.json', {
    name: 'Orders',
    testing_criteria: criteria,
    link: { by: 'metadata', field: 'task_id' },
  });
  const told = schema.run.parse(await ask(['eval', 'run', of, '--dataset', examples, '--query', 'id:a', ...at]));
  expect(told).toMatchObject({ counts: { total: 4 }, missing: 1 });
  const again = schema.run.parse(await ask(['eval', 'run', of, '--dataset', 'orders', '--query', 'id:a', ...at]));
  expect(again).toMatchObject({ evalId: told.evalId, counts: { total: 4 } });
});

test('eval show, runs and list as text', async () => {
  const { code, stdout } = await cli(['eval', 'show', 'bad', '--items', ...at]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^Support answers: bad: 0 of 8 items passed, 8 failed, 0 errored\.\nRun \S+\n\nCRITERION +RESULT +95 % +PASSED/,
  );
  expect(stdout).toMatch(/\non its way +0 % +0 % – 49 % +0 +8 +0 +0 +0 +70 %\n/);
  expect(stdout).toMatch(/\nfailed +\d\.\d{3} +b0 +task_id task-0 +on its way, close +Where is my order W1\?\n/);
  const { runs } = schema.runs.parse(await ask(['eval', 'runs', 'Support answers', ...at]));
  expect(runs.map(({ name }) => name)).toContain('bad');
  expect((await cli(['eval', 'runs', ...at])).stdout).toMatch(/^ID +STARTED +STATUS +ITEMS/);
  expect((await cli(['eval', 'list', ...at])).stdout).toMatch(/on its way, close/);
});

test('eval export and import: formats, and what is there already', async () => {
  for (const format of ['openai', 'promptfoo', 'markdown', 'junit', 'csv']) {
    const out = file(`bad.${format}`);
    const report = schema.exported.parse(await ask(['eval', 'export', 'bad', '--format', format, '--out', out, ...at]));
    expect(readFileSync(out)).toHaveLength(report.bytes);
    const again = await cli(['eval', 'export', 'bad', '--format', format, '--out', out, '--json', ...at]);
    expect([again.code, failure.parse(JSON.parse(again.stdout)).error.code]).toEqual([1, 'file_exists']);
  }
  const elsewhere = ['--workspace', file('elsewhere.tracewright')];
  const found = schema.imported.parse(await ask(['eval', 'import', fixture('evals/openai.json'), ...elsewhere]));
  expect(found).toMatchObject({ format: 'OpenAI eval run', evals: [{ name: 'Plans' }], items: 3 });
  expect(found.runs).toMatchObject([{ runId: 'evalrun_1', counts: { total: 3, passed: 1, failed: 1, errored: 1 } }]);
  const again = schema.imported.parse(await ask(['eval', 'import', fixture('evals/openai.json'), ...elsewhere]));
  expect([again.runs, again.problems.at(-1)?.message]).toEqual([
    [],
    expect.stringContaining('This run is here already'),
  ]);
});

test('eval run: Ctrl+C keeps what is graded, and says how to go on', async () => {
  const plain = write('plain.json', { name: 'Rows', testing_criteria: [SHIPPED] });
  const rows = Array.from({ length: 200 }, (_, k) =>
    JSON.stringify({ item: { k }, sample: { output_text: 'on its way' } }),
  );
  const args = [
    'eval',
    'run',
    plain,
    '--data',
    write('many.jsonl', rows.join('\n')),
    '--name',
    'stopped',
    '--json',
    ...at,
  ];
  let stdout = '';
  const code = await runCli(args, {
    out: async (text) => {
      stdout += text;
    },
    err: () => undefined,
    outIsTerminal: false,
    errIsTerminal: false,
    columns: null,
    env: { HOME: '/nonexistent' },
    // Somebody is quick.
    onStop: (stop) => {
      stop();
    },
  });
  const { error } = failure.parse(JSON.parse(stdout));
  expect([code, error.code]).toEqual([1, 'cancelled']);
  expect(error.message).toMatch(/^Cancelled: \d+ of 200 items are graded, and kept\.$/);
  expect(error.hint).toContain('eval resume');
  const { runs } = schema.runs.parse(await ask(['eval', 'runs', ...at]));
  expect(runs[0]).toMatchObject({ name: 'stopped', status: 'cancelled' });
  expect((await cli(['eval', 'gate', 'stopped', ...at])).code).toBe(1);
  const resumed = schema.run.parse(await ask(['eval', 'resume', 'stopped', ...at]));
  expect(resumed).toMatchObject({ status: 'done', counts: { total: 200, done: 200, passed: 200, errored: 0 } });
});

test('eval resume: a run that was left behind unfinished, as by a kill, goes on', async () => {
  const opened = await createEngine({ workspace: place.workspace, httpPort: null, appVersion: '0' });
  if (!opened.ok) throw new Error(opened.error.message);
  const engine = opened.value;
  const [of] = (await engine.call('eval.list', {})).filter(({ name }) => name === 'Rows');
  const items = Array.from({ length: 500 }, (_, k) => ({ item: { k }, sample: { output_text: 'on its way' } }));
  await engine.call('run.start', { evalId: of?.id ?? '', name: 'also left', items });
  await engine.call('run.start', { evalId: of?.id ?? '', name: 'left behind', items });
  await engine.close();
  const { runs } = schema.runs.parse(await ask(['eval', 'runs', ...at]));
  expect(['queued', 'running']).toContain(runs[0]?.status);
  expect(schema.cancelled.parse(await ask(['eval', 'cancel', 'also left', ...at])).status).toBe('cancelled');
  const resumed = schema.run.parse(await ask(['eval', 'resume', 'left behind', ...at]));
  expect(resumed).toMatchObject({ status: 'done', counts: { total: 500, done: 500, passed: 500 } });
});

test('a gate that nothing is asked of lets only runs through in which every item passed', async () => {
  const bare = write('bare-gate.json', { name: 'Bare gate', testing_criteria: [SHIPPED] });
  const args = ['eval', 'run', bare, '--gate', '--json', ...at];
  const bad = await cli([...args, '--query', 'id:a', '--name', 'bare bad', '--markdown', file('bare.md')]);
  expect([bad.code, schema.run.parse(JSON.parse(bad.stdout)).gate?.checks]).toMatchObject([
    1,
    [{ criterion: 'on its way', kind: 'threshold', holds: false }],
  ]);
  expect(readFileSync(file('bare.md'), 'utf8')).toContain('100 % must pass');
  expect((await cli([...args, '--query', 'id:a7'])).code).toBe(0);
  expect((await cli(['eval', 'gate', 'bare bad', ...at])).code).toBe(1);
  expect((await cli(['eval', 'gate', 'bare bad', '--threshold', '0.7', ...at])).code).toBe(0);
  expect((await cli(['eval', 'resume', 'bare bad', '--gate', '--threshold', '0.8', ...at])).code).toBe(1);
});

test('an eval file that is wrong is told by field, and never run as if it said less', async () => {
  const wrong = async (value: unknown): Promise<string> => {
    const { code, stdout } = await cli(['eval', 'run', write('wrong.json', value), '--json', ...at]);
    expect(code).toBe(2);
    return failure.parse(JSON.parse(stdout)).error.message.split(': ')[1] ?? '';
  };
  expect(await wrong({ ...EVAL, testing_criteria: SHIPPED })).toBe('/testing_criteria');
  expect(await wrong({ ...EVAL, testing_criteria: ['x', SHIPPED] })).toBe('/testing_criteria/0');
  expect(await wrong({ ...EVAL, name: 5 })).toBe('/name');
  expect(await wrong({ ...EVAL, name: 'n'.repeat(201) })).toBe('/name');
  expect(await wrong({ ...EVAL, baseline: 5 })).toBe('/baseline');
  expect(await wrong({ ...EVAL, link: { by: 'guess' } })).toBe('/link');
  for (const source of [
    { type: 'file_id', id: 'file-1' },
    { type: 'file_content', content: [] },
  ])
    expect(await wrong({ ...EVAL, data_source: { type: 'jsonl', source } })).toBe('/data_source');
  const typo = await cli(['eval', 'run', write('typo.json', { ...EVAL, querry: 'id:b' }), '--query', 'id:a1', ...at]);
  expect([typo.code, typo.stderr]).toEqual([0, expect.stringContaining('/querry') as string]);
});

test('eval: wrong usage and what is no eval is exit 2, what is not there exit 1', async () => {
  const good = write('eval.json', EVAL);
  for (const args of [
    ['run'],
    ['run', good, '--data', good, '--query', 'x'],
    ['run', good, '--query', 'cost:cheap'],
    ['run', good, '--threshold', '90'],
    ['run', good, '--limit', '0'],
    ['export', 'bad', '--format', 'pdf', '--out', 'x'],
    ['show'],
    ['run', file('none.json')],
    ['run', write('grader.json', SHIPPED)],
    ['run', good, '--data', write('empty.jsonl', '')],
  ])
    expect((await cli(['eval', ...args, ...at])).code, args.join(' ')).toBe(2);
  for (const args of [
    ['run', good, '--query', 'id:nowhere'],
    ['run', good, '--baseline', 'nowhere'],
    ['run', good, '--dataset', 'nowhere'],
    ['show', 'nowhere'],
    ['resume', 'nowhere'],
    ['import', write('half.json', '{"output_items": [{"object"')],
  ]) {
    const { code, stdout } = await cli(['eval', ...args, '--json', ...at]);
    expect(code, args.join(' ')).toBe(1);
    expect(failure.parse(JSON.parse(stdout)).error.code).toMatch(/bad_request|unreadable_file|not_found/);
  }
});
