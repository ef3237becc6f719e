/** What may happen to verdicts: parts that err, several on one span, detectors that are off, traces that change, threads that end. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Grade, GraderDefinition } from '#shared/grader.ts';
import { createThreadGrader } from '../../src/main/engine/grading/grader-thread.ts';
import type { TraceResult } from '../../src/main/engine/grading/grader.ts';
import { joinGrades } from '../../src/main/graders/scope.ts';
import { noServices } from '../../src/main/graders/testing/services.ts';
import { putGrades } from '../../src/main/store/grade-store.ts';
import { openWorkspace } from '../../src/main/store/open.ts';
import { sendItems } from '../support/agents-items.ts';
import { supportRun } from '../support/support-run.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const CHECK: GraderDefinition = {
  type: 'string_check',
  name: 'on its way',
  input: '{{ sample.output_text }}',
  reference: 'on its way',
  operation: 'like',
};

function grade(fields: Partial<Grade>): Grade {
  return {
    status: 'graded',
    score: null,
    label: null,
    passed: null,
    explanation: '',
    evidence: [],
    errors: [],
    subRewards: {},
    usage: [],
    notes: {},
    durationMs: 1,
    ...fields,
  };
}
const pass = grade({ score: 1, passed: true });
const fails = grade({ score: 0, passed: false, explanation: 'it is wrong' });
const errs = grade({
  status: 'errored',
  explanation: 'no model',
  errors: [{ flag: 'other_error', message: 'no model' }],
});
const none = grade({ status: 'not_applicable' });

test.each([
  ['all', [pass, errs], 'graded', true, 1],
  ['all', [pass, errs, fails], 'graded', false, 0],
  ['any', [errs, fails, pass], 'graded', true, 1],
  ['mean', [pass, errs, fails, none], 'graded', true, 0.5],
  ['min', [pass, errs], 'graded', true, 1],
  ['max', [errs, fails], 'graded', false, 0],
  ['count', [pass, errs, pass], 'graded', true, 2],
  ['all', [errs, errs], 'errored', null, null],
  ['mean', [none, errs], 'errored', null, null],
  ['all', [none, none], 'not_applicable', null, null],
] as const)('parts joined by %s: those that err leave the denominator', (aggregate, grades, status, passed, score) => {
  const parts = grades.map((each, index) => ({ spanId: `s${index}`, name: `s${index}`, grade: each }));
  const joined = joinGrades({ ...CHECK }, { on: 'span', aggregate }, parts, 1);
  expect([joined.status, joined.passed, joined.score]).toEqual([status, passed, score]);
  const erred = grades.filter((each) => each === errs).length;
  expect(joined.notes).toMatchObject({ parts: grades.length, errored: erred });
  expect(joined.subRewards).toEqual(Object.fromEntries(parts.map(({ name, grade: { score: own } }) => [name, own])));
  if (status === 'graded') expect(joined.explanation).toContain(erred === 1 ? '1 span erred and is not counted' : '');
  if (status === 'errored') expect(joined.errors).toEqual(errs.errors);
});

test('of several handoffs that one span proves, the worst is told in its place', async () => {
  const workspace = join(temporaryFolder(), 'parts.tracewright');
  const engine = await startEngine({ workspace, httpPort: 0 });
  await sendItems(engine, supportRun({ id: 't1' }));
  await engine.settle();
  const grader = await engine.call('grader.save', { definition: { ...CHECK, scope: { on: 'handoff' } } });
  await engine.close();
  const opened = await openWorkspace(workspace, { readOnly: false, nativeBinding: null });
  if (!opened.ok || !opened.value.connection) throw new Error('the workspace is not open');
  const grades = [pass, fails, errs].map((each) => ({ spanId: 'handoff-t1', grade: each }));
  opened.value.connection.transaction((writer) =>
    putGrades(writer, {
      traceKey: 1,
      versionKey: 1,
      revision: 1,
      now: 1,
      grades: [{ spanId: null, grade: fails }, ...grades],
    }),
  );
  opened.value.close();
  const again = await startEngine({ workspace, httpPort: null });
  const rows = await again.call('grade.list', { traceId: 't1' });
  expect(rows.map(({ spanId, passed, explanation }) => [spanId, passed, explanation])).toEqual([
    [null, false, 'it is wrong'],
    ['handoff-t1', false, 'it is wrong'],
  ]);
  expect(rows[0]?.graderId).toBe(grader.id);
});

test('a detector that is switched off does not apply: that it found nothing says nothing', async () => {
  const engine = await startEngine();
  await sendItems(engine, supportRun({ id: 't1' }));
  await engine.settle();
  const verdict = async (detector: string) => {
    const definition = { type: 'detector', name: 'd', detector };
    const [trial] = await engine.call('grade.try', { definition, traceIds: ['t1'] });
    return [trial?.grade.status, trial?.grade.passed];
  };
  expect(await verdict('call-loop')).toEqual(['graded', true]);
  const { detectors } = await engine.call('detectors.set', { edits: { 'call-loop': { enabled: false } } });
  expect(await verdict('call-loop')).toEqual(['not_applicable', null]);
  expect(await verdict('stall')).toEqual(['graded', true]);
  expect(await verdict('any')).toEqual(['graded', true]);
  const off = Object.fromEntries(detectors.map(({ id }) => [id, { enabled: false }]));
  await engine.call('detectors.set', { edits: off });
  expect(await verdict('any')).toEqual(['not_applicable', null]);
});

test('a verdict is stale as soon as its trace has changed, until it is graded again', async () => {
  const engine = await startEngine();
  await sendItems(engine, supportRun({ id: 't1' }));
  await engine.settle();
  const grader = await engine.call('grader.save', { definition: CHECK });
  const run = async () => {
    await engine.call('grading.start', { graderIds: [grader.id] });
    await engine.settle();
  };
  const stale = async () => (await engine.call('grade.list', { traceId: 't1' })).map((row) => [row.stale, row.passed]);
  await run();
  expect(await stale()).toEqual([[false, true]]);
  await sendItems(engine, supportRun({ id: 't1', answer: 'I cannot find it.' }));
  await engine.settle();
  expect(await stale()).toEqual([[true, true]]);
  expect((await engine.call('grade.page', { graderId: grader.id })).rows).toMatchObject([{ stale: true }]);
  await run();
  expect(await stale()).toEqual([[false, true]]);
});

test('sessions show the verdicts of their traces, are found by them, and archived graders say nothing there', async () => {
  const engine = await startEngine();
  await sendItems(engine, [
    ...supportRun({ id: 't1', session: 's' }),
    ...supportRun({ id: 't2', session: 's', answer: 'I cannot find it.', minute: 1 }),
    ...supportRun({ id: 't3', session: 'other', minute: 2 }),
  ]);
  await engine.settle();
  const grader = await engine.call('grader.save', {
    definition: { ...CHECK, scope: { on: 'span', filter: { kind: 'generation' }, aggregate: 'any' } },
  });
  // A session stands for its traces.
  expect(
    await engine.call('grading.start', { graderIds: [grader.id], traceIds: ['session:s', 't1', 't3'] }),
  ).toMatchObject({
    total: 3,
  });
  await engine.settle();
  const rows = await engine.call('grade.list', { traceId: 'session:s' });
  expect(
    rows
      .filter(({ spanId }) => spanId === null)
      .map(({ traceId, passed }) => [traceId, passed])
      .sort(),
  ).toEqual([
    ['t1', true],
    ['t2', false],
  ]);
  // Places in a session are named so that they can be gone to in it.
  for (const { spanId, evidence } of rows)
    for (const each of [spanId, ...evidence.map((one) => one.spanId)])
      if (each !== null) await engine.call('span.get', { traceId: 'session:s', spanId: each });
  const found = async (query: string) => (await engine.call('session.list', { query })).rows.map(({ id }) => id);
  expect(await found('grade:fail')).toEqual(['s']);
  expect((await found('grade:"on its way=pass"')).sort()).toEqual(['other', 's']);
  await engine.call('grader.archive', { id: grader.id, archived: true });
  expect(await found('grade:fail')).toEqual([]);
  const traces = async (query: string) => (await engine.call('trace.list', { query })).rows.map(({ id }) => id);
  expect(await traces('grade:"on its way"')).toEqual([]);
  // The name is free for another grader; the archived one has no say in it.
  const other = await engine.call('grader.save', { definition: { ...CHECK, reference: 'cannot' } });
  await engine.call('grading.start', { graderIds: [other.id], traceIds: ['t1', 't2'] });
  await engine.settle();
  expect(await traces('grade:"on its way=pass"')).toEqual(['t2']);
  await engine.call('grader.archive', { id: grader.id, archived: false });
  expect((await traces('grade:"on its way=pass"')).sort()).toEqual(['t1', 't2', 't3']);
});

/** Looks at all that it is sent together, and ends at a trace whose name begins with "bad" before it told of any. */
const FRAGILE = `
import { parentPort } from 'node:worker_threads';
parentPort.postMessage({ type: 'ready' });
parentPort.on('message', ({ type, id, request }) => {
  if (type === 'close') parentPort.close();
  if (type !== 'grade') return;
  if (request.traceIds.some((each) => each.startsWith('bad'))) process.exit(7);
  request.traceIds.forEach((_, index) =>
    parentPort.postMessage({ type: 'graded', id, index, result: { ok: true, value: { revision: 1, results: [] } } }),
  );
  parentPort.postMessage({ type: 'done', id, error: null, bug: null });
});
`;

test('a thread that ends is started again; the traces at which it ends are errors, and only those', async () => {
  const file = join(temporaryFolder(), 'fragile.mjs');
  writeFileSync(file, FRAGILE);
  const grader = createThreadGrader(file, { workspace: '', nativeBinding: null }, noServices);
  const told = new Map<number, TraceResult>();
  let times = 0;
  const traceIds = ['a', 'b', 'bad 1', 'c', 'bad 2', 'd'];
  await grader.grade(
    { traceIds, definitions: [CHECK] },
    (index, result) => {
      times++;
      told.set(index, result);
    },
    new AbortController().signal,
  );
  await grader.close();
  expect(times).toBe(traceIds.length);
  expect(traceIds.map((_, index) => told.get(index)?.ok)).toEqual([true, true, false, true, false, true]);
  expect(told.get(2)).toMatchObject({ error: { message: expect.stringContaining('ended at this trace') as string } });
});
