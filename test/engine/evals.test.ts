/** Evals and their runs in the engine: what is frozen, what is counted, what is refused. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { EvalDefinition } from '#shared/eval.ts';
import type { SupportRun } from '../support/support-run.ts';
import { allItems, engineWithRuns, finished, LOOKED_UP, makeEval, SHIPPED } from '../support/eval-runs.ts';

const WAY: readonly SupportRun[] = [
  { id: 't1', metadata: { task_id: 7 } },
  { id: 't2', answer: 'I cannot find it.', minute: 1, metadata: { task_id: 7 } },
  { id: 't3', minute: 2, order: 'W9' },
];

test.each([false, true])('a run grades each item by each criterion and counts (threads: %s)', async (readerThread) => {
  const engine = await engineWithRuns(WAY, { readerThread });
  const made = await makeEval(engine, [SHIPPED, LOOKED_UP]);
  expect(made).toMatchObject({ name: 'Support', runs: 0, lastRun: null, archived: false });
  const jobs: unknown[] = [];
  engine.subscribe('job', (job) => jobs.push(job));
  const started = await engine.call('run.start', { evalId: made.id });
  expect(started).toMatchObject({ name: 'Support #1', status: 'queued', counts: { total: 3, done: 0 }, missing: 0 });
  const run = await finished(engine, started);
  expect(run).toMatchObject({
    status: 'done',
    evalId: made.id,
    counts: { total: 3, done: 3, passed: 2, failed: 1, errored: 0, neither: 0 },
    source: { kind: 'filter', query: '' },
    error: null,
    modelUse: [],
    judges: [],
  });
  expect(run.criteria).toMatchObject([
    {
      name: SHIPPED.name,
      passed: 2,
      failed: 1,
      errored: 0,
      notApplicable: 0,
      mean: 2 / 3,
      versionNumber: 1,
      scope: 'trace',
    },
    { name: LOOKED_UP.name, passed: 3, failed: 0, mean: 1 },
  ]);
  expect(run.durationMs).toBeGreaterThan(0);
  expect(run.startedAt).toBeGreaterThanOrEqual(run.createdAt);
  expect(run.finishedAt).toBeGreaterThanOrEqual(run.startedAt ?? Infinity);
  expect(jobs.at(-1)).toMatchObject({ jobId: run.id, done: 3, total: 3, unit: 'items', finished: true });

  const items = await allItems(engine, run);
  expect(items).toMatchObject([
    { traceId: 't1', task: 'task_id 7', trial: 1, status: 'passed', score: 1, title: 'Where is my order W1?' },
    { traceId: 't2', task: 'task_id 7', trial: 2, status: 'failed', score: 0.5 },
    { traceId: 't3', task: 't3', trial: 1, status: 'passed', title: 'Where is my order W9?' },
  ]);
  expect(items[1]?.results).toMatchObject([{ status: 'graded', passed: false, score: 0 }, { passed: true }]);
  const whole = await engine.call('run.item', { id: items[1]?.id ?? 0 });
  expect(whole).toMatchObject({ row: items[1], item: null, sample: null });
  expect(whole.grades[1]?.evidence.map(({ spanId }) => spanId)).toEqual(['tool-t2']);
  expect(await engine.call('run.ofTrace', { traceId: 't2' })).toEqual([whole]);
  // A run is its own word: the last verdicts of graders on traces are not touched.
  expect(await engine.call('grade.list', { traceId: 't1' })).toEqual([]);

  const by = async (filter: object): Promise<(string | null)[]> =>
    (await engine.call('run.items', { id: run.id, filter })).rows.map(({ traceId }) => traceId);
  expect(await by({ status: 'failed' })).toEqual(['t2']);
  expect(await by({ criterion: 0, outcome: 'passed' })).toEqual(['t1', 't3']);
  expect(await by({ outcome: 'failed' })).toEqual(['t2']);
  expect(await by({ text: 'w9' })).toEqual(['t3']);
  expect(await by({ text: 'task_id' })).toEqual(['t1', 't2']);
  const first = await engine.call('run.items', { id: run.id, limit: 2 });
  expect(first.nextCursor).toBe(1);
  expect((await engine.call('run.items', { id: run.id, limit: 2, cursor: 1 })).rows).toEqual([items[2]]);
  expect(await engine.call('eval.list', {})).toMatchObject([{ runs: 1, lastRun: { id: run.id } }]);
});

test('what was frozen stays: a grader and an eval that change leave an old run, and its repetition, as they were', async () => {
  const engine = await engineWithRuns(WAY);
  const made = await makeEval(engine, [SHIPPED]);
  const first = await finished(engine, await engine.call('run.start', { evalId: made.id }));
  const [{ graderId } = { graderId: '' }] = made.criteria;
  await engine.call('grader.save', { id: graderId, definition: { ...SHIPPED, reference: 'cannot' } });
  await engine.call('eval.save', {
    id: made.id,
    definition: { ...made, source: { kind: 'traces', traceIds: ['t1'] }, name: 'Other' },
  });
  expect(await engine.call('run.get', { id: first.id })).toEqual({ ...first, evalName: 'Other' });
  const again = await finished(engine, await engine.call('run.repeat', { id: first.id }));
  expect(again).toMatchObject({ name: 'Support #1, repeated', counts: first.counts, source: first.source });
  expect(again.criteria).toEqual(first.criteria);
  const next = await finished(engine, await engine.call('run.start', { evalId: made.id, name: ' Third ' }));
  expect(next).toMatchObject({ name: 'Third', counts: { total: 1, failed: 1 }, criteria: [{ versionNumber: 2 }] });
  // A version that is named is the one that is measured.
  const fixed = { ...made.criteria[0], versionHash: first.criteria[0]?.versionHash ?? '' };
  const { id, ...definition } = { ...made, criteria: [fixed] } as EvalDefinition & { readonly id: string };
  await engine.call('eval.save', { id, definition });
  const named = await finished(engine, await engine.call('run.start', { evalId: id }));
  expect(named).toMatchObject({ counts: { passed: 2, failed: 1 }, criteria: [{ versionNumber: 1 }] });
});

test('a sample is drawn by its seed and stays in the order of time', async () => {
  const engine = await engineWithRuns(
    Array.from({ length: 30 }, (_, k) => ({ id: `s${String(k).padStart(2, '0')}`, minute: k })),
  );
  const made = await makeEval(engine, [SHIPPED]);
  const draw = async (seed: number): Promise<(string | null)[]> => {
    const run = await engine.call('run.start', { evalId: made.id, limit: 8, seed });
    expect(run).toMatchObject({ limit: 8, seed });
    return (await allItems(engine, run)).map(({ traceId }) => traceId);
  };
  const [one, same, other] = [await draw(1), await draw(1), await draw(2)];
  expect(one).toHaveLength(8);
  expect(one).toEqual(same);
  expect(one).not.toEqual(other);
  expect(one).toEqual([...one].sort());
  // An eval may say so itself; a run may take another source.
  await engine.call('eval.save', { id: made.id, definition: { ...made, sample: { limit: 3, seed: 1 } } });
  expect(await engine.call('run.start', { evalId: made.id })).toMatchObject({
    limit: 3,
    seed: 1,
    counts: { total: 3 },
  });
  const chosen = { kind: 'traces', traceIds: ['s05', 'nobody', 's02'] } as const;
  const run = await finished(engine, await engine.call('run.start', { evalId: made.id, source: chosen }));
  expect(run).toMatchObject({ limit: null, missing: 1, counts: { total: 2, passed: 2 }, source: chosen });
  expect((await allItems(engine, run)).map(({ traceId }) => traceId)).toEqual(['s02', 's05']);
  const estimate = await engine.call('eval.estimate', { source: chosen, criteria: made.criteria });
  expect(estimate).toEqual({
    traces: 2,
    tasks: 2,
    missing: 1,
    cost: { traces: 2, calls: 0, promptTokens: 0, cost: 0 },
  });
});

test('errored, not applicable and neutral verdicts: each has its place', async () => {
  const engine = await engineWithRuns(WAY);
  const broken = { ...SHIPPED, name: 'broken', input: '{{ item.nothing }}' };
  const handoff = { ...SHIPPED, name: 'handoff', scope: { on: 'pair' } };
  const length = { type: 'javascript', name: 'length', source: 'function grade() { return 3 }', direction: 'neutral' };
  const errored = await makeEval(engine, [SHIPPED, broken]);
  const run = await finished(engine, await engine.call('run.start', { evalId: errored.id }));
  expect(run).toMatchObject({ status: 'done', counts: { done: 3, passed: 0, failed: 0, errored: 3 } });
  expect(run.criteria).toMatchObject([
    { passed: 2, failed: 1 },
    { errored: 3, mean: null },
  ]);
  // A trace whose task has no earlier run: the pair does not apply, so nothing says pass or fail.
  const pair = await makeEval(engine, [handoff, length]);
  const both = await finished(engine, await engine.call('run.start', { evalId: pair.id }));
  expect(both.criteria).toMatchObject([{ notApplicable: 2 }, { passed: 0, failed: 0, mean: 3 }]);
  expect(both.counts).toMatchObject({ neither: 2 });
});

test('weights count in the score of an item', async () => {
  const engine = await engineWithRuns(WAY);
  const made = await makeEval(engine, [SHIPPED, LOOKED_UP]);
  const [one, two] = made.criteria;
  if (!one || !two) throw new Error('two criteria');
  await engine.call('eval.save', {
    id: made.id,
    definition: {
      ...made,
      criteria: [
        { ...one, weight: 3 },
        { ...two, weight: 1, threshold: 0.9 },
      ],
    },
  });
  const run = await finished(engine, await engine.call('run.start', { evalId: made.id }));
  expect((await allItems(engine, run)).map(({ score }) => score)).toEqual([1, 0.25, 1]);
  expect(run.criteria).toMatchObject([
    { weight: 3, threshold: null },
    { weight: 1, threshold: 0.9 },
  ]);
});

test('a trace that is deleted keeps its verdict, and nothing of it stays in the file', async () => {
  const secret = 'Zanzibar-4711';
  const engine = await engineWithRuns([
    ...WAY,
    { id: 't9', order: secret, answer: `${secret} is on its way.`, minute: 9 },
  ]);
  const quoting = { ...SHIPPED, name: 'quotes', reference: secret };
  const made = await makeEval(engine, [quoting]);
  const run = await finished(engine, await engine.call('run.start', { evalId: made.id }));
  const [before] = await engine.call('run.ofTrace', { traceId: 't9' });
  expect(before?.row).toMatchObject({ title: `Where is my order ${secret}?`, gone: false, status: 'passed' });
  const [{ graderId } = { graderId: '' }] = made.criteria;
  await engine.call('trace.delete', { traceIds: ['t9'] });
  await engine.settle();
  const [after] = await engine.call('run.ofTrace', { traceId: 't9' });
  expect(after?.row).toMatchObject({
    title: '',
    gone: true,
    status: 'passed',
    results: [{ passed: true, label: null }],
  });
  expect(after?.grades[0]).toMatchObject({ explanation: '', evidence: [] });
  expect(await engine.call('run.get', { id: run.id })).toEqual(run);
  // A repetition cannot grade it any more, and says so; resuming leaves it.
  const again = await finished(engine, await engine.call('run.repeat', { id: run.id }));
  expect(again.counts).toMatchObject({ total: 4, errored: 1 });
  const gone = (await allItems(engine, again)).find(({ traceId }) => traceId === 't9');
  expect((await engine.call('run.item', { id: gone?.id ?? 0 })).grades[0]).toMatchObject({
    status: 'errored',
    explanation: 'The trace is gone.',
  });
  expect(await engine.call('run.resume', { id: again.id })).toEqual(again);
  await engine.call('run.delete', { id: run.id });
  await engine.call('run.delete', { id: again.id });
  expect(await engine.call('run.list', {})).toEqual([]);
  expect(await engine.call('sql.query', { sql: 'SELECT count(*) AS n FROM eval_item' })).toEqual([{ n: 0 }]);
  await engine.call('grader.save', { id: graderId, definition: SHIPPED });
  expect(readFileSync(engine.info().workspace).includes(`my order ${secret}`)).toBe(false);
});

test('rows without a trace are graded by what they hold', async () => {
  const engine = await engineWithRuns([]);
  const check = { ...SHIPPED, name: 'right', reference: '{{ item.answer }}', operation: 'eq' };
  const made = await makeEval(engine, [check]);
  const items = [
    { item: { question: 'Capital of France?', answer: 'Paris' }, sample: { output_text: 'Paris' } },
    { item: { question: 'Capital of Spain?', answer: 'Madrid' }, sample: 'Rome' },
    { item: { question: 'Capital of Spain?', answer: 'Madrid' }, sample: { output_text: 'Madrid' } },
  ];
  const run = await finished(engine, await engine.call('run.start', { evalId: made.id, items }));
  expect(run).toMatchObject({ source: { kind: 'items', count: 3 }, counts: { passed: 2, failed: 1 } });
  const rows = await allItems(engine, run);
  expect(rows.map(({ trial, title, traceId }) => [trial, title, traceId])).toEqual([
    [1, 'Capital of France?', null],
    [1, 'Capital of Spain?', null],
    [2, 'Capital of Spain?', null],
  ]);
  expect(rows[1]?.task).toBe(rows[2]?.task);
  expect(await engine.call('run.item', { id: rows[1]?.id ?? 0 })).toMatchObject(items[1] ?? {});
});

test('an eval that cannot be is refused with what is wrong', async () => {
  const engine = await engineWithRuns([]);
  const made = await makeEval(engine, [SHIPPED]);
  const [criterion] = made.criteria;
  const definition: EvalDefinition = { name: 'E', criteria: made.criteria, source: made.source, metadata: {} };
  const refused = async (change: object): Promise<string> => {
    const asked = engine.call('eval.save', { definition: { ...definition, ...change } });
    return asked.then(
      () => 'taken',
      (cause: unknown) => (cause as Error).message,
    );
  };
  expect(await refused({})).toBe('taken');
  expect(await refused({ name: '  ' })).toBe('A name is needed.');
  expect(await refused({ criteria: [] })).toBe('An eval needs at least one criterion.');
  expect(await refused({ criteria: [{ ...criterion, graderId: 'x' }] })).toContain('does not exist');
  expect(await refused({ criteria: [{ ...criterion, versionHash: 'x' }] })).toContain('no such version');
  expect(await refused({ criteria: [{ ...criterion, threshold: 1.5 }] })).toContain('from 0 to 1');
  expect(await refused({ criteria: [{ ...criterion, weight: -1 }] })).toContain('from 0 up');
  expect(await refused({ criteria: [criterion, criterion] })).toContain('there twice');
  expect(await refused({ source: { kind: 'filter', query: 'cost:cheap' } })).toContain('needs a number');
  expect(await refused({ source: { kind: 'traces', traceIds: [] } })).toContain('No trace is chosen');
  expect(await refused({ source: { kind: 'dataset', datasetId: 'x', version: null, query: '' } })).toContain(
    'does not exist',
  );
  expect(await refused({ source: {} })).toContain('source');
  expect(await refused({ sample: { limit: 0, seed: 1 } })).toContain('A sample has');
  expect(await refused({ metadata: { a: 1 } })).toContain('at most 512');
  expect(
    await refused({ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, k) => [`k${k}`, ''])) }),
  ).toContain('16');
  await expect(engine.call('run.start', { evalId: made.id })).rejects.toThrow('There is no trace to grade.');
  await expect(engine.call('run.get', { id: 'x' })).rejects.toThrow('does not exist');
  await expect(engine.call('run.items', { id: 'x' })).rejects.toThrow('does not exist');
  const kept = await engine.call('eval.save', {
    definition: { ...definition, metadata: { ['__proto__']: 'x', team: 'a' } },
  });
  expect(Object.entries((await engine.call('eval.get', { id: kept.id })).metadata)).toContainEqual(['team', 'a']);
  expect(await engine.call('eval.archive', { id: kept.id, archived: true })).toMatchObject({ archived: true });
  expect((await engine.call('eval.list', {})).map(({ id }) => id)).not.toContain(kept.id);
  expect((await engine.call('eval.list', { archived: true })).map(({ id }) => id)).toContain(kept.id);
});

test('runs of one task are those of the eval run, not others of the workspace', async () => {
  const engine = await engineWithRuns([
    ...WAY,
    { id: 't4', minute: 4, metadata: { task_id: 7 } },
    { id: 't5', minute: 5, metadata: { task_id: 7 } },
  ]);
  const count = {
    type: 'javascript',
    name: 'trials',
    source: "function grade() { return typeof traces === 'undefined' ? 0 : traces.length }",
    direction: 'neutral',
  };
  const made = await makeEval(engine, [count, { ...SHIPPED, name: 'pair', scope: { on: 'pair' } }]);
  const chosen = { kind: 'traces', traceIds: ['t2', 't3', 't4'] } as const;
  const run = await finished(engine, await engine.call('run.start', { evalId: made.id, source: chosen }));
  const items = await allItems(engine, run);
  expect(items.map(({ traceId, results }) => [traceId, results[0]?.score, results[1]?.status])).toEqual([
    ['t2', 2, 'not_applicable'],
    ['t3', 0, 'not_applicable'],
    ['t4', 2, 'graded'],
  ]);
});
