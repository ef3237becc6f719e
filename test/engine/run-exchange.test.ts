/** Runs out of files of other tools, and into them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EvalRunRow, RunItem } from '#shared/eval.ts';
import type { Json } from '#shared/json.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { sendItems } from '../support/agents-items.ts';
import { supportRun } from '../support/support-run.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const fixture = (name: string): string => join(process.cwd(), 'test/fixtures/evals', name);

async function itemsOf(engine: Engine, id: string): Promise<RunItem[]> {
  const { rows } = await engine.call('run.items', { id });
  return Promise.all(rows.map((row) => engine.call('run.item', { id: row.id })));
}

/** What must be the same after it went out and came back; ids of rows are each workspace's own. */
function contents(run: EvalRunRow, items: readonly RunItem[]): unknown {
  return {
    name: run.name,
    status: run.status,
    counts: run.counts,
    criteria: run.criteria.map(({ graderId: _id, ...criterion }) => criterion),
    modelUse: run.modelUse,
    metadata: run.metadata,
    createdAt: run.createdAt,
    items: items.map(({ row: { id: _id, runId: _run, ...row }, item, sample, grades }) => ({
      row,
      item,
      sample,
      grades,
    })),
  };
}

test.each(['openai', 'promptfoo'] as const)('%s: import, export, import gives the same', async (format) => {
  const first = await startEngine();
  const read = await first.call('run.import', { path: fixture(`${format}.json`) });
  const folder = temporaryFolder();
  for (const run of read.runs) {
    const path = join(folder, `${format}.json`);
    const report = await first.call('run.export', { id: run.id, path, format });
    expect(report.bytes).toBe(readFileSync(path).length);
    expect(report.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const second = await startEngine();
    const again = await second.call('run.import', { path });
    expect(again.problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
    const [back] = again.runs;
    expect(again.runs).toHaveLength(1);
    if (!back) continue;
    const [before, after] = [
      contents(run, await itemsOf(first, run.id)),
      contents(back, await itemsOf(second, back.id)),
    ];
    expect(after).toEqual(before);
    expect(again.evals[0]?.name).toBe(read.evals[0]?.name);
  }
});

test('OpenAI: its criteria become graders, and what is here already stays', async () => {
  const engine = await startEngine();
  const read = await engine.call('run.import', { path: fixture('openai.json') });
  const graders = await engine.call('grader.list', {});
  expect(graders.map(({ name }) => name)).toEqual(['Helpful', 'Names the plan']);
  expect(read.runs[0]?.criteria.map(({ graderId }) => graders.find(({ id }) => id === graderId)?.name)).toEqual([
    'Names the plan',
    'Helpful',
  ]);
  expect(read.evals).toMatchObject([{ id: 'eval_1', name: 'Plans', runs: 1, metadata: { team: 'support' } }]);
  // An exported run names its model, its data source and where it was shown.
  const path = join(temporaryFolder(), 'run.json');
  await engine.call('run.export', { id: 'evalrun_1', path, format: 'openai' });
  const { run, eval: of } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, unknown>>;
  expect(run).toMatchObject({
    object: 'eval.run',
    id: 'evalrun_1',
    eval_id: 'eval_1',
    status: 'completed',
    model: 'gpt-4o-mini',
    data_source: { type: 'completions', sampling_params: { seed: 42 } },
    result_counts: { total: 3, passed: 1, failed: 1, errored: 1 },
    per_testing_criteria_results: [
      { testing_criteria: 'Names the plan', passed: 1, failed: 1 },
      { testing_criteria: 'Helpful', passed: 2, failed: 0 },
    ],
    per_model_usage: [{ model_name: 'gpt-4o-mini', invocation_count: 3, cached_tokens: 8, total_tokens: 120 }],
  });
  expect(of).toMatchObject({
    object: 'eval',
    data_source_config: { type: 'custom' },
    testing_criteria: [{ type: 'string_check' }, {}],
  });
  const again = await engine.call('run.import', { path: fixture('openai.json') });
  expect([again.runs, again.items]).toEqual([[], 0]);
  expect(await engine.call('grader.list', {})).toHaveLength(2);
  expect(await engine.call('run.list', {})).toHaveLength(1);
});

test('OpenAI: evals without runs are made with their graders, once', async () => {
  const engine = await startEngine();
  const path = join(process.cwd(), 'test/fixtures/graders/exchange/evals.json');
  const read = await engine.call('run.import', { path });
  expect(read.evals.map(({ name, criteria }) => [name, criteria.length])).toEqual([
    ['Support answers', 5],
    ['Refunds', 2],
  ]);
  expect(read.problems.some(({ path: at }) => at === '/testing_criteria/2/type')).toBe(true);
  const again = await engine.call('run.import', { path });
  expect(again.evals.map(({ id }) => id)).toEqual(read.evals.map(({ id }) => id));
  expect(await engine.call('eval.list', {})).toHaveLength(2);
});

test('a folder of pages is one run, and what is no part of it is named', async () => {
  const folder = join(temporaryFolder(), 'export');
  mkdirSync(folder, { recursive: true });
  const whole = JSON.parse(readFileSync(fixture('openai.json'), 'utf8')) as Record<string, Json>;
  const { data } = whole.output_items as { readonly data: readonly Json[] };
  writeFileSync(join(folder, 'eval.json'), JSON.stringify(whole.eval));
  writeFileSync(join(folder, 'runs.json'), JSON.stringify({ object: 'list', data: [whole.run], has_more: false }));
  writeFileSync(
    join(folder, 'page-1.json'),
    JSON.stringify({ object: 'list', data: data.slice(0, 2), has_more: false }),
  );
  writeFileSync(
    join(folder, 'page-2.jsonl'),
    data
      .slice(2)
      .map((each) => JSON.stringify(each))
      .join('\n'),
  );
  writeFileSync(join(folder, 'other.json'), '{"name":"package"}');
  writeFileSync(join(folder, 'broken.json'), '{"name":');
  const engine = await startEngine();
  const read = await engine.call('run.import', { path: folder });
  expect(read.runs).toMatchObject([{ id: 'evalrun_1', counts: { total: 3, passed: 1, failed: 1, errored: 1 } }]);
  expect(
    read.problems.filter(({ path }) => /other|broken/.test(path)).map(({ path, severity }) => [path, severity]),
  ).toEqual([
    ['broken.json', 'error'],
    ['other.json', 'warning'],
  ]);
});

test('promptfoo: a run per provider, over the same tasks', async () => {
  const engine = await startEngine();
  const { runs, evals } = await engine.call('run.import', { path: fixture('promptfoo.json') });
  expect(evals).toMatchObject([{ name: 'Capitals', criteria: [], runs: 2 }]);
  expect(runs.map(({ name, counts }) => [name, counts.passed, counts.failed, counts.errored])).toEqual([
    ['openai:gpt-4o-mini', 2, 0, 0],
    ['small', 0, 0, 2],
  ]);
  const [one, other] = runs;
  if (!one || !other) return;
  const { rows } = await engine.call('run.items', { id: one.id });
  expect(rows.map(({ task, status, score, durationMs }) => [task, status, score, durationMs])).toEqual([
    ['test 1', 'passed', 1, 420],
    ['test 2', 'passed', 0.5, 300],
  ]);
  const compared = await engine.call('compare.runs', { baselineId: one.id, otherIds: [other.id] });
  expect(compared.pairedBy).toBe('task');
});

test('runs over traces: out with their answers, back to their traces', async () => {
  const engine = await startEngine();
  await sendItems(engine, [
    ...supportRun({ id: 't1', metadata: { task_id: 7 } }),
    ...supportRun({ id: 't2', answer: 'No.', minute: 1 }),
  ]);
  const definition = {
    type: 'string_check',
    name: 'ok',
    input: '{{ sample.output_text }}',
    reference: 'way',
    operation: 'like',
  };
  const { id: graderId } = await engine.call('grader.save', { definition });
  const made = await engine.call('eval.save', {
    definition: {
      name: 'Own',
      criteria: [{ graderId, versionHash: null, threshold: 0.5, weight: 1 }],
      source: { kind: 'filter', query: '' },
      metadata: {},
    },
  });
  const { id } = await engine.call('run.start', { evalId: made.id });
  await engine.settle({ findings: false });
  const path = join(temporaryFolder(), 'own.json');
  await engine.call('run.export', { id, path, format: 'openai' });
  const written = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly output_items: { readonly data: readonly Record<string, Json>[] };
  };
  expect(written.output_items.data).toMatchObject([
    {
      object: 'eval.run.output_item',
      status: 'pass',
      datasource_item_id: 0,
      datasource_item: { task_id: 7 },
      metadata: { trace_id: 't1' },
      results: [{ name: 'ok', type: 'string-check-grader', score: 1, passed: true }],
      sample: {
        output_text: 'Your order is on its way.',
        output: [{ role: 'assistant', tool_calls: [{ function: { name: 'get_order' } }] }],
        error: null,
      },
    },
    { status: 'fail', datasource_item_id: 1 },
  ]);
  await engine.call('run.delete', { id });
  const back = await engine.call('run.import', { path });
  expect(back).toMatchObject({ evals: [{ id: made.id }], runs: [{ id, counts: { total: 2, passed: 1, failed: 1 } }] });
  const { rows } = await engine.call('run.items', { id });
  expect(rows.map(({ traceId, task }) => [traceId, task])).toEqual([
    ['t1', 'task_id 7'],
    ['t2', 't2'],
  ]);
  expect(await engine.call('run.gate', { id })).toMatchObject({ holds: true, checks: [{ kind: 'threshold' }] });
  await expect(engine.call('run.gate', { id, baselineId: id })).rejects.toMatchObject({
    error: { code: 'bad_request' },
  });
  await expect(engine.call('run.gate', { id: 'nowhere' })).rejects.toMatchObject({ error: { code: 'not_found' } });
});

test.each([
  ['empty', '', 'unreadable_file'],
  ['half', '{"object":"list","data":[{"object":"eval.run.output_item"', 'unreadable_file'],
  ['something else', '{"spans":[]}', 'bad_request'],
  ['text', 'hello\nthere', 'unreadable_file'],
  ['deep', `{"object":"eval.run","id":"r","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'bad_request'],
  [
    'deep in a line',
    `{"object":"eval.run","id":"r"}\n{"x":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
    'bad_request',
  ],
])('a file that is none is refused with a reason, and nothing is kept: %s', async (_, text, code) => {
  const engine = await startEngine();
  const path = join(temporaryFolder(), 'file.json');
  writeFileSync(path, text);
  await expect(engine.call('run.import', { path })).rejects.toMatchObject({
    error: { code, hint: expect.any(String) as string },
  });
  expect([await engine.call('eval.list', {}), await engine.call('run.list', {})]).toEqual([[], []]);
});

test('an export never writes over the workspace, and leaves nothing half-written', async () => {
  const engine = await startEngine();
  await engine.call('run.import', { path: fixture('openai.json') });
  const { workspace } = engine.info();
  await expect(engine.call('run.export', { id: 'evalrun_1', path: workspace, format: 'csv' })).rejects.toMatchObject({
    error: { code: 'unwritable_file' },
  });
  await expect(
    engine.call('run.export', { id: 'evalrun_1', path: '/nowhere/x.csv', format: 'csv' }),
  ).rejects.toMatchObject({ error: { code: 'unwritable_file' } });
});

test('a long import lets others be served, and leaves no run behind when it is given up', async () => {
  const engine = await startEngine();
  const path = join(temporaryFolder(), 'long.json');
  const items = Array.from({ length: 4_000 }, (_, at) => ({
    object: 'eval.run.output_item',
    id: `item_${at}`,
    run_id: 'evalrun_long',
    eval_id: 'eval_long',
    status: at % 4 === 0 ? 'fail' : 'pass',
    datasource_item_id: at,
    datasource_item: { question: `q${at}` },
    results: [{ name: 'fits', passed: at % 4 !== 0, score: at % 4 === 0 ? 0 : 1 }],
  }));
  writeFileSync(path, JSON.stringify({ eval: { object: 'eval', id: 'eval_long', name: 'Long' }, output_items: items }));
  const given = new AbortController();
  const importing = engine.call('run.import', { path }, given.signal).then(
    () => 'imported',
    (cause: unknown) => cause,
  );
  // Asked for between two slices: what is not all there is said to be unfinished.
  for (let served = 0; ; served++) {
    const [run] = await engine.call('run.list', {});
    if (run) {
      expect([run.id.startsWith('unfinished-'), run.status, run.counts.total]).toEqual([true, 'failed', 0]);
      given.abort();
      break;
    }
    if (served > 1_000_000) throw new Error('nothing was served while it was imported');
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await importing).toMatchObject({ error: { code: 'cancelled' } });
  expect(await engine.call('run.list', {})).toEqual([]);
  const again = await engine.call('run.import', { path });
  expect(again.runs).toMatchObject([{ id: 'evalrun_long', status: 'done', counts: { total: 4_000, passed: 3_000 } }]);
  const { rows, nextCursor } = await engine.call('run.items', { id: 'evalrun_long', limit: 100, cursor: 3_899 });
  expect([rows.length, rows.at(-1)?.task, nextCursor]).toEqual([100, expect.any(String), null]);
});
